"""A user's own table: it may lower what is called max, raise what is called min, and nothing else.

What is looser than the packaged table, unknown, no number or not finite is an error that stops the
load; nothing is clamped in silence. All mistakes of a file are told at once.
"""

import difflib
import math
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, TypeVar, cast

from devicehub.safety.strict import LimitsError
from devicehub.safety.zone_limits import NO_LOOSER, UNKNOWN, ClassCaps, ZoneLimits

T = TypeVar("T")

_MAX, _MIN = "max_", "min_"
_SHOWN = 60  # characters of a wrong value; more is no help
_MAY_BE_ZERO = "max_intensity"
_FINITE = sys.float_info.max
_CAPS = tuple(each.name for each in fields(ClassCaps))
_LEAST = (*NO_LOOSER, "max_daily_s")


@dataclass(slots=True)
class Own:
    """What a user wrote, and the mistakes that were found in it so far."""

    source: str
    items: Mapping[str, object]
    mistakes: list[str] = field(default_factory=list[str])

    def refuse(self, path: str, value: object, right: str) -> None:
        """Note a mistake; `finish` raises it."""
        told = "a table" if isinstance(value, dict) else _shown(value)
        self.mistakes.append(f"{self.source}: {path} is {told}: must be {right}")

    def no_zone(self, name: str, zones: Iterable[str]) -> None:
        """Note a zone that does not exist."""
        near = difflib.get_close_matches(name, zones)
        would = f"did you mean {near[0]}?" if near else f"must be a zone: {', '.join(zones)}"
        self.mistakes.append(f"{self.source}: zones.{name}: no such zone; {would}")

    def only(self, sections: Sequence[str]) -> None:
        """Refuse sections that are not a user's to change, or that do not exist."""
        for name in self.items:
            if name not in sections:
                right = ", ".join(sections)
                self.mistakes.append(f"{self.source}: {name} is not for you to set: only {right}")

    def section(self, name: str) -> Mapping[str, object]:
        """Return a section; nothing where it is not written, or no section."""
        return self.table(name, self.items.get(name, {}))

    def table(self, path: str, value: object) -> Mapping[str, object]:
        """Return a table; nothing, and a mistake, where it is none."""
        if isinstance(value, dict):
            return cast("dict[str, object]", value)
        self.refuse(path, value, "a table")
        return {}

    def finish(self) -> None:
        """Raise all mistakes.

        Raises:
            LimitsError: There are any.
        """
        if self.mistakes:
            raise LimitsError("\n".join(self.mistakes))


def read_own(text: str, source: str) -> Own:
    """Return what a user wrote in TOML.

    Raises:
        LimitsError: It is no TOML.
    """
    try:
        return Own(source, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise LimitsError(f"{source}: not TOML: {error}") from None


def tightened_section(section: T, name: str, own: Own) -> T:
    """Return one section of the limits, a frozen dataclass, with what a user wrote for it."""
    values: dict[str, Any] = {
        each.name: getattr(section, each.name)
        for each in fields(cast("Any", section))
        if each.name.startswith((_MAX, _MIN))
    }
    changed: dict[str, Any] = {}
    for key, value in own.section(name).items():
        path = f"{name}.{key}"
        if key not in values:
            own.refuse(path, value, f"one of the keys {', '.join(values)}")
        elif isinstance(values[key], Mapping):
            changed[key] = _by_name(cast("Mapping[str, float]", values[key]), key, path, value, own)
        else:
            changed[key] = _tighter(key, [values[key]], path, value, own)[0]
    return cast("T", replace(cast("Any", section), **changed))


def tightened_zones(zones: Mapping[str, ZoneLimits], own: Own) -> Mapping[str, ZoneLimits]:
    """Return the zones with what a user wrote for them.

    A place that is not known may not take more than any place that is played: what a user lowers
    there, it lowers for "unknown" as well.
    """
    changed = dict(zones)
    for zone_id, value in own.section("zones").items():
        path = f"zones.{zone_id}"
        if zone_id in zones:
            changed[zone_id] = _tightened_zone(zones[zone_id], path, own.table(path, value), own)
        else:
            own.no_zone(zone_id, zones)
    changed[UNKNOWN] = _strictest([zone for zone in changed.values() if not zone.forbidden])
    return MappingProxyType(changed)


def _tightened_zone(
    zone: ZoneLimits, path: str, written: Mapping[str, object], own: Own
) -> ZoneLimits:
    """Return a zone with a user's values: first those for all classes, then those for one."""
    caps = dict(zone.caps)
    for key, value in written.items():
        if key in _CAPS:
            caps = _tightened_caps(caps, key, f"{path}.{key}", value, own)
        elif key not in caps:
            own.refuse(f"{path}.{key}", value, f"one of the keys {', '.join((*_CAPS, *caps))}")
    for name in caps:
        below = f"{path}.{name}"
        for key, value in own.table(below, written.get(name, {})).items():
            if key in _CAPS:
                caps |= _tightened_caps({name: caps[name]}, key, f"{below}.{key}", value, own)
            else:
                own.refuse(f"{below}.{key}", value, f"one of the keys {', '.join(_CAPS)}")
    return replace(zone, caps=MappingProxyType(caps))


def _tightened_caps(
    caps: Mapping[str, ClassCaps], key: str, path: str, value: object, own: Own
) -> dict[str, ClassCaps]:
    """Return the caps of some classes with one value; where nothing moves it changes nothing."""
    moved = {name: each for name, each in caps.items() if each.max_intensity > 0.0}
    if not moved:
        own.refuse(path, value, "left out: nothing may move there")
        return {**caps}
    known: list[float | None] = [getattr(each, key) for each in moved.values()]
    bounds = [math.inf if bound is None else bound for bound in known]
    results = _tighter(key, bounds, path, value, own)
    changed = {
        name: replace(each, **{key: result})
        for (name, each), result in zip(moved.items(), results, strict=True)
    }
    return {**caps, **changed}


def _by_name(
    values: Mapping[str, float], key: str, path: str, value: object, own: Own
) -> Mapping[str, float]:
    changed = dict(values)
    for name, each in own.table(path, value).items():
        if name in values:
            changed[name] = _tighter(key, [values[name]], f"{path}.{name}", each, own)[0]
        else:
            own.refuse(f"{path}.{name}", each, f"one of the keys {', '.join(values)}")
    return MappingProxyType(changed)


def _tighter(key: str, bounds: list[float], path: str, value: object, own: Own) -> list[float]:
    """Return each bound, tightened by `value`; looser than the loosest of them is a mistake."""
    loosest, strictest = max(bounds), min(bounds)
    if isinstance(value, bool) or not isinstance(value, int | float):
        own.refuse(path, value, "a number")
    elif key.startswith(_MIN):
        if strictest <= value <= _FINITE:
            return [max(float(value), bound) for bound in bounds]
        own.refuse(path, value, f"finite and at least {strictest:g}")
    elif key == _MAY_BE_ZERO:
        if 0.0 <= value <= loosest:
            return [min(float(value), bound) for bound in bounds]
        own.refuse(path, value, f"from 0 to {loosest:g}")
    elif 0.0 < value <= min(loosest, _FINITE):
        return [min(float(value), bound) for bound in bounds]
    else:
        most = "finite" if loosest == math.inf else f"at most {loosest:g}"
        own.refuse(path, value, f"above 0 and {most}")
    return bounds


def _strictest(zones: Sequence[ZoneLimits]) -> ZoneLimits:
    """Return "unknown", no looser than any of `zones`, of which it is one."""
    unknown = next(zone for zone in zones if zone.id == UNKNOWN)
    caps: dict[str, ClassCaps] = {}
    for name, own in unknown.caps.items():
        rows = [zone.caps[name] for zone in zones]
        caps[name] = replace(own, **{key: min(getattr(row, key) for row in rows) for key in _LEAST})
        if own.max_intensity > 0.0:
            caps[name] = replace(caps[name], min_rest_s=max(row.min_rest_s for row in rows))
    return replace(unknown, caps=MappingProxyType(caps))


def _shown(value: object) -> str:
    """Return a value as it may be told, also one that cannot be written out."""
    try:
        written = repr(value)
    except (ValueError, RecursionError):
        return "something endless"
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}..."
