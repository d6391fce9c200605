"""What is played in the guest: every family once, every way to end at least once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from typing import Any

from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.session.holding import playable
from firmware_sim.catalogue import MODELS, address_of, build

TOGETHER = 6
"""Massagers of one session: each process of a hub costs the guest some ten seconds to start."""

ENDS = ("stop", "keeper killed", "hub killed", "both killed", "signal", "link lost")
"""How sessions end: asked by another process, by a death, by Ctrl-C, by a massager out of range."""

PROFILE = """
title = "Long"
summary = "One level for as long as a test needs it."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = [{zones}]
minutes = 3
level = 0.5
"""


@dataclass(frozen=True, slots=True)
class Guest:
    """One massager of the plan; `zone` is where it is held, None if it has places of its own."""

    model: str
    family: str
    name: str
    address: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """Massagers that are played together, by whom, and how that ends."""

    person: str
    end: str
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the guest is asked to do; families without a simulated massager are `left_out`."""

    guests: tuple[Guest, ...]
    sessions: tuple[Session, ...]
    left_out: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make(families: Sequence[str] = (), ends: Sequence[str] = ()) -> Plan:
    """Return the plan for `families` and `ends`; empty for all of them."""
    library = load_library()
    first = {library[model].family: model for model in reversed(MODELS) if model in library}
    chosen = {
        family: first[family] for family in sorted(first) if not families or family in families
    }
    zones = cycle(zones_of_handhelds())
    guests = tuple(
        Guest(
            model,
            family,
            build(model).advertisement.name,
            address_of(place),
            next(zones) if library[model].needs_zone else None,
        )
        for place, (family, model) in enumerate(chosen.items())
    )
    left_out = sorted({massager.family for massager in library.values()} - set(first))
    return Plan(guests, _sessions(guests, ends or ENDS), tuple(left_out))


def zones_of_handhelds() -> tuple[str, ...]:
    """Return zones where a handheld may be strong enough to be felt within seconds."""
    limits = load()
    kind = "handheld_vibration"
    return tuple(
        zone
        for zone in playable((kind,), limits)
        if limits.caps(zone, kind).max_intensity >= 0.5
        and limits.caps(zone, kind).max_rise_per_s >= 0.1
    )


def profile() -> str:
    """Return the profile that is played, at every zone that a session uses."""
    zones = dict.fromkeys([*zones_of_handhelds(), "rhomboid", "paraspinal_lumbar"])
    return PROFILE.format(zones=", ".join(f'"{zone}"' for zone in zones))


def _sessions(guests: Sequence[Guest], ends: Sequence[str]) -> tuple[Session, ...]:
    """Deal the massagers out; where ends are left, those that latch come again."""
    groups = [tuple(guests[start : start + TOGETHER]) for start in range(0, len(guests), TOGETHER)]
    library = load_library()
    latching = [guest for guest in guests if library[guest.model].lease_s is None]
    again = cycle(latching or guests)
    while len(groups) < len(ends):
        groups.append((next(again),))
    # A massager out of range takes all others with it, so that session is of few.
    return tuple(
        Session(f"Person {number}", end, group)
        for number, (end, group) in enumerate(zip(cycle(ends), groups, strict=False))
    )
