"""What there is to set, from the model: its JSON Schema, and a row for every key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from devicehub.config.model import Settings
from devicehub.config.section import RIGHT

OWN_ID = "ID"
"""Stands for the id that a user gives to a massager, or to a proxy."""


@dataclass(frozen=True, slots=True)
class Row:
    """One key: as it is written in TOML, its default, what it means, what would be right."""

    key: tuple[str, ...]
    default: object
    meaning: str
    right: str


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a settings file."""
    made = Settings.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def rows(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield every key, table by table, in the order of the model."""
    for name, field in model.model_fields.items():
        inner, is_listed = _table(field)
        key = (*above, name)
        if inner is not None:
            yield from rows(inner, (*key, OWN_ID) if is_listed else key)
        else:
            yield Row(key, _default(field), field.description or "", _right(field))


def _table(field: FieldInfo) -> tuple[type[BaseModel] | None, bool]:
    """Return the table that a key holds, and whether it holds one for each id."""
    around = (field.annotation, *get_args(field.annotation))
    found = [one for one in around if isinstance(one, type) and issubclass(one, BaseModel)]
    return (found[0] if found else None), bool(found) and get_args(field.annotation) != ()


def _default(field: FieldInfo) -> object:
    return None if field.default is PydanticUndefined else field.default


def _right(field: FieldInfo) -> str:
    return str(cast("dict[str, object]", field.json_schema_extra)[RIGHT])


def values(
    settings: BaseModel, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every key with its value as it may be seen; a secret is stars, whatever its length."""
    for name in type(settings).model_fields:
        value: object = getattr(settings, name)
        yield from _within((*above, name), value)


def _within(key: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, BaseModel):
        yield from values(value, key)
    elif isinstance(value, dict):
        for name, one in cast("dict[str, object]", value).items():
            yield from _within((*key, name), one)
    elif isinstance(value, SecretStr):
        yield key, "********"
    else:
        yield key, value if value is None or isinstance(value, bool | int | float) else str(value)
