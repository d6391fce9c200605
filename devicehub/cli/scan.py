"""`devicehub scan`: massagers in range; simulated ones are always listed."""

import asyncio
import json

import click

from devicehub.cli import own
from devicehub.cli.air import open_air
from devicehub.cli.between import Between
from devicehub.errors import RadioError
from devicehub.massagers.own import known_massagers
from devicehub.radio.scanner import Sighting, scan

SIMULATED = "sim:"

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
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def scan_command(timeout_s: float, address: str | None, as_json: bool) -> None:
    """List massagers in range, the nearest first, and the simulated ones."""
    own.tell_wrong_files()
    try:
        heard = asyncio.run(_scan(address, timeout_s))
    except RadioError as error:
        if address is not None:
            raise
        heard = []
        click.echo(f"devicehub: {error}", err=True)
    rows = [*heard, *_simulated()]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
        return
    _show(rows)


async def _scan(address: str | None, timeout_s: float) -> list[Row]:
    async with open_air(address) as air:
        heard = await scan(air, known_massagers(), timeout_s)
        return [_row(sighting, simulated=air.simulated) for sighting in heard]


def _row(sighting: Sighting, *, simulated: bool) -> Row:
    return {
        "device": sighting.address,
        "name": sighting.name,
        "model": sighting.massager.model,
        "rssi_dbm": sighting.rssi_dbm,
        "battery_percent": None,
        "simulated": simulated,
    }


def _simulated() -> list[Row]:
    return [
        {
            "device": f"{SIMULATED}{model}",
            "name": massager.title,
            "model": model,
            "rssi_dbm": None,
            "battery_percent": None,
            "simulated": True,
        }
        for model, massager in sorted(known_massagers().items())
    ]


def _show(rows: list[Row]) -> None:
    width = max(len(str(row["device"])) for row in rows)
    name_width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        strength = "simulated" if row["rssi_dbm"] is None else f"{row['rssi_dbm']} dBm"
        click.echo(
            f"{row['device']:<{width}}  {row['name']:<{name_width}}  {row['model']:<16}  {strength}"
        )
    if all(row["rssi_dbm"] is None for row in rows):
        click.echo("\nNo massager in range. Is it on, and free of other apps?")
