"""Session: the state that the core loop turns, and the few things that may be done to it.

One writer: everything here runs in the event loop of the session. `stop` works from anywhere in
that loop, at once: it trips the latch and starts to write stop to every massager before it
returns.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from devicehub.massagers.losing import when_lost
from devicehub.messages import (
    Command,
    CommandKind,
    DeviceEnd,
    EndReason,
    Event,
    SessionState,
    Snapshot,
    Summary,
)
from devicehub.safety.governor import Governor
from devicehub.session.deck import Deck
from devicehub.session.latch import Latch
from devicehub.session.player import Player
from devicehub.session.report import merge_felt, merge_held

# How much "softer" takes away of the strongest level that is being used.
SOFTER_FACTOR = 0.8


class Session:
    """One person, one profile, one or more massagers."""

    def __init__(
        self,
        decks: Sequence[Deck],
        governor: Governor,
        latch: Latch,
        on_event: Callable[[Event], None],
    ) -> None:
        self.decks = tuple(decks)
        self.governor = governor
        self.latch = latch
        self.state = SessionState.CONNECTING
        self.player = Player(max(deck.score.duration_s for deck in decks))
        self._inbox: deque[Command] = deque()
        self._on_event = on_event
        self._passage = -1
        self._discomforts = 0

    # -- from outside ---------------------------------------------------------------------------

    def post(self, command: Command) -> None:
        """Ask for something. Stop and pain act before this returns; the rest at the next beat."""
        if command.kind is CommandKind.STOP:
            self.stop(EndReason.STOPPED, command.source)
        elif command.kind is CommandKind.HURTS:
            self.stop(EndReason.DISCOMFORT, "it hurt")
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
        self.governor.grant(math.inf)  # the mannequin's exposure is kept nowhere
        for deck in self.decks:
            self.governor.restart(deck.name, now_s)
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
        elif kind is CommandKind.RESUME and self.state is SessionState.PAUSED:
            self._resume(command, now_s)
        elif kind is CommandKind.SOFTER:
            self._soften()
        elif kind is CommandKind.DISCOMFORT:
            self._discomfort()
        elif kind is CommandKind.PRESENT:
            self.event("present")

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

    def _resume(self, command: Command, now_s: float) -> None:
        if any(deck.stopping for deck in self.decks):
            self._inbox.append(command)  # not before the stop of the pause is through
            return
        if any(deck.may_be_running for deck in self.decks):
            return  # nobody confirmed the stop of the pause: `notice_links` ends the session
        for deck in self.decks:
            deck.port.rearm()
            self.governor.restart(deck.name, now_s)
        self.player.resume()
        self.player.advance(now_s)
        self.state = SessionState.PLAYING
        self.event("resumed")

    def _soften(self) -> None:
        recent = max(deck.recent_peak for deck in self.decks)
        caps = max(max(self.governor.caps(deck.name)) for deck in self.decks)
        used = min(self.governor.ceiling, recent or caps)
        self.governor.lower_ceiling(SOFTER_FACTOR * used)
        self.event("softer", detail=f"ceiling {self.governor.ceiling:.2f}")

    def _discomfort(self) -> None:
        self._discomforts += 1
        if self._discomforts > 1:
            self.stop(EndReason.DISCOMFORT, "uncomfortable for the second time")
            return
        self.governor.mild_discomfort()
        self.event("discomfort", detail="every cap is lower for the rest of the session")

    def notice_passage(self, position_s: float) -> None:
        """Say so when the next phase begins."""
        passages = self.decks[0].score.passages
        index = self._passage
        while index + 1 < len(passages) and passages[index + 1].start_s <= position_s:
            index += 1
        if index != self._passage:
            self._passage = index
            self.event(
                "phase", detail=f"{index + 1} of {len(passages)}: {passages[index].technique}"
            )

    def notice_links(self) -> None:
        """End the session when a massager is gone, refuses frames, or may run on in a pause."""
        for deck in self.decks:
            if deck.lost:
                self.event("lost", deck.name, when_lost(deck.massager))
                self.stop(EndReason.LOST, deck.trouble or f"{deck.name}: the link was lost")
            elif deck.trouble is not None:
                self.stop(EndReason.FAILED, deck.trouble)
            elif self.state is SessionState.PAUSED and not deck.stopping and deck.may_be_running:
                self.stop(EndReason.FAILED, f"{deck.name}: did not confirm the stop of the pause")

    # -- the end --------------------------------------------------------------------------------

    def leave(self) -> None:
        """Begin to leave: write stop to every massager, whatever was asked before."""
        self.state = SessionState.STOPPING
        self._stop_all()

    def ended(self) -> None:
        """Take note that every massager was left."""
        self.state = SessionState.ENDED

    # -- to the outside -------------------------------------------------------------------------

    def event(self, name: str, device: str | None = None, detail: str = "") -> None:
        """Tell what happened."""
        self._on_event(Event(round(self.player.position_s, 3), name, device, detail))

    def snapshot(self) -> Snapshot:
        """Return the whole session now."""
        score = self.decks[0].score
        passage = score.passages[max(self._passage, 0)]
        return Snapshot(
            state=self.state,
            title=score.title,
            elapsed_s=self.player.position_s,
            remaining_s=self.player.duration_s - self.player.position_s,
            passage=max(self._passage, 0),
            passages=len(score.passages),
            technique=passage.technique,
            zones=passage.zones,
            cue=passage.cue,
            ceiling=self.governor.ceiling,
            devices=tuple(deck.view(self.governor) for deck in self.decks),
        )

    def summary(self, ends: tuple[DeviceEnd, ...]) -> Summary:
        """Return what is left of the session; `ends` says how each massager was left."""
        reason = self.latch.reason or EndReason.COMPLETED
        if reason is EndReason.FAILED and any(deck.lost for deck in self.decks):
            reason = EndReason.LOST  # a write failed before the radio said that the link was gone
        return Summary(
            reason=reason,
            detail=self.latch.detail,
            title=self.decks[0].score.title,
            played_s=self.player.position_s,
            felt=merge_felt([deck.tally.zones_felt() for deck in self.decks]),
            held_back=merge_held([deck.tally.held_back() for deck in self.decks]),
            devices=ends,
        )
