"""Spare: a second keeper, started in advance, for when the first one dies or hangs.

Starting a process and loading what it needs takes longer than everything else of a rescue. A spare
has done that, and waits: it has no air, no link and no lock, writes nothing, and says nothing until
it is woken. It ends when its pipe closes, as any keeper does.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from devicehub.keeper.pipe import Pipe

# One that has started answers within milliseconds; a new one would take longer than this to start.
WAKE_S = 0.5
# One that is still starting is further than a new one would be, but not for ever.
START_S = 5.0


class Spare:
    """At most one keeper in waiting."""

    def __init__(self, start: Callable[[], Coroutine[Any, Any, Pipe]]) -> None:
        """Make it; `start` starts the process. Raises OSError when that cannot be done."""
        self._start = start
        self._starting: asyncio.Task[Pipe] | None = None
        self._begun_s: float  # when that was

    def begin(self) -> None:
        """Begin to start one, unless there is one; nobody waits for it."""
        if self._starting is None:
            self._begun_s = asyncio.get_running_loop().time()
            self._starting = asyncio.create_task(self._start())

    async def take(self) -> Pipe | None:
        """Return the pipe to it, awake; None when there is none, or it is dead or hangs."""
        pipe = await self._begun()
        if pipe is None:
            return None
        awake = await pipe.wakes(max(WAKE_S, self._begun_s + START_S - self._now_s()))
        self._starting = None  # not earlier: who is cancelled above leaves it to `close`
        if not awake:
            await pipe.close(at_once=True)
            return None
        return pipe

    async def close(self) -> None:
        """End it: it holds nothing, so there is nothing to wait for."""
        pipe = await self._begun()
        self._starting = None
        if pipe is not None:
            await pipe.close(at_once=True)

    async def _begun(self) -> Pipe | None:
        """Return the pipe to the process; None when there is none, or it could not be started."""
        if self._starting is None:
            return None
        with contextlib.suppress(OSError):
            return await asyncio.shield(self._starting)
        self._starting = None
        return None

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()
