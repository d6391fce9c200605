"""Clerk: does the ledger's work for a session, one thing after the other.

A ledger in memory answers at once. One on disk waits for the disk, so its clerk has a thread of its
own: a slow disk holds no beat up.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Protocol, Self, TypeVar

T = TypeVar("T")
# A disk that has not answered by then is not waited for.
LAST_WORK_S = 2.0


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
    """For a ledger on disk; used as a context manager, which waits a little for the last work.

    The thread is a daemon: a disk that never answers must not keep the program from ending.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="ledger", daemon=True)

    async def do(self, work: Callable[[], T]) -> T:
        """Do it in the thread; it is done to its end even if the caller is cancelled meanwhile."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def say(settle: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody listens
                loop.call_soon_threadsafe(lambda: None if answer.done() else settle())

        def worked() -> None:
            try:
                result = work()
            except Exception as error:  # noqa: BLE001 - whoever asked is told
                failed = error
                say(lambda: answer.set_exception(failed))
            else:
                say(lambda: answer.set_result(result))

        self._asked.put(worked)
        return await answer

    def _work(self) -> None:
        while (work := self._asked.get()) is not None:
            work()

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for the last work."""
        self._asked.put(None)
        self._thread.join(LAST_WORK_S)
