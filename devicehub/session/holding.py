"""Holding: where each handheld of a session is held. A massager with places is never asked.

One handheld takes the one zone that was said; several are told apart by the names under which they
were asked for.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.model import Massager
from devicehub.safety.limits import UNKNOWN, Limits
from profiles.body import ZONES


def hold(
    massagers: Mapping[str, Massager], zone: str | None, zones: Mapping[str, str], limits: Limits
) -> dict[str, Massager]:
    """Return the massagers of one session, each with every motor placed on the body.

    Args:
        massagers: All of them, by the name under which each was asked for.
        zone: Where the one handheld is held that `zones` does not name, or None.
        zones: Where handhelds are held, by name.
        limits: Which zones a handheld may be used in.

    Raises:
        SafetyRefusal: A handheld is held where it may not be.
        UsageError: A handheld without a zone; a zone that does not exist, or that no handheld is
            there to take.
    """
    held = {name: massager for name, massager in massagers.items() if massager.needs_zone}
    for name in zones:
        if name not in held:
            raise UsageError(f"--zone {name}={zones[name]}: {_not_held(massagers, name)}")
    unnamed = [name for name in held if name not in zones]
    if zone is not None and len(unnamed) != 1:
        raise UsageError(f"--zone {zone}: {_which(massagers, unnamed)}")
    said = dict(zones) | (dict.fromkeys(unnamed, zone) if zone is not None else {})
    return dict(massagers) | {
        name: massager.held_at(_checked(name, massager, said.get(name), limits))
        for name, massager in held.items()
    }


def _not_held(massagers: Mapping[str, Massager], name: str) -> str:
    if name not in massagers:
        return f"{name} is not in this session; {', '.join(massagers)} are"
    return f"{massagers[name].model} knows where its motors are; leave it out"


def _which(massagers: Mapping[str, Massager], unnamed: Sequence[str]) -> str:
    if not unnamed:
        models = ", ".join(massager.model for massager in massagers.values())
        return f"{models}: every place is known already; leave --zone out"
    each = " ".join(f"--zone {name}=ZONE" for name in unnamed)
    return f"{len(unnamed)} massagers are held by hand; say {each}"


def _checked(name: str, massager: Massager, zone: str | None, limits: Limits) -> str:
    """Return `zone` if `massager` may be held there."""
    takes = playable((massager.stimulus_class,), limits)
    if zone is None:
        raise UsageError(f"{name}: say where it is held, --zone with one of\n{listed(takes)}")
    check_zone(zone, takes, limits)
    return zone


def check_zone(zone: str, takes: Sequence[str], limits: Limits) -> None:
    """Refuse a zone that is not one of those that a handheld `takes`. Raises as `hold`."""
    if zone not in limits.zones:
        near = difflib.get_close_matches(zone, takes, n=1)
        would = f"did you mean {near[0]}?" if near else f"one of\n{listed(takes)}"
        raise UsageError(f"--zone {zone}: no such zone; {would}")
    if zone not in takes:
        raise SafetyRefusal(
            f"--zone {zone}: refused, a handheld may not be used there; one of\n{listed(takes)}"
        )


def playable(classes: Collection[str], limits: Limits) -> tuple[str, ...]:
    """Return the zones where massagers of `classes` may do anything at all, from the head down."""
    return from_the_head(
        zone
        for zone in limits.zones
        if zone != UNKNOWN and any(limits.caps(zone, each).max_intensity > 0.0 for each in classes)
    )


def from_the_head(zones: Iterable[str]) -> tuple[str, ...]:
    """Return zones in order from the head down."""
    tops_cm = {zone.id: max((y for _, y in zone.outline), default=0.0) for zone in ZONES}
    return tuple(sorted(zones, key=lambda zone: (-tops_cm.get(zone, 0.0), zone)))


def listed(takes: Sequence[str]) -> str:
    """Return the zones, one a line: as it is typed, and as a person says it."""
    titles = {zone.id: zone.title for zone in ZONES}
    return "\n".join(f"  {zone:<20}{titles.get(zone, '')}".rstrip() for zone in takes)
