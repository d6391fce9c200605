"""Latch: stop does not queue. Once tripped it stays tripped, and whoever waits wakes at once."""

import asyncio

from devicehub.messages import EndReason


class Latch:
    """Tripped once, for the first reason; read by the core loop at every beat."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.reason: EndReason | None = None
        self.detail = ""

    @property
    def tripped(self) -> bool:
        """Whether somebody asked for the end."""
        return self.reason is not None

    def trip(self, reason: EndReason, detail: str = "") -> None:
        """Trip; a later reason does not replace the first."""
        if self.reason is None:
            self.reason = reason
            self.detail = detail
        self._event.set()

    def wake(self) -> None:
        """Wake the loop before its next beat without tripping."""
        self._event.set()

    async def wait(self) -> None:
        """Sleep until somebody trips."""
        while not self.tripped:
            self._event.clear()
            await self._event.wait()

    async def wait_until(self, deadline_s: float) -> bool:
        """Sleep until `deadline_s` of the loop's clock, or until somebody trips or wakes.

        Returns:
            Whether the deadline was reached.
        """
        try:
            async with asyncio.timeout_at(deadline_s):
                await self._event.wait()
        except TimeoutError:
            return True
        if not self.tripped:
            self._event.clear()
        return False
