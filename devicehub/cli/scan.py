"""`devicehub scan`: what is in range, the nearest first; simulated massagers are always listed."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence

import click

from devicehub.cli import own
from devicehub.cli.air import open_air
from devicehub.cli.between import Between
from devicehub.errors import RadioError
from devicehub.massagers.own import known_massagers
from devicehub.radio.battery import battery_of
from devicehub.radio.saved import all_saved
from devicehub.radio.survey import Found, State, survey

SIMULATED = "sim:"
# So many strangers are worth a line each: the nearest ones. The rest is counted; --json has all.
STRANGERS_SHOWN = 8

Row = dict[str, str | int | bool | None]


@click.command("scan")
@click.option(
    "--timeout",
    "timeout_s",
    type=Between(0.1, 120),
    default=5.0,
    help="Seconds to listen.",
)
@click.option(
    "--battery", is_flag=True, help="Connect each free massager, which stops it, and ask for it."
)
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def scan_command(*, timeout_s: float, battery: bool, address: str | None, as_json: bool) -> int:
    """List what is in range, the nearest first, and the simulated massagers."""
    own.tell_wrong_files()
    own.tell_wrong_settings()
    code, heard = 0, None
    try:
        heard = asyncio.run(_scan(address, timeout_s, ask=battery))
    except RadioError as error:
        if address is not None:
            raise
        code = error.exit_code
        click.echo(f"devicehub: {error}", err=True)
    rows = [*(heard or ()), *_simulated()]
    lines = map(json.dumps, rows) if as_json else _lines(rows, looked=heard is not None)
    click.echo("\n".join(lines))
    return code


async def _scan(address: str | None, timeout_s: float, *, ask: bool) -> list[Row]:
    library, mine = known_massagers(), all_saved()
    names = {one.address.casefold(): one.name for one in mine}
    async with open_air(address) as air:
        found = await survey(air, library, mine, timeout_s)
        percent: dict[str, int | None] = {}
        for one in found if ask else ():
            if one.state is State.FREE:
                try:
                    percent[one.address] = await battery_of(air, library, one.address)
                except RadioError as error:
                    click.echo(f"devicehub: {error}", err=True)
        for note in air.notes():
            click.echo(f"devicehub: {note}", err=True)
        return [
            _row(one, names.get(one.address.casefold()), percent.get(one.address), air.simulated)
            for one in found
        ]


def _row(found: Found, own_name: str | None, percent: int | None, simulated: bool) -> Row:
    return {
        "device": found.address,
        "name": found.name,
        "saved": own_name,
        "model": found.massager.model if found.massager is not None else None,
        "rssi_dbm": found.rssi_dbm,
        "via": found.via,
        "battery_percent": percent,
        "state": found.state.value,
        "why": found.why,
        "simulated": simulated,
    }


def _simulated() -> list[Row]:
    return [
        {
            "device": f"{SIMULATED}{model}",
            "name": massager.title,
            "saved": None,
            "model": model,
            "rssi_dbm": None,
            "via": None,
            "battery_percent": None,
            "state": "simulated" if massager.refused is None else State.REFUSED.value,
            "why": massager.refused or "",
            "simulated": True,
        }
        for model, massager in sorted(known_massagers().items())
    ]


def _lines(rows: Sequence[Row], *, looked: bool = True) -> Iterator[str]:
    """Yield massagers in columns, what cannot be played with its reason, then strangers.

    Where nobody could look, nothing is said of what is in range.
    """
    simulated = [row for row in rows if str(row["device"]).startswith(SIMULATED)]
    heard = [row for row in rows if row not in simulated]
    if looked:
        yield from _in_range(heard)
        yield ""
    yield from _columns(simulated)


def _in_range(rows: Sequence[Row]) -> Iterator[str]:
    known = [row for row in rows if row["state"] != State.UNKNOWN]
    free = [row for row in known if row["state"] == State.FREE]
    yield from _columns(free)
    for row in known:
        if row["why"]:
            yield f"{_called(row)}: {row['state']}. {row['why']}"
    if not free:
        yield "No massager in range. Is it on, and free of other apps?"
    yield from _strangers([row for row in rows if row["state"] == State.UNKNOWN])


def _columns(rows: Sequence[Row]) -> Iterator[str]:
    names = [_called(row) for row in rows]
    width = max((len(str(row["device"])) for row in rows), default=0)
    model_width = max((len(str(row["model"])) for row in rows), default=0)
    name_width = max(map(len, names), default=0)
    for row, name in zip(rows, names, strict=True):
        strength = row["state"] if row["rssi_dbm"] is None else f"{row['rssi_dbm']} dBm"
        percent = row["battery_percent"]
        battery = "" if percent is None else f"  battery {percent}%"
        yield (
            f"{row['device']:<{width}}  {name:<{name_width}}  {row['model']:<{model_width}}  "
            f"{strength}{_via(row)}{battery}"
        )


def _strangers(rows: Sequence[Row]) -> Iterator[str]:
    named = [row for row in rows if row["name"]]
    for row in named[:STRANGERS_SHOWN]:
        yield f"{row['device']}  {row['name']}  {row['rssi_dbm']} dBm{_via(row)}  unknown"
    more = len(rows) - len(named[:STRANGERS_SHOWN])
    if named:
        yield f"A massager among the unknown? devicehub devices new describes it.{_and(more)}"


def _via(row: Row) -> str:
    return f" via {row['via']}" if row["via"] else ""


def _and(more: int) -> str:
    return f" ({more} more, --json has all)" if more else ""


def _called(row: Mapping[str, object]) -> str:
    """Return what its person calls it, and what it calls itself."""
    name = str(row["name"] or row["model"] or row["device"])
    return f"{row['saved']} ({name})" if row["saved"] else name
