"""Track: the closed way of a touch over the motors of one hand, as a table over its length."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, hypot

from profiles.phantom import Share, Spot, ease, shares
from profiles.stage import Lane, rows

# A touch that comes back over the same motors is this much softer than on its way up.
SOFTER = 0.6

# Way that a hand needs to turn round, or to move over to the side.
TURN_CM = 3.0

# Distance of the table's entries; straight lines between them are off by less than 0.01.
STEP_CM = 0.5

# Below this a rise is arithmetic, not motion: a hundredth of the level, squared.
NOTHING = 1e-4

_Row = tuple[float, float]
_Touch = dict[int, float]
_Node = tuple[float, _Touch]


@dataclass(frozen=True, slots=True)
class Round:
    """How one circle of several is gone.

    Attributes:
        backwards: The other way round: up over the sides, down beside the spine.
        force: Its level as a part of the phase's, 0 to 1.
    """

    backwards: bool = False
    force: float = 1.0


ONE_ROUND = (Round(),)


@dataclass(frozen=True, slots=True)
class Track:
    """One hand's way round, in one circle or several. Positions are parts of it, 0 to 1.

    Attributes:
        length_cm: Length of the way.
        shortest_gap: Shortest part of it between two starts of a rise of the same motor.
        positions: Where the entries of the table begin; the last one is 1.
        entries: For each: motor, its energy there, and how that changes to the next entry.
    """

    length_cm: float
    shortest_gap: float
    positions: tuple[float, ...]
    entries: tuple[tuple[tuple[int, float, float], ...], ...]

    def at(self, part: float) -> list[Share]:
        """Return the motors that share the touch at `part` of the way, 0 up to but not 1."""
        entry = bisect_right(self.positions, part) - 1
        beyond = part - self.positions[entry]
        return [(motor, energy + slope * beyond) for motor, energy, slope in self.entries[entry]]


def travel(lane: Lane, reach_cm: float, rounds: Sequence[Round] = ONE_ROUND) -> Track:
    """Return the circles of a hand over a lane, from its lowest place.

    Up over the lane's places and down over its way back, the energy always 1; without a way back
    down over the same places, softer. On a single place the touch cannot travel and only swells.
    """
    way_up = _rows(lane.spots)
    if lane.back:
        return _circle(_in_rounds(_there_and_round(way_up, lane), rounds))
    if len(way_up) == 1:
        return still(shares(*way_up[0], lane.spots), reach_cm, rounds)
    return _circle(_in_rounds(_there_and_back(way_up, lane), rounds))


def still(place: Sequence[Share], reach_cm: float, rounds: Sequence[Round] = ONE_ROUND) -> Track:
    """Return the envelope of a stroke on one place: full on the way up, softer on the way back.

    A person who moves the massager by hand feels by it when to turn.
    """
    full = dict(place)
    soft = _scaled(full, SOFTER**2)
    swell = [
        (0.0, full),
        (reach_cm, full),
        *_change(TURN_CM, full, soft),
        (reach_cm, soft),
        *_change(TURN_CM, soft, full),
    ]
    return _circle(_in_rounds(swell, rounds))


def roll(heights: Sequence[Sequence[Spot]], rolls: int) -> Track:
    """Return a fold's circle: to and fro over each of `heights`, up to the highest and back.

    The energy is always 1. Where every height is a single motor, it rolls along them.

    Args:
        heights: The motors of each height in their order, the lowest height first.
        rolls: How often it goes to and fro on each.
    """
    spots = [spot for height in heights for spot in height]
    if all(len(height) == 1 for height in heights):
        heights = [spots]
    if len(spots) == 1:
        return _circle([(0.0, {spots[0].motor: 1.0}), (TURN_CM, {spots[0].motor: 1.0})])
    nodes: list[_Node] = []
    for height in (*heights, *heights[-2:0:-1]):
        way = [(spot.x, spot.y) for spot in height]
        start = dict(shares(*way[0], height))
        nodes += _change(TURN_CM, nodes[-1][1], start) if nodes else [(0.0, start)]
        for _ in range(rolls):
            nodes += _walk(way, height, 1.0)
            nodes += _walk(way[::-1], height, 1.0)
    return _circle([*nodes, *_change(TURN_CM, nodes[-1][1], nodes[0][1])])


def _there_and_round(way_up: list[_Row], lane: Lane) -> list[_Node]:
    way_down = _rows(lane.back)[::-1]
    bottom, top = (dict(shares(*row, lane.spots)) for row in (way_up[0], way_up[-1]))
    back_top, back_bottom = (dict(shares(*row, lane.back)) for row in (way_down[0], way_down[-1]))
    return [
        (0.0, bottom),
        *_walk(way_up, lane.spots, 1.0),
        *_change(_distance_cm(way_up[-1], way_down[0]), top, back_top),
        *_walk(way_down, lane.back, 1.0),
        *_change(_distance_cm(way_down[-1], way_up[0]), back_bottom, bottom),
    ]


def _in_rounds(circle: Sequence[_Node], rounds: Sequence[Round]) -> list[_Node]:
    """Return the way of several circles; where the force changes the hand needs a turn for it."""
    first = _scaled(circle[0][1], rounds[0].force ** 2)
    found: list[_Node] = [(0.0, first)]
    for each in rounds:
        found += _forced(found[-1][1], _scaled(circle[0][1], each.force**2))
        nodes = _turned(circle) if each.backwards else circle
        found += [(length, _scaled(touch, each.force**2)) for length, touch in nodes[1:]]
    return [*found, *_forced(found[-1][1], first)]


def _forced(before: _Touch, after: _Touch) -> list[_Node]:
    return [] if before == after else list(_change(TURN_CM, before, after))


def _turned(circle: Sequence[_Node]) -> list[_Node]:
    """Return a closed way the other way round."""
    lengths = [length for length, _ in circle[:0:-1]]
    touches = [touch for _, touch in circle[::-1]]
    return list(zip([0.0, *lengths], touches, strict=True))


def _there_and_back(way_up: list[_Row], lane: Lane) -> list[_Node]:
    bottom, top = (dict(shares(*row, lane.spots)) for row in (way_up[0], way_up[-1]))
    softness = SOFTER**2
    return [
        (0.0, bottom),
        *_walk(way_up, lane.spots, 1.0),
        *_change(TURN_CM, top, _scaled(top, softness)),
        *_walk(way_up[::-1], lane.spots, softness),
        *_change(TURN_CM, _scaled(bottom, softness), bottom),
    ]


def _rows(spots: Sequence[Spot]) -> list[_Row]:
    """Return the middles of the rows that `spots`, lowest first, lie in."""
    return [
        (sum(spot.x for spot in row) / len(row), sum(spot.y for spot in row) / len(row))
        for row in rows(spots)
    ]


def _walk(points: Sequence[_Row], spots: Sequence[Spot], energy: float) -> Iterator[_Node]:
    for (x0, y0), (x1, y1) in pairwise(points):
        length = hypot(x1 - x0, y1 - y0)
        steps = ceil(length / STEP_CM)
        for step in range(1, steps + 1):
            part = step / steps
            point = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
            yield length / steps, _scaled(dict(shares(*point, spots)), energy)


def _change(length_cm: float, before: _Touch, after: _Touch) -> Iterator[_Node]:
    steps = ceil(length_cm / STEP_CM)
    for step in range(1, steps + 1):
        part = ease(step / steps)
        mixed = _scaled(before, 1.0 - part)
        for motor, energy in after.items():
            mixed[motor] = mixed.get(motor, 0.0) + part * energy
        yield length_cm / steps, mixed


def _scaled(touch: _Touch, factor: float) -> _Touch:
    return {motor: factor * energy for motor, energy in touch.items()}


def _distance_cm(a: _Row, b: _Row) -> float:
    return max(TURN_CM, hypot(b[0] - a[0], b[1] - a[1]))


def _circle(nodes: Sequence[_Node]) -> Track:
    """Return the table of a closed way, given as (length since the last node, touch)."""
    ends = list(accumulate(length for length, _ in nodes))
    total = ends[-1]
    positions = (*(end / total for end in ends[:-1]), 1.0)
    touches = [touch for _, touch in nodes]
    entries = tuple(
        tuple(
            (motor, here.get(motor, 0.0), _slope(here, there, motor, end - start))
            for motor in sorted(here.keys() | there.keys())
        )
        for (start, here), (end, there) in pairwise(zip(positions, touches, strict=True))
    )
    motors = set[int]().union(*touches)
    gap = min(
        _shortest_gap(positions, [touch.get(motor, 0.0) for touch in touches]) for motor in motors
    )
    return Track(total, gap, positions, entries)


def _slope(here: _Touch, there: _Touch, motor: int, length: float) -> float:
    return (there.get(motor, 0.0) - here.get(motor, 0.0)) / length


def _shortest_gap(positions: Sequence[float], energies: Sequence[float]) -> float:
    """Return the shortest part of the circle between two starts of a rise after a fall."""
    changes = [
        (position, after > before)
        for position, (before, after) in zip(positions, pairwise(energies), strict=False)
        if abs(after - before) > NOTHING
    ]
    starts = [
        position
        for index, (position, rises) in enumerate(changes)
        if rises and not changes[index - 1][1]
    ]
    gaps = [after - before for before, after in pairwise([*starts, *(s + 1.0 for s in starts[:1])])]
    return min(gaps, default=1.0)
