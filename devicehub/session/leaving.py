"""Leaving: every massager of a session is stopped, all at once, and one that was lost is rescued.

A rescue looks for the massager again, connects, and writes stop before anything else, until one is
confirmed or its time is up. Nothing here waits for one massager before it turns to another.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from devicehub.massagers.losing import when_lost
from devicehub.messages import DeviceEnd
from devicehub.radio.port import Connector, Port, StopOutcome
from devicehub.session.deck import Deck

# So long a massager that was lost is looked for again. One that is at hand advertises within
# seconds; a person has found its switch within a minute (engineering choice).
RESCUE_S = 60.0
RESCUE_PAUSE_S = 0.5
# Who asks for stop so often does not want to wait any longer; twice is a slip of the finger.
ENOUGH = 3
ENOUGH_SINCE_TOLD = 2


@dataclass(frozen=True, slots=True)
class Guest:
    """One massager to leave: its link, its deck if the session began, its name on the air."""

    name: str
    heard_as: str
    port: Port
    deck: Deck | None


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

    async def leave(self, guests: Mapping[str, Guest]) -> tuple[DeviceEnd, ...]:
        """Stop all of them, close every link, and return how each was left."""
        leaving = [asyncio.create_task(self._leave(guest)) for guest in guests.values()]
        if leaving:
            await asyncio.wait(leaving)
        ends = tuple(
            _end(guest, task) for guest, task in zip(guests.values(), leaving, strict=True)
        )
        await self._connector.close(at_once=self._enough.is_set())
        return ends

    async def _leave(self, guest: Guest) -> StopOutcome:
        until_s = asyncio.get_running_loop().time() + RESCUE_S
        if guest.deck is not None:
            await guest.deck.all_stopped()
        outcome = self._first_confirmed(guest, await guest.port.close(lambda: self._go_on(guest)))
        if not outcome.confirmed:
            outcome = await self._rescue(guest, until_s)
        if outcome.confirmed and guest.deck is not None:
            guest.deck.stopped = outcome
        if outcome.confirmed and guest.name in self._rescuing:
            self._rescuing.discard(guest.name)
            self.event("rescued", guest.name, "it confirmed stop")
        return outcome

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

    async def _rescue(self, guest: Guest, until_s: float) -> StopOutcome:
        clock = asyncio.get_running_loop().time
        while self._go_on(guest) and (left_s := until_s - clock()) > 0.0:
            attempt = asyncio.create_task(self._attempt(guest, left_s))
            enough = asyncio.create_task(self._enough.wait())
            await asyncio.wait((attempt, enough), return_when=asyncio.FIRST_COMPLETED)
            for task in (attempt, enough):
                task.cancel()
            await asyncio.wait((attempt, enough))
            if not attempt.cancelled() and attempt.exception() is None and attempt.result():
                return StopOutcome(confirmed=True, took_s=None)
            await asyncio.sleep(RESCUE_PAUSE_S)
        return StopOutcome(confirmed=False, took_s=None)

    async def _attempt(self, guest: Guest, within_s: float) -> bool:
        """Connect, which is confirmed by its first stop or fails, and let go again."""
        port = await self._connector.connect(guest.heard_as, within_s)
        await port.close(lambda: self._go_on(guest))
        return True


def _end(guest: Guest, leaving: "asyncio.Task[StopOutcome]") -> DeviceEnd:
    failed = leaving.cancelled() or leaving.exception() is not None
    outcome = StopOutcome(confirmed=False, took_s=None) if failed else leaving.result()
    took_ms = None if outcome.took_s is None else outcome.took_s * 1000.0
    massager = guest.port.massager
    advice = "" if outcome.confirmed else massager.on_lost_link
    return DeviceEnd(guest.name, massager.model, outcome.confirmed, took_ms, advice)
