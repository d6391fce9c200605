"""Zonal: a stroke zone after zone, as the article tells it (L90).

The middle of neck and collar first, then the sides, then the main part of the back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from profiles.phantom import Share, Spot, ease
from profiles.stage import Lane, Stage
from profiles.techniques.base import Shape

# Where the collar begins and where the side does: the lower edge of the upper trapezius and the
# outer edge of what lies beside the spine (profiles/body.py).
COLLAR_CM = 57.0
SIDE_CM = 6.0

# Parts of the phase: the main part of the back is stroked as long as the two before it.
COLLAR_PART = 0.25
SIDE_PART = 0.25

# Seconds in which one zone goes over into the next.
CROSS_S = 2.0

ADVICE = "Begin at the collar beside the neck, then the sides, then glide up and down the back."


def in_zones(stage: Stage, lasts_s: float, stroke: Callable[[Stage, float], Shape]) -> Shape:
    """Return a stroke in its zones, as far as there are motors for them.

    Args:
        stage: Where the phase is played.
        lasts_s: How long, in seconds.
        stroke: Makes the stroke over one zone, for its part (0 to 1) of the time.
    """
    order = ((_collar(stage), COLLAR_PART), (_sides(stage), SIDE_PART), (stage, 1.0))
    zones = [(zone, part) for zone, part in order if not zone.empty]
    used = sum(part for _, part in zones[:-1])
    parts = [*(part for _, part in zones[:-1]), 1.0 - used]
    strokes = [stroke(zone, part) for (zone, _), part in zip(zones, parts, strict=True)]
    borders_s = tuple(lasts_s * end for end in accumulate(parts, initial=0.0))
    missing = "" if len(zones) == len(order) or not stage.lanes else MISSING
    notes = dict.fromkeys(filter(None, (missing, *(n for each in strokes for n in each.notes))))
    return _Zones(tuple(strokes), borders_s, tuple(notes))


MISSING = "cannot go zone after zone with the motors of this phase, and leaves one out"


def _collar(stage: Stage) -> Stage:
    return _only(stage, lambda spot: spot.y >= COLLAR_CM)


def _sides(stage: Stage) -> Stage:
    return _only(stage, lambda spot: abs(spot.x) >= SIDE_CM and spot.y < COLLAR_CM)


def _only(stage: Stage, there: Callable[[Spot], bool]) -> Stage:
    """Return the stage with those motors, those of the way back too, that are there."""
    lanes = (
        replace(lane, spots=spots, back=())
        for lane in stage.lanes
        if (spots := tuple(_those(lane, there)))
    )
    return replace(stage, lanes=tuple(lanes), unplaced=(), returns=False)


def _those(lane: Lane, there: Callable[[Spot], bool]) -> Iterator[Spot]:
    spots = {spot for spot in (*lane.spots, *lane.back) if there(spot)}
    return iter(sorted(spots, key=lambda spot: (spot.y, abs(spot.x), spot.x)))


@dataclass(frozen=True, slots=True)
class _Zones:
    """Strokes one after the other, each from its beginning; the last one goes on."""

    strokes: tuple[Shape, ...]
    borders_s: tuple[float, ...]
    notes: tuple[str, ...]
    advice: str = ADVICE

    def at(self, t_s: float) -> list[Share]:
        found: dict[int, float] = {}
        last = len(self.strokes) - 1
        for nth, (begin_s, end_s) in enumerate(pairwise(self.borders_s)):
            weight = _over(t_s, begin_s) if nth else 1.0
            weight *= 1.0 - (_over(t_s, end_s) if nth < last else 0.0)
            if weight > 0.0:
                for motor, energy in self.strokes[nth].at(max(0.0, t_s - begin_s)):
                    found[motor] = found.get(motor, 0.0) + weight * energy
        return list(found.items())


def _over(t_s: float, border_s: float) -> float:
    """Return how much has gone over a border, 0 to 1."""
    return ease((t_s - border_s) / CROSS_S + 0.5)
