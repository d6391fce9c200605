"""Trying what was described: short bursts off the body, from the lowest level up."""

import asyncio
import datetime as dt
import signal

import click

from devicehub.cli import new_questions as ask
from devicehub.cli.air import open_air
from devicehub.errors import HubError, StopUnconfirmed
from devicehub.keeper import standing
from devicehub.keeper.standing import StandingStop
from devicehub.massagers.model import Massager
from devicehub.radio.local import LocalConnector
from devicehub.safety.limits import Limits
from devicehub.session.trial import burst, highest_tried

_OFF_BODY = "Is it off the body, in your hand or on a table? Type yes, or s to leave it"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP)


def try_levels(massager: Massager, where: str, air: str | None, limits: Limits) -> list[str]:
    """Try each motor for as long as the person wants; return what they saw, a sentence a level.

    Raises:
        StopUnconfirmed: It may be running.
        RadioError: It is not there any more, or does not say what it should.
    """
    saw: list[str] = []
    for motor in range(len(massager.steps)):
        most = highest_tried(massager, motor, limits)
        click.echo(
            f"\nMotor {motor}: bursts of at most half a second, each followed by a stop, from the "
            f"lowest level up. The highest that its class may have is {most} of "
            f"{massager.steps[motor]}."
        )
        for level in range(1, most + 1):
            if not _lies_off_body():
                break
            reached = _burst(massager, where, air, motor, level, limits)
            click.echo(f"  sent up to level {reached}; the stop was confirmed")
            if not ask.yes("  Did it move, and stop again?"):
                click.echo("  Then the frames are not right yet, or this level is too weak to see.")
                continue
            day = dt.datetime.now(tz=dt.UTC).date().isoformat()
            saw.append(f"{day}: motor {motor} moved at level {reached} and stopped, seen once")
            if level < most and not ask.yes("  The next level?"):
                break
    return saw


def _lies_off_body() -> bool:
    while True:
        said: str = click.prompt(_OFF_BODY, type=str, prompt_suffix=" ")
        word = said.strip().casefold()
        if word in ("yes", "s"):
            return word == "yes"


def _burst(
    massager: Massager, where: str, air: str | None, motor: int, level: int, limits: Limits
) -> int:
    reached, ended = asyncio.run(_moved(massager, where, air, motor, level, limits))
    if ended:
        raise click.Abort
    return reached


async def _moved(
    massager: Massager, where: str, air: str | None, motor: int, level: int, limits: Limits
) -> tuple[int, bool]:
    """Move it once; return the level that was reached, and whether a signal ended it.

    How to stop it is kept on disk for as long as it may be running.
    """
    enough = asyncio.Event()
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, enough.set)
    kept = _standing_stop(massager, where, air)
    async with open_air(air) as opened:
        connector = LocalConnector(opened, {massager.model: massager})
        standing.remember(kept)
        try:
            reached = await burst(
                connector, where, massager, motor, level, limits, enough, _Alarm(massager)
            )
        except StopUnconfirmed:
            raise
        except HubError:
            standing.forget(kept)  # nothing was written, or its stop was confirmed
            raise
        standing.forget(kept)
    return reached, enough.is_set()


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


def _standing_stop(massager: Massager, where: str, air: str | None) -> StandingStop:
    writes = tuple(
        (write.char, write.data.hex(), write.response)
        for stop in massager.stops
        for write in stop.writes
    )
    place = air or standing.BLUETOOTH
    return StandingStop(massager.title, where, massager.model, place, writes, massager.on_lost_link)
