"""Tapping: light, short touches, one hand after the other; the last of a massage (article L14)."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share, ease
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, Hands, places, remarks, slower, ways

# Seconds of one tap; it stays longer by what the massager's motors need to get going. The limits
# let no edge be shorter than 0.12 s from nothing to the cap.
RISE_S = 0.12
STAY_S = 0.08
FALL_S = 0.05
# Between two taps of one hand a mass has to slow down, or they run together.
APART_S = 0.15


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

    @property
    def knocks(self) -> bool:
        """They do."""
        return True

    def shape(self, stage: Stage) -> Shape:
        """Return the taps, in the rhythm that the stage allows."""
        found = ways(stage, places)
        if not found:
            return Rest((SPINE_ONLY,))
        turns = len(found) if self.sides == "alternating" else 1
        rise_s, stay_s = max(RISE_S, stage.edge_s), STAY_S + stage.spin_up_s
        fastest_hz = 1.0 / (rise_s + stay_s + FALL_S + APART_S)
        rate_hz = min(self.rate_hz, turns * stage.max_rate_hz, turns * fastest_hz)
        late = tuple(turn / turns if turns > 1 else 0.0 for turn in range(len(found)))
        return _Taps(
            hands=Hands(found, late, self.touches, rate_hz / turns),
            rise_s=rise_s,
            stay_s=stay_s,
            notes=remarks(stage, slower("taps", self.rate_hz, rate_hz)),
        )


@dataclass(frozen=True, slots=True)
class _Taps:
    hands: Hands
    rise_s: float
    stay_s: float
    notes: tuple[str, ...]
    advice: str = "Let it touch lightly, and wander on by a hand's breadth after a few taps."

    def at(self, t_s: float) -> list[Share]:
        period_s = 1.0 / self.hands.rate_hz
        return [
            (spot.motor, self._tap(part * period_s) ** 2)
            for window, part in self.hands.at(t_s)
            for spot in window
        ]

    def _tap(self, since_s: float) -> float:
        """Return the level so many seconds after a tap has begun."""
        if since_s < self.rise_s:
            return ease(since_s / self.rise_s)
        return 1.0 - ease((since_s - self.rise_s - self.stay_s) / FALL_S)
