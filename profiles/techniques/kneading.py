"""Kneading: one small place at a time, pressed, held and released, then the next (article L96)."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share, ease
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, Hands, places, remarks, slower, ways

# Parts of one press. The release is as soft as the press; between two presses the level is 0.
PRESS = 0.35
HOLD = 0.3
RELEASE = 0.35


class Kneading(PhaseBase):
    """Press, hold and release on one place of each side, moving on from place to place."""

    usual: ClassVar[tuple[float, float]] = (0.30, 0.60)

    technique: Literal["kneading"]
    rate_hz: float = Field(
        default=0.3, ge=0.2, le=0.5, description="a number from 0.2 to 0.5, presses a second"
    )
    presses: int = Field(
        default=2, ge=1, le=10, description="a whole number from 1 to 10, presses on each place"
    )
    sides: Literal["together", "alternating"] = Field(
        default="together", description='"together" or "alternating"'
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the presses, in the rhythm that the stage allows."""
        found = ways(stage, places)
        if not found:
            return Rest((SPINE_ONLY,))
        turns = len(found) if self.sides == "alternating" else 1
        rate_hz = min(self.rate_hz, stage.max_rate_hz * turns)
        late = tuple(turn / turns if turns > 1 else 0.0 for turn in range(len(found)))
        return _Presses(
            hands=Hands(found, late, self.presses, rate_hz / turns),
            turns=turns,
            notes=remarks(stage, slower("presses", self.rate_hz, rate_hz)),
        )


@dataclass(frozen=True, slots=True)
class _Presses:
    """Attributes: with `turns` hands in turn, each presses for its part of the time."""

    hands: Hands
    turns: int
    notes: tuple[str, ...]
    advice: str = "Let it rest on one place for a few presses, then move on by a hand's breadth."

    def at(self, t_s: float) -> list[Share]:
        return [
            (spot.motor, press(part * self.turns) ** 2)
            for window, part in self.hands.at(t_s)
            for spot in window
        ]


def press(part: float) -> float:
    """Return the level at a part (0 to 1) of one press; 0 after it."""
    if part < PRESS:
        return ease(part / PRESS)
    return 1.0 - ease((part - PRESS - HOLD) / RELEASE)
