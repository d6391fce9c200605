"""Trying what was described: short bursts off the body, from the lowest level up.

The link of a burst is held by a process of its own (`tryout.py`), so that one death leaves nothing
moving: it stops when this process is gone, and this process stops over the air when it is.
"""

import asyncio
import datetime as dt
import json
import signal
from collections.abc import Mapping
from typing import Any

import click

from devicehub import errors
from devicehub.cli import new_questions as ask
from devicehub.cli import rescue
from devicehub.cli.ground import own_command
from devicehub.errors import HubError, LinkLost, RadioError, StopUnconfirmed
from devicehub.keeper.standing import standing
from devicehub.massagers.model import Massager
from devicehub.safety.limits import Limits
from devicehub.session.trial import highest_tried

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
    reached, ended = asyncio.run(_tried(massager, where, air, motor, level))
    if ended:
        raise click.Abort
    return reached


async def _tried(
    massager: Massager, where: str, air: str | None, motor: int, level: int
) -> tuple[int, bool]:
    """Have it moved once; return the level that was reached, and whether a signal ended it."""
    words = [massager.model, where, str(motor), str(level)]
    tryout = await asyncio.create_subprocess_exec(
        *own_command("tryout", air),
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is ours: we end it in our own way
    )
    hears = tryout.stdin
    enough = asyncio.Event()

    def end() -> None:
        enough.set()
        if hears is not None:
            hears.close()

    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, end)
    said = b"" if tryout.stdout is None else await tryout.stdout.read()
    await tryout.wait()
    if not said:
        await _stop_what_it_left(massager, where)
    return _reached(json.loads(said)), enough.is_set()


async def _stop_what_it_left(massager: Massager, where: str) -> None:
    """Stop over the air what a process that was killed had in its hand.

    Raises:
        StopUnconfirmed: It did not confirm.
        LinkLost: It did.
    """
    for kept in standing():
        if (kept.model, kept.address) == (massager.model, where):
            confirmed, advice = await rescue.stop_standing(kept)
            if not confirmed:
                raise StopUnconfirmed(
                    f"{massager.model}: stop not confirmed, it may be running. {advice}"
                )
    raise LinkLost(f"{massager.model}: what held its link was killed; it was stopped")


def _reached(said: Mapping[str, Any]) -> int:
    """Return the level that was reached. Raises the error that was said."""
    if "error" not in said:
        return said["reached"]
    kind = getattr(errors, said["error"], RadioError)
    raise (kind if issubclass(kind, HubError) else RadioError)(said["text"])
