"""Techniques that go across: rubbing from the side to the centre (L93), rolling a fold (L11)."""

from collections.abc import Iterator

from profiles.body import Point
from profiles.guiding.ground import Row, rows
from profiles.guiding.instruction import Instruction, Kind, Phrase
from profiles.guiding.turn import Turn, step, visit
from profiles.techniques.rolling import Rolling
from profiles.techniques.rubbing import Rubbing


def rub(turn: Turn, phase: Rubbing) -> Iterator[Instruction]:
    """Yield a few rubs on each height, from the side inwards; the hands go in turn, to the beat."""
    each_s = _filling(turn, phase.rubs / phase.rate_hz)

    def stay(row: Row, before: Row | None, t_s: float) -> Iterator[Instruction]:
        y, inner, outer, _ = row
        speed = (outer - inner) * 2.0 * phase.rate_hz  # in for half of a rub, then back
        yield _across(
            turn, row, before, t_s, ((outer, y), (inner, y)), each_s, speed, phase.rate_hz
        )

    yield from visit(turn, _rows(turn), each_s, stay)


def roll(turn: Turn, phase: Rolling) -> Iterator[Instruction]:
    """Yield a few rolls on each height, from the side towards the spine and back."""
    heights = _rows(turn)
    width = max(outer - inner for _, inner, outer, _ in heights)
    each_s = _filling(turn, phase.rolls * 2.0 * width / phase.speed_cm_s)

    def stay(row: Row, before: Row | None, t_s: float) -> Iterator[Instruction]:
        y, inner, outer, _ = row
        way = ((outer, y), (inner, y), (outer, y))
        yield _across(turn, row, before, t_s, way, each_s, phase.speed_cm_s, None)

    yield from visit(turn, heights, each_s, stay)


def _filling(turn: Turn, each_s: float) -> float:
    """Return the stay next to `each_s` that fills the turn: it is no time to rest amid a phase."""
    return turn.seconds / max(1, round(turn.seconds / each_s))


def _rows(turn: Turn) -> tuple[Row, ...]:
    return rows(turn.zones, turn.care.never)


def _across(  # noqa: PLR0913, PLR0917 - one parameter a column
    turn: Turn,
    row: Row,
    before: Row | None,
    t_s: float,
    way: tuple[Point, ...],
    seconds: float,
    speed_cm_s: float,
    rate_hz: float | None,
) -> Instruction:
    y, inner, _, zone = row
    last = None if before is None else ((before[1], before[0]), before[3])
    phrase = step((inner, y), zone, last, turn.key(turn.technique))
    if phrase.key == turn.key(turn.technique):
        phrase = Phrase(phrase.key, speed=speed_cm_s)
    return turn.tell(
        t_s,
        Kind.MOVE,
        phrase,
        path=way,
        zone=zone,
        seconds=seconds,
        speed_cm_s=speed_cm_s,
        rate_hz=rate_hz,
    )
