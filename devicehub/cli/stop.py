"""`devicehub stop`: stop what runs, through its session if there is one, else over the air.

Starts fast: no massager file is validated and no simulator loaded unless one is named.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import click

from devicehub.cli.asking import BY_HAND, STILL_TRYING, Answer, Row, ask, end, row_of
from devicehub.errors import DeviceNotFound, StopUnconfirmed, UsageError
from devicehub.keeper.standing import StandingStop, forget, is_meant, standing, unreadable
from devicehub.radio.saved import address_of, name_at
from devicehub.session import sockets

# A session that is well has stopped its massagers long before; one that is not, a stop over the air
# does not wait for.
GRACE_S = 2.0
UNCONFIRMED = 3


@click.command()
@click.option("--device", metavar="DEVICE", help="Only this one: its name, address or model.")
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where proxies are set, if not in the usual file.",
)
@click.option(
    "--switched-off", metavar="NAME", help="Take one off the list that you switched off by hand."
)
@click.option("--json", "as_json", is_flag=True, help="One object.")
def stop(
    *,
    device: str | None,
    address: str | None,
    file: Path | None,
    switched_off: str | None,
    as_json: bool,
) -> int:
    """Stop every massager of this user that runs, or DEVICE alone; exit 0 only when confirmed."""
    if switched_off is not None:
        return _told(dismiss(switched_off), as_json=as_json)
    return asyncio.run(_stopped_and_told(device, address, file, as_json=as_json))


async def _stopped_and_told(
    device: str | None, address: str | None, file: Path | None, *, as_json: bool
) -> int:
    """Stop, and tell it before the event loop ends: no alarm waits for that."""
    return _told(await _stop(device, address, file), as_json=as_json)


def _told(rows: list[Row], *, as_json: bool) -> int:
    """Show the rows; return the exit code."""
    unconfirmed = [_line(row) for row in rows if _is_alarm(row)]
    try:
        _show(rows, as_json=as_json)
    except OSError as error:
        if unconfirmed:  # the alarm comes through where its usual way is closed
            raise StopUnconfirmed("\n".join(unconfirmed)) from error
        raise
    return UNCONFIRMED if unconfirmed else 0


def _is_alarm(row: Row) -> bool:
    """Say whether a massager may be running, as far as anybody knows."""
    return not (row["confirmed"] or row.get("dismissed") or row.get("unreached"))


def _show(rows: list[Row], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"devices": rows}))
        return
    for row in rows:
        click.echo(_line(row))
    if not rows:
        click.echo("Nothing is running.")


def dismiss(name: str) -> list[Row]:
    """Forget the massagers that may be running and are called `name`: their person says no.

    Raises:
        UsageError: None is called so; the text says which are.
    """
    left = standing()
    meant = [kept for kept in left if _is_meant(name, kept)]
    if not meant:
        names = ", ".join(map(_called, left)) or "none"
        raise UsageError(f"--switched-off {name}: not one that may be running; those are: {names}")
    for kept in meant:
        forget(kept)
    return [
        row_of(_called(kept), kept.model, "", confirmed=False) | {"dismissed": True}
        for kept in meant
    ]


def _is_meant(device: str, kept: StandingStop) -> bool:
    """Say whether a massager is called so: by everybody, or by this user who saved it."""
    return is_meant(device, kept) or is_meant(address_of(device), kept)


def _line(row: Row) -> str:
    if row.get("dismissed"):
        return (
            f"{row['name']}: no stop was confirmed; believed to be off, because you switched it off"
        )
    if row.get("unreached"):
        return f"{row['name']}: was not connected yet; its session is stopped, nothing was moved"
    if row["confirmed"]:
        took = f" in {row['ms']:.0f} ms" if row.get("ms") is not None else ""
        return f"{row['name']}: stopped, confirmed{took}"
    advice = row.get("advice") or BY_HAND
    return f"{row['name']}: stop NOT confirmed. {advice}"


async def _stop(device: str | None, address: str | None, file: Path | None = None) -> list[Row]:
    """Ask every session and stop all that stands, at once: none waits for another."""
    left = [kept for kept in standing() if device is None or _is_meant(device, kept)]
    async with asyncio.TaskGroup() as group:  # neither raises: no one of them ends the others
        asked = [group.create_task(ask(path, device)) for path in sockets.found()]
        asked += [group.create_task(end(pid)) for pid in sockets.unreached()]
        aired = [group.create_task(_unless_its_session_does(kept, asked, file)) for kept in left]
    answers = [task.result() for task in asked]
    on_air = [(kept, task.result()) for kept, task in zip(left, aired, strict=True)]
    rows, unknown = _merged(answers, on_air), [_unknown(path) for path in unreadable()]
    if rows or device is None:
        return rows + unknown
    if device.startswith("sim:"):
        raise DeviceNotFound(
            f"{device}: no session plays it; a simulated massager ends with its session"
        )
    return [await _by_name(device, address, file), *unknown]


def _unknown(path: Path) -> Row:
    """Return the row of a massager that may be running, of which nobody can tell which it is."""
    advice = f"{path} cannot be read: look for one that moves, switch it off, remove the file."
    return row_of("a massager", "", advice, confirmed=False)


def _merged(
    answers: Sequence[Answer], on_air: Sequence[tuple[StandingStop, Sequence[Row]]]
) -> list[Row]:
    """Return one row a massager: where its session is silent, what is known over the air.

    What a session did answer is merged only where nothing stands any more under that name: two
    massagers may have one. One that it never reached it knows nothing of.
    """
    named = {name for kept, rows in on_air if rows for name in _names_of(kept)}
    open_still = {name for kept in standing() for name in _names_of(kept)}
    stopped = {name for kept, rows in on_air if _are_confirmed(rows) for name in _names_of(kept)}
    silent = {name for each in answers if each.silent for row in each.rows for name in _names(row)}
    confirmed = {
        name for each in answers for row in each.rows if row["confirmed"] for name in _names(row)
    }
    merged: list[Row] = []
    for each in answers:
        for row in each.rows:
            known = named if each.silent or row.get("unreached") else stopped - open_still
            if row["confirmed"] or known.isdisjoint(_names(row)):
                merged.append(row)
    for kept, rows in on_air:
        own = _names_of(kept)
        if not (_are_confirmed(rows) or own.isdisjoint(confirmed) or own & open_still):
            continue  # its session came after all
        merged += [row if own.isdisjoint(silent) else _still_tried(row) for row in rows]
    return merged


def _names(row: Row) -> set[str]:
    """Return what a massager of a session may be known by: its name, or what that is saved for."""
    return {row["name"].casefold(), address_of(row["name"]).casefold()}


def _names_of(kept: StandingStop) -> set[str]:
    return {kept.name.casefold(), kept.address.casefold()}


def _are_confirmed(rows: Sequence[Row]) -> bool:
    return bool(rows) and all(row["confirmed"] for row in rows)


def _called(kept: StandingStop) -> str:
    """Return its one name: that of this user, who saved it, else what it calls itself."""
    return name_at(kept.address, kept.name)


def _still_tried(row: Row) -> Row:
    return row if row["confirmed"] else row | {"advice": f"{STILL_TRYING} {row['advice']}"}


async def _unless_its_session_does(
    kept: StandingStop, asked: "Sequence[asyncio.Task[Answer]]", file: Path | None
) -> list[Row]:
    """Stop over the air what still stands when the sessions had a moment to do it."""
    if asked:
        await asyncio.wait(asked, timeout=GRACE_S)
    return [await _over_the_air(kept, file)] if kept in standing() else []


async def _over_the_air(kept: StandingStop, file: Path | None) -> Row:
    from devicehub.cli import rescue  # noqa: PLC0415 - bleak, only to go on the air

    try:
        confirmed, advice = await rescue.stop_standing(kept, file)
    except Exception as error:  # noqa: BLE001 - whatever one does, the others are stopped
        confirmed, advice = False, f"{type(error).__name__}. {kept.advice}"
    return row_of(_called(kept), kept.model, advice, confirmed=confirmed)


async def _by_name(device: str, address: str | None, file: Path | None) -> Row:
    from devicehub.cli import rescue  # noqa: PLC0415 - bleak, only to go on the air

    confirmed, advice, model = await rescue.stop_named(device, address, file)
    return row_of(device, model, advice, confirmed=confirmed)
