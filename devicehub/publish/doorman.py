"""Doorman: what becomes of a command: checked, asked of the hub, answered with a reason.

In the order of the checks: retained, too large, unreadable, not allowed here, late, used before.
Stop never comes here: see `stopline`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from devicehub.outside import (
    Answer,
    LowerCeiling,
    Moved,
    Pause,
    Present,
    Resume,
    Select,
    Start,
    Wish,
)
from devicehub.publish import commands
from devicehub.publish.commands import Command, Fresh, Unreadable
from devicehub.publish.freshness import Clock, Seen, stale
from devicehub.publish.line import Heard
from devicehub.publish.port import HubPort
from devicehub.publish.wire_base import stamp

# The opt-in covers everything that can make a motor move, now or at the next start.
OPT_IN = {"start", "resume", "moved", "select"}
MOST_AT_ONCE = 16
SOURCE = "mqtt"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks that freshness needs: since 1970, and since this computer started."""

    wall_s: Callable[[], float]
    boot_s: Callable[[], float]


Publishing = Callable[[Command], Answer]
Answered = Callable[[Heard, str | None, Answer], None]


class Doorman:
    """Takes commands as they come in, in order, at once; answers each exactly once."""

    def __init__(
        self,
        port: HubPort,
        clocks: Clocks,
        answered: Answered,
        own: dict[str, Publishing],
        *,
        remote_start: bool,
    ) -> None:
        """Make it.

        Args:
            port: The hub.
            clocks: The clocks of this computer.
            answered: Takes each answer with the message that it belongs to and the command's id.
            own: What is not the hub's but the publisher's to do, by the command's name.
            remote_start: Whether motors may be moved from afar at all.
        """
        self._port = port
        self._clocks = clocks
        self._answered = answered
        self._own = own
        self._remote_start = remote_start
        self._clock = Clock()
        self._seen = Seen()
        self._asking: set[asyncio.Task[None]] = set()
        self.heard = self.busy = 0

    def hear(self, name: str, heard: Heard) -> None:
        """Take command `name`; whatever is wrong with it, nothing is raised."""
        self.heard += 1
        try:
            self._take(name, heard)
        except Exception as error:  # noqa: BLE001 - the broker would send it again, for ever
            answer = Answer(ok=False, code="failed", detail=type(error).__name__)
            self._answered(heard, commands.id_in(heard.payload), answer)

    def _take(self, name: str, heard: Heard) -> None:
        refused = self._at_the_door(name, heard)
        if refused is not None:
            self._answered(heard, commands.id_in(heard.payload), refused)
            return
        try:
            command = commands.read(commands.IN[name], heard.payload)
        except Unreadable as error:
            answer = Answer(ok=False, code="invalid", detail=str(error))
            self._answered(heard, commands.id_in(heard.payload), answer)
            return
        refused = self._refused(command)
        if refused is not None:
            self._answered(heard, command.id, refused)
        elif name in self._own:
            self._answered(heard, command.id, self._own[name](command))
        else:
            self._begin(self._ask(heard, command))

    def watch_clock(self) -> None:
        """Look at the clocks, so that a step is noticed when it happens."""
        self._clock.unsure(self._clocks.wall_s(), self._clocks.boot_s())

    async def leave(self) -> None:
        """Give up what is still asked."""
        for task in self._asking:
            task.cancel()
        if self._asking:
            await asyncio.wait(self._asking)

    def _at_the_door(self, name: str, heard: Heard) -> Answer | None:
        """Refuse what need not be read to be refused."""
        if heard.retained:
            return Answer(ok=False, code="retained", detail="commands must not be retained")
        if len(heard.payload) > commands.LONGEST:
            detail = f"{len(heard.payload)} bytes; a command has {commands.LONGEST} at the most"
            return Answer(ok=False, code="too_large", detail=detail)
        return self._closed() if name in OPT_IN else None

    def _closed(self) -> Answer | None:
        """Refuse what may move a motor, where that is not allowed or too much of it waits."""
        if not self._remote_start:
            detail = "remote_start is off on this hub; do it at the massager"
            return Answer(ok=False, code="disabled", detail=detail)
        if len(self._asking) >= MOST_AT_ONCE:  # a pause does not wait for starts that are slow
            self.busy += 1
            return Answer(ok=False, code="busy", detail="too many starts at once; try again")
        return None

    def _refused(self, command: Command) -> Answer | None:
        """Refuse what must be fresh and is not, and what comes twice."""
        if isinstance(command, Fresh):
            now_s = self._clocks.wall_s()
            unsure = self._clock.unsure(now_s, self._clocks.boot_s())
            if unsure:
                return Answer(ok=False, code="clock", detail=f"{unsure}; stop works all the same")
            if late := stale(command.made_s, command.ttl_s, now_s):
                return Answer(ok=False, code="stale", detail=f"{late}; it is {stamp(now_s)} here")
        if command.id is not None and self._seen.again(command.id):
            return Answer(ok=False, code="duplicate", detail="this id was used before")
        return None

    def _begin(self, asking: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(asking)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask(self, heard: Heard, command: Command) -> None:
        try:
            answer = await self._port.ask(_wish(command), SOURCE)
        except Exception as error:  # noqa: BLE001 - a reason for every refusal, this one too
            answer = Answer(ok=False, code="failed", detail=type(error).__name__)
        self._answered(heard, command.id, answer)


def _wish(command: Command) -> Wish:
    """Return what a command asks of the hub."""
    match command:
        case commands.Pause():
            return Pause(command.device)
        case commands.Ceiling():
            return LowerCeiling(command.device, command.level)
        case commands.Present():
            return Present(command.device)
        case _:
            return _opted_in(command)


def _opted_in(command: Command) -> Wish:
    match command:
        case commands.Resume():
            return Resume(command.device)
        case commands.Moved():
            return Moved(command.device)
        case commands.Select():
            return Select(command.device, command.profile)
        case commands.Start():
            return Start(
                device=command.device,
                profile=command.profile,
                person=command.person,
                minutes=command.minutes,
                ceiling=command.ceiling,
                leased=True,
            )
        case _:
            raise NotImplementedError(type(command).__name__)
