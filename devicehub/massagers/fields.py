"""What the tables of a massager file are made of: a strict base, and fields with their checks."""

from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from devicehub.massagers.identity import full_uuid


class Table(BaseModel):
    """Base of all tables: frozen, strict, nothing unknown."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=False
    )


def _uuid(value: object) -> str:
    stated = value if isinstance(value, str) else ""
    if "?" in stated or "*" in stated:
        raise ValueError("must be one whole UUID: wildcards are not known to this version")
    try:
        return full_uuid(stated)
    except ValueError:
        raise ValueError(
            "must be a UUID such as 2a19 or 6e400001-b5a3-f393-e0a9-e50e24dcca9e"
        ) from None


def _frames(value: object) -> tuple[str, ...]:
    lines = cast("list[object]", value) if isinstance(value, list) else [value]
    frames = tuple(line for line in lines if isinstance(line, str))
    if not frames or len(frames) < len(lines):
        raise ValueError("must be a frame, or a list of frames")
    return frames


def _hex(value: object) -> bytes:
    try:
        return bytes.fromhex(value if isinstance(value, str) else "?")
    except ValueError:
        raise ValueError('must be bytes in hex, for example "FF 21"') from None


Uuid = Annotated[str, BeforeValidator(_uuid)]
Hex = Annotated[bytes, BeforeValidator(_hex), WithJsonSchema({"type": "string"})]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Text = Annotated[str, Field(min_length=1)]
Frames = Annotated[
    tuple[str, ...],
    BeforeValidator(_frames),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
Seconds = Annotated[float, Field(gt=0, le=60)]
