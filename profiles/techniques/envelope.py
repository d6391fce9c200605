"""Envelope: a level drawn over time by somebody else's tool, on all the zones at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, cast

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from profiles.curve import Curve, Point
from profiles.phantom import Share
from profiles.stage import Stage
from profiles.techniques.base import LONGEST_S, SAID, Fraction, PhaseBase, Shape

# Half an hour of presses, each drawn finely, has about nine thousand.
MOST_POINTS = 10_000
FEWEST_POINTS = 2
# A phase may be a little shorter than its last point says: lengths are written with three digits.
ROUNDING_S = 0.001


def _pair(value: object) -> object:
    pair = cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
    if len(pair) != FEWEST_POINTS:
        raise PydanticCustomError(SAID, "must be a pair [seconds, level]")
    return tuple(pair)


def _as_tuple(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


_Time = Annotated[float, Field(ge=0.0, le=LONGEST_S)]
_Point = Annotated[
    tuple[_Time, Fraction],
    BeforeValidator(_pair),
    WithJsonSchema(
        {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 2, "maxItems": 2}
    ),
]


class Envelope(PhaseBase):
    """A curve of levels over time; where the phase is longer, it is played again."""

    usual: ClassVar[tuple[float, float]] = (0.0, 1.0)

    technique: Literal["envelope"]
    points: Annotated[tuple[_Point, ...], BeforeValidator(_as_tuple)] = Field(
        min_length=FEWEST_POINTS,
        max_length=MOST_POINTS,
        description=f"a list of {FEWEST_POINTS} to {MOST_POINTS} pairs [seconds, level], "
        "times rising from 0 within the phase, levels from 0 to 1",
    )

    @field_validator("points")
    @classmethod
    def _in_order(cls, points: tuple[Point, ...], info: ValidationInfo) -> tuple[Point, ...]:
        for number, ((before_s, _), (t_s, _)) in enumerate(pairwise(points), 1):
            if t_s <= before_s:
                said = f"point {number} is at {t_s:g} s, not after {before_s:g} s; times must rise"
                raise PydanticCustomError(SAID, "{said}", {"said": said})
        length_s = _written_s(info.data)
        if length_s is not None and points[-1][0] > length_s + ROUNDING_S:
            said = f"ends at {points[-1][0]:g} s, after the phase, which has {length_s:g} s"
            raise PydanticCustomError(SAID, "{said}", {"said": said})
        return points

    @property
    def strongest(self) -> float:
        """The highest point of the curve, at the highest level that scales it."""
        return max(self.level) * max(level for _, level in self.points)

    @property
    def own_borders(self) -> bool:
        """The curve says how it begins and ends."""
        return True

    def shape(self, stage: Stage) -> Shape:
        """Return the curve, on every actuator of the stage."""
        curve = Curve.through(self.points)
        return _Drawn(stage.actuators, curve, tuple(_notes(curve, stage.max_rate_hz)))


@dataclass(frozen=True, slots=True)
class _Drawn:
    actuators: tuple[int, ...]
    curve: Curve
    notes: tuple[str, ...]
    advice: str = "Hold it in place, resting lightly, without lifting it."

    def at(self, t_s: float) -> list[Share]:
        level = self.curve.at(t_s % self.curve.end_s)
        energy = level * level
        return [(actuator, energy) for actuator in self.actuators]


def _written_s(written: dict[str, object]) -> float | None:
    """Return the length that the phase is given; None where that is wrong or missing."""
    seconds, minutes = written.get("seconds"), written.get("minutes")
    if isinstance(seconds, float):
        return seconds
    return 60.0 * minutes if isinstance(minutes, float) else None


def _notes(curve: Curve, max_rate_hz: float) -> Iterator[str]:
    rises = [
        curve.times_s[at]
        for at, (before, here, after) in enumerate(
            zip(curve.levels, curve.levels[1:], curve.levels[2:], strict=False), 1
        )
        if before >= here < after
    ]
    shortest_s = min((after - before for before, after in pairwise(rises)), default=float("inf"))
    if shortest_s * max_rate_hz < 1.0:
        yield (
            f"has rises {shortest_s:.2g} s apart where its zones take one each "
            f"{1.0 / max_rate_hz:.2g} s: what comes too soon is held back"
        )
