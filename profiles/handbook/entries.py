"""Entries of the handbook: what stands in its files, checked."""

from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from profiles.text import Longest, Text


def _as_tuple(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


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
    """

    text: Sentence
    when: Literal["before", "after"] = "before"
