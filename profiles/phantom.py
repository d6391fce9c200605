"""How the motors near a point share it, so that a touch is felt between them.

Two motors that run together are felt as one touch between them, nearer to the stronger: a phantom
sensation. Israr and Poupyrev (Tactile Brush, CHI 2011) found that it keeps its strength when the
*energies* (levels squared) sum up to a constant: with the touch at the fraction b of the way from
motor 1 to motor 2, the levels are sqrt(1 - b) A and sqrt(b) A.

Here the same holds for motors that lie anywhere. A motor's closeness falls in a straight line from
1 on its own place to 0 at the height of any other motor (on the line from the one to the other);
the smallest over all others counts. Between two motors of a row or a column these are 1 - b and b.
Closeness is then eased by a raised cosine, because sqrt(b) starts infinitely steep and no motor
and nobody's back likes that: levels become cos and sin of a quarter turn, their energies still
sum up to 1.
"""

from collections.abc import Sequence
from math import cos, pi
from typing import NamedTuple

Share = tuple[int, float]
"""An actuator's index and its part of the energy, 0 to 1."""


class Spot(NamedTuple):
    """An actuator (its index) with a place on the body map, in cm."""

    motor: int
    x: float
    y: float


def ease(part: float) -> float:
    """Return the raised cosine that goes from 0 at 0 to 1 at 1, flat at both ends."""
    return 0.5 - 0.5 * cos(pi * min(1.0, max(0.0, part)))


def shares(x_cm: float, y_cm: float, spots: Sequence[Spot]) -> tuple[Share, ...]:
    """Return how `spots` share a point: parts of the energy that sum up to 1, those above 0 only.

    Continuous in the point, and 1 for a motor on its own place. `spots` must not be empty.
    """
    eased = [(spot.motor, ease(_closeness(x_cm, y_cm, spot, spots))) for spot in spots]
    # Never 0: the nearest motor's closeness is at least a half.
    total = sum(part for _, part in eased)
    return tuple((index, part / total) for index, part in eased if part > 0.0)


def _closeness(x: float, y: float, spot: Spot, spots: Sequence[Spot]) -> float:
    closeness = 1.0
    for other in spots:
        dx, dy = other.x - spot.x, other.y - spot.y
        distance_squared = dx * dx + dy * dy
        if distance_squared > 0.0:
            along = ((x - spot.x) * dx + (y - spot.y) * dy) / distance_squared
            closeness = min(closeness, 1.0 - along)
    return closeness
