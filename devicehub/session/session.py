"""Session: the state that the core loop turns, and the few things that may be done to it.

One writer: everything here runs in the event loop of the session. `stop` works from anywhere in
that loop, at once: it trips the latch and starts to write stop to every massager before it
returns.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from devicehub.errors import SafetyRefusal
from devicehub.messages import Command, CommandKind, EndReason, Event, SessionState
from devicehub.safety.governor import Governor
from devicehub.session.deck import Deck
from devicehub.session.draining import Draining
from devicehub.session.latch import Latch
from devicehub.session.moving import Places, places_due
from devicehub.session.notes import ACCOUNT_TIMEOUT_S, Notes
from devicehub.session.patience import Patience
from devicehub.session.player import Player
from devicehub.session.presence import Presence
from devicehub.session.reserving import Reserving
from devicehub.session.returning import Returning
from devicehub.session.strength import Strength
from profiles.score import Score

_GO_ON = (CommandKind.RESUME, CommandKind.MOVED)


class Session:
    """One person, one profile, one or more massagers."""

    def __init__(  # noqa: PLR0913, PLR0917 - one parameter a collaborator
        self,
        decks: Sequence[Deck],
        governor: Governor,
        reserving: Reserving,
        returning: Returning,
        notes: Notes,
        latch: Latch,
        on_event: Callable[[Event], None],
    ) -> None:
        self.decks = tuple(decks)
        self.governor = governor
        self.reserving = reserving
        self.returning = returning
        self._notes = notes
        self.latch = latch
        self.state = SessionState.CONNECTING
        self.player = Player(max(deck.score.duration_s for deck in decks))
        self._inbox: deque[Command] = deque()
        self._on_event = on_event
        self.passage = -1
        self._discomforts = 0
        self.draining = Draining(governor, self.event)
        self.patience = Patience(self.event)
        self._strength = Strength(self.decks, governor, self.event)
        self.presence = Presence(governor, reserving.account.limits, self.event)

    # -- from outside ---------------------------------------------------------------------------

    def post(self, command: Command) -> None:
        """Ask for something. Stop and pain act before this returns; the rest at the next beat."""
        if command.kind is CommandKind.STOP:
            self.stop(EndReason.STOPPED, command.source)
        elif command.kind is CommandKind.HURTS:
            self.stop(EndReason.DISCOMFORT, "it hurt")
            self._notes.severe()
        else:
            self._inbox.append(command)
            self.latch.wake()

    def stop(self, reason: EndReason, detail: str = "") -> None:
        """Trip the latch and start to write stop to every massager, again at every call."""
        self.latch.trip(reason, detail)
        self.state = SessionState.STOPPING
        self._stop_all()

    def _stop_all(self) -> None:
        """Begin to stop every massager; whatever happens to one, the others are stopped."""
        for deck in self.decks:
            with suppress(Exception):  # closing its link writes stop once more
                deck.begin_stop()

    # -- the core loop's ------------------------------------------------------------------------

    def start(self, now_s: float) -> None:
        """Begin to play: every ramp from 0."""
        self.state = SessionState.PLAYING
        self.player.advance(now_s)
        for deck in self.decks:
            deck.stances.restart(self.governor, now_s)
        self.event("started")

    def take_commands(self, now_s: float) -> None:
        """Do what was asked since the last beat."""
        for _ in range(len(self._inbox)):
            if not self.latch.tripped:
                self._take(self._inbox.popleft(), now_s)

    def _take(self, command: Command, now_s: float) -> None:
        kind = command.kind
        if kind is CommandKind.PAUSE and self.state is SessionState.PLAYING:
            self.pause("asked")
        elif kind in _GO_ON:
            self._go_on(command, now_s)
        elif kind is CommandKind.SOFTER:
            self._strength.soften(self.player.position_s)
        elif kind is CommandKind.STRONGER:
            self._strength.strengthen(now_s)
        elif kind is CommandKind.CEILING:
            self._strength.lower(command.level)
        elif kind is CommandKind.DISCOMFORT:
            self._discomfort()
        elif kind is CommandKind.PRESENT:
            self.presence.answer(now_s)
            self.patience.renew(now_s)

    def interrupted(self, gap_s: float) -> None:
        """Pause with a stop: the loop stood still for `gap_s` seconds."""
        if self.state is SessionState.PLAYING:
            self.pause(f"interrupted for {gap_s:.1f} s")

    def pause(self, why: str) -> None:
        """Stop every massager and wait for the person."""
        self.state = SessionState.PAUSED
        self.player.pause()
        self._stop_all()
        self.event("paused", detail=why)

    def _go_on(self, command: Command, now_s: float) -> None:
        if self.state is not SessionState.PAUSED:
            if command.kind is CommandKind.MOVED and self.places:
                self._inbox.append(command)  # said as soon as it was asked for: the pause follows
            return
        if command.kind is CommandKind.MOVED:
            self._moved(command, now_s)
        elif self.places:
            self.event("refused", detail="first move it, and say so: n")
        else:
            self._resume(command, now_s)

    @property
    def places(self) -> Places:
        """Where handhelds have to be moved before the score can go on, by massager."""
        return places_due(self.decks, self.player.position_s)

    def _moved(self, command: Command, now_s: float) -> None:
        """Take it that every handheld is where it was asked to be, and go on."""
        if not self.places:
            self.event("refused", detail="nothing has to be moved")
            return
        if any(deck.stopping or deck.may_be_running for deck in self.decks):
            self._inbox.append(command)  # nothing is moved before it stands still
            return
        for deck in self.decks:
            deck.stances.confirm(self.player.position_s)
        self.presence.answer(now_s)
        self._resume(Command(CommandKind.RESUME, command.source), now_s)

    def _resume(self, command: Command, now_s: float) -> None:
        if away := self.returning.away:
            self.event("refused", detail=f"not before {', '.join(away)} is back")
            return
        if any(deck.stopping for deck in self.decks):
            self._inbox.append(command)  # not before the stop of the pause is through
            return
        if not self.reserving.ready(now_s):
            self._inbox.append(command)  # not before what comes next is written down
            return
        if any(deck.may_be_running for deck in self.decks):
            return  # nobody confirmed the stop of the pause: `notice_trouble` ends the session
        for deck in self.decks:
            deck.port.rearm()
            deck.stances.restart(self.governor, now_s)
        self.player.resume()
        self.player.advance(now_s)
        self.state = SessionState.PLAYING
        self.event("resumed")

    def exchange(self, scores: Sequence[Score]) -> None:
        """Go on with other scores, one a massager, at the same position (session/exchanging.py)."""
        for deck, score in zip(self.decks, scores, strict=True):
            deck.score = score
        self.player.exchange(max(score.duration_s for score in scores))
        for end in self.governor.gentle:
            end.plan(self.player.duration_s)
        self.passage = -1
        phases = len(scores[0].passages)
        self.event("reloaded", detail=f"phases: {phases}, seconds: {self.player.duration_s:.0f}")

    def _discomfort(self) -> None:
        self._discomforts += 1
        self._notes.mild()
        if self._discomforts > 1:
            self.stop(EndReason.DISCOMFORT, "uncomfortable for the second time")
            return
        self.governor.mild_discomfort()
        self.event("discomfort", detail="every cap is lower for the rest of the session")

    def notice_person(self, now_s: float) -> None:
        """Ask whether somebody is there, and keep reserved what comes next."""
        self.presence.look(now_s)
        self.reserving.keep_ahead(now_s)

    # -- the end --------------------------------------------------------------------------------

    def leave(self) -> None:
        """Begin to leave: write stop to every massager, whatever was asked before."""
        self.state = SessionState.STOPPING
        self._stop_all()

    def ended(self) -> None:
        """Take note that every massager was left."""
        self.state = SessionState.ENDED

    async def _completed(self) -> None:
        """Have it counted; of several massagers the one that moved longest."""
        moved_s = (sum(each.tally.moved_s for each in deck.stances.all) for deck in self.decks)
        await self.reserving.account.completed(self.player.position_s, max(moved_s))

    async def accounted(self) -> None:
        """Wait until all that was used is written down; what is not stands as fully used."""
        try:
            async with asyncio.timeout(ACCOUNT_TIMEOUT_S):
                await self.reserving.end(confirmed=not any(d.may_be_running for d in self.decks))
                if self.latch.reason is EndReason.COMPLETED:
                    await self._completed()
        except SafetyRefusal as error:
            self.event("warning", detail=str(error))
        except TimeoutError:
            self.event("warning", detail="the ledger did not answer: all that was reserved counts")

    # -- to the outside -------------------------------------------------------------------------

    def event(self, name: str, device: str | None = None, detail: str = "") -> None:
        """Tell what happened."""
        self._on_event(Event(round(self.player.position_s, 3), name, device, detail))
