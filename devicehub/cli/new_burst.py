"""One burst of `devices new`, held by a process of its own (`tryout.py`), and its asker.

One death leaves nothing moving: that process stops when this one is gone, and this one stops over
the air when that one is gone, or hangs: then it is killed first, for it holds the link.
"""

import asyncio
import contextlib
import json
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from typing import Any

import click

from devicehub import errors
from devicehub.cli import rescue
from devicehub.cli.ground import from_anywhere, own_command
from devicehub.cli.new_order import Order
from devicehub.errors import HubError, LinkLost, RadioError, StopUnconfirmed
from devicehub.keeper.standing import BLUETOOTH, StandingStop, standing
from devicehub.massagers.model import Massager
from devicehub.session.trial import BURST_S, Stage

LATE_S = 2.0
"""So much longer than it should a burst may take, or its end after Ctrl-C."""
SILENT_S = 10.0
"""A process that has its order, moves nothing yet and says nothing for so long hangs."""
STOP_TRIES = 6
"""How often it is looked for, some 10 s each, before a person alone can stop it."""
_LOOK_S = 0.25
_PAUSE_S = 1.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP)


async def burst_apart(
    massager: Massager, where: str, air: str | None, motor: int, level: int
) -> tuple[int, bool]:
    """Have it moved once; return the level that was reached, and whether a signal ended it.

    Raises:
        HubError: What the process said; `LinkLost` when it was killed and the massager stopped.
        StopUnconfirmed: It may be running.
    """
    place = None if air is None else from_anywhere(air)
    process = await asyncio.create_subprocess_exec(
        *own_command("tryout", None),
        stdin=PIPE,
        stdout=PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is ours: we end it in our own way
    )
    watch = Watch()
    held = _Held(process, watch)
    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, held.end)
    order = Order(token="", model=massager.model, where=where, motor=motor, level=level, air=place)
    said = await held.to_the_end(order)
    if said is not None:
        return _reached(said), watch.ended
    stood = await _stop_what_it_left(massager, where, place or BLUETOOTH)
    if watch.ended:
        return 0, True
    was = "was killed; it was stopped" if stood else "ended before it was connected"
    raise LinkLost(f"{massager.model}: what held its link {was}")


class Watch:
    """Judges by what the process of a burst says, and when, whether it hangs."""

    def __init__(self) -> None:
        self.ended = False
        self._stage: Stage | None = None
        self._silent_s = self._moving_s = self._ending_s = 0.0

    def heard(self, row: Mapping[str, Any]) -> None:
        """Take what it said."""
        self._silent_s = 0.0
        if "stage" in row:
            self._stage = Stage(row["stage"])

    def pass_time(self, seconds: float) -> None:
        """Let time pass; of a long step this process itself stood still, and it is clipped."""
        step_s = min(seconds, 2 * _LOOK_S)
        self._silent_s += step_s
        self._moving_s += step_s * (self._stage is Stage.MOVING)
        self._ending_s += step_s * self.ended

    @property
    def begun(self) -> bool:
        """Whether it has its order, and may be connecting."""
        return self._stage is not None

    @property
    def hangs(self) -> bool:
        """Whether it has to be killed.

        One that goes on saying that it writes stops is left to it: nobody else has the link.
        """
        if self._stage in (Stage.STOPPING, Stage.UNANSWERED):
            return self._silent_s > LATE_S
        if self._ending_s > LATE_S or self._moving_s > BURST_S + LATE_S:
            return True
        return self._stage is not None and self._silent_s > SILENT_S


class _Held:
    """The process of a burst: its order, its words, its end."""

    def __init__(self, process: Process, watch: Watch) -> None:
        self._process = process
        self._watch = watch

    def end(self) -> None:
        """Have the burst end early; a process that has not begun it has nothing to end."""
        self._watch.ended = True
        if not self._watch.begun:
            self._kill()
        elif self._process.stdin is not None:
            self._process.stdin.close()

    async def to_the_end(self, order: Order) -> Mapping[str, Any] | None:
        """Give the order and return the last word of the process; None when it died without one."""
        last = None
        while (row := await self._next()) is not None:
            if "token" in row:
                self._give(order.model_copy(update={"token": row["token"]}))
            elif "stage" not in row:
                last = row
                break
        if last is not None:  # it has nothing left to do
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LATE_S):
                    await self._process.wait()
        self._kill()
        await self._process.wait()
        return last

    def _give(self, order: Order) -> None:
        if self._process.stdin is not None and not self._watch.ended:
            self._process.stdin.write(f"{order.model_dump_json()}\n".encode())

    async def _next(self) -> Mapping[str, Any] | None:
        """Return what it says next, or None when it is gone, or hangs."""
        if self._process.stdout is None:
            return None
        clock = asyncio.get_running_loop().time
        reading = asyncio.create_task(self._process.stdout.readline())
        try:
            while not reading.done():
                before_s = clock()
                await asyncio.wait((reading,), timeout=_LOOK_S)
                self._watch.pass_time(clock() - before_s)
                if self._watch.hangs and not reading.done():
                    return None
        finally:
            reading.cancel()
        return self._understood(reading.result())

    def _understood(self, line: bytes) -> Mapping[str, Any] | None:
        if not line.endswith(b"\n"):
            return None
        row: Mapping[str, Any] = json.loads(line)
        self._watch.heard(row)
        return None if self._watch.hangs else row

    def _kill(self) -> None:
        """End it whatever it does, so that it lets its link go."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


async def _stop_what_it_left(massager: Massager, where: str, air: str) -> bool:
    """Stop over the air what a process that was killed had in its hand; return whether it had any.

    Raises:
        StopUnconfirmed: It did not confirm.
    """
    stands = [one for one in standing() if (one.address, one.air) == (where, air)]
    for kept in stands:
        click.echo(
            f"\nMAY BE RUNNING: {massager.model}: what held its link is gone; it is stopped over "
            f"the air. {kept.advice}",
            err=True,
        )
        confirmed, advice = await _stopped(kept)
        if not confirmed:
            raise StopUnconfirmed(
                f"{massager.model}: stop not confirmed, it may be running. {advice}"
            )
    return bool(stands)


async def _stopped(kept: StandingStop) -> tuple[bool, str]:
    """Look for it and stop it, again and again: it is seldom there at once."""
    confirmed, advice = await rescue.stop_standing(kept)
    for _ in range(STOP_TRIES - 1):
        if confirmed:
            break
        click.echo(f"MAY BE RUNNING: {kept.model}: not stopped yet. {advice}", err=True)
        await asyncio.sleep(_PAUSE_S)
        confirmed, advice = await rescue.stop_standing(kept)
    return confirmed, advice


def _reached(said: Mapping[str, Any]) -> int:
    """Return the level that was reached. Raises the error that was said."""
    if "error" not in said:
        return said["reached"]
    kind = getattr(errors, said["error"], RadioError)
    raise (kind if issubclass(kind, HubError) else RadioError)(said["text"])
