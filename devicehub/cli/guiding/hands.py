"""Hands: where each hand is at one instant, and whether it touches."""

from devicehub.cli.guiding.backdrop import ways
from profiles.body import Point
from profiles.guiding import Instruction, Kind
from profiles.guiding.ground import along, length_cm

# Part of a rub in which a hand rubs inwards.
_IN = 0.5


def hands(doing: Instruction, position_s: float) -> list[tuple[Point, bool]]:
    """Return the place of each hand at `position_s` seconds of the guide."""
    since_s = max(0.0, position_s - doing.t_s)
    found: list[tuple[Point, bool]] = []
    for number, way in enumerate(ways(doing)):
        part, touching = _part(doing, since_s, number)
        found.append((along(way, part), touching))
    return found


def _part(doing: Instruction, since_s: float, hand: int) -> tuple[float, bool]:
    """Return how far along its way a hand is, 0 to 1, and whether it touches."""
    way_cm = length_cm(doing.path)
    if doing.kind is Kind.RELEASE or way_cm == 0.0 or not doing.speed_cm_s:
        return 0.0, doing.kind is not Kind.RELEASE
    if doing.rate_hz:  # rubbing: in on the skin, back in the air; the hands in turn
        part = (since_s * doing.rate_hz + hand / 2.0) % 1.0
        return (part / _IN, True) if part < _IN else ((1.0 - part) / (1.0 - _IN), False)
    return (since_s * doing.speed_cm_s / way_cm) % 1.0, True


def beat(doing: Instruction, position_s: float) -> int:
    """Return the number of the beat within four, from 0; -1 where there is none."""
    if not doing.rate_hz or position_s < doing.t_s:
        return -1
    return int((position_s - doing.t_s) * doing.rate_hz + 1e-6) % 4
