"""Requests: what this user's shell may ask of the service, one line of JSON each; strict."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from devicehub.outside import Answer
from devicehub.service.answers import no

Name = Annotated[str, Field(min_length=1, max_length=400)]


class _Request(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class StartRequest(_Request):
    """Start a session; no devices is the only one that is served."""

    op: Literal["start"]
    profile: Name | None = None
    devices: list[Name] = []
    person: Name | None = None
    zone: Name | None = None
    minutes: float | None = Field(None, ge=0.2, le=30.0)
    ceiling: float = Field(1.0, ge=0.0, le=1.0)


class TellRequest(_Request):
    """Tell a session, or all of them, something."""

    op: Literal["pause", "resume", "present", "moved"]
    device: Name | None = None


class CeilingRequest(_Request):
    """Lower the ceiling of a session."""

    op: Literal["ceiling"]
    device: Name | None = None
    level: float = Field(ge=0.0, le=1.0)


Request = StartRequest | TellRequest | CeilingRequest

_ANY: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="op")])


def read(request: dict[str, object]) -> Request | Answer:
    """Return what is asked for, or what is wrong with it."""
    try:
        return _ANY.validate_python(request)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or "op"
        return no("bad_request", f"{where}: {first['msg']}")
