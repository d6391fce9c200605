"""What each layout makes of a profile: which phases are felt, and which places have had enough.

Only the score and the limits' text are asked, no governor: what a phase asks of a motor after
rounding and its cap, and the seconds of each place, added up here a second time.

    python -m tests.on_layouts

prints the section `[profiles]` of tests/integration/matrix.toml as it is.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from devicehub.errors import UsageError
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.safety.limits import load
from devicehub.session.holding import playable
from devicehub.session.plan import Plan
from profiles import catalogue, loader
from profiles.model import Profile
from tests.limits import Bound, bound_of, read_zones

FELT, PART, TIRES, REFUSED = "felt", "part", "tires", "refused"
LOOK_S = 1.0
FADE_S = 2.0  # at both ends of a phase something of its neighbours may be felt
GOLDEN = 0.618034  # looks wander over the beat, so that no rhythm hides between them
COARSE = 3

LAYOUTS = {
    "cape": "reference-cape",
    "vest": "bhaptics-x40",
    "small-vest": "bhaptics-x16",
    "seat": "nlr-hf8",
    "bed": "jensen-jmc",
    "coarse-bed": "serta-motion",
    "wand": "lovense-domi",
    "coarse-wand": "mymuse-link-plus",
}
"""A massager for each layout that there is; coarse ones have three steps."""

SUITED = {
    "surface": ("cape", "vest", "small-vest", "seat"),
    "seat": ("seat",),
    "bed": ("bed", "coarse-bed"),
    "handheld": ("wand", "coarse-wand"),
}

_LIMITS, _ZONES = load(), read_zones()
_WANDS = playable(("handheld_vibration",), _LIMITS)


@dataclass(slots=True)
class Place:
    """The seconds of one place on one side: at a stretch, and in all."""

    zone: str
    members: tuple[int, ...]
    continuous_s: float
    rest_s: float
    session_s: float
    stretch_s: float = 0.0
    total_s: float = 0.0
    longest_s: float = 0.0

    def passes(self, moving: set[int], seconds: float) -> None:
        if not moving.isdisjoint(self.members):
            self.total_s += seconds
            self.stretch_s += seconds
            self.longest_s = max(self.longest_s, self.stretch_s)
        else:
            self.stretch_s = max(0.0, self.stretch_s - seconds * self.continuous_s / self.rest_s)

    @property
    def tires(self) -> bool:
        """It would be held at rest before the end."""
        return self.longest_s >= self.continuous_s or self.total_s >= self.session_s


def signature(massager: Massager) -> object:
    """Return what makes a layout, whatever the order of its motors; a handheld is in the hand."""
    places = sorted(repr((p.zones, p.x_cm, p.y_cm)) for p in massager.layout.places)
    where = "in the hand" if massager.needs_zone else repr(places)
    return massager.stimulus_class, where, min(massager.steps) <= COARSE


@cache
def profile(name: str) -> Profile:
    """Return a bundled profile."""
    return loader.load(catalogue.path(name))


def held(layout: str, of: Profile) -> str | None:
    """Return where a handheld is held: at the profile's first place that takes one."""
    if not load_library()[LAYOUTS[layout]].needs_zone:
        return None
    return next(zone for zone in of.zones if zone in _WANDS)


def outcome(name: str, layout: str, look_s: float = LOOK_S) -> str:
    """Return what becomes of a bundled profile: felt; part; tires; both of these; or refused."""
    of = profile(name)
    plan = Plan(of, held(layout, of))
    try:
        massager = plan.place(load_library()[LAYOUTS[layout]], _LIMITS)
    except UsageError:
        return REFUSED
    felt, tired = watched(plan, massager, look_s)
    asking = {index for index, phase in enumerate(of.phases) if not phase.silent}
    words = [*((PART,) if asking - felt else ()), *((TIRES,) if tired else ())]
    return ", ".join(words) or FELT


def watched(plan: Plan, massager: Massager, look_s: float) -> tuple[set[int], set[str]]:
    """Look at a score from its beginning to its end.

    Returns:
        The phases in which a motor moves, and the zones that would be held at rest.
    """
    score = plan.score(massager, _LIMITS)
    caps, places = [b.cap for b in _bounds(massager)], list(_places(massager))
    felt: set[int] = set()
    for look in range(int(score.duration_s / look_s)):
        at_s = (look + look * GOLDEN % 1.0) * look_s
        demand = score.at(at_s)
        moving = _moving(demand.levels, caps, massager.steps)
        passage = score.passages[demand.passage]
        if moving and passage.start_s + FADE_S < at_s < passage.end_s - FADE_S:
            felt.add(demand.passage)
        for place in places:
            place.passes(moving, look_s)
    return felt, {place.zone for place in places if place.tires}


def _bounds(massager: Massager) -> list[Bound]:
    rows = [{"index": p.index, "zones": p.zones, "x_cm": p.x_cm} for p in massager.layout.places]
    return [bound_of(row, massager.stimulus_class, _ZONES) for row in rows]


def _moving(levels: Sequence[float], caps: Sequence[float], steps: Sequence[int]) -> set[int]:
    """Return the motors that move: the demand to the nearest step, the cap to the step below."""
    return {
        motor
        for motor, level in enumerate(levels)
        if level > 0.0 and min(round(level * steps[motor]), int(caps[motor] * steps[motor])) > 0
    }


def _places(massager: Massager) -> Iterator[Place]:
    felt: dict[tuple[str, str], list[int]] = {}
    for bound in _bounds(massager):
        for zone, side in product(bound.zones, bound.sides):
            felt.setdefault((zone, side), []).append(bound.index)
    for (zone, _), members in felt.items():
        numbers = _ZONES[zone]["caps"][massager.stimulus_class]
        if numbers["max_intensity"]:
            seconds = ("max_continuous_s", "min_rest_s", "max_session_s")
            yield Place(zone, tuple(members), *(numbers[key] for key in seconds))


def main() -> int:
    """Print the section as it is; return the exit code."""
    for name in catalogue.names():
        row = ", ".join(f'{layout} = "{outcome(name, layout, 0.25)}"' for layout in LAYOUTS)
        print(f"{name} = {{ {row} }}")  # noqa: T201 - a command line of its own
    return 0


if __name__ == "__main__":
    sys.exit(main())
