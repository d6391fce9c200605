"""Hands: where each hand is and how far its touch has come, for techniques that touch and let go.

Hands work beside the spine, never on it. Each has windows, small places that it goes through from
the lowest to the highest and down again, with a few touches on each.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from profiles.phantom import Spot
from profiles.stage import Lane, Stage, rows

Window = tuple[Spot, ...]
"""The motors that one touch is made of, in the order in which it reaches them."""

SPINE_ONLY = "has motors only over the spine there, where no hand works, and rests"
SPARES_SPINE = "leaves its motors over the spine out, where no hand works"


@dataclass(frozen=True, slots=True)
class Hands:
    """Hands at work.

    Attributes:
        ways: The windows of every hand, in its order.
        lateness: By how many of its touches every hand begins later than the first.
        touches: Touches on each window.
        rate_hz: Touches a second, of each hand.
    """

    ways: tuple[tuple[Window, ...], ...]
    lateness: tuple[float, ...]
    touches: int
    rate_hz: float

    def at(self, t_s: float) -> Iterator[tuple[Window, float]]:
        """Yield the window of every hand that has begun, and the part (0 to 1) of its touch."""
        for way, late in zip(self.ways, self.lateness, strict=True):
            count, part = divmod(t_s * self.rate_hz - late, 1.0)
            if count >= 0.0:
                yield way[int(count) // self.touches % len(way)], part


def ways(
    stage: Stage, windows: Callable[[Lane], tuple[Window, ...]]
) -> tuple[tuple[Window, ...], ...]:
    """Return the way of every hand there and back, no window twice in a row.

    Actuators without a place on the map are one window of one more hand.
    """
    found = [_there_and_back(windows(lane)) for lane in stage.hands]
    if stage.unplaced:
        found.append((tuple(Spot(motor, 0.0, 0.0) for motor in stage.unplaced),))
    return tuple(found)


def places(lane: Lane) -> tuple[Window, ...]:
    """Return every motor of a lane as a window of its own."""
    return tuple((spot,) for spot in lane.spots)


def inwards(lane: Lane) -> tuple[Window, ...]:
    """Return the rows of a lane, each from the side to the middle."""
    return tuple(
        tuple(sorted(row, key=lambda spot: abs(spot.x), reverse=True)) for row in rows(lane.spots)
    )


def remarks(stage: Stage, *others: str) -> tuple[str, ...]:
    """Return what is to be noted of a stage, with `others` that are not empty."""
    spared = SPARES_SPINE if stage.spares_spine else ""
    return tuple(filter(None, (spared, *others)))


def slower(does: str, wish_hz: float, rate_hz: float) -> str:
    """Return the note on a rhythm that is slower than the profile's; empty if it is not."""
    if rate_hz >= wish_hz:
        return ""
    return f"{does} at {rate_hz:.3g} Hz, not {wish_hz:.3g}, to keep its zones calm"


def _there_and_back(up: tuple[Window, ...]) -> tuple[Window, ...]:
    return up + up[-2:0:-1]
