"""Pinching: two neighbours in brief turn, as thumb and finger take a fold (article L11, L52)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share
from profiles.stage import Lane, Stage, rows
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, Hands, Window, remarks, slower, ways
from profiles.techniques.kneading import press

# Part of a pinch by which the finger follows the thumb; each presses for the rest of it.
FOLLOWS = 0.2


class Pinching(PhaseBase):
    """Take two neighbouring places of one side together, one just after the other, and let go."""

    usual: ClassVar[tuple[float, float]] = (0.20, 0.35)

    technique: Literal["pinching"]
    rate_hz: float = Field(
        default=0.5, ge=0.2, le=1.0, description="a number from 0.2 to 1, pinches a second"
    )
    pinches: int = Field(
        default=2, ge=1, le=10, description="a whole number from 1 to 10, pinches on each pair"
    )
    sides: Literal["together", "alternating"] = Field(
        default="together", description='"together" or "alternating"'
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the pinches, in the rhythm that the stage allows."""
        found = ways(stage, _pairs)
        if not found:
            return Rest((SPINE_ONLY,))
        turns = len(found) if self.sides == "alternating" else 1
        rate_hz = min(self.rate_hz, turns * stage.max_rate_hz)
        late = tuple(turn / turns if turns > 1 else 0.0 for turn in range(len(found)))
        alone = stage.hands and all(len(window) == 1 for way in found for window in way)
        return _Pinches(
            hands=Hands(found, late, self.pinches, rate_hz / turns),
            turns=turns,
            notes=remarks(stage, slower("pinches", self.rate_hz, rate_hz), ALONE if alone else ""),
        )


ALONE = "has one motor on each side there, and presses with it alone"


def _pairs(lane: Lane) -> tuple[Window, ...]:
    """Return neighbours: those of one row where there are, else those above each other."""
    level = [pair for row in rows(lane.spots) for pair in pairwise(row)]
    above = list(pairwise(lane.spots)) or [lane.spots]
    return tuple(level or above)


@dataclass(frozen=True, slots=True)
class _Pinches:
    hands: Hands
    turns: int
    notes: tuple[str, ...]
    advice: str = "Let it rest on a fold of skin for a few pinches, then take the next one."

    def at(self, t_s: float) -> Sequence[Share]:
        return [
            (spot.motor, _finger(part * self.turns, nth) ** 2)
            for window, part in self.hands.at(t_s)
            for nth, spot in enumerate(window)
        ]


def _finger(part: float, nth: int) -> float:
    """Return the level of the thumb (0) or of what follows it."""
    late = FOLLOWS * min(nth, 1)
    return press(max(0.0, part - late) / (1.0 - FOLLOWS))
