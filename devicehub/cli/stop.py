"""`devicehub stop`: stop what runs, through its session if there is one, else over the air.

Starts fast: no massager file is validated and no simulator loaded unless one is named.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from devicehub.errors import DeviceNotFound
from devicehub.keeper.standing import StandingStop, standing
from devicehub.session import sockets

# A session answers when its massagers have: four tries of one second, then the disconnect.
SESSION_TIMEOUT_S = 15.0
UNCONFIRMED = 3

Row = dict[str, Any]


@click.command()
@click.option("--device", metavar="DEVICE", help="Only this one: its name or address.")
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
@click.option("--json", "as_json", is_flag=True, help="One object.")
def stop(device: str | None, address: str | None, as_json: bool) -> int:
    """Stop every massager of this user that runs, or DEVICE alone; exit 0 only when confirmed."""
    rows = asyncio.run(_stop(device, address))
    if as_json:
        click.echo(json.dumps({"devices": rows}))
    else:
        for row in rows:
            click.echo(_line(row))
        if not rows:
            click.echo("Nothing is running.")
    return 0 if all(row["confirmed"] for row in rows) else UNCONFIRMED


def _line(row: Row) -> str:
    if row["confirmed"]:
        took = f" in {row['ms']:.0f} ms" if row.get("ms") is not None else ""
        return f"{row['name']}: stopped, confirmed{took}"
    advice = row.get("advice") or "Switch it off by hand."
    return f"{row['name']}: stop NOT confirmed. {advice}"


async def _stop(device: str | None, address: str | None) -> list[Row]:
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(_ask(path, device)) for path in sockets.found()]
    rows = [row for task in asked for row in task.result()]
    left = [kept for kept in standing() if _is_meant(device, kept)]
    rows += [await _over_the_air(kept) for kept in left]
    if rows or device is None:
        return rows
    if device.startswith("sim:"):
        raise DeviceNotFound(
            f"{device}: no session plays it; a simulated massager ends with its session"
        )
    return [await _by_name(device, address)]


def _is_meant(device: str | None, kept: StandingStop) -> bool:
    names = (kept.name.casefold(), kept.address.casefold(), kept.model.casefold())
    return device is None or device.casefold() in names


async def _ask(path: Path, device: str | None) -> list[Row]:
    """Ask one session; a socket that nobody serves any more is removed."""
    try:
        async with asyncio.timeout(SESSION_TIMEOUT_S):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(json.dumps({"op": "stop", "device": device}).encode() + b"\n")
                answer = await reader.readline()
            finally:
                writer.close()
        return list(json.loads(answer)["devices"])
    except ConnectionRefusedError:  # its process was killed; what it left is in `standing`
        sockets.remove(path)
        return []
    except FileNotFoundError:  # it has just ended
        return []
    except (OSError, TimeoutError, ValueError, KeyError):
        return [{"name": path.stem, "model": "", "confirmed": False, "ms": None}]


async def _over_the_air(kept: StandingStop) -> Row:
    from devicehub.cli import rescue  # noqa: PLC0415 - bleak, only to go on the air

    confirmed, advice = await rescue.stop_standing(kept)
    return _row(kept.name, kept.model, advice, confirmed=confirmed)


async def _by_name(device: str, address: str | None) -> Row:
    from devicehub.cli import rescue  # noqa: PLC0415 - bleak, only to go on the air

    confirmed, advice, model = await rescue.stop_named(device, address)
    return _row(device, model, advice, confirmed=confirmed)


def _row(name: str, model: str, advice: str, *, confirmed: bool) -> Row:
    return {"name": name, "model": model, "confirmed": confirmed, "ms": None, "advice": advice}
