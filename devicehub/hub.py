"""Hub: connects the massagers of one session, turns the core loop, leaves every motor stopped.

Every way out of `Hub.run` (the score's end, an error, a signal, a cancellation, a lost link) goes
through the same door: stop is written to every massager and awaited, then the links are closed.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

from devicehub.errors import HubError, RadioError, SafetyRefusal, StopUnconfirmed
from devicehub.messages import Command, CommandKind, DeviceEnd, EndReason, Event, Snapshot, Summary
from devicehub.radio.port import Connector, Port, to_the_end
from devicehub.session import report
from devicehub.session.account import Account
from devicehub.session.assembling import assemble
from devicehub.session.exchanging import exchange
from devicehub.session.latch import Latch
from devicehub.session.leaving import Guest, Leaving
from devicehub.session.loop import play
from devicehub.session.notes import Notes
from devicehub.session.plan import Plan
from devicehub.session.returning import Returning
from devicehub.session.session import Session
from profiles.model import Profile

# A massager that advertises is heard within a second or two; ten cover a bad place in the room.
CONNECT_TIMEOUT_S = 10.0
_NORMAL = (EndReason.COMPLETED, EndReason.STOPPED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One massager asked for.

    Attributes:
        name: As the user says it.
        heard_as: As it is on the air.
        model: What it has to be, for one that the user saved; None where that is not known.
    """

    name: str
    heard_as: str
    model: str | None = None

    def check(self, found: str) -> None:
        """Refuse what is another model than this user's massager. Raises SafetyRefusal."""
        if self.model not in (None, found):
            raise SafetyRefusal(
                f"{self.name}: what answers at {self.heard_as} is {found}, not {self.model}; "
                f"if that is right: devicehub devices save {self.name} {self.heard_as}"
            )


class Hub:
    """One session from looking for the massagers to the last confirmed stop."""

    def __init__(
        self,
        plan: Plan,
        wanted: Sequence[Wanted],
        connector: Connector,
        account: Account,
        on_event: Callable[[Event], None],
        *,
        boot_clock: Callable[[], float] | None = None,
    ) -> None:
        """Make it; `account` is the person's under the massagers, `boot_clock` as in `play`."""
        self._plan = plan
        self._wanted = tuple(wanted)
        self._connector = connector
        self._account = account
        self._boot_clock = boot_clock
        self._on_event = _harmless(on_event)
        self._latch = Latch()
        self._notes = Notes(account)
        self._ports: dict[str, Port] = {}
        self._returning = Returning(connector, self._ports.__setitem__, self._event)
        self._leaving = Leaving(connector, self._event)
        self.session: Session | None = None
        self.ends: tuple[DeviceEnd, ...] = ()
        self.on_left: Callable[[tuple[DeviceEnd, ...]], None] = lambda _: None

    def post(self, command: Command) -> None:
        """Ask for something, at any time; stop acts before this returns."""
        if command.kind in (CommandKind.STOP, CommandKind.HURTS):
            self._leaving.asked()
        if self.session is not None:
            self.session.post(command)
        elif command.kind is CommandKind.STOP:
            self._latch.trip(EndReason.STOPPED, command.source)
        elif command.kind is CommandKind.HURTS:
            self._latch.trip(EndReason.DISCOMFORT, "it hurt")
            self._notes.severe()

    def exchange(self, profile: Profile) -> None:
        """Play another profile from here on, at the same position; not over a person.

        Raises:
            SafetyRefusal, UsageError: See `session.exchanging.exchange`; the old one goes on.
        """
        plan = replace(self._plan, profile=profile)
        if self.session is not None:
            exchange(self.session, plan, self._account)
        self._plan = plan

    def called(self) -> tuple[str, ...] | None:
        """Return everything that the massagers may be called; None before all are connected."""
        if len(self._ports) < len(self._wanted):
            return None
        return tuple(name for port in self._ports.values() for name in port.called)

    def looked_for(self) -> tuple[str, ...]:
        """Return the massagers that were lost, may be running, and are looked for."""
        return (*self._leaving.looked_for, *self._returning.away)

    @property
    def simulated(self) -> bool:
        """Whether a massager of it proved to be simulated."""
        return self._account.simulated

    def snapshot(self) -> Snapshot | None:
        """Return the whole session now, or None while massagers are being looked for."""
        return report.snapshot(self.session) if self.session is not None else None

    async def run(self) -> Summary:
        """Play the plan and return what is left of it.

        Raises:
            DeviceNotFound: A massager was not found.
            RadioError: The air cannot be used, or a massager did not answer its first stop.
            StopUnconfirmed: It ended in an error, and a massager may be running.
            SafetyRefusal, UsageError: See `Plan.place_all`.
        """
        try:
            await self._unless_tripped(self._connect_all())
            if self.session is not None and not self._latch.tripped:
                await self._play(self.session)
        except BaseException as error:
            self._latch.trip(*_reason(error))
            await to_the_end(self._leave())
            if isinstance(error, Exception) and (alarm := _alarm(self.ends)):
                raise StopUnconfirmed(f"{self._latch.detail}\n{alarm}") from error
            raise
        await to_the_end(self._leave())
        normal = (self._latch.reason or EndReason.COMPLETED) in _NORMAL
        wait = await self._account.wait(normal=normal)
        if self.session is not None:
            return report.summary(self.session, self.ends, wait)
        title = self._plan.profile.title
        reason = self._latch.reason or EndReason.STOPPED
        return Summary(reason, self._latch.detail, title, 0.0, (), (), self.ends, wait)

    async def _unless_tripped(self, work: Coroutine[Any, Any, None]) -> None:
        """Await `work`, or give it up when somebody asks for the end."""
        working = asyncio.create_task(work)
        tripped = asyncio.create_task(self._latch.wait())
        try:
            await asyncio.wait((working, tripped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            tripped.cancel()
            working.cancel()
            await to_the_end(_settled((working, tripped)))
        if not working.cancelled():
            working.result()

    async def _connect_all(self) -> None:
        for wanted in self._wanted:
            self._on_event(Event(0.0, "connecting", wanted.name))
            port = await self._connector.connect(wanted.heard_as, CONNECT_TIMEOUT_S)
            self._ports[wanted.name] = port
            wanted.check(port.massager.model)
            self._on_event(Event(0.0, "connected", wanted.name, port.massager.model))
        self._connector.stand_by()
        self.session = await assemble(
            self._plan,
            self._ports,
            self._account,
            self._returning,
            self._notes,
            self._latch,
            self._on_event,
        )

    async def _play(self, session: Session) -> None:
        try:
            await self._unless_tripped(session.reserving.begin())
            for deck in session.decks:
                deck.open_outbox(session.governor)
            await play(session, self._boot_clock)
        finally:
            session.leave()
            await to_the_end(_outboxes_ended(session))

    async def _leave(self) -> None:
        """Write stop to the end, close every link, and keep how each massager was left."""
        decks = {deck.name: deck for deck in self.session.decks} if self.session else {}
        if self.session is not None:
            self.session.leave()
        searches = await self._returning.handed_over()
        guests = [
            Guest(name, port, decks.get(name), searches.get(name))
            for name, port in self._ports.items()
        ]
        self.ends = await self._leaving.leave(guests)
        self.on_left(self.ends)  # whoever asked for stop need not wait for the ledger
        await self._notes.written(lambda said: self._event("warning", None, said))
        if self.session is not None:
            self.session.ended()
            await self.session.accounted()

    def _event(self, name: str, device: str | None, detail: str) -> None:
        if self.session is not None:
            self.session.event(name, device, detail)
        else:
            self._on_event(Event(0.0, name, device, detail))


async def _settled(tasks: Sequence["asyncio.Task[None]"]) -> None:
    await asyncio.wait(tasks)


async def _outboxes_ended(session: Session) -> None:
    async with AsyncExitStack() as ending:  # one that ended in a mistake does not keep the others
        for deck in session.decks:
            ending.push_async_callback(deck.end_outbox)


def _alarm(ends: Sequence[DeviceEnd]) -> str:
    """Return a line for each massager that may be running."""
    running = [end for end in ends if not end.stop_confirmed]
    return "\n".join(f"{end.name}: stop not confirmed. {end.advice}" for end in running)


def _reason(error: BaseException) -> tuple[EndReason, str]:
    """Say why a session ended that ended with `error`."""
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
        return EndReason.STOPPED, "cancelled"
    if isinstance(error, RadioError):
        return EndReason.LOST, str(error)
    if isinstance(error, HubError):
        return EndReason.SAFETY, str(error)
    return EndReason.FAILED, type(error).__name__


def _harmless(on_event: Callable[[Event], None]) -> Callable[[Event], None]:
    """Wrap an observer: whatever it raises never reaches the loop."""

    def tell(event: Event) -> None:
        try:
            on_event(event)
        except Exception:  # noqa: BLE001 - an observer may fail in any way and must not stop a stop
            return

    return tell
