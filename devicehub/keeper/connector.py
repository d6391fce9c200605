"""The hub's way to its massagers: a keeper is started, watched, and followed by another one."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from devicehub.errors import RadioError
from devicehub.keeper.keeper import HEARTBEAT_S
from devicehub.keeper.pipe import Pipe
from devicehub.keeper.process import FarEnd
from devicehub.keeper.protocol import Beat, Connect, Connected, Lost, Message, Said, Unanswered
from devicehub.keeper.remote import RemoteLink
from devicehub.keeper.spare import Spare
from devicehub.massagers.library import Library
from devicehub.radio.measured import as_measured

CONNECT_SLACK_S = 30.0
EARLY_WORDS = 64
# How often the hub looks whether its keeper still talks; it adds at most this to the limit.
LOOK_S = 0.05

Start = Callable[[], Coroutine[Any, Any, FarEnd]]
"""Starts a keeper. Raises OSError if it cannot."""


class KeeperConnector:
    """Starts a keeper and connects massagers through it."""

    def __init__(
        self,
        start: Start,
        library: Library,
        proven: Callable[[str, bool], None],
        *,
        spare: Start | None = None,
    ) -> None:
        """Make it.

        Args:
            start: Starts a keeper.
            library: What is known of massagers.
            proven: Called with name and `simulated`; may refuse a massager just connected.
            spare: Starts a keeper that waits until it is woken; None to do without.
        """
        self._spare = None if spare is None else Spare(lambda: self._piped(spare))
        self._proven = proven
        self._start = start
        self._library = library
        self._pipe: Pipe | None = None
        self._links: dict[str, RemoteLink] = {}
        self._pulse: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        # What a massager says may come before its link is made here.
        self._early: deque[Said] = deque(maxlen=EARLY_WORDS)

    async def connect(self, wanted: str, timeout_s: float) -> RemoteLink:
        """Return the massager called `wanted`, connected and stopped by the keeper.

        Raises:
            DeviceNotFound, RadioError: As the keeper says.
        """
        pipe = await self._started()
        asked = Connect(pipe.next_seq(), wanted, timeout_s)
        said = await pipe.answered(asked, timeout_s + CONNECT_SLACK_S)
        if not isinstance(said, Connected):
            raise RadioError(f"{wanted}: the keeper said something else")
        self._proven(wanted, said.simulated)
        massager = as_measured(self._library[said.model], said.address)
        link = RemoteLink(pipe, wanted, massager, said.name, said.address)
        self._links[wanted] = link
        early, self._early = self._early, deque(maxlen=EARLY_WORDS)
        for word in early:  # those of a massager that is still connecting wait again
            self._hear(word)
        return link

    def stand_by(self) -> None:
        """Begin to start the spare: from here on something may move."""
        if self._spare is not None:
            self._spare.begin()

    async def close(self, *, at_once: bool = False) -> None:
        """Close the pipe and wait for the keeper's end; `at_once` does not wait: it is ended."""
        try:
            await self._let_go(at_once=at_once)
        finally:
            if self._spare is not None:
                await self._spare.close()

    async def _let_go(self, *, at_once: bool) -> None:
        pipe, pulse = self._pipe, self._pulse
        self._pipe = self._pulse = None
        if pulse is not None:
            pulse.cancel()
            await asyncio.wait((pulse,))
        if pipe is not None:
            await pipe.close(at_once=at_once)

    async def _started(self) -> Pipe:
        """Return the pipe to a keeper that lives; one that is gone or hangs makes place."""
        async with self._starting:
            if self._pipe is not None and self._pipe.silent:
                await self._let_go(at_once=True)
            if self._pipe is None:
                self._pipe = await self._woken() or await self._piped(self._start)
                self._pulse = asyncio.create_task(self._beat(self._pipe))
            return self._pipe

    async def _woken(self) -> Pipe | None:
        return None if self._spare is None else await self._spare.take()

    async def _piped(self, start: Start) -> Pipe:
        pipe = Pipe(await start(), self._hear, lambda: self._gone(pipe))
        return pipe

    async def _beat(self, pipe: Pipe) -> None:
        """Tell the keeper every quarter second what is commanded; notice when it is gone."""
        clock_s = asyncio.get_running_loop().time
        said_s = clock_s()
        while True:
            await asyncio.sleep(LOOK_S)
            if clock_s() - said_s >= HEARTBEAT_S:
                said_s = clock_s()
                self._say_what_is_commanded(pipe)
            pipe.look()
            if pipe.silent:
                pipe.give_up()
                self._gone(pipe)

    def _say_what_is_commanded(self, pipe: Pipe) -> None:
        pipe.tell(
            Beat(
                {device: list(link.steps) for device, link in self._links.items()},
                {device: link.not_after_s for device, link in self._links.items()},
            )
        )

    def _gone(self, pipe: Pipe) -> None:
        """Take note that a keeper is gone: whatever it held is lost to this hub."""
        if pipe is self._pipe:
            for link in self._links.values():
                link.lost.set()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Said):
            if message.device in self._links:
                self._links[message.device].heard(message)
            else:
                self._early.append(message)
        elif isinstance(message, Lost | Unanswered) and message.device in self._links:
            link = self._links[message.device]
            link.lost.set() if isinstance(message, Lost) else link.unanswered()
