"""Service: owns massagers and sessions, and outlives both.

One session for each massager and person at a time; each is the hub that `play` runs, no other way
leads to a motor. What happens to one session reaches no other. Stop acts before it returns.
"""

import asyncio
import math
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from devicehub.errors import HubError
from devicehub.keeper.standing import standing
from devicehub.messages import Command, CommandKind, DeviceEnd, Event
from devicehub.outside import Answer, SessionNow
from devicehub.service.alarms import Alarms
from devicehub.service.answers import refusal
from devicehub.service.ground import Ground, Order, Place
from devicehub.service.nameless import Nameless
from devicehub.service.record import Record
from devicehub.service.running import Running
from profiles.errors import ProfileError

_ID_BYTES = 6


class Service:
    """Everything that is served, and every session that runs.

    Attributes:
        places: The massagers that are served, by id.
        running: The sessions that run, by id.
        chosen: What each massager plays when nothing else is said.
        absent: Why a massager cannot be reached, by id; only of those that were looked for.
        ground: What makes sessions possible.
        record: All that happens.
        alarms: What is wrong as long as it stands.
        nameless: Takes names and addresses out of what is told outside.
        give_way: Awaited before a session goes on the air.
        on_ended: Called with every session that has ended.
    """

    def __init__(
        self,
        places: Sequence[Place],
        ground: Ground,
        wall_s: Callable[[], float],
        *,
        ceiling: float = 1.0,
        link_grace_s: float = 30.0,
    ) -> None:
        """Make it.

        Args:
            places: The massagers that are served.
            ground: What makes sessions possible.
            wall_s: Seconds since 1970.
            ceiling: Above it nothing can be asked for.
            link_grace_s: So long a lease lasts.
        """
        self._link_grace_s = link_grace_s
        self.ground, self._ceiling = ground, ceiling
        self._wall_s = wall_s
        self.places = {place.id: place for place in places}
        self.running: dict[str, Running] = {}
        self.chosen = {one.id: one.profile for one in places if one.profile is not None}
        self.absent: dict[str, str] = {}
        self._renewed_s = -math.inf
        self.give_way: Callable[[], Awaitable[None]] = _at_once
        self.on_ended: Callable[[SessionNow], None] = lambda _: None
        self.nameless = Nameless()
        self.alarms = Alarms(wall_s)
        self.record = Record(wall_s, self.nameless)
        self._last: dict[str, SessionNow] = {}
        self._lives: set[asyncio.Task[None]] = set()
        self._left_as: dict[str, tuple[str, ...]] = {}
        self._ending = False

    # -- stop -----------------------------------------------------------------------------------

    def stop(self, device: str | None, source: str) -> None:
        """Stop the session of a massager, or everything; an id that is not known is everything."""
        if device in self.places:
            self.stop_these([one for one in self.running.values() if device in one.devices], source)
        else:
            self.stop_these(self.running.values(), source)

    def stop_these(self, sessions: Iterable[Running], source: str) -> None:
        """Stop these sessions; whatever happens to one of them, the others are stopped."""
        for one in tuple(sessions):
            with suppress(Exception):  # its own loop and its keeper stop it all the same
                one.post(Command(CommandKind.STOP, source))

    async def close(self, source: str) -> None:
        """Stop everything, begin nothing more, and wait until every massager was left."""
        self._ending = True
        self.stop(None, source)
        while self._lives:
            await asyncio.wait(tuple(self._lives))

    # -- start ----------------------------------------------------------------------------------

    async def start(self, order: Order, *, leased: bool = False) -> Answer:
        """Start a session; the answer comes when its massagers are being looked for.

        Args:
            order: What is asked for.
            leased: Somebody afar asks for it, and it ends when they do not renew their lease.
        """
        if self._ending:
            return Answer(ok=False, code="ending", detail="the service is ending")
        for place in order.places:
            if (other := self.session_of(place.id)) is not None:
                said = f"{place.id} plays {other.profile} already; stop that one first"
                return Answer(ok=False, code="busy", detail=said)
        order = replace(order, ceiling=min(order.ceiling, self._ceiling))
        self.nameless.learn(order.person)
        try:
            plan = self.ground.check(order)  # no other start gets between this and the next lines
        except (HubError, ProfileError) as error:
            return refusal(error)
        running = Running(
            secrets.token_hex(_ID_BYTES),
            order,
            plan,
            self._hear,
            started_s=self._wall_s(),
            leased=leased,
        )
        self.running[running.id] = running
        life = asyncio.create_task(self._live(running), name=f"session {running.id}")
        self._lives.add(life)
        life.add_done_callback(self._lives.discard)
        return await self._begun(running)

    async def _begun(self, running: Running) -> Answer:
        await asyncio.wait((running.begun,))
        if running.begun.cancelled():
            return Answer(ok=False, code="stopped", detail="it was stopped before it began")
        if (error := running.begun.exception()) is not None:
            return refusal(error)
        return Answer(ok=True, code="ok", session=running.id)

    async def _live(self, running: Running) -> None:
        try:
            with suppress(Exception):  # who listens to the radio hinders, and forbids nothing
                await self.give_way()
            await running.run(self.ground)
        finally:
            del self.running[running.id]
            if running.has_begun:
                self._ended(running)

    def _ended(self, running: Running) -> None:
        """Take note of how a session ended."""
        now = running.now()
        if (summary := now.summary) is None:
            return
        for end in summary.devices:
            self._left(end, running)
        summary = replace(
            summary,
            detail=self.nameless(summary.detail),
            wait=tuple(map(self.nameless, summary.wait)),
        )
        ended = replace(now, summary=summary, snapshot=None)
        self._last |= dict.fromkeys(running.devices, ended)
        detail = f": {summary.detail}" if summary.detail else ""
        running.event("session_ended", detail=f"{summary.reason.value}{detail}")
        with suppress(Exception):  # what is kept of it must not hurt the next one
            self.on_ended(ended)

    def _left(self, end: DeviceEnd, running: Running) -> None:
        if end.stop_confirmed:
            self.alarms.over("stop_unconfirmed", end.name)
            return
        self._left_as[end.name] = running.called or ()
        self.alarms.raised("stop_unconfirmed", end.name, end.advice)
        running.event("stop_unconfirmed", end.name, end.advice)

    def _hear(self, event: Event, session: str) -> None:
        """Take what happened in a session."""
        if event.name == "connected" and event.device is not None:  # its first write was stop
            self.alarms.over("stop_unconfirmed", event.device)
            self.absent.pop(event.device, None)
        self.record.happened(event, session)

    def look_at_alarms(self) -> None:
        """Take down the alarm of what was stopped, or switched off, by somebody else since."""
        for device in self.alarms.about("stop_unconfirmed"):
            names = {name.casefold() for name in self._left_as.get(device, ())}
            if not any(names & {one.name.casefold(), one.address.casefold()} for one in standing()):
                self.alarms.over("stop_unconfirmed", device)
                self.happened("settled", device, "it was stopped or switched off after all")

    def happened(self, name: str, device: str | None = None, detail: str = "") -> None:
        """Tell what happened to the service itself."""
        self.record.happened(Event(0.0, name, device, detail))

    def session_of(self, device: str) -> Running | None:
        """Return the session that plays a massager, or None."""
        return next((one for one in self.running.values() if device in one.devices), None)

    def sessions(self) -> Sequence[SessionNow]:
        """Return the sessions that run, and the last one of each massager that none runs on."""
        idle = [id_ for id_ in self.places if self.session_of(id_) is None]
        last = {now.id: now for id_ in idle if (now := self._last.get(id_)) is not None}
        return (*(one.now() for one in self.running.values()), *last.values())

    def status(self) -> str:
        """Return in a line what is served and what plays."""
        playing = [f"{', '.join(one.devices)}: {one.profile}" for one in self.running.values()]
        return f"serves {', '.join(self.places)}; " + ("; ".join(playing) or "nothing plays")

    # -- the lease of those who started from afar -----------------------------------------------

    def renew_lease(self) -> None:
        """Say that whoever started sessions from afar could stop them now."""
        self._renewed_s = asyncio.get_running_loop().time()

    def look_at_leases(self) -> None:
        """End softly what nobody could stop any more from where it was started."""
        now_s = asyncio.get_running_loop().time()
        for one in self.running.values():
            lost_s = now_s - max(self._renewed_s, one.asked_at_s)
            if one.leased and lost_s > self._link_grace_s:
                one.ease(f"whoever started it could not be reached for {lost_s:.0f} s")


async def _at_once() -> None:
    """Wait for nobody."""
