"""Wire base: what every payload that goes out shares."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_DECIMALS = 4

Level = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]
Stamp = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


def stamp(wall_s: float) -> str:
    """Return an instant as it is written: UTC, milliseconds."""
    moment = datetime.fromtimestamp(wall_s, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


class Payload(BaseModel):
    """What every payload has: the contract's major version, when it was made, by which run."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    v: Literal[1] = 1
    """Major version of the contract."""
    ts: Stamp
    """When this was made."""
    boot: str
    """Which run of the hub made it; a new one begins its numbers anew."""

    def encoded(self) -> bytes:
        """Return it as UTF-8 JSON."""
        return self.model_dump_json().encode()


def rounded(value: float) -> float:
    """Return a number as it is written: finer than any step and any clock that is shown."""
    return round(value, _DECIMALS)
