"""Compose: a profile laid out in time for one layout of motors."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import sqrt

from profiles.body import zone
from profiles.errors import ProfileError
from profiles.layout import Layout
from profiles.model import Profile
from profiles.phantom import ease
from profiles.score import Demand, Passage, Score
from profiles.stage import is_handheld, set_stage
from profiles.techniques.base import LONGEST_S, Rest, Shape

# Seconds over which a session begins and ends, and over which one phase goes over into the next
# on each side of the border; a short phase gives at most a quarter of itself.
BEGIN_S = 2.0
CROSS_S = 1.0
SHORTEST_MINUTES = 0.2


def compose(
    profile: Profile,
    layout: Layout,
    *,
    minutes: float | None = None,
    max_pattern_hz: Mapping[str, float] | None = None,
) -> Score:
    """Return the score of a profile on one massager.

    Args:
        profile: What to play.
        layout: Where the massager's actuators sit. Without any place on the map it is a handheld
            and plays every phase where it is held.
        minutes: Length to play, 0.2 to 30; the phases keep their proportions and their tempo.
            None plays the profile as written.
        max_pattern_hz: Fastest repetition in Hz by zone; rhythms are slowed to three quarters of
            it, with a warning. None slows nothing.

    Raises:
        ProfileError: `minutes` is out of range.
    """
    stretch = _stretch(profile, minutes)
    borders_s = [0.0, *accumulate(phase.duration_s * stretch for phase in profile.phases)]
    spans = list(pairwise(borders_s))
    fades_s = _fades_s(profile, spans)
    passages: list[Passage] = []
    parts: list[_Part] = []
    warnings = _elsewhere(profile, layout)
    for index, (phase, (start_s, end_s)) in enumerate(zip(profile.phases, spans, strict=True)):
        stage = set_stage(layout, phase.zones, phase.way_back, max_pattern_hz or {})
        shape = phase.shape(stage) if not stage.empty else Rest()
        lacking = _lacking(phase.zones, layout) if not stage.empty else ""
        cue = f"{phase.cue} {shape.advice}".strip() if is_handheld(layout) else phase.cue
        passages.append(Passage(index, phase.technique, phase.zones, start_s, end_s, cue))
        parts.append(_Part(shape, start_s, end_s, *phase.level, *fades_s[index : index + 2]))
        warnings += [
            f"Phase {index + 1} ({phase.technique}): {layout.name} {note}."
            for note in (*shape.notes, lacking)
            if note
        ]
    return _Composed(
        title=profile.title,
        duration_s=borders_s[-1],
        passages=tuple(passages),
        warnings=tuple(warnings),
        parts=tuple(parts),
        starts_s=tuple(borders_s[:-1]),
        actuators=len(layout.places),
    )


def _lacking(zones: Sequence[str], layout: Layout) -> str:
    """Say which of `zones` no motor reaches; nothing of a handheld, which is where it is held."""
    reached = {zone for place in layout.places for zone in place.zones}
    titles = [zone(each).title for each in dict.fromkeys(zones) if each not in reached]
    if not titles or is_handheld(layout):
        return ""
    return f"has no motor over {', '.join(titles)}: nothing is felt there"


@dataclass(frozen=True, slots=True)
class _Fade:
    """A border of a phase: where the fade over it begins and how long it takes, in seconds."""

    begin_s: float
    length_s: float

    def at(self, t_s: float) -> float:
        """Return how much of the energy is beyond the border already, 0 to 1."""
        if not self.length_s:
            return float(t_s >= self.begin_s)
        return ease((t_s - self.begin_s) / self.length_s)


@dataclass(frozen=True, slots=True)
class _Part:
    """A phase between its fades."""

    shape: Shape
    start_s: float
    end_s: float
    level_from: float
    level_to: float
    fade_in: _Fade
    fade_out: _Fade

    def add(self, t_s: float, energies: list[float]) -> None:
        """Add the energy of every actuator at `t_s`; nothing outside of the fades."""
        begin_s = self.fade_in.begin_s
        if not begin_s < t_s < self.fade_out.begin_s + self.fade_out.length_s:
            return
        done = min(1.0, max(0.0, (t_s - self.start_s) / (self.end_s - self.start_s)))
        level = self.level_from + done * (self.level_to - self.level_from)
        energy = level * level * self.fade_in.at(t_s) * (1.0 - self.fade_out.at(t_s))
        for actuator, share in self.shape.at(t_s - begin_s):
            energies[actuator] += energy * share


@dataclass(frozen=True, slots=True)
class _Composed:
    """A score: parts that overlap in their fades, summed up as energies (levels squared)."""

    title: str
    duration_s: float
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...]
    parts: tuple[_Part, ...]
    starts_s: tuple[float, ...]
    actuators: int

    def at(self, t_s: float) -> Demand:
        passage = max(0, bisect_right(self.starts_s, t_s) - 1)
        energies = [0.0] * self.actuators
        for part in self.parts[max(0, passage - 1) : passage + 2]:
            part.add(t_s, energies)
        # Tables of floats may miss 0 and 1 by the last digit.
        levels = [sqrt(e) if 0.0 < e < 1.0 else float(e >= 1.0) for e in energies]
        return Demand(tuple(levels), passage)


def _stretch(profile: Profile, minutes: float | None) -> float:
    if minutes is None:
        return 1.0
    longest = LONGEST_S / 60.0
    # Not a number is in no range.
    if not SHORTEST_MINUTES <= minutes <= longest:
        raise ProfileError(
            f"minutes = {minutes:g}: must be a number from {SHORTEST_MINUTES:g} to {longest:g}"
        )
    return minutes * 60.0 / profile.duration_s


def _fades_s(profile: Profile, spans: Sequence[tuple[float, float]]) -> list[_Fade]:
    """Return the fades over all borders: the beginning, between two phases, the end."""
    quarters = [(end_s - start_s) / 4.0 for start_s, end_s in spans]
    first, last = (
        0.0 if profile.phases[at].own_borders else min(BEGIN_S, quarters[at]) for at in (0, -1)
    )
    fades = [_Fade(0.0, first)]
    for (_, border_s), before, after in zip(spans, quarters, quarters[1:], strict=False):
        half = min(CROSS_S, before, after)
        fades.append(_Fade(border_s - half, 2.0 * half))
    fades.append(_Fade(spans[-1][1] - last, last))
    return fades


def _elsewhere(profile: Profile, layout: Layout) -> list[str]:
    """Warn of phases that a handheld plays although it is held somewhere else."""
    held = {zone for place in layout.places for zone in place.zones}
    others = [
        str(index + 1)
        for index, phase in enumerate(profile.phases)
        if not held.intersection(phase.zones)
    ]
    if not is_handheld(layout) or not others:
        return []
    where = ", ".join(sorted(held)) or "unknown"
    numbers = ", ".join(others)
    return [f"{layout.name} is held at {where}, and plays phase {numbers} there too."]
