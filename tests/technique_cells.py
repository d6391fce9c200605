"""One technique on one massager, small: the way over the back, and the motors over time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin

from devicehub.massagers.library import load_library
from devicehub.safety.limits import load as load_limits
from devicehub.session.plan import Plan
from profiles.layout import Place
from profiles.model import Profile

LIMITS = load_limits()
MIDDLE = ["paraspinal_lumbar", "paraspinal_thoracic", "trapezius_mid_low", "rhomboid"]
SIDES = ["latissimus", "teres_major"]
EVERYWHERE = [*MIDDLE, "trapezius_upper", "gluteal"]
SAMPLES = 120
HELD = "trapezius_upper"


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a technique is drawn: the keys of its phase, and a piece of its time in seconds."""

    keys: dict[str, object]
    begin_s: float
    span_s: float
    zones: tuple[str, ...] = (*EVERYWHERE, *SIDES)


# They begin where a round begins on the cape and on the vest.
SUBJECTS = {
    "stroking": Subject({"circles": 20, "return_zones": SIDES}, 120.0, 60.0, tuple(EVERYWHERE)),
    "rubbing": Subject({"rate_hz": 0.4, "rubs": 2}, 120.0, 25.0),
    "kneading": Subject({"rate_hz": 0.4, "presses": 2}, 150.0, 30.0, tuple(EVERYWHERE)),
    "pinching": Subject({"rate_hz": 0.5, "pinches": 2}, 96.0, 20.0),
    "rolling": Subject({"speed_cm_s": 3.0, "rolls": 1}, 20.0, 40.0),
    "hold": Subject({"press_s": 12.0, "rest_s": 4.0}, 384.0, 80.0, tuple(EVERYWHERE)),
    "vibration": Subject({"swell_hz": 0.08}, 20.0, 50.0, tuple(EVERYWHERE)),
    "tapping": Subject({"rate_hz": 2.0, "touches": 4}, 96.0, 20.0, tuple(EVERYWHERE)),
}
LENGTH_S = 600.0
LEVEL = 0.3
HOPS = ("kneading", "pinching", "hold", "tapping")


@dataclass(frozen=True, slots=True)
class Reel:
    """What a massager's steps make of what is asked, over a piece of time.

    Attributes:
        places: Its actuators.
        levels: A row for each sample, 1 the strongest of them all.
        span_s: How long, in seconds.
        hops: Whether the technique lifts off and goes on somewhere else.
    """

    places: tuple[Place, ...]
    levels: tuple[tuple[float, ...], ...]
    span_s: float
    hops: bool


@cache
def record(technique: str, model: str) -> Reel:
    """Return what the composer makes of a technique on a bundled massager."""
    subject = SUBJECTS[technique]
    massager = load_library()[model]
    massager = massager.held_at(HELD) if massager.needs_zone else massager
    phase = {
        "technique": technique,
        "zones": list(subject.zones),
        "seconds": LENGTH_S,
        "level": LEVEL,
    }
    head = {"title": "Picture", "summary": "Picture.", "posture": "seated", "intent": "wellness"}
    profile = Profile.model_validate({**head, "phase": [phase | subject.keys]})
    score = Plan(profile).score(massager, LIMITS)
    step_s = subject.span_s / SAMPLES
    asked = [score.at(subject.begin_s + n * step_s).levels for n in range(SAMPLES + 1)]
    steps = [
        [round(u * of) / of for u, of in zip(row, massager.steps, strict=True)] for row in asked
    ]
    most = max(map(max, steps))
    rows = tuple(tuple(level / most for level in row) for row in steps)
    return Reel(massager.layout.places, rows, subject.span_s, technique in HOPS)


def cell(technique: str, model: str, x: float, y: float, scale: float) -> Iterator[str]:
    """Yield the drawing of one technique on one massager, its upper left corner at a point."""
    reel = record(technique, model)
    yield f'<g transform="translate({x:g} {y:g}) scale({scale:g})" class="{technique}">'
    yield from _back(reel)
    yield from _roll(reel)
    yield "</g>"


# ------------------------------------------------------------------ the back, 80 by 100

_PX_CM = 1.45
_SEAT_CM, _KNEE_CM, _NECK_CM = -6.0, -34.0, 71.0
_FELT = 0.05  # energy of a side, as a part of one touch, below which nothing is drawn
_BETWEEN_PX, _STILL_PX, _HOP_PX, _HEAD_PX = 10.0, 0.35, 4.0, 3.0
# From the neck over shoulder, armpit, waist and hip, the right half; the left is its mirror.
_HALF = "M0 0H7C8 7 14 11 22 14 30 16 33 22 33 31 32 42 26 48 25 57 25 66 29 76 31 84L31 98H0"
_THIGH = "M3 98H30L27 136H5Z"
_BROAD_CM = 6.0


def _at(place: Place, low_cm: float) -> tuple[float, float]:
    x, y = place.x_cm or 0.0, place.y_cm if place.y_cm is not None else 60.0
    squeeze = 98.0 / (_NECK_CM - low_cm)
    return 40.0 + x * _PX_CM * squeeze / 1.27, 2.0 + (_NECK_CM - y) * squeeze


def _back(reel: Reel) -> Iterator[str]:
    placed = [place for place in reel.places if place.y_cm is not None]
    low_cm = _KNEE_CM if any((p.y_cm or 0.0) < _SEAT_CM for p in placed) else _SEAT_CM
    shrunk = (_NECK_CM - _SEAT_CM) / (_NECK_CM - low_cm)
    yield f'<g transform="translate(40 2) scale({shrunk:.3g})">'
    for mirror in ("", ' transform="scale(-1 1)"'):
        yield f'<path class="skin"{mirror} d="{_HALF}{_THIGH if low_cm == _KNEE_CM else ""}"/>'
    yield '<path class="spine" d="M0 0V94"/></g>'
    for place in placed:
        px, py = _at(place, low_cm)
        used = any(levels[place.index] > 0.05 for levels in reel.levels)
        if place.footprint_cm > _BROAD_CM:
            yield f'<circle class="wide" cx="{px:.0f}" cy="{py:.0f}" r="15"/>'
        kind = "on" if used else "off"
        yield f'<circle class="{kind}" cx="{px:.1f}" cy="{py:.1f}" r="1.8"/>'
    if not placed:
        yield '<circle class="wide" cx="54" cy="19" r="8"/>'
        yield '<circle class="on" cx="54" cy="19" r="3"/>'
    for side in (-1, 1):
        yield from _way(reel, side, low_cm)


Middle = tuple[float, float] | None


def _way(reel: Reel, side: int, low_cm: float) -> Iterator[str]:
    """Draw the middle of what one side is touched at, with arrows where it travels."""
    mine = [p for p in reel.places if p.x_cm is not None and p.x_cm * side >= 1.0]
    middles = [_middle(levels, mine, low_cm) for levels in reel.levels]
    path, pen = "", False
    for point in middles:
        if point is not None:
            path += f"{'L' if pen else 'M'}{point[0]:.1f} {point[1]:.1f}"
        pen = point is not None
    if "L" in path:
        yield f'<path class="way" d="{path}"/>'
    yield from _arrows(middles)
    if reel.hops:
        yield from _hops(middles)


def _middle(levels: Sequence[float], places: Sequence[Place], low_cm: float) -> Middle:
    power = [(levels[place.index] ** 2, *_at(place, low_cm)) for place in places]
    total = sum(e for e, _, _ in power)
    if total < _FELT:
        return None
    return sum(e * x for e, x, _ in power) / total, sum(e * y for e, _, y in power) / total


def _arrows(middles: Sequence[Middle]) -> Iterator[str]:
    """Yield an arrow every so often along a way, on its first time round."""
    gone, drawn = _BETWEEN_PX, set[tuple[int, int]]()
    for before, after in pairwise(middles):
        if before is None or after is None:
            gone = 0.7 * _BETWEEN_PX
            continue
        moved = hypot(after[0] - before[0], after[1] - before[1])
        gone += moved
        spot = (round(after[0] / 6.0), round(after[1] / 6.0))
        if gone > _BETWEEN_PX and moved > _STILL_PX and spot not in drawn:
            drawn.add(spot)
            gone = 0.0
            yield _head(before, after, after)


def _hops(middles: Sequence[Middle]) -> Iterator[str]:
    """Yield the ways in the air from place to place, each once."""
    drawn = set[tuple[int, ...]]()
    last: Middle = None
    for point in middles:
        if point is None:
            continue
        if last is not None and hypot(point[0] - last[0], point[1] - last[1]) > _HOP_PX:
            ends = tuple(round(each) for each in (*last, *point))
            half = (last[0] + point[0]) / 2.0, (last[1] + point[1]) / 2.0
            if ends not in drawn:
                line = f"M{last[0]:.1f} {last[1]:.1f}L{point[0]:.1f} {point[1]:.1f}"
                yield f'<path class="hop" d="{line}"/>'
                yield _head(last, point, half)
            drawn.add(ends)
        last = point


def _head(before: tuple[float, float], after: tuple[float, float], at: tuple[float, float]) -> str:
    turn = atan2(after[1] - before[1], after[0] - before[0])
    corners = (
        f"{at[0] + _HEAD_PX * cos(turn + a):.1f} {at[1] + _HEAD_PX * sin(turn + a):.1f}"
        for a in (0.0, 0.8 * pi, -0.8 * pi)
    )
    return f'<path class="head" d="M{"L".join(corners)}Z"/>'


# ------------------------------------------------------------------ motors over time, 130 by 88

_LEFT_PX, _TOP_PX, _WIDE_PX, _HIGH_PX = 88.0, 8.0, 130.0, 84.0


def _roll(reel: Reel) -> Iterator[str]:
    """Draw a row for every motor that takes part, the left hand's above the right hand's."""
    used = [p for p in reel.places if max(levels[p.index] for levels in reel.levels) > 0.05]
    used.sort(key=lambda p: ((p.x_cm or 0.0) >= 1.0, -(p.y_cm or 0.0), -abs(p.x_cm or 0.0)))
    high = _HIGH_PX / max(1, len(used))
    for row, place in enumerate(used):
        base = _TOP_PX + high * (row + 1)
        top = min(high * 0.92, 30.0)
        yield f'<path class="row" d="M{_LEFT_PX:g} {base:.1f}h{_WIDE_PX:g}"/>'
        curve = _curve([levels[place.index] for levels in reel.levels], base, top)
        yield f'<path class="curve" d="{curve}"/>'
    right = sum((p.x_cm or 0.0) >= 1.0 for p in used)
    if 0 < right < len(used):
        middle = _TOP_PX + high * (len(used) - right) + 0.7
        yield f'<path class="between" d="M{_LEFT_PX - 4:g} {middle:.1f}h{_WIDE_PX + 4:g}"/>'
        yield _side("left", _TOP_PX + high * (len(used) - right) / 2.0)
        yield _side("right", _TOP_PX + high * (len(used) - right / 2.0))
    yield f'<text class="n e" x="{_LEFT_PX + _WIDE_PX:g}" y="101">{reel.span_s:g} s</text>'


def _side(word: str, y: float) -> str:
    turned = f"translate({_LEFT_PX - 2:g} {y:.0f}) rotate(-90)"
    return f'<text class="n m" transform="{turned}">{word}</text>'


def _curve(levels: Sequence[float], base: float, top: float) -> str:
    """Return a level over time as an area, without points that lie on a straight line."""
    step = _WIDE_PX / SAMPLES
    heights = [round(level * top, 1) for level in levels]
    kept = [
        n
        for n, height in enumerate(heights)
        if n in {0, SAMPLES} or not heights[n - 1] == height == heights[n + 1]
    ]
    points = "".join(f"L{_LEFT_PX + n * step:.1f} {base - heights[n]:.1f}" for n in kept)
    return f"M{_LEFT_PX:g} {base:.1f}{points}V{base:.1f}Z"
