"""What every technique has: the keys that all phases share, and the shape that it makes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Protocol, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from profiles.body import ZONES
from profiles.phantom import Share
from profiles.stage import Stage
from profiles.text import Longest, Text

ZONE_IDS: tuple[str, ...] = tuple(zone.id for zone in ZONES)

# About half an hour is the length of a whole massage (docs/techniques.md); limits.session agrees.
LONGEST_S = 1800.0
SHORTEST_PHASE_S = 5.0

SAID = "said"
"""The type of a mistake that says itself, in its message, what would be right."""


class Shape(Protocol):
    """A technique's motion over place and time, on one stage. Pure: asking twice is the same."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What this stage cannot do of the technique, or does slower; one sentence each."""
        ...

    @property
    def advice(self) -> str:
        """How to move a massager that is held in the hand, one sentence."""
        ...

    def at(self, t_s: float) -> Sequence[Share]:
        """Return the actuators that move `t_s` seconds after the phase began.

        Each comes once, with its energy, 0 to 1: the square of its level as a part of the phase's.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rest:
    """The shape of a phase that has nothing to move here."""

    notes: tuple[str, ...] = ("has no motor in its zones, and rests",)
    advice: str = ""

    def at(self, t_s: float) -> Sequence[Share]:
        """Return that nothing moves."""
        del t_s
        return ()


def _as_tuple(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def _known(zone: str) -> str:
    if zone not in ZONE_IDS:
        raise PydanticCustomError("unknown_zone", "there is no such zone")
    return zone


def _ramp(value: object) -> object:
    """Read a level or a pair of levels as the pair (at the start, at the end)."""
    return (value, value) if isinstance(value, int | float) else _as_tuple(value)


_ZONE = {"type": "string", "enum": list(ZONE_IDS)}
Zones = Annotated[
    tuple[Annotated[str, AfterValidator(_known), WithJsonSchema(_ZONE)], ...],
    BeforeValidator(_as_tuple),
]
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
_FRACTION = {"type": "number", "minimum": 0.0, "maximum": 1.0}
_PAIR = {"type": "array", "items": _FRACTION, "minItems": 2, "maxItems": 2}
Ramp = Annotated[
    tuple[Fraction, Fraction],
    BeforeValidator(_ramp),
    WithJsonSchema({"anyOf": [_FRACTION, _PAIR]}),
]


class PhaseBase(BaseModel, ABC):
    """One phase: a technique on some zones for some time.

    A technique is one file with a subclass of this (its own keys and `shape`), and one name in
    the union of `profiles.techniques`.

    Attributes:
        usual: The levels that the technique is usually played at, before any limit; a profile may
            ask for others, and is told (docs/techniques.md has the sources).
    """

    usual: ClassVar[tuple[float, float]]

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    zones: Zones = Field(min_length=1, description='a list of zones, such as ["rhomboid"]')
    minutes: float | None = Field(
        default=None,
        ge=SHORTEST_PHASE_S / 60.0,
        le=LONGEST_S / 60.0,
        description="a number of minutes from 0.1 to 30",
    )
    seconds: float | None = Field(
        default=None,
        ge=SHORTEST_PHASE_S,
        le=LONGEST_S,
        description="a number of seconds from 5 to 1800",
    )
    level: Ramp = Field(
        description="a number from 0 to 1, or two of them: [at the start, at the end]"
    )
    cue: Annotated[Text, Longest(200, least=0)] = Field(
        default=Text(""), description="a sentence for the person, at most 200 characters"
    )

    @property
    def strongest(self) -> float:
        """The highest level that it asks for, 0..1."""
        return max(self.level)

    @property
    def duration_s(self) -> float:
        """Length of the phase in seconds, as written."""
        return self.seconds or 60.0 * (self.minutes or 0.0)

    @property
    def knocks(self) -> bool:
        """Whether its touches are so short that it keeps off where nothing may knock."""
        return False

    @property
    def silent(self) -> bool:
        """Nothing is asked for all along: a pause, in which the cue says what to do."""
        return max(self.level) == 0.0

    @property
    def way_back(self) -> tuple[str, ...]:
        """Zones that are only touched on a way back."""
        return ()

    @property
    def own_borders(self) -> bool:
        """Whether the shape itself says how a session that it opens begins, or that it ends.

        Its levels are not lowered for a warm-up or a cool-down either.
        """
        return False

    @abstractmethod
    def shape(self, stage: Stage) -> Shape:
        """Return the motion of this phase on `stage`, which is not empty."""
