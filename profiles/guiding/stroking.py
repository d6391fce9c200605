"""Stroking by hand (L88, L90): up beside the spine to the neck edge, back over the sides."""

from collections.abc import Iterator
from math import isclose

from profiles.body import Point
from profiles.guiding.ground import circle, length_cm, shorter_circle
from profiles.guiding.instruction import Instruction, Kind, Phrase
from profiles.guiding.turn import Turn
from profiles.techniques.stroking import FASTEST_CM_S, PLEASANT_CM_S, SLOWEST_CM_S, Stroking

# A circle that is shorter than this is no stroke.
SHORTEST_CM = 30.0
# Nobody listens to circles that are counted faster.
COUNTED_S = 8.0


def stroke(turn: Turn, phase: Stroking) -> Iterator[Instruction]:
    """Yield the circles of a turn, at the speed or the count that the profile asks for.

    What is left after whole circles is a shorter one that turns earlier, at the same speed; what
    is too short for that is a rest.
    """
    sides = bool(phase.way_back)
    way = circle(turn.zones, sides=sides)
    speed = _speed_cm_s(phase, length_cm(way))
    circle_s = length_cm(way) / speed
    whole = int(turn.seconds / circle_s + 1e-6)
    left_cm = (turn.seconds - whole * circle_s) * speed
    last = shorter_circle(turn.zones, sides=sides, most_cm=left_cm)
    fits = SHORTEST_CM <= length_cm(last) <= left_cm + 0.1
    ways = [way] * whole + [last] * fits
    if not ways:  # too short for any: a small one, as fast as it takes
        ways = [shorter_circle(turn.zones, sides=sides, most_cm=SHORTEST_CM)]
        speed = min(FASTEST_CM_S, max(speed, length_cm(ways[0]) / turn.seconds))
    t_s = turn.start_s
    for number, path in enumerate(ways, 1):
        seconds = length_cm(path) / speed
        yield turn.tell(
            t_s,
            Kind.MOVE,
            _phrase(turn, path, number, len(ways), speed, shorter=number > whole),
            path=path,
            seconds=seconds,
            speed_cm_s=speed,
            spoken=number == 1 or seconds >= COUNTED_S or number > whole,
        )
        t_s += seconds
    yield from turn.rest(t_s)


def _speed_cm_s(phase: Stroking, circle_cm: float) -> float:
    wish = phase.speed_cm_s or PLEASANT_CM_S
    if phase.circles is not None:
        wish = circle_cm * phase.circles / phase.duration_s
    return min(FASTEST_CM_S, max(SLOWEST_CM_S, wish))


def _phrase(
    turn: Turn, path: tuple[Point, ...], number: int, of: int, speed: float, *, shorter: bool
) -> Phrase:
    if number == 1:
        up, down = path[1], path[-2]
        same = isclose(up[0], down[0])
        return Phrase(turn.key("stroking.back" if same else "stroking.sides"), speed=speed)
    return Phrase("circle.short") if shorter else Phrase("circle", number=number, of=of)
