"""Stopping: stop is written until the massager has answered, whatever goes wrong in between.

A stop counts as confirmed when the device said something after it: the response to the write, or
notifications where stop is written without response.
"""

import asyncio
from collections.abc import Awaitable, Callable

from devicehub.errors import LinkLost, RadioError
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded, Write
from devicehub.radio import transport
from devicehub.radio.port import StopOutcome


class Stopping:
    """Stops one massager; `heard` is told whenever it says anything."""

    def __init__(
        self, massager: Massager, write: Callable[[Write, float], Awaitable[None]]
    ) -> None:
        self._massager = massager
        self._write = write
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
        await self._write_stop(self._massager.stops[0])

    async def to_an_answer(self) -> StopOutcome:
        """Write stop until the massager has answered, the link is gone, or it was tried enough."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        for attempt in range(transport.STOP_TRIES):
            stop = self._massager.stops[attempt % len(self._massager.stops)]
            try:
                if await self._confirmed(stop):
                    return StopOutcome(confirmed=True, took_s=loop.time() - begun_s)
            except LinkLost:
                break
            except RadioError:
                continue
        return StopOutcome(confirmed=False, took_s=None)

    async def _confirmed(self, stop: Encoded) -> bool:
        if any(item.response for item in stop.writes):
            await self._write_stop(stop)
            return True
        if not await self._heard_after(stop):
            return False
        # That may have been the answer to an earlier frame, and the device may have dropped a stop
        # that came right behind it: only the second answer counts.
        await asyncio.sleep(self._massager.min_gap_s)
        return await self._heard_after(stop)

    async def _heard_after(self, stop: Encoded) -> bool:
        self._answered.clear()
        await self._write_stop(stop)
        try:
            async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
                return await self._answered.wait()
        except TimeoutError:
            return False

    async def _write_stop(self, stop: Encoded) -> None:
        for item in stop.writes:
            await self._write(item, transport.STOP_WRITE_TIMEOUT_S)
