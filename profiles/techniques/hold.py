"""Hold: a steady press on one point beside the spine, and a rest (article L20 to L28).

Of the article's points only those that can be found on a body are playable; a point that lies on
the spine itself is held beside it, on both sides.
"""

from dataclasses import dataclass
from math import hypot
from typing import ClassVar, Literal

from pydantic import Field

from profiles.body import POINTS
from profiles.phantom import Share, Spot, ease
from profiles.stage import Lane, Stage, rows
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, Hands, Window, remarks, slower, ways

# Seconds in which a press comes on, and in which it goes.
EASE_S = 1.5
# A motor this far from a point is felt there; one that is further away is told.
NEAR_CM = 4.0


class Hold(PhaseBase):
    """Press steadily on one place, rest, and go on to the next; or come back to the one point."""

    usual: ClassVar[tuple[float, float]] = (0.10, 0.20)

    technique: Literal["hold"]
    press_s: float = Field(
        default=15.0, ge=5.0, le=20.0, description="a number from 5 to 20, seconds of a press"
    )
    rest_s: float = Field(
        default=5.0, ge=2.0, le=30.0, description="a number from 2 to 30, seconds between presses"
    )
    point: Literal["l4", "s2"] | None = Field(
        default=None, description='"l4" or "s2", or leave it out'
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the presses: on the point, or from place to place beside the spine."""
        found = ways(stage, self._nearest if self.point else _beside_spine)
        if not found:
            return Rest((SPINE_ONLY,))
        # No shorter than written, where a zone allows few rises.
        wish_hz = 1.0 / (self.press_s + self.rest_s)
        rate_hz = min(wish_hz, stage.max_rate_hz)
        return _Holds(
            hands=Hands(found, (0.0,) * len(found), 1, rate_hz),
            press_s=self.press_s,
            notes=remarks(stage, slower("presses", wish_hz, rate_hz), self._far(stage)),
        )

    def _nearest(self, lane: Lane) -> tuple[Window, ...]:
        return ((min(lane.spots, key=self._distance_cm),),)

    def _distance_cm(self, spot: Spot) -> float:
        point = POINTS[self.point or ""]
        return hypot(abs(spot.x) - point.x_cm, spot.y - point.y_cm)

    def _far(self, stage: Stage) -> str:
        if not self.point or not stage.hands:
            return ""
        off_cm = max(self._distance_cm(lane[0][0]) for lane in map(self._nearest, stage.hands))
        if off_cm <= NEAR_CM:
            return ""
        return (
            f"has no motor {POINTS[self.point].title}, and presses {off_cm:.0f} cm away from there"
        )


def _beside_spine(lane: Lane) -> tuple[Window, ...]:
    return tuple((min(row, key=lambda spot: abs(spot.x)),) for row in rows(lane.spots))


@dataclass(frozen=True, slots=True)
class _Holds:
    hands: Hands
    press_s: float
    notes: tuple[str, ...]
    advice: str = "Press it gently on one point beside the spine, keep still, then let go and rest."

    def at(self, t_s: float) -> list[Share]:
        period_s = 1.0 / self.hands.rate_hz
        return [
            (spot.motor, self._press(part * period_s) ** 2)
            for window, part in self.hands.at(t_s)
            for spot in window
        ]

    def _press(self, since_s: float) -> float:
        return ease(since_s / EASE_S) * (1.0 - ease((since_s - self.press_s + EASE_S) / EASE_S))
