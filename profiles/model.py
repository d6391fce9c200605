"""Profile: what a person wrote, checked."""

from typing import Annotated, Literal, Self, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from profiles import rules
from profiles.handbook.loader import preparation
from profiles.techniques import Phase
from profiles.text import Language, Longest, Text

RULE = "profile_rule"

Suit = Literal["surface", "seat", "handheld", "bed", "pillow", "roller", "hands"]
"""With what a profile was written to be played: whatever lies against the back, as capes, vests,
satchels and seat pads do; what lies under seat and thighs as well; handhelds; beds and mattress
pads; pillows with rollers inside; a roller moved by hand; bare hands."""

SUITS: tuple[Suit, ...] = get_args(Suit)


def step_ids() -> tuple[str, ...]:
    """Return the ids of all steps of preparation."""
    return tuple(preparation())


def _known_step(step: str) -> str:
    if step not in preparation():
        raise PydanticCustomError("unknown_step", "there is no such step")
    return step


Step = Annotated[
    str,
    AfterValidator(_known_step),
    WithJsonSchema({"type": "string", "enum": list(step_ids())}),
]


class Profile(BaseModel):
    """A massage, as it stands in a TOML file. Build it from Python with the key ``phase``.

    Zones that nothing may touch are not refused here: the limits, not the language, say which.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, validate_by_alias=True
    )

    title: Annotated[Text, Longest(80)] = Field(description="a short name, at most 80 characters")
    summary: Annotated[Text, Longest(300)] = Field(
        description="a sentence or two, at most 300 characters"
    )
    purpose: Annotated[Text, Longest(300)] | None = Field(
        default=None, description="what it is good for, in at most 300 characters, or leave it out"
    )
    posture: Literal["seated", "prone", "supine", "standing"] = Field(
        description='"seated", "prone", "supine" or "standing"'
    )
    intent: Literal["wellness"] = Field(description='"wellness"; there is nothing else')
    preparation: tuple[Step, ...] = Field(
        default=(),
        description='a list of steps of preparation, such as ["warm_hands"], or leave it out',
    )
    suits: tuple[Suit, ...] = Field(
        default=(),
        description=f"a list of {', '.join(SUITS)}, or leave it out: then it suits everything",
    )
    gentle: bool = Field(default=False, description="true or false")
    walking_safe: bool = Field(default=False, description="true or false")
    phases: tuple[Phase, ...] = Field(
        alias="phase",
        min_length=1,
        max_length=100,
        description="one to 100 [[phase]] tables",
    )

    @field_validator("phases", "preparation", "suits", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(cast("list[object]", value)) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        whole = {**self.model_dump(), "phase": [phase.model_dump() for phase in self.phases]}
        found = rules.broken(whole)
        if found:
            message = "; ".join(rule.right for rule in found)
            raise PydanticCustomError(RULE, "{message}", {"message": message})
        return self

    @property
    def zones(self) -> tuple[str, ...]:
        """Every zone that the profile names, once, in the order of its phases."""
        named = (zone for phase in self.phases for zone in (*phase.zones, *phase.way_back))
        return tuple(dict.fromkeys(named))

    def told_in(self, language: Language) -> Self:
        """Return it with a title and cues that are in a language wherever they are read."""
        phases = tuple(
            each.model_copy(update={"cue": Text(each.cue.in_(language))}) for each in self.phases
        )
        title = Text(self.title.in_(language))
        return self.model_copy(update={"title": title, "phases": phases})

    @property
    def duration_s(self) -> float:
        """Length in seconds, as written."""
        return sum(phase.duration_s for phase in self.phases)
