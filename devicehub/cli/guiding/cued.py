"""Cued: a session with a handheld is told like a guide: where to, which way, how fast, counted in.

The score is the clock: what is due at its place is shown as the cue of the session, and said aloud
if that was asked for. While the massager has to be moved, the cue says where to.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from devicehub.cli.observers import Observer
from devicehub.hub import Hub
from devicehub.i18n.words import Words
from devicehub.massagers.library import Library
from devicehub.messages import DeviceView, Event, Snapshot, Summary
from devicehub.safety.limits import Limits
from devicehub.session.plan import Plan
from devicehub.session.stances import usable
from profiles.guiding import LEAD_S, TOOLS, Care, Guide, Kind, Phrase, guide

_LIGHTLY = ("guarded", "strict")
# A beat is in the motor; these are no words that stay to be read.
_SILENT = frozenset({Kind.PRESS, Kind.HOLD, Kind.RELEASE, Kind.CUE})


class Cued:
    """An observer that puts the guide's words in the place of the profile's, and shows as before.

    Attributes:
        output, look_every_s: Those of the observer that shows.
    """

    def __init__(
        self,
        observer: Observer,
        plan: Plan,
        library: Library,
        limits: Limits,
        words: Words,
        say: Callable[[str], None],
    ) -> None:
        self._observer, self._plan, self._limits = observer, plan, limits
        self._library, self._words, self._say = library, words, say
        self.output, self.look_every_s = observer.output, observer.look_every_s
        self._guide: Guide | None = None
        self._next = 0
        self._cue = ""
        self._asked: tuple[str, ...] = ()

    def event(self, event: Event) -> None:
        """Pass it on."""
        self._observer.event(event)

    def look(self, snapshot: Snapshot) -> None:
        """Show the session with the cue that is due."""
        self._guide = self._guide or self._made(snapshot)
        self._observer.look(replace(snapshot, cue=self._due(snapshot) or snapshot.cue))

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        """Listen as the other does."""
        return self._observer.keys(hub)

    def summary(self, summary: Summary) -> None:
        """Pass it on."""
        self._observer.summary(summary)

    def _made(self, snapshot: Snapshot) -> Guide | None:
        """Return the guide for the handheld of the session; None where there is none."""
        held = next((view for view in snapshot.devices if self._is_held(view)), None)
        if held is None:
            return None
        profile = self._plan.profile
        good = usable(self._library[held.model], profile.zones, self._limits)
        lightly = {id_ for id_ in good if self._limits.zone(id_).tier in _LIGHTLY}
        never = frozenset(self._limits.zones) - good
        care = Care(never, frozenset(lightly))
        return guide(profile, tool=TOOLS["handheld"], care=care, minutes=self._plan.minutes)

    def _is_held(self, view: DeviceView) -> bool:
        return view.model in self._library and self._library[view.model].needs_zone

    def _due(self, snapshot: Snapshot) -> str:
        if snapshot.places:
            return self._to_move(snapshot.places[0].zones)
        self._asked = ()
        told = () if self._guide is None else self._guide.instructions
        while self._next < len(told) and told[self._next].t_s - LEAD_S <= snapshot.elapsed_s:
            each = told[self._next]
            self._next += 1
            if each.kind not in _SILENT and (each.spoken or each.kind is Kind.REST):
                self._cue = self._words.say(each.phrase)
            if each.spoken and each.t_s >= LEAD_S:  # the first place was asked for instead
                self._say(self._words.say(each.phrase))
        return self._cue

    def _to_move(self, zones: tuple[str, ...]) -> str:
        words = self._words.say(Phrase("move", zone=zones[0]))
        if zones != self._asked:
            self._asked = zones
            self._say(words)
        return words
