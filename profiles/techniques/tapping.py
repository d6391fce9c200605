"""Tapping: light, short touches, one hand after the other; the last of a massage (article L14)."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share, ease
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, Hands, places, remarks, slower, ways

# Seconds of one tap: a motor needs about 0.2 s to be felt (firmware_sim/motor.py: 0.1 s to 63 %),
# and the limits let no edge be shorter than 0.12 s from nothing to the cap.
RISE_S = 0.12
STAY_S = 0.08
FALL_S = 0.05
# Taps of one hand that follow each other faster than this run together: a mass has to slow down.
FASTEST_HAND_HZ = 2.5


class Tapping(PhaseBase):
    """Tap with left and right in turn, a few touches on each place, then the next."""

    usual: ClassVar[tuple[float, float]] = (0.20, 0.40)

    technique: Literal["tapping"]
    rate_hz: float = Field(
        default=2.0,
        ge=0.5,
        le=4.0,
        description="a number from 0.5 to 4, touches a second of both hands",
    )
    touches: int = Field(
        default=4, ge=1, le=20, description="a whole number from 1 to 20, touches on each place"
    )
    sides: Literal["together", "alternating"] = Field(
        default="alternating", description='"together" or "alternating"'
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the taps, in the rhythm that the stage allows."""
        found = ways(stage, places)
        if not found:
            return Rest((SPINE_ONLY,))
        turns = len(found) if self.sides == "alternating" else 1
        rate_hz = min(self.rate_hz, turns * stage.max_rate_hz, turns * FASTEST_HAND_HZ)
        late = tuple(turn / turns if turns > 1 else 0.0 for turn in range(len(found)))
        return _Taps(
            hands=Hands(found, late, self.touches, rate_hz / turns),
            notes=remarks(stage, slower("taps", self.rate_hz, rate_hz)),
        )


@dataclass(frozen=True, slots=True)
class _Taps:
    hands: Hands
    notes: tuple[str, ...]
    advice: str = "Let it touch lightly, and wander on by a hand's breadth after a few taps."

    def at(self, t_s: float) -> list[Share]:
        period_s = 1.0 / self.hands.rate_hz
        return [
            (spot.motor, _tap(part * period_s) ** 2)
            for window, part in self.hands.at(t_s)
            for spot in window
        ]


def _tap(since_s: float) -> float:
    """Return the level so many seconds after a tap has begun."""
    if since_s < RISE_S:
        return ease(since_s / RISE_S)
    return 1.0 - ease((since_s - RISE_S - STAY_S) / FALL_S)
