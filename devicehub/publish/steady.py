"""Steady: holds one line to the broker; when it is lost, makes a new one.

A dead line is noticed by a heartbeat that the broker has to acknowledge: by itself, the protocol
takes up to twice its keepalive, and publishes without acknowledgement succeed meanwhile.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal

from devicehub.publish.backoff import Backoff
from devicehub.publish.line import (
    TAKEN_OVER,
    UNSUPPORTED_VERSION,
    BrokerLost,
    Denied,
    Ear,
    Line,
    Outgoing,
    Terms,
    Version,
)

BEAT_S = 2.0
Fate = Literal["up", "lost", "unreachable", "taken_over", "denied"]
Connect = Callable[[Terms, Ear], AbstractAsyncContextManager[Line]]


@dataclass(frozen=True, slots=True)
class Role:
    """What a line is for.

    Attributes:
        terms: How to connect, for a version and the number of this connection.
        ear: Hears what comes in, in the event loop; must not raise.
        work: Done on the line while it stands, given the line and its number.
        beat: Makes the heartbeat.
        alive: Called each time the broker acknowledged one.
        fate: Told what became of the line, and why, for people.
    """

    terms: Callable[[Version, int], Terms]
    ear: Ear
    work: Callable[[Line, int], Coroutine[Any, Any, None]]
    beat: Callable[[], Outgoing]
    alive: Callable[[], None]
    fate: Callable[[Fate, str], None]


class Steady:
    """One line, again and again."""

    def __init__(self, role: Role, connect: Connect, protocol: str) -> None:
        """Make it; `protocol` is "5", "3.1.1", or "auto": 5, or 3.1.1 with brokers that want it."""
        self._role = role
        self._connect = connect
        self._auto = protocol == "auto"
        self._first = Version.V311 if protocol == "3.1.1" else Version.V5
        self._backoff = Backoff()
        self._rival = asyncio.Event()
        self.conn = 0

    def rival(self) -> None:
        """Leave the id to somebody else who uses it: end this line and stay away for a while."""
        self._rival.set()

    async def run(self) -> None:
        """Hold the line until cancelled."""
        clock = asyncio.get_running_loop().time
        version = self._first
        while True:
            up_at_s: float | None = None
            failure = BrokerLost("the line ended")

            def stands() -> None:
                nonlocal up_at_s
                up_at_s = clock()

            try:
                await self._hold(version, stands)
            except* BrokerLost as lost:
                failure = _first(lost)
            stood_s = 0.0 if up_at_s is None else clock() - up_at_s
            version = self._next_version(version, failure, stood=up_at_s is not None)
            await asyncio.sleep(self._pause_s(failure, stood_s))

    async def _hold(self, version: Version, stands: Callable[[], None]) -> None:
        if self._rival.is_set():
            raise _taken()
        self.conn += 1
        terms = self._role.terms(version, self.conn)
        async with self._connect(terms, self._role.ear) as line, asyncio.TaskGroup() as group:
            stands()
            if self._rival.is_set():
                raise _taken()
            self._role.fate("up", "")
            for denied in line.refused:
                self._role.fate("denied", str(denied))
            group.create_task(line.until_lost())
            group.create_task(self._heartbeat(line))
            group.create_task(self._until_rival())
            group.create_task(self._role.work(line, self.conn))

    async def _heartbeat(self, line: Line) -> None:
        while True:
            try:
                await line.publish(self._role.beat())
            except Denied as denied:  # it answered, so the line stands
                self._role.fate("denied", str(denied))
            self._role.alive()
            await asyncio.sleep(BEAT_S)

    async def _until_rival(self) -> None:
        await self._rival.wait()
        raise _taken()

    def _pause_s(self, failure: BrokerLost, stood_s: float) -> float:
        jitter = random.random()  # noqa: S311 - spreads reconnects, guards nothing
        if failure.code == TAKEN_OVER:
            self._rival.clear()
            self._role.fate("taken_over", str(failure))
            return self._backoff.taken_over(stood_s, jitter)
        self._role.fate("lost" if stood_s > 0.0 else "unreachable", str(failure))
        return self._backoff.failed(stood_s, jitter)

    def _next_version(self, version: Version, failure: BrokerLost, *, stood: bool) -> Version:
        """Return what to speak next: whoever does not answer to 5 may answer to 3.1.1."""
        if not self._auto:
            return self._first
        if failure.code == UNSUPPORTED_VERSION:
            self._first = Version.V311
            return Version.V311
        if not stood and failure.reached and version is Version.V5:
            return Version.V311
        return self._first


def _taken() -> BrokerLost:
    return BrokerLost("another client uses the id of this hub", TAKEN_OVER)


def _first(group: BaseExceptionGroup[BrokerLost]) -> BrokerLost:
    """Return one loss of a group: the one that has a reason, if any has."""
    losses = list(_leaves(group))
    return next((loss for loss in losses if loss.code is not None), losses[0])


def _leaves(group: BaseExceptionGroup[BrokerLost]) -> "list[BrokerLost]":
    found: list[BrokerLost] = []
    for each in group.exceptions:
        found.extend(_leaves(each) if isinstance(each, BaseExceptionGroup) else [each])
    return found
