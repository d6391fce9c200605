"""`devicehub tryout`: the hidden command that holds the link for one burst of `devices new`.

A process of its own, for the reason that the keeper is one: whoever asked for the burst may be
killed, and it ends with its stop all the same. Closing its standard input ends it early. It says
one line of JSON: the level that was reached, or the error.
"""

import asyncio
import json
import os
import signal
import sys

import click

from devicehub.cli.air import open_air
from devicehub.errors import HubError, StopUnconfirmed, UsageError
from devicehub.keeper import standing
from devicehub.keeper.standing import StandingStop
from devicehub.massagers.model import Massager
from devicehub.massagers.own import load_own
from devicehub.radio.local import LocalConnector
from devicehub.safety.limits import load_user
from devicehub.session.trial import burst

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_READ_AT_ONCE = 4096


@click.command(hidden=True)
@click.argument("model")
@click.argument("where")
@click.argument("motor", type=click.IntRange(0))
@click.argument("level", type=click.IntRange(1))
@click.option("--air", "address", default=None, help="A simulator's address instead of Bluetooth.")
def tryout(model: str, where: str, motor: int, level: int, address: str | None) -> int:
    """Move one motor of the massager at WHERE once, off the body, and stop it."""
    try:
        massager = load_own().massagers.get(model)  # the packaged ones need no trying
        if massager is None or motor >= len(massager.steps):
            raise UsageError(f"{model}: no massager of your own of that name with a motor {motor}")
        reached = asyncio.run(_moved(massager, where, address, motor, level))
    except HubError as error:
        click.echo(json.dumps({"error": type(error).__name__, "text": str(error)}))
        return error.exit_code
    click.echo(json.dumps({"reached": reached}))
    return 0


async def _moved(
    massager: Massager, where: str, address: str | None, motor: int, level: int
) -> int:
    """Move it once and return the level that was reached.

    How to stop it is kept on disk for as long as it may be running.
    """
    enough = asyncio.Event()
    _end_with_the_asker(enough)
    kept = _standing_stop(massager, where, address)
    async with open_air(address) as air:
        connector = LocalConnector(air, {massager.model: massager})
        standing.remember(kept)
        try:
            reached = await burst(
                connector, where, massager, motor, level, load_user(), enough, _Alarm(massager)
            )
        except StopUnconfirmed:
            raise
        except HubError:
            standing.forget(kept)  # nothing was written, or its stop was confirmed
            raise
        standing.forget(kept)
    return reached


def _end_with_the_asker(enough: asyncio.Event) -> None:
    """Have the burst end when who asked for it is gone, or has closed our standard input."""
    loop, asker = asyncio.get_running_loop(), sys.stdin.fileno()
    for number in _SIGNALS:
        loop.add_signal_handler(number, enough.set)

    def look() -> None:
        if not os.read(asker, _READ_AT_ONCE):
            loop.remove_reader(asker)
            enough.set()

    loop.add_reader(asker, look)


class _Alarm:
    """Says once, at once, that a massager may be running."""

    def __init__(self, massager: Massager) -> None:
        self._massager = massager
        self._told = False

    def __call__(self) -> None:
        if not self._told:
            click.echo(
                f"\nMAY BE RUNNING: {self._massager.model} has not confirmed its stop, which is "
                f"written again and again. {self._massager.on_lost_link}",
                err=True,
            )
        self._told = True


def _standing_stop(massager: Massager, where: str, address: str | None) -> StandingStop:
    writes = tuple(
        (write.char, write.data.hex(), write.response)
        for stop in massager.stops
        for write in stop.writes
    )
    place = address or standing.BLUETOOTH
    return StandingStop(massager.title, where, massager.model, place, writes, massager.on_lost_link)
