"""What tables of settings are made of."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

ENV_PREFIX = "DEVICEHUB_"
NESTED = "__"
RIGHT = "right"
"""Where a key's schema says what would be right, as it is told with a mistake."""

_ID = r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$"
ID_RIGHT = "1 to 32 of a-z, 0-9 and -, neither first nor last a -"
FILE_RIGHT = "a file"

Id = Annotated[str, Field(pattern=_ID)]
File = Annotated[Path, Field(strict=False)]  # text in TOML and in the environment


def key(default: Any, meaning: str, right: str, **limits: Any) -> Any:
    """Return a key with all that is said of it."""
    return Field(default, description=meaning, json_schema_extra={RIGHT: right}, **limits)


class Section(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)
