"""What the tables of a massager file are made of: a strict base, and fields with their checks."""

from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from devicehub.massagers.identity import uuid_pattern


class Table(BaseModel):
    """Base of all tables: frozen, strict, nothing unknown."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=False
    )


def _uuid(value: object) -> str:
    try:
        return uuid_pattern(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(
            "must be a UUID such as 2a19 or 6e400001-b5a3-f393-e0a9-e50e24dcca9e, "
            "with ? for up to eight digits of a long one"
        ) from None


def _each(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]


def _uuids(value: object) -> tuple[str, ...]:
    uuids = tuple(map(_uuid, _each(value)))
    if not uuids:
        raise ValueError("must be a UUID, or a list of UUIDs")
    return uuids


def _frames(value: object) -> tuple[str, ...]:
    lines = _each(value)
    frames = tuple(line for line in lines if isinstance(line, str))
    if not frames or len(frames) < len(lines):
        raise ValueError("must be a frame, or a list of frames")
    return frames


def _hex(value: object) -> bytes:
    try:
        return bytes.fromhex(value if isinstance(value, str) else "?")
    except ValueError:
        raise ValueError('must be bytes in hex, for example "FF 21"') from None


def _hexes(value: object) -> tuple[bytes, ...]:
    return tuple(map(_hex, _each(value)))


_ONE_OR_MORE = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
)

Uuid = Annotated[str, BeforeValidator(_uuid)]
Uuids = Annotated[tuple[str, ...], BeforeValidator(_uuids), _ONE_OR_MORE]
Hex = Annotated[bytes, BeforeValidator(_hex), WithJsonSchema({"type": "string"})]
Hexes = Annotated[tuple[bytes, ...], BeforeValidator(_hexes), Field(min_length=1), _ONE_OR_MORE]
Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Text = Annotated[str, Field(min_length=1)]
Frames = Annotated[tuple[str, ...], BeforeValidator(_frames), _ONE_OR_MORE]
Seconds = Annotated[float, Field(gt=0, le=60)]
