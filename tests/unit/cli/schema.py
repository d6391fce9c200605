"""As much of JSON Schema as docs/events.schema.json uses, to hold printed lines against it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "docs" / "events.schema.json").read_text(encoding="utf-8")
)
KNOWN = {
    *("$ref", "oneOf", "const", "enum", "type", "minimum", "maximum"),
    *("required", "properties", "items"),
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def resolved(rule: dict[str, Any]) -> dict[str, Any]:
    return SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")] if "$ref" in rule else rule


def of_kind(kind: str) -> dict[str, Any]:
    return SCHEMA["$defs"][kind]


def faults(value: Any, rule: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield where `value` is not what `rule` asks for."""
    rule = resolved(rule)
    assert rule.keys() <= KNOWN, rule.keys() - KNOWN
    kinds = rule.get("type", [])
    names: list[str] = [kinds] if isinstance(kinds, str) else kinds
    if names and type(value) not in {each for name in names for each in TYPES[name]}:
        yield f"{path} = {value!r} is no {kinds}"
    elif value != rule.get("const", value) or value not in rule.get("enum", [value]):
        yield f"{path} = {value!r}"
    elif isinstance(value, int | float):
        if not rule.get("minimum", value) <= value <= rule.get("maximum", value):
            yield f"{path} = {value!r} is out of range"
    elif isinstance(value, dict):
        yield from _faults_inside(value, rule, path)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list):
        for each in value:  # pyright: ignore[reportUnknownVariableType] - JSON
            yield from faults(each, rule["items"], f"{path}[]")


def _faults_inside(parts: dict[str, Any], rule: dict[str, Any], path: str) -> Iterator[str]:
    properties = rule["properties"]
    yield from (f"{path}.{key} is missing" for key in rule["required"] if key not in parts)
    for key, value in parts.items():
        if key in properties:
            yield from faults(value, properties[key], f"{path}.{key}")
        else:
            yield f"{path}.{key} is unknown"


def keys(rule: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield every key path that the schema knows, as the page writes it."""
    rule = resolved(rule)
    if "items" in rule:
        yield from keys(rule["items"], f"{path}[]")
    for key, inner in rule.get("properties", {}).items():
        whole = f"{path}.{key}" if path else key
        yield whole
        yield from keys(inner, whole)
