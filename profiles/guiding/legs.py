"""Legs: where a handheld is, stretch by stretch of a profile; between two of them it is moved.

What travels (stroking, rubbing, rolling) goes over all zones of its phase: one leg, and the
strictest of the zones counts for all of it. What stays on a place takes one zone after the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from profiles.guiding.ground import span_cm
from profiles.model import Profile
from profiles.score import Passage

TRAVELLING = frozenset({"stroking", "rubbing", "rolling"})
# Moving a massager and finding the place takes a while: for less it is not worth it, and the zones
# of a phase are one leg.
LEAST_LEG_S = 20.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of time over the same zones; times in seconds, as those of its passage."""

    phase: int
    zones: tuple[str, ...]
    start_s: float
    end_s: float


def itinerary(
    profile: Profile, passages: Sequence[Passage], usable: frozenset[str]
) -> tuple[Leg, ...]:
    """Return the legs of a profile over its passages, in `usable` zones alone.

    A phase without any has no leg: the massager rests there.
    """
    return tuple(
        leg
        for phase, passage in zip(profile.phases, passages, strict=True)
        for leg in legs(passage, phase.zones, phase.way_back, usable)
    )


def legs(
    passage: Passage, zones: Sequence[str], way_back: Sequence[str], usable: frozenset[str]
) -> Iterator[Leg]:
    """Yield the legs of one phase."""
    here = [zone for zone in zones if zone in usable]
    if not here:
        return
    length_s = passage.end_s - passage.start_s
    if passage.technique in TRAVELLING:
        back = [zone for zone in way_back if zone in usable and zone not in here]
        yield Leg(passage.index, (*here, *back), passage.start_s, passage.end_s)
        return
    each_s = length_s / len(here)
    if each_s < LEAST_LEG_S:
        yield Leg(passage.index, tuple(here), passage.start_s, passage.end_s)
        return
    for number, zone in enumerate(sorted(here, key=lambda each: span_cm((each,)))):
        begin_s = passage.start_s + number * each_s
        yield Leg(passage.index, (zone,), begin_s, begin_s + each_s)
