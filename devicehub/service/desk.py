"""Desk: where those outside see a service, and ask something of it. They learn no names there."""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from devicehub.messages import Command, CommandKind
from devicehub.outside import (
    Alert,
    Answer,
    DeviceCard,
    Happening,
    Identity,
    LowerCeiling,
    Moved,
    Pause,
    Resume,
    Select,
    SessionNow,
    Start,
    Vitals,
    Wish,
)
from devicehub.service.answers import no
from devicehub.service.cards import card
from devicehub.service.ground import Order
from devicehub.service.running import Running
from devicehub.service.service import Service
from devicehub.service.telling import not_moved, not_to_resume

MANNEQUIN = "mannequin"
"""Who lies under a simulated massager; under a real one it is refused like nobody."""

_DONE = Answer(ok=True, code="ok")
_GO_ON = {
    Resume: (not_to_resume, CommandKind.RESUME),
    Moved: (not_moved, CommandKind.MOVED),
}


class Desk:
    """A service as a publisher sees it: `devicehub.publish.port.HubPort`."""

    def __init__(self, service: Service, identity: Identity, vitals: Callable[[], Vitals]) -> None:
        """Make it; `vitals` says how the service fares."""
        self._service, self._identity, self._vitals = service, identity, vitals

    # -- what is seen ---------------------------------------------------------------------------

    @property
    def identity(self) -> Identity:
        """Which hub this is, and which run of it."""
        return self._identity

    def cards(self) -> Sequence[DeviceCard]:
        """Return every massager that is served."""
        service = self._service
        return tuple(
            card(place, service.session_of(id_), service.absent.get(id_), self.selected(id_))
            for id_, place in service.places.items()
        )

    def sessions(self) -> Sequence[SessionNow]:
        """Return the sessions that run, and the last one of each massager that none runs on."""
        return self._service.sessions()

    def profiles(self) -> Sequence[str]:
        """Return the names of the profiles that can be played, in order."""
        return self._service.ground.profiles()

    def selected(self, device: str) -> str | None:
        """Return what a massager plays when nothing else is said."""
        return self._service.chosen.get(device)

    def alerts(self) -> Sequence[Alert]:
        """Return what is wrong now."""
        looked_for = {id_ for one in self._service.running.values() for id_ in one.looked_for}
        return self._service.alarms.now(looked_for)

    def vitals(self) -> Vitals:
        """Return how the service itself fares."""
        return self._vitals()

    def listen(self, hear: Callable[[Happening], None]) -> Callable[[], None]:
        """Let `hear` know of everything that happens from now on; what is returned ends it."""
        return self._service.record.listen(hear)

    def since(self, seq: int) -> Sequence[Happening]:
        """Return what happened in this run after number `seq`, as far as it is kept."""
        return self._service.record.since(seq)

    # -- what is asked --------------------------------------------------------------------------

    def stop(self, device: str | None, source: str) -> None:
        """Stop the session of a massager, or everything; an id that is not known is everything."""
        self._service.stop(device, source)

    def renew_lease(self) -> None:
        """Say that whoever started sessions from afar could stop them now."""
        self._service.renew_lease()

    async def ask(self, wish: Wish, source: str) -> Answer:
        """Ask for anything but stop; the answer says what became of it, and why not."""
        answer = await self._granted(wish, source)
        return replace(answer, detail=self._service.nameless(answer.detail))

    async def _granted(self, wish: Wish, source: str) -> Answer:
        if isinstance(wish, Start):
            return await self._start(wish)
        if isinstance(wish, Select):
            return self._select(wish)
        if isinstance(wish, LowerCeiling):
            return self._lower(wish, source)
        if isinstance(wish, Resume | Moved):
            return self._go_on(wish, source)
        kind = CommandKind.PAUSE if isinstance(wish, Pause) else CommandKind.PRESENT
        return self._post(wish.device, kind, source)

    async def _start(self, wish: Start) -> Answer:
        service = self._service
        place = service.places.get(wish.device)
        if place is None:
            return self._unknown(wish.device)
        if wish.profile not in service.ground.profiles():
            return no("unknown_profile", self._profiles(wish.profile))
        person = None
        if wish.person != MANNEQUIN:  # in a thread: the ledger's file may be slow
            person = await asyncio.to_thread(service.ground.named, wish.person)
        if person is None and wish.person != MANNEQUIN:
            return no("unknown_person", "nobody here has that id")
        order = Order((place,), wish.profile, person, wish.minutes, wish.ceiling)
        return await service.start(order, leased=wish.leased)

    def _select(self, wish: Select) -> Answer:
        if wish.device not in self._service.places:
            return self._unknown(wish.device)
        if wish.profile not in self._service.ground.profiles():
            return no("unknown_profile", self._profiles(wish.profile))
        self._service.chosen[wish.device] = wish.profile
        self._service.happened("selected", wish.device, wish.profile)
        return _DONE

    def _post(self, device: str | None, kind: CommandKind, source: str) -> Answer:
        found = self._playing(device)
        if isinstance(found, Answer):
            return found
        for one in found:
            one.post(Command(kind, source))
        return _DONE

    def _go_on(self, wish: Resume | Moved, source: str) -> Answer:
        """Let a session go on, or return why it would not."""
        refusal, kind = _GO_ON[type(wish)]
        found = self._playing(wish.device)
        if isinstance(found, Answer):
            return found
        for one in found:
            now = one.snapshot
            if now is not None and (why := refusal(now, one.looked_for)) is not None:
                return why
        return self._post(wish.device, kind, source)

    def _lower(self, wish: LowerCeiling, source: str) -> Answer:
        if not (math.isfinite(wish.level) and 0.0 <= wish.level <= 1.0):
            return no("bad_request", f"level = {wish.level}: must be from 0 to 1")
        found = self._playing(wish.device)
        if isinstance(found, Answer):
            return found
        for one in found:
            now = one.snapshot
            if now is not None and wish.level > now.ceiling:
                said = f"the ceiling is {now.ceiling:.0%}; from outside it can only be lowered"
                return no("not_lower", said)
            one.post(Command(CommandKind.CEILING, source, wish.level))
        return _DONE

    def _playing(self, device: str | None) -> Answer | Iterable[Running]:
        """Return the sessions that are meant, or why there is none that could be steered."""
        if device is not None and device not in self._service.places:
            return self._unknown(device)
        every = tuple(self._service.running.values())
        meant = [one for one in every if device is None or device in one.devices]
        if not any(one.snapshot is not None for one in meant):
            return no("not_playing", f"nothing plays on {device or 'any massager'}")
        return meant

    def _unknown(self, device: str) -> Answer:
        return no("unknown_device", f"{device!r}: served are {', '.join(self._service.places)}")

    def _profiles(self, wanted: str) -> str:
        return f"{wanted!r}: there are {', '.join(self._service.ground.profiles())}"
