"""Polling: a massager that tells its battery only when it is asked is asked once a minute.

Everything else goes first. It is asked when nothing is being written and its own gap is over, no
stop waits for the answer, and one that is slow to answer is not asked again. Where it is asked by a
frame, the next frame may have to wait for the massager's own gap, a tenth of a second at most.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from devicehub.errors import RadioError
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Write

# The smallest batteries here last an hour: less than two percent go by unseen.
POLL_S = 60.0
# An answer takes two connection intervals, 0.1 s on the slowest link that still plays.
SLOW_S = 0.25
_LOOK_S = 0.05


def needs_asking(massager: Massager) -> bool:
    """Say whether a massager tells its battery, and never by itself."""
    unasked = any(each.tells_battery and each.every_s is not None for each in massager.reports)
    return massager.tells_battery and not unasked and massager.battery not in massager.notifies


class Polling:
    """Asks one massager; `begin` it when it is connected, `end` it before the link is let go."""

    def __init__(
        self,
        massager: Massager,
        read: Callable[[str], Awaitable[bytes]],
        write: Callable[[Write, float], Awaitable[None]],
        hear: Callable[[str, bytes], None],
        busy: Callable[[], bool],
    ) -> None:
        """Make it; `hear` takes what was read, `busy` says whether a stop is under way."""
        self._massager = massager
        self._read, self._write, self._hear = read, write, hear
        self._busy = busy
        self._turns = 0
        self._wrote_at_s = self._asked_at_s = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to ask, the first time in a minute; one that tells by itself is never asked."""
        if needs_asking(self._massager):
            self._task = asyncio.create_task(self._run(), name="battery")

    def give_way(self) -> None:
        """Wait for no answer any more: a stop is about to be written."""
        if self._asking is not None:
            self._asking.cancel()

    async def end(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Let a frame be written meanwhile, when the massager's gap after a question is over."""
        self._turns += 1
        try:
            left_s = self._asked_at_s + self._massager.min_gap_s - _now_s()
            if left_s > 0.0:
                await asyncio.sleep(left_s)
            yield
        finally:
            self._turns -= 1
            self._wrote_at_s = _now_s()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            while not self._free():  # noqa: ASYNC110 - whoever writes does not know of this
                await asyncio.sleep(_LOOK_S)
            begun_s = _now_s()
            self._asking = asyncio.create_task(self._ask())
            try:
                await asyncio.wait((self._asking,))
            finally:
                self._asking.cancel()
            if not self._asking.cancelled() and _now_s() - begun_s > SLOW_S:
                return

    def _free(self) -> bool:
        gap_is_over = _now_s() - self._wrote_at_s >= self._massager.min_gap_s
        return gap_is_over and not self._turns and not self._busy()

    async def _ask(self) -> None:
        char, question = self._massager.battery, self._massager.battery_ask
        with contextlib.suppress(RadioError, TimeoutError):
            async with asyncio.timeout(2 * SLOW_S):
                if char is not None:
                    self._hear(char, await self._read(char))
                elif question is not None:
                    self._asked_at_s = _now_s()
                    for item in question.writes:
                        await self._write(item, SLOW_S)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
