"""Clerk: does the ledger's work for a session, one thing after the other.

A ledger in memory answers at once. One on disk waits for the disk, so its clerk has a thread of its
own: a slow disk holds no beat up.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, Self, TypeVar

T = TypeVar("T")


class Clerk(Protocol):
    """Does work in the order in which it was asked for."""

    async def do(self, work: Callable[[], T], /) -> T:
        """Return what `work` returns, or raise what it raises."""
        ...


class AtOnce:
    """For a ledger in memory."""

    async def do(self, work: Callable[[], T]) -> T:
        """Do it here."""
        return work()


class InThread:
    """For a ledger on disk; used as a context manager, which waits for the last work."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def do(self, work: Callable[[], T]) -> T:
        """Do it in the thread; it is done to its end even if the caller is cancelled meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for the last work."""
        self._thread.shutdown()
