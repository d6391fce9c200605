"""Profile: what a person wrote, checked."""

from typing import Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from profiles import rules
from profiles.techniques import Phase

RULE = "profile_rule"


class Profile(BaseModel):
    """A massage, as it stands in a TOML file. Build it from Python with the key ``phase``.

    Zones that nothing may touch are not refused here: the limits, not the language, say which.
    """

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, validate_by_alias=True
    )

    title: str = Field(
        min_length=1, max_length=80, description="a short name, at most 80 characters"
    )
    summary: str = Field(
        min_length=1, max_length=300, description="a sentence or two, at most 300 characters"
    )
    posture: Literal["seated", "prone", "standing"] = Field(
        description='"seated", "prone" or "standing"'
    )
    intent: Literal["wellness"] = Field(description='"wellness"; there is nothing else')
    phases: tuple[Phase, ...] = Field(
        alias="phase",
        min_length=1,
        max_length=100,
        description="one to 100 [[phase]] tables",
    )

    @field_validator("phases", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(cast("list[object]", value)) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        found = rules.broken({"phase": [phase.model_dump() for phase in self.phases]})
        if found:
            message = "; ".join(rule.right for rule in found)
            raise PydanticCustomError(RULE, "{message}", {"message": message})
        return self

    @property
    def zones(self) -> tuple[str, ...]:
        """Every zone that the profile names, once, in the order of its phases."""
        named = (zone for phase in self.phases for zone in (*phase.zones, *phase.way_back))
        return tuple(dict.fromkeys(named))

    @property
    def duration_s(self) -> float:
        """Length in seconds, as written."""
        return sum(phase.duration_s for phase in self.phases)
