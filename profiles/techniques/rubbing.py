"""Rubbing: both hands rub from the side towards the spine, one after the other (article L12, L93).

The hands move in counter movement: while one of them rubs inwards, the other goes back to its side
in the air. No hand ever rubs on the spine itself.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share, ease, shares
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Rest, Shape
from profiles.techniques.hands import SPINE_ONLY, Hands, Window, inwards, remarks, slower, ways

# Part of a rub in which the hand lies on the skin; for the rest it goes back in the air. A little
# more than a half, so that the other hand has begun before this one has lifted off.
ON_SKIN = 0.6
# Part of a rub in which a hand comes down, and in which it lifts off.
LAND = 0.15


class Rubbing(PhaseBase):
    """Rub from the side to the centre, the hands in counter movement, height by height."""

    usual: ClassVar[tuple[float, float]] = (0.25, 0.40)

    technique: Literal["rubbing"]
    rate_hz: float = Field(
        default=0.4,
        ge=0.3,
        le=0.5,
        description="a number from 0.3 to 0.5, rubs of each hand a second",
    )
    rubs: int = Field(
        default=3, ge=1, le=10, description="a whole number from 1 to 10, rubs on each height"
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the rubs of both hands, in the rhythm that the stage allows."""
        found = ways(stage, inwards)
        if not found:
            return Rest((SPINE_ONLY,))
        rate_hz = min(self.rate_hz, stage.max_rate_hz)
        wide = any(len(window) > 1 for way in found for window in way)
        narrow = "" if wide or not stage.hands else NARROW
        late = tuple(hand / 2.0 for hand in range(len(found)))
        return _Rubs(
            hands=Hands(found, late, self.rubs, rate_hz),
            notes=remarks(stage, slower("rubs", self.rate_hz, rate_hz), narrow),
        )


NARROW = "has one motor at each height of a side, and swells there instead of moving inwards"


@dataclass(frozen=True, slots=True)
class _Rubs:
    hands: Hands
    notes: tuple[str, ...]
    advice: str = "Rub from the side towards the spine, stop beside it, lift off and go back."

    def at(self, t_s: float) -> list[Share]:
        return [share for window, part in self.hands.at(t_s) for share in _rub(window, part)]


def _rub(window: Window, part: float) -> list[Share]:
    if part >= ON_SKIN:
        return []
    down = ease(part / LAND) * (1.0 - ease((part - ON_SKIN + LAND) / LAND))
    return [(motor, share * down * down) for motor, share in across(window, part / ON_SKIN)]


def across(window: Window, part: float) -> tuple[Share, ...]:
    """Return how a touch that has come `part` of the way over a window is shared out.

    Motors in one place move together, each with the whole of it.
    """
    first, last = window[0], window[-1]
    if first[1:] == last[1:]:
        return tuple((spot.motor, 1.0) for spot in window)
    x, y = first.x + part * (last.x - first.x), first.y + part * (last.y - first.y)
    return shares(x, y, window)
