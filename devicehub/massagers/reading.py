"""TOML text to a checked table, with one line for each mistake."""

import tomllib
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from devicehub.massagers import schema, tables
from devicehub.massagers.mistakes import Mistakes, key_path, nearest

_TABLES: dict[str, type[schema.Table]] = {
    "identify": tables.IdentifyTable,
    "manufacturer": tables.ManufacturerTable,
    "connect": tables.ConnectTable,
    "expect": tables.ExpectTable,
    "keepalive": tables.KeepaliveTable,
    "pairing": tables.PairingTable,
    "battery": tables.BatteryTable,
    "report": tables.ReportTable,
    "model": schema.ModelTable,
    "actuators": schema.ActuatorTable,
    "heat": schema.HeatTable,
    "places": schema.PlaceTable,
    "vectors": schema.VectorTable,
}


def read(text: str, source: str) -> schema.MassagerFile:
    """Return the table that a massager file says.

    Args:
        text: The file's text.
        source: The file's name, for messages.

    Raises:
        MassagerError: It is no TOML or breaks the schema; one line per mistake.
    """
    return check(parse(text, source), source)


def parse(text: str, source: str) -> dict[str, Any]:
    """Return the tables of a massager file as they stand. Raises MassagerError: it is no TOML."""
    mistakes = Mistakes(source)
    try:
        return tomllib.loads(text)
    except RecursionError:
        mistakes.add("", "is nested too deep")
    except ValueError as error:  # beside what is no TOML, numbers of thousands of digits
        mistakes.add("", f"is no TOML: {error}")
    raise mistakes.error() from None


def check(said: dict[str, Any], source: str) -> schema.MassagerFile:
    """Return the tables of a file checked. Raises MassagerError: they break the schema."""
    mistakes = Mistakes(source)
    try:
        return schema.MassagerFile.model_validate(said)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _note(detail, mistakes)
        raise mistakes.error() from None


def _note(detail: ErrorDetails, mistakes: Mistakes) -> None:
    keys = detail["loc"]
    path = key_path(keys)
    if not keys:
        mistakes.add("", _plain(detail["msg"]))
        return
    *parents, key = [name for name in keys if isinstance(name, str)]
    fields = _fields(parents)
    meant = fields.get(key, "")
    match detail["type"]:
        case "missing":
            mistakes.add(path, f"is missing ({meant})")
        case "extra_forbidden":
            mistakes.add(path, f"is no key that is known here; {nearest(key, list(fields))}")
        case "value_error" | "literal_error":
            mistakes.add(path, _plain(detail["msg"]), detail["input"])
        case "string_pattern_mismatch":
            mistakes.add(path, f"must be {meant}", detail["input"])
        case _:
            mistakes.add(path, f"{_plain(detail['msg'])} ({meant})", detail["input"])


def _fields(parents: list[str]) -> dict[str, str]:
    """Return the keys of the table inside `parents` with what would be right for each."""
    table: type[schema.Table] = schema.MassagerFile
    if parents and parents[0] == "chars":
        table = tables.CharTable
    else:
        table = _TABLES[parents[-1]] if parents else table
    return {
        field.alias or name: field.description or "" for name, field in table.model_fields.items()
    }


def _plain(message: str) -> str:
    """Return pydantic's sentence in the voice of ours."""
    plain = message.removeprefix("Value error, ")
    for theirs in ("Input should be", "String should be", "List should be"):
        plain = plain.replace(theirs, "must be")
    for theirs in ("Input should", "String should", "List should", "Dictionary should"):
        plain = plain.replace(theirs, "must")
    return plain.partition(" after validation")[0]
