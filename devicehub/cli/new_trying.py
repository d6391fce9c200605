"""Trying what was described: short bursts off the body, from the lowest level up.

The link of a burst is held by a process of its own, see `new_burst`.
"""

import asyncio
import datetime as dt

import click

from devicehub.cli import new_questions as ask
from devicehub.cli.new_burst import burst_apart
from devicehub.massagers.model import Massager
from devicehub.safety.limits import Limits
from devicehub.session.trial import highest_tried

_OFF_BODY = "Is it off the body, in your hand or on a table? Type yes, or s to leave it"


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
            f"lowest level up. The highest that may be tried is {most} of {massager.steps[motor]}."
        )
        for level in range(1, most + 1):
            if not _lies_off_body():
                break
            reached = _burst(massager, where, air, motor, level)
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


def _burst(massager: Massager, where: str, air: str | None, motor: int, level: int) -> int:
    reached, ended = asyncio.run(burst_apart(massager, where, air, motor, level))
    if ended:
        raise click.Abort
    return reached
