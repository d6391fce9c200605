"""Compose: a profile laid out in time for one layout of motors."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from profiles.body import zone
from profiles.borders import Fade, GentleEnds, fades
from profiles.errors import ProfileError
from profiles.feel import Feel, plain_feel
from profiles.layout import Layout
from profiles.model import Profile
from profiles.score import Demand, Passage, Score
from profiles.stage import Stage, is_handheld, set_stage, without_knocks
from profiles.techniques.base import LONGEST_S, PhaseBase, Rest, Shape
from profiles.text import Text

SHORTEST_MINUTES = 0.2

# A motor that has a half of a touch and more is to be on, however soft that touch is.
HALF = 0.5


def compose(
    profile: Profile,
    layout: Layout,
    *,
    minutes: float | None = None,
    max_pattern_hz: Mapping[str, float] | None = None,
    edges_s: Mapping[str, float] | None = None,
    feel: Feel | None = None,
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
        edges_s: Shortest edge from nothing to the cap in seconds by zone: where it is long, short
            touches are kept off, or slow. None knows of none.
        feel: How the massager's motors are to be driven; None takes levels as they are.

    Raises:
        ProfileError: `minutes` is out of range.
    """
    stretch = _stretch(profile, minutes)
    feel = feel or plain_feel(len(layout.places))
    borders_s = [0.0, *accumulate(phase.duration_s * stretch for phase in profile.phases)]
    spans = list(pairwise(borders_s))
    first, last = profile.phases[0], profile.phases[-1]
    edges = fades(spans, hard_begin=first.own_borders, hard_end=last.own_borders)
    ends = GentleEnds(borders_s[-1])
    passages: list[Passage] = []
    parts: list[_Part] = []
    warnings = _elsewhere(profile, layout)
    for index, (phase, (start_s, end_s)) in enumerate(zip(profile.phases, spans, strict=True)):
        cast = without_knocks(layout, phase.zones, edges_s or {}) if phase.knocks else layout
        stage = set_stage(cast, phase.zones, phase.way_back, max_pattern_hz or {}, edges_s)
        stage = replace(stage, stretch=stretch, spin_up_s=feel.spin_up_s)
        shape = phase.shape(stage) if not stage.empty else Rest()
        cue = _advised(phase.cue, shape.advice) if is_handheld(layout) else phase.cue
        passages.append(Passage(index, phase.technique, phase.zones, start_s, end_s, cue))
        gentle = None if phase.own_borders else ends
        fade_in, fade_out = edges[index : index + 2]
        parts.append(_Part(shape, start_s, end_s, phase.level, fade_in, fade_out, gentle))
        notes = (*shape.notes, *_shortcomings(phase, layout, stage, feel))
        warnings += [f"Phase {index + 1} ({phase.technique}): {layout.name} {n}." for n in notes]
    return _Composed(
        title=profile.title,
        duration_s=borders_s[-1],
        passages=tuple(passages),
        warnings=tuple(warnings),
        parts=tuple(parts),
        starts_s=tuple(borders_s[:-1]),
        ends=ends,
        softest=feel.softest,
        powers=feel.powers,
    )


def _advised(cue: Text, advice: str) -> Text:
    """Return a cue with how to move by hand; its translation goes without."""
    return Text(f"{cue} {advice}".strip(), cue.by_language.get("ru", ""))


def _shortcomings(phase: PhaseBase, layout: Layout, stage: Stage, feel: Feel) -> Iterator[str]:
    """Yield what the massager lacks for a phase that it plays."""
    if stage.empty:
        return
    lacking = _lacking(phase.zones, layout)
    if lacking:
        yield lacking
    softest = max(feel.softest[actuator] for actuator in stage.actuators)
    if 0.0 < max(phase.level) < softest:
        asked = max(phase.level)
        yield f"has nothing softer than {softest:.0%}, and plays that for {asked:.0%}"


def _lacking(zones: Sequence[str], layout: Layout) -> str:
    """Say which of `zones` no motor reaches; nothing of a handheld, which is where it is held."""
    reached = {zone for place in layout.places for zone in place.zones}
    titles = [zone(each).within for each in dict.fromkeys(zones) if each not in reached]
    if not titles or is_handheld(layout):
        return ""
    return f"has no motor over {'; '.join(titles)}: nothing is felt there"


@dataclass(frozen=True, slots=True)
class _Part:
    """A phase between its fades."""

    shape: Shape
    start_s: float
    end_s: float
    level: tuple[float, float]
    fade_in: Fade
    fade_out: Fade
    ends: GentleEnds | None

    def add(self, t_s: float, asked: list[float], faded: list[float]) -> None:
        """Add every actuator's energy at `t_s`, and its part of the phase's; 0 beyond the fades.

        Args:
            t_s: The instant, in seconds of the session.
            asked: Takes energies, by actuator.
            faded: Takes parts of the energy of a phase that is not silent, by actuator.
        """
        begin_s = self.fade_in.begin_s
        if not begin_s < t_s < self.fade_out.end_s:
            return
        level = self._level(t_s)
        if level <= 0.0:
            return
        fade = self.fade_in.at(t_s) * (1.0 - self.fade_out.at(t_s))
        for actuator, share in self.shape.at(t_s - begin_s):
            asked[actuator] += level * level * fade * share
            faded[actuator] += fade * share

    def _level(self, t_s: float) -> float:
        done = min(1.0, max(0.0, (t_s - self.start_s) / (self.end_s - self.start_s)))
        first, last = self.level
        level = first + done * (last - first)
        return level * self.ends.at(t_s) if self.ends else level


@dataclass(frozen=True, slots=True)
class _Composed:
    """A score: parts that overlap in their fades, summed up as energies (levels squared)."""

    title: str
    duration_s: float
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...]
    parts: tuple[_Part, ...]
    starts_s: tuple[float, ...]
    ends: GentleEnds
    softest: tuple[float, ...]
    powers: tuple[float, ...]

    def at(self, t_s: float) -> Demand:
        passage = max(0, bisect_right(self.starts_s, t_s) - 1)
        asked, faded = [0.0] * len(self.softest), [0.0] * len(self.softest)
        for part in self.parts[max(0, passage - 1) : passage + 2]:
            part.add(t_s, asked, faded)
        drives = (energy ** (power / 2.0) for energy, power in zip(asked, self.powers, strict=True))
        levels = map(_lifted, drives, faded, self.softest)
        return Demand(tuple(levels), passage, self.ends.at(t_s))


def _lifted(drive: float, faded: float, softest: float) -> float:
    """Return a drive, lifted to the softest step while a motor has half a touch.

    To the whole of the step: the soft start of the limits knows what is asked for, and would hold
    back a step that only rounding makes of it. Never further: what is asked for already counts.
    """
    lifted = softest if faded >= HALF else softest * faded
    # Tables of floats may miss 0 and 1 by the last digit.
    return min(1.0, max(drive, lifted))


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
    where = "; ".join(zone(each).within for each in sorted(held)) or "nobody said where"
    phases = f"phase{'s' * (len(others) > 1)} {', '.join(others)}"
    return [f"{layout.name} is held here: {where}. It plays {phases} there too."]
