"""Leaving: every massager of a session is stopped, all at once, and one that was lost is rescued.

A rescue looks for the massager again, connects, and writes stop before anything else, until one is
confirmed or its time is up. One that was looked for already has what is left of its time. Nothing
here waits for one massager before it turns to another.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from devicehub.massagers.losing import when_lost
from devicehub.messages import DeviceEnd
from devicehub.radio.port import Connector, Port, StopOutcome
from devicehub.session.deck import Deck
from devicehub.session.searching import LOOKED_FOR_S, Search

# Who asks for stop so often does not want to wait any longer; twice is a slip of the finger.
ENOUGH = 3
ENOUGH_SINCE_TOLD = 2


@dataclass(frozen=True, slots=True)
class Guest:
    """One massager to leave: its link, its deck if the session began, the search if it is away."""

    name: str
    port: Port
    deck: Deck | None
    search: Search | None = None


class Leaving:
    """Leaves the massagers of one session. Made before it begins: it counts who asks for stop."""

    def __init__(self, connector: Connector, event: Callable[[str, str, str], None]) -> None:
        """Make it; `event` takes a name, a massager and details, and must not raise."""
        self._connector = connector
        self.event = event
        self._asked = 0
        self._asked_before: int | None = None
        self._enough = asyncio.Event()
        self._rescuing: set[str] = set()

    def asked(self) -> None:
        """Take note that somebody asked for stop; who insists need not wait for a rescue."""
        self._asked += 1
        if self._asked_before is None or self._asked < ENOUGH:
            return
        if self._asked - self._asked_before >= ENOUGH_SINCE_TOLD:
            self._enough.set()

    @property
    def looked_for(self) -> tuple[str, ...]:
        """The massagers that may be running, and are looked for to be stopped."""
        return tuple(sorted(self._rescuing))

    async def leave(self, guests: Sequence[Guest]) -> tuple[DeviceEnd, ...]:
        """Stop all of them, close every link, and return how each was left."""
        leaving = [asyncio.create_task(self._leave(guest)) for guest in guests]
        if leaving:
            await asyncio.wait(leaving)
        ends = tuple(_end(guest, task) for guest, task in zip(guests, leaving, strict=True))
        await self._connector.close(at_once=self._enough.is_set())
        return ends

    async def _leave(self, guest: Guest) -> StopOutcome:
        until_s = asyncio.get_running_loop().time() + LOOKED_FOR_S
        if guest.deck is not None:
            await guest.deck.all_stopped()
        outcome = self._first_confirmed(guest, await self._closed(guest))
        search = guest.search or Search(self._connector, guest.port, until_s)
        if not outcome.confirmed and not search.over:
            await self._rescue(guest, search)
        if (port := await search.given_up()) is not None:  # a stop that it confirmed came first
            await port.close(lambda: self._go_on(guest))
            outcome = outcome if outcome.confirmed else StopOutcome(confirmed=True, took_s=None)
        if outcome.confirmed and guest.deck is not None:
            guest.deck.stopped = outcome
        if outcome.confirmed and guest.name in self._rescuing:
            self._rescuing.discard(guest.name)
            self.event("rescued", guest.name, "it confirmed stop")
        return outcome

    async def _closed(self, guest: Guest) -> StopOutcome:
        """Stop it and close its link; that of one that is away was closed when it was lost."""
        if guest.search is not None:
            return StopOutcome(confirmed=False, took_s=None)
        return await guest.port.close(lambda: self._go_on(guest))

    def _go_on(self, guest: Guest) -> bool:
        """Tell, once, that a massager may be running; say whether to go on trying to stop it."""
        if guest.name not in self._rescuing:
            self._rescuing.add(guest.name)
            if self._asked_before is None:
                self._asked_before = self._asked
            self.event("rescuing", guest.name, when_lost(guest.port.massager))
        return not self._enough.is_set()

    def _first_confirmed(self, guest: Guest, closing: StopOutcome) -> StopOutcome:
        """Return the stop that ended the motion if it was confirmed, else the one at closing."""
        stopped = guest.deck.stopped if guest.deck is not None else None
        return stopped if stopped is not None and stopped.confirmed else closing

    async def _rescue(self, guest: Guest, search: Search) -> None:
        """Wait until it is found, the time is up, or somebody has waited long enough."""
        finding = asyncio.create_task(search.found())
        enough = asyncio.create_task(self._enough.wait())
        if self._go_on(guest):
            await asyncio.wait((finding, enough), return_when=asyncio.FIRST_COMPLETED)
        for task in (finding, enough):
            task.cancel()
        await asyncio.wait((finding, enough))


def _end(guest: Guest, leaving: "asyncio.Task[StopOutcome]") -> DeviceEnd:
    failed = leaving.cancelled() or leaving.exception() is not None
    outcome = StopOutcome(confirmed=False, took_s=None) if failed else leaving.result()
    took_ms = None if outcome.took_s is None else outcome.took_s * 1000.0
    massager = guest.port.massager
    advice = "" if outcome.confirmed else massager.on_lost_link
    return DeviceEnd(guest.name, massager.model, outcome.confirmed, took_ms, advice)
