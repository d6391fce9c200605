"""An asyncio loop whose time is made, not waited for.

When nothing is ready, time jumps to the next timer. Fifteen minutes of massage then last as long
as the machine needs to compute them, and every run sees the same instants.

Files and signals outside the loop (a keyboard, Ctrl-C) keep working at any speed. Processes and
sockets with a life of their own do not hold virtual time: use a real loop for those.
"""

import asyncio
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

_Result = TypeVar("_Result")
_Args = TypeVarTuple("_Args")

_RESOLUTION_S = 1e-9  # timers this close together fire together; far below any time on the radio
_MAX_LAG_S = 0.1  # real seconds a throttled loop may fall behind before it gives up catching up


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on virtual time, which begins at 0.

    Work in a thread (`run_in_executor`, `asyncio.to_thread`) stops the virtual clock until it is
    done. A loop that has nothing scheduled, no thread at work and no outside file to wait for can
    never go on: that is a RuntimeError, not a hang.
    """

    def __init__(self, speed: float | None = None) -> None:
        """Make the loop.

        Args:
            speed: None for as fast as possible; X to hold virtual time at X times real time.

        Raises:
            ValueError: when speed is not above 0.
        """
        self._clock = _Clock(speed)
        super().__init__(self._clock)
        if speed is not None and not speed > 0:
            self.close()
            raise ValueError(f"speed is {speed}; it has to be above 0, or None for no limit")
        self._clock_resolution = _RESOLUTION_S
        self._clock.own_files = len(self._clock.get_map())

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._clock.now_s

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*_Args], _Result],
        *args: *_Args,
    ) -> asyncio.Future[_Result]:
        """Run a function in a thread; virtual time stands still meanwhile."""
        future = super().run_in_executor(executor, func, *args)
        self._clock.threads += 1
        future.add_done_callback(self._thread_is_done)
        return future

    async def shutdown_default_executor(self, *args: Any, **kwargs: Any) -> None:
        """Wait for the threads to end, which is work in a thread too."""
        self._clock.threads += 1
        try:
            await super().shutdown_default_executor(*args, **kwargs)
        finally:
            self._clock.threads -= 1

    def _thread_is_done(self, _future: asyncio.Future[Any]) -> None:
        self._clock.threads -= 1


class _Clock(selectors.DefaultSelector):
    """The selector that makes time: instead of waiting for a timer it moves the clock to it."""

    def __init__(self, speed: float | None) -> None:
        super().__init__()
        self.now_s = 0.0
        self.own_files = 0
        self.threads = 0
        self._speed = speed
        self._anchor_real_s = time.monotonic()
        self._anchor_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return the files that are ready; else move the clock by `timeout` virtual seconds."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or self.threads:
            return self._block()
        if self._speed is None:
            self.now_s += timeout
            return []
        return self._wait(timeout, self._speed)

    def _block(self) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait in real time for a file or a thread; virtual time stands still."""
        if not self.threads and len(self.get_map()) <= self.own_files:
            raise RuntimeError("virtual time cannot go on: nothing scheduled, no file to wait for")
        ready = super().select(None)
        self._anchor()
        return ready

    def _wait(self, timeout: float, speed: float) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait until real time, times speed, reaches the timer or a file becomes ready."""
        due_s = self.now_s + timeout
        due_real_s = self._anchor_real_s + (due_s - self._anchor_s) / speed
        ahead_s = due_real_s - time.monotonic()
        ready = super().select(ahead_s) if ahead_s > 0 else []
        if ready:
            passed_s = (time.monotonic() - self._anchor_real_s) * speed
            self.now_s = min(due_s, max(self.now_s, self._anchor_s + passed_s))
            return ready
        self.now_s = due_s
        if ahead_s < -_MAX_LAG_S:
            self._anchor()
        return []

    def _anchor(self) -> None:
        """Begin to measure the speed anew, from here."""
        self._anchor_real_s, self._anchor_s = time.monotonic(), self.now_s
