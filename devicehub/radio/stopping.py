"""Stopping: stop is written until the massager has answered, whatever goes wrong in between.

A stop counts as confirmed when the device said something after it: the response to the write, or,
where stop is written without response, notifications, or what is read where it notifies nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from devicehub.errors import LinkLost, RadioError
from devicehub.massagers.wire import Write
from devicehub.radio import transport
from devicehub.radio.port import GoOn, StopOutcome

# Where four tries are not enough: this many times four, half a second apart (engineering choice).
STOP_ROUNDS = 20
ROUND_PAUSE_S = 0.5


class Stopping:
    """Stops one massager; `heard` is told whenever it says anything."""

    def __init__(
        self,
        stops: Sequence[Sequence[Write]],
        min_gap_s: float,
        write: Callable[[Write, float], Awaitable[None]],
        settle_s: float = 0.0,
        ask: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """Make it.

        Args:
            stops: Ready-made stops, at least one, to be written in turn.
            min_gap_s: Least time between two frames of one kind, in seconds.
            write: Writes one frame within so many seconds. Raises LinkLost or RadioError.
            settle_s: How far what the massager says may lag behind, in seconds.
            ask: Asks a massager that notifies nothing, and says whether it answered; else None.
        """
        self._stops = tuple(stops)
        self._min_gap_s = min_gap_s
        self._write = write
        self._settle_s = max(settle_s, min_gap_s)
        self._ask = ask
        self._answered = asyncio.Event()

    def heard(self) -> None:
        """Take note that the massager said something."""
        self._answered.set()

    async def write_once(self) -> None:
        """Write stop, and wait for no answer but the write's own.

        Raises:
            LinkLost: The link is gone.
            RadioError: The massager refused, or did not answer.
        """
        await self._write_stop(self._stops[0])

    async def to_an_answer(self) -> StopOutcome:
        """Write stop until the massager has answered, the link is gone, or it was tried enough."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        for attempt in range(transport.STOP_TRIES):
            stop = self._stops[attempt % len(self._stops)]
            try:
                if await self._confirmed(stop):
                    return StopOutcome(confirmed=True, took_s=loop.time() - begun_s)
            except LinkLost:
                break
            except RadioError:
                continue
        return StopOutcome(confirmed=False, took_s=None)

    async def _confirmed(self, stop: Sequence[Write]) -> bool:
        if any(item.response for item in stop):
            await self._write_stop(stop)
            return True
        if self._ask is not None:
            await self._write_stop(stop)
            return await self._ask()
        if not await self._heard_after(stop):
            return False
        # That may have been the answer to an earlier frame, and the device may have dropped a stop
        # that came right behind it: only the second answer counts.
        await asyncio.sleep(self._settle_s)
        return await self._heard_after(stop)

    async def _heard_after(self, stop: Sequence[Write]) -> bool:
        self._answered.clear()
        await self._write_stop(stop)
        try:
            async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
                return await self._answered.wait()
        except TimeoutError:
            return False

    async def _write_stop(self, stop: Sequence[Write]) -> None:
        for before, item in zip((None, *stop), stop, strict=False):
            if self._min_gap_s and before is not None and before.char == item.char:
                await asyncio.sleep(self._min_gap_s)
            await self._write(item, transport.STOP_WRITE_TIMEOUT_S)


async def stop_rounds(
    begin: "Callable[[], asyncio.Task[StopOutcome]]", lost: Callable[[], bool], go_on: GoOn
) -> StopOutcome:
    """Begin stops until one was answered, the link is gone, or `go_on` says that it is enough."""
    for _ in range(STOP_ROUNDS):
        outcome = await begin()
        if outcome.confirmed or lost() or not go_on():
            return outcome
        await asyncio.sleep(ROUND_PAUSE_S)
    return await begin()


def stop_limit_s(stop: Sequence[Write], min_gap_s: float) -> float:
    """Return the longest that `Stopping.to_an_answer` can take, in seconds.

    Each try writes the stop, twice with a gap and a wait for words where it is not answered itself.
    """
    writing_s = len(stop) * (transport.STOP_WRITE_TIMEOUT_S + min_gap_s)
    if any(item.response for item in stop):
        return transport.STOP_TRIES * writing_s
    return transport.STOP_TRIES * (2 * (writing_s + transport.ANSWER_TIMEOUT_S) + min_gap_s)


def rounds_limit_s(stop: Sequence[Write], min_gap_s: float) -> float:
    """Return the longest that closing a link can take, in seconds: all rounds, then disconnect."""
    round_s = stop_limit_s(stop, min_gap_s) + ROUND_PAUSE_S
    return (STOP_ROUNDS + 1) * round_s + transport.STOP_WRITE_TIMEOUT_S
