"""Ground: where hands lie and which way they go on the body map, for the right side.

The left side is its mirror. No point is nearer to the midline than the muscles beside the spine:
pressure on the spinal column is for nobody's hands (L42, L133).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, hypot

from profiles.body import Point, zone, zones_touched

# The spine is drawn 1.5 cm wide on either side (profiles/body.py); a thumb beside it needs as much.
BESIDE_CM = 3.0
# A stroke goes up over the middle of the muscles beside the spine (1.5 to 6 cm).
STROKE_CM = 3.75
# "To the cervical region" (L88): the neck begins here, and is touched only where it is named.
NECK_EDGE_CM = 60.0
NECK = frozenset({"neck_posterior", "spine_cervical"})
# "Small areas, one at a time" (L96): about a thumb and two fingers wide.
AREA_CM = 6.0
# What lies under the middle of a hand is this far from the edge of its zone.
INSET_CM = 1.5

# "Back through the sides of the back" (L88), from the top of the shoulder down: inside of the
# armpit, outside of the flank.
_SIDE_LINE: tuple[Point, ...] = (
    (10.5, 59.0),
    (14.5, 54.0),
    (15.0, 46.0),
    (14.0, 42.0),
    (12.0, 34.0),
    (12.0, 22.0),
    (9.5, 20.0),
    (9.0, 13.0),
    (10.0, -3.0),
    (10.0, -38.0),
)


Row = tuple[float, float, float, str]
"""Height, inner and outer x of a way across, all in cm, and its zone."""


def length_cm(path: Sequence[Point]) -> float:
    """Return the length of a path."""
    return sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(path))


def along(path: Sequence[Point], part: float) -> Point:
    """Return the point at `part` (0 to 1) of the length of a path of at least one point."""
    left_cm = min(1.0, max(0.0, part)) * length_cm(path)
    for (x0, y0), (x1, y1) in pairwise(path):
        step = hypot(x1 - x0, y1 - y0)
        if step >= left_cm:
            done = left_cm / step if step else 0.0
            return x0 + done * (x1 - x0), y0 + done * (y1 - y0)
        left_cm -= step
    return path[-1]


def span_cm(zones: Iterable[str]) -> tuple[float, float]:
    """Return the lowest and the highest place for a hand in zones that are on the map."""
    named = tuple(zones)
    heights = [y for each in named for _, y in zone(each).outline]
    top = max(heights) if NECK.intersection(named) else min(max(heights), NECK_EDGE_CM)
    bottom = min(heights)
    inset = min(INSET_CM, max(0.0, top - bottom) / 4.0)
    return bottom + inset, max(bottom + inset, top - inset)


def circle(zones: Sequence[str], *, sides: bool, top_cm: float | None = None) -> tuple[Point, ...]:
    """Return the closed way of a stroke: up beside the spine, and back to where it began.

    Args:
        zones: Zones of the way up, each on the map.
        sides: Whether it comes back over the sides; else the same way.
        top_cm: Where it turns; None for the top of the zones.
    """
    bottom, top = span_cm(zones)
    top = top if top_cm is None else min(top, max(bottom, top_cm))
    x = _column_cm(zones)
    up = ((x, bottom), (x, top))
    if not sides:
        return (*up, (x, bottom))
    out = min(top, _SIDE_LINE[0][1])  # the sides of the neck are for nobody: out over the shoulder
    down = [point for point in _SIDE_LINE if bottom < point[1] < out]
    return (*up, (x, out), (_side_cm(out), out), *down, (_side_cm(bottom), bottom), (x, bottom))


def shorter_circle(zones: Sequence[str], *, sides: bool, most_cm: float) -> tuple[Point, ...]:
    """Return the circle that begins at the same place and is at most `most_cm` long."""
    bottom, top = span_cm(zones)
    low, high = bottom, top
    for _ in range(24):
        middle = (low + high) / 2.0
        fits = length_cm(circle(zones, sides=sides, top_cm=middle)) <= most_cm
        low, high = (middle, high) if fits else (low, middle)
    return circle(zones, sides=sides, top_cm=low)


def areas(zones: Iterable[str], never: frozenset[str]) -> tuple[tuple[Point, str], ...]:
    """Return the small places of zones, from the lowest row up and to and fro, each with its zone.

    A zone over the midline has its places beside it. What lies in a zone of `never` is left out.
    """
    found: dict[Point, str] = {}
    for zone_id in zones:
        for point in _grid(zone_id):
            if never.isdisjoint(zones_touched(*point, 0.0)) and not _near(point, found):
                found[point] = zone_id
    rows = sorted({y for _, y in found})
    ordered: list[tuple[Point, str]] = []
    for number, y in enumerate(rows):
        row = sorted((point, at) for point, at in found.items() if point[1] == y)
        ordered += row if number % 2 == 0 else row[::-1]
    return tuple(ordered)


def rows(zones: Sequence[str], never: frozenset[str]) -> tuple[Row, ...]:
    """Return the rows of `areas` as (y, the inner x, the outer x, zone), the lowest first.

    Each is half a small area wide at least, but where a zone of `never` is nearer.
    """
    by_row: dict[float, list[tuple[float, str]]] = {}
    for (x, y), zone_id in areas(zones, never):
        by_row.setdefault(y, []).append((x, zone_id))
    return tuple(
        (y, min(row)[0], _outer_cm(y, min(row)[0], max(row)[0], never), min(row)[1])
        for y, row in sorted(by_row.items())
    )


def _outer_cm(y: float, inner: float, outer: float, never: frozenset[str]) -> float:
    outer = max(outer, inner + AREA_CM / 2.0)
    while outer > inner and not never.isdisjoint(zones_touched(outer, y, 0.0)):
        outer -= 0.5
    return max(inner + 0.5, outer)


def _grid(zone_id: str) -> list[Point]:
    """Return places for a hand in one zone, on rows that all zones share."""
    outline = zone(zone_id).outline
    if not outline:
        return []
    xs, ys = [max(x, 0.0) for x, _ in outline], [y for _, y in outline]
    if max(xs) <= BESIDE_CM:  # over the midline
        columns = [BESIDE_CM]
    else:
        inner, outer = max(min(xs) + INSET_CM, BESIDE_CM), max(xs) - INSET_CM
        columns = [inner + AREA_CM * n for n in range(max(1, ceil((outer - inner) / AREA_CM)))]
    first, last = ceil((min(ys) + INSET_CM) / AREA_CM), int((max(ys) - INSET_CM) // AREA_CM)
    heights = [AREA_CM * n for n in range(first, last + 1)]
    points = [
        (x, y)
        for y in heights
        for x in columns
        if columns == [BESIDE_CM] or zone_id in zones_touched(x, y, 0.0)
    ]
    middle = sum(xs) / len(xs), sum(ys) / len(ys)
    return points or [(max(BESIDE_CM, middle[0]), middle[1])]


def _near(point: Point, others: Iterable[Point]) -> bool:
    return any(hypot(point[0] - x, point[1] - y) < AREA_CM / 2.0 for x, y in others)


def _column_cm(zones: Iterable[str]) -> float:
    """Return where the way up runs: beside the spine, unless every zone lies further out."""
    inner = min(x for each in zones for x, _ in zone(each).outline)
    return max(STROKE_CM, inner + INSET_CM)


def _side_cm(y: float) -> float:
    for (x1, y1), (x0, y0) in pairwise(_SIDE_LINE):
        if y0 <= y <= y1:
            return x0 + (x1 - x0) * (y - y0) / (y1 - y0)
    return _SIDE_LINE[0][0] if y > _SIDE_LINE[0][1] else _SIDE_LINE[-1][0]
