"""Placement: what a profile asks of places where it may not, or not in this way."""

from collections.abc import Iterable

from devicehub.safety.limits import UNKNOWN, Limits

_NAME_IN_TABLE = {"hold": "acupressure_hold", "envelope": "vibration"}
"""Techniques whose name in profiles differs from that in the table of limits."""


def forbidden(zones: Iterable[str], limits: Limits) -> tuple[str, ...]:
    """Return the zones that no massager may touch, and those that the limits do not know."""
    return tuple(
        zone
        for zone in dict.fromkeys(zones)
        if zone == UNKNOWN or zone not in limits.zones or limits.zones[zone].forbidden
    )


def unsuited(technique: str, zones: Iterable[str], limits: Limits) -> tuple[str, ...]:
    """Return the zones that do not list `technique`; it is played there, under their caps."""
    name = _NAME_IN_TABLE.get(technique, technique)
    return tuple(zone for zone in dict.fromkeys(zones) if name not in limits.zone(zone).techniques)
