"""Techniques of one small place at a time: kneading, pinching, tapping, holding a point.

Kneading: small areas, one after the other, careful; where it hurts, less force (L96). Tapping comes
last, lightly, with the fingertips (L14). A point is held beside the spine, never on it (L20 to 28).
"""

from collections.abc import Iterator

from profiles.body import POINTS, Point
from profiles.guiding.ground import BESIDE_CM, areas
from profiles.guiding.instruction import Instruction, Kind, Phrase, Side
from profiles.guiding.pacing import BEAT_GAP_S
from profiles.guiding.phrases import SAY_S
from profiles.guiding.turn import Turn, step, visit
from profiles.techniques.hold import Hold
from profiles.techniques.kneading import HOLD, PRESS, Kneading
from profiles.techniques.pinching import Pinching
from profiles.techniques.tapping import Tapping

Spot = tuple[Point, str]

# Said aloud for so many presses; the beat goes on without words.
SPOKEN_PRESSES = 2


def knead(turn: Turn, phase: Kneading) -> Iterator[Instruction]:
    """Yield press, hold and release on each place, both hands together or in turn."""
    alternating = phase.sides == "alternating" and turn.side is Side.BOTH
    sides = (Side.LEFT, Side.RIGHT) if alternating else (turn.side,)
    press_s = 1.0 / phase.rate_hz
    each_s = phase.presses * len(sides) * press_s
    # The words come when it has been said how; a turn on the other side begins without.
    loud_s = turn.start_s + SAY_S[turn.key("kneading")]
    loud = loud_s, loud_s + SPOKEN_PRESSES * press_s

    def stay(spot: Spot, before: Spot | None, t_s: float) -> Iterator[Instruction]:
        yield _arrive(turn, spot, before, t_s, each_s, phase.rate_hz)
        if turn.tool.driven:  # its motor presses
            return
        for number in range(phase.presses * len(sides)):
            side, begin_s = sides[number % len(sides)], t_s + number * press_s
            if begin_s + press_s <= turn.end_s + 1e-6:
                yield from _press(turn, spot, side, begin_s, press_s, loud)

    yield from visit(turn, _spots(turn), each_s, stay)


def pinch(turn: Turn, phase: Pinching) -> Iterator[Instruction]:
    """Yield a few gentle pinches on each place, to the beat."""
    yield from _to_the_beat(turn, phase.rate_hz, phase.pinches)


def tap(turn: Turn, phase: Tapping) -> Iterator[Instruction]:
    """Yield a few light touches on each place, to the beat."""
    yield from _to_the_beat(turn, phase.rate_hz, phase.touches)


def hold(turn: Turn, phase: Hold) -> Iterator[Instruction]:
    """Yield a gentle press on each place, or on the one point, kept still, and a rest after it."""

    def stay(spot: Spot, before: Spot | None, t_s: float) -> Iterator[Instruction]:
        again = spot == before
        arrived = _arrive(turn, spot, None if again else before, t_s, phase.press_s, None)
        go = Phrase(turn.key("press.again")) if again else arrived.phrase
        (point, zone), let_go_s = spot, t_s + phase.press_s
        yield turn.tell(t_s, Kind.PRESS, go, path=(point,), zone=zone, seconds=phase.press_s)
        if let_go_s < turn.end_s:
            rest_s = min(phase.rest_s, turn.end_s - let_go_s)
            release = Phrase(turn.key("release"))
            yield turn.tell(let_go_s, Kind.RELEASE, release, zone=zone, seconds=rest_s)

    spots = _spots(turn)
    if phase.point is not None:
        known = POINTS[phase.point]
        spots = (((max(BESIDE_CM, known.x_cm), known.y_cm), turn.zones[0]),)
    yield from visit(turn, spots, phase.press_s + phase.rest_s, stay)


def _spots(turn: Turn) -> tuple[Spot, ...]:
    return areas(turn.zones, turn.care.never)


def _to_the_beat(turn: Turn, rate_hz: float, times: int) -> Iterator[Instruction]:
    each_s = times / rate_hz

    def stay(spot: Spot, before: Spot | None, t_s: float) -> Iterator[Instruction]:
        yield _arrive(turn, spot, before, t_s, each_s, rate_hz)

    yield from visit(turn, _spots(turn), each_s, stay)


def _arrive(
    turn: Turn,
    spot: Spot,
    before: Spot | None,
    t_s: float,
    seconds: float,
    rate_hz: float | None,
) -> Instruction:
    point, zone = spot
    phrase = step(point, zone, before, turn.key(turn.technique))
    return turn.tell(
        t_s, Kind.PLACE, phrase, path=(point,), zone=zone, seconds=seconds, rate_hz=rate_hz
    )


def _press(
    turn: Turn, spot: Spot, side: Side, t_s: float, press_s: float, loud: tuple[float, float]
) -> Iterator[Instruction]:
    """Yield one press in three parts, the same parts as on a massager.

    Of quick presses only the first part is said: a part that is over before its word is would push
    out the next one, and "press, release, hold" is no beat.
    """
    point, zone = spot
    said = loud[0] <= t_s < loud[1]
    parts = (
        (Kind.PRESS, "press", 0.0, PRESS),
        (Kind.HOLD, "hold.still", PRESS, HOLD),
        (Kind.RELEASE, "release", PRESS + HOLD, 1.0 - PRESS - HOLD),
    )
    for kind, key, begin, share in parts:
        yield turn.tell(
            t_s + begin * press_s,
            kind,
            Phrase(key),
            path=(point,),
            zone=zone,
            side=side,
            seconds=share * press_s,
            spoken=said and (kind is Kind.PRESS or share * press_s >= SAY_S[key] + BEAT_GAP_S),
        )
