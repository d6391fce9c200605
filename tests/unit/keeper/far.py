"""Far ends of a pipe in this process, so that the hub's end can be tested on virtual time."""

import asyncio
from dataclasses import dataclass, field
from typing import TypeVar

from devicehub.keeper.keeper import Keeper
from devicehub.keeper.protocol import Beat, Message, from_line, to_line
from devicehub.safety.limits import load
from tests.unit.radio.bench import Bench, now_s

Kind = TypeVar("Kind", bound=Message)


@dataclass
class Far:
    """A far end that says what a test says, and remembers what it was told."""

    told: list[Message] = field(default_factory=list[Message])
    lines: asyncio.StreamReader = field(default_factory=asyncio.StreamReader)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False
    killed_s: float | None = None

    def write(self, line: bytes) -> None:
        self.told.append(from_line(line))

    async def readline(self) -> bytes:
        return await self.lines.readline()

    def close(self) -> None:
        self.closed = True

    def kill(self) -> None:
        self.killed_s = now_s()
        self.end()

    async def wait(self) -> None:
        await self.ended.wait()

    def end(self) -> None:
        """End as a process does: its pipe closes."""
        if not self.ended.is_set():
            self.ended.set()
            self.lines.feed_eof()

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.lines.feed_data(to_line(message))

    def heard(self, kind: type[Kind]) -> list[Kind]:
        return [message for message in self.told if isinstance(message, kind)]

    @property
    def asked(self) -> list[Message]:
        """What it was told but for heartbeats."""
        return [message for message in self.told if not isinstance(message, Beat)]


class Staffed(Far):
    """A far end at which a keeper is at work."""

    def __init__(self, here: Bench, *, simulated: bool = True) -> None:
        super().__init__()
        self.hears = asyncio.StreamReader()
        keeper = Keeper(
            here.connector, "unix:/air", self._says,
            simulated=simulated, limits=load(), boot_s=now_s,
        )  # fmt: skip
        self.hangs = False
        self._serving = asyncio.create_task(keeper.serve(self.hears))
        self._serving.add_done_callback(lambda _: self.end())

    def _says(self, line: bytes) -> None:
        if not (self.hangs or self.ended.is_set()):
            self.lines.feed_data(line)

    def write(self, line: bytes) -> None:
        super().write(line)
        self.hears.feed_data(line)

    def close(self) -> None:
        super().close()
        self.hears.feed_eof()

    def end(self) -> None:
        super().end()
        self.hears.feed_eof()

    async def at_rest(self) -> None:
        """Wait until its keeper has let everything go; a process that is ended just ends."""
        self.end()
        await asyncio.wait((self._serving,))
