"""Rows of a history: what stands in the file becomes values, or one line about what is wrong.

The database takes whatever fits its columns, so every row is looked over before anybody counts it.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, cast

from devicehub.messages import Event
from devicehub.outside import Happening, Severity

_LATEST_S = 253_370_764_800.0  # 9999-01-01: a calendar knows no later year
_LONGEST_S = 1e9  # of one session: some thirty years
_DEEPEST = 20  # a summary has four levels
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Past:
    """One session of the past; `summary` is as `docs/events.md` has it."""

    id: str
    boot: str
    started_s: float
    ended_s: float
    origin: str
    profile: str
    devices: tuple[str, ...]
    reason: str
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One event of the past, of the run `boot`."""

    boot: str
    happening: Happening


def session_name(row: Any) -> str:
    """Return how a row of a session is found in the file."""
    return f"session {row[0][:_LONGEST_NAME]!r}"


def event_name(row: Any) -> str:
    """Return how a row of an event is found in the file."""
    return f"event {row[1]} of run {row[0][:_LONGEST_NAME]!r}"


def past(row: Any) -> Past:
    """Return the session in a row. Raises ValueError: its column, and what would be right."""
    id_, boot, started_s, ended_s, origin, profile, devices, reason, summary = row
    _moment("started_s", started_s)
    _moment("ended_s", ended_s)
    names, said = _json("devices", devices), _json("summary", summary)
    _see("devices must be a list of ids", _all(str, names))
    _see("summary must be a JSON object", isinstance(said, dict))
    ids, known = tuple(cast("list[str]", names)), cast("dict[str, Any]", said)
    _summary(known)
    return Past(id_, boot, started_s, ended_s, origin, profile, ids, reason, known)


def kept(row: Any) -> Kept:
    """Return the event in a row. Raises ValueError: its column, and what would be right."""
    boot, seq, wall_s, session, device, severity, t_s, name, detail = row
    _moment("wall_s", wall_s)
    _number("t_s", t_s, _LONGEST_S)
    _see(f"severity must be one of {', '.join(Severity)}", severity in set(Severity))
    event = Event(t_s, name, device, detail)
    return Kept(boot, Happening(seq, wall_s, session, device, Severity(severity), event))


def _summary(said: dict[str, Any]) -> None:
    """Look over what is read of a summary; what is left out counts as nothing."""
    _number("summary.played_s", said.get("played_s", 0.0), _LONGEST_S)
    for row in _objects("summary.felt", said.get("felt", [])):
        _see("summary.felt.zone must be the id of a zone", isinstance(row.get("zone"), str))
        _number("summary.felt.seconds", row.get("seconds"), _LONGEST_S)
        _number("summary.felt.peak", row.get("peak"), 1.0)
    _objects("summary.devices", said.get("devices", []))


def _objects(key: str, value: object) -> list[dict[str, Any]]:
    _see(f"{key} must be a list of JSON objects", _all(dict, value))
    return cast("list[dict[str, Any]]", value)


def _all(kind: type, value: object) -> bool:
    each = cast("list[object]", value)
    return isinstance(value, list) and all(isinstance(one, kind) for one in each)


def _see(what: str, right: bool) -> None:
    if not right:
        raise ValueError(what)


def _moment(key: str, value: float) -> None:
    _see(f"{key} must be seconds since 1970, before the year 9999", 0.0 <= value <= _LATEST_S)


def _number(key: str, value: object, most: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    right = number and 0.0 <= cast("float", value) <= most
    _see(f"{key} must be a number from 0 to {most:g}", right)


def _json(key: str, text: str) -> object:
    try:
        said = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        flat = _is_flat(said, _DEEPEST)
        json.dumps(said, ensure_ascii=False).encode()  # half a letter can be neither shown nor sent
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{key} must be sound JSON, not nested deeper than {_DEEPEST}") from error
    _see(f"{key} must not be nested deeper than {_DEEPEST}", flat)
    return said


def _no_number(text: str) -> object:
    raise ValueError(text)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _is_flat(value: object, levels: int) -> bool:
    """Say whether nothing in `value` is nested deeper than so many levels."""
    if isinstance(value, dict):
        inside = list(cast("dict[str, object]", value).values())
    elif isinstance(value, list):
        inside = cast("list[object]", value)
    else:
        return True
    return levels > 0 and all(_is_flat(each, levels - 1) for each in inside)
