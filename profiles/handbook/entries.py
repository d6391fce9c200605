"""Entries of the handbook: what stands in its files, checked."""

from typing import Annotated, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from profiles.body import ZONES
from profiles.text import Longest, Text


def _as_tuple(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def _zone(zone: str) -> str:
    if zone not in {each.id for each in ZONES}:
        raise ValueError("there is no such zone")
    return zone


ZoneId = Annotated[str, AfterValidator(_zone)]
Sentence = Annotated[Text, Longest(300)]
Name = Annotated[Text, Longest(60)]
Lines = Annotated[
    tuple[Annotated[int, Field(ge=1, le=175)], ...],
    BeforeValidator(_as_tuple),
    Field(description="lines of the article that the project starts from"),
]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Entry(BaseModel):
    """What all entries have: strict, frozen, an id, and the lines of the article behind it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    id: Id
    lines: Lines = ()


class Step(Entry):
    """One step of preparation.

    Attributes:
        text: What to do.
        when: Before the session or after it.
        not_with: What a guide tells to do without it: it is about a massager that is not there.
    """

    text: Sentence
    when: Literal["before", "after"] = "before"
    not_with: Annotated[
        tuple[Literal["hands", "roller", "pillow"], ...], BeforeValidator(_as_tuple)
    ] = ()


class Oil(Entry):
    """An oil for a massage by hand.

    Attributes:
        name: Its name.
        note: What it is like to work with.
        caution: Who leaves it out; None if nobody in particular.
    """

    name: Name
    note: Sentence
    caution: Sentence | None = None


class Point(Entry):
    """A point that the article names.

    Attributes:
        claimed: Where the article says that it lies.
        unresolved: Why nobody can find it on a body; then nothing plays it. None for the points
            that lie on the body map.
    """

    claimed: Name
    unresolved: Sentence | None = None


class Muscle(Entry):
    """A muscle, or a group of muscles.

    Attributes:
        layer: Near the skin or below others.
        zones: Where on the body map it is felt.
        name: Its name.
        note: Where it is and what it does.
    """

    layer: Literal["superficial", "deep"]
    zones: Annotated[tuple[ZoneId, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
    name: Name
    note: Sentence


class Move(BaseModel):
    """One step of an exercise: what to do, and for how long."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: Sentence
    seconds: int = Field(ge=2, le=60)


class Exercise(Entry):
    """Something to do by oneself, with all motors off.

    Attributes:
        text: What to do.
        seconds: For how long, in all: whole rounds.
        steps: One round.
    """

    text: Sentence
    seconds: int = Field(ge=30, le=600)
    steps: Annotated[tuple[Move, ...], BeforeValidator(_as_tuple), Field(min_length=1)]

    @property
    def rounds(self) -> int:
        """How often it is done."""
        return self.seconds // sum(step.seconds for step in self.steps)

    @model_validator(mode="after")
    def _check_rounds(self) -> "Exercise":
        round_s = sum(step.seconds for step in self.steps)
        if self.seconds % round_s:
            raise ValueError(f"seconds is {self.seconds}: a round takes {round_s}, so whole rounds")
        return self
