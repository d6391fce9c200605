"""What is played in the guest: every family once, every way to end at least once."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import cycle
from math import ceil
from typing import Any

from devicehub.errors import SafetyRefusal
from devicehub.keeper.highest import highest_steps
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.safety.limits import load
from devicehub.session.holding import playable
from firmware_sim.catalogue import MODELS, address_of

TOGETHER = 5
"""Massagers of one session, on average: each hub costs a machine some ten seconds to start."""

TIMES = ("", " again", " once more")
OUT_OF_RANGE = "link lost"
FEW_STEPS = 3
"""So few that the first one is a third of the strongest."""

AWAY = "thigh_posterior"
"""Where a handheld of few steps is held: away from the spine, whose joint cap would take the one
step that it has."""

START = 20
"""What a session costs a machine besides its massagers, in motors: three processes that start."""

ENDS = ("signal", "stop", "keeper killed", "hub killed", "both killed", OUT_OF_RANGE)
"""How sessions end: asked by another process, by a death, by Ctrl-C, by a massager out of range."""

PROFILE = """
title = "Long"
summary = "One level for as long as a test needs it."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = [{zones}]
minutes = 1
level = 0.5
"""


@dataclass(frozen=True, slots=True)
class Guest:
    """One massager of the plan.

    Attributes:
        model: Which one of its family is simulated.
        family: The family that it stands for.
        address: Where it advertises.
        zone: Where it is held; None if it has places of its own.
    """

    model: str
    family: str
    address: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """Massagers that are played together, and how that ends.

    `people` have answered the questions: one for each time that it may have to be played, without
    a massager that did not connect.
    """

    people: tuple[str, ...]
    end: str
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one machine is asked to do: massagers that are all on its air, and their sessions."""

    guests: tuple[Guest, ...]
    sessions: tuple[Session, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def people(self) -> list[str]:
        """Everybody who may play."""
        return [person for session in self.sessions for person in session.people]


@dataclass(frozen=True, slots=True)
class Plan:
    """What all machines do, and the families of which none is simulated or may move."""

    parts: tuple[Part, ...]
    left_out: tuple[str, ...]

    @property
    def guests(self) -> list[Guest]:
        return [guest for part in self.parts for guest in part.guests]

    @property
    def sessions(self) -> list[Session]:
        return [session for part in self.parts for session in part.sessions]


def make(families: Sequence[str] = (), ends: Sequence[str] = (), machines: int = 1) -> Plan:
    """Return the plan for `families` and `ends` on so many machines; empty for all of them."""
    library = load_library()
    zones = cycle(zones_of_handhelds())
    found = _representatives()
    chosen = [
        model for family, model in sorted(found.items()) if not families or family in families
    ]
    guests: list[Guest] = []
    for model in sorted(chosen, key=lambda model: -min(library[model].steps)):
        massager = library[model]
        zone = next(zones) if massager.needs_zone else None
        if zone is not None and min(massager.steps) <= FEW_STEPS:
            zone = AWAY
        guests.append(Guest(model, massager.family, "", zone))
    left_out = sorted({massager.family for massager in library.values()} - set(found))
    parts = (_part(share) for share in _shares(_sessions(guests, ends or ENDS), machines))
    return Plan(tuple(parts), tuple(left_out))


def _shares(sessions: Sequence[Session], machines: int) -> list[list[Session]]:
    """Deal the sessions out to machines, about as much work for each; none gets nothing."""
    shares: list[list[Session]] = [[] for _ in range(min(machines, len(sessions)))]
    usual = [session for session in sessions if session.end != OUT_OF_RANGE]
    for session in sorted(usual, key=_cost, reverse=True):
        min(shares, key=lambda share: sum(map(_cost, share))).append(session)
    # The last one: bluetoothd remembers who was at an address, and in a simulator of its own a
    # massager is the first, so it has to be the first of its machine.
    for session in sessions:
        if session.end == OUT_OF_RANGE:
            share = min(shares, key=lambda share: sum(map(_cost, share)))
            share.append(replace(session, guests=_first_of(share) or session.guests))
    return shares


def _first_of(share: Iterable[Session]) -> tuple[Guest, ...]:
    """Return the finest massager of a machine: it moves soonest, and so may be lost soonest."""
    return tuple(_finest_first(guest for each in share for guest in each.guests)[:1])


def _part(share: Sequence[Session]) -> Part:
    """Return what a machine does, with the addresses that its simulator gives."""
    there = dict.fromkeys(_finest_first(guest for each in share for guest in each.guests))
    placed = {guest: replace(guest, address=address_of(place)) for place, guest in enumerate(there)}
    sessions = (
        replace(each, guests=tuple(placed[guest] for guest in each.guests)) for each in share
    )
    return Part(tuple(placed.values()), tuple(sessions))


def _finest_first(guests: Iterable[Guest]) -> list[Guest]:
    return sorted(guests, key=lambda guest: (-min(_steps(guest)), guest.model))


def _cost(session: Session) -> int:
    return START + sum(map(_work, session.guests))


def _representatives() -> dict[str, str]:
    """Return for each family the first model that is simulated and that the limits let move."""
    library = load_library()
    found: dict[str, str] = {}
    for model in MODELS:
        if model in library and _moves(library[model]):
            found.setdefault(library[model].family, model)
    return found


def _moves(massager: Massager) -> bool:
    zone = zones_of_handhelds()[0] if massager.needs_zone else None
    try:
        return any(highest_steps(massager, zone, load()))
    except SafetyRefusal:
        return False


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


def _sessions(guests: Sequence[Guest], ends: Sequence[str]) -> list[Session]:
    """Deal the massagers out; a session that gets none has one that latches once more."""
    library = load_library()
    latching = [each for each in guests if library[each.model].lease_s is None]
    again = cycle(sorted(latching or guests, key=_work))
    usual = [end for end in ends if end != OUT_OF_RANGE]
    dealt = list(zip(cycle(usual), _dealt(guests, len(usual)), strict=False)) if usual else []
    if OUT_OF_RANGE in ends:
        dealt.append((OUT_OF_RANGE, tuple(guests[:1])))
    return [
        Session(tuple(f"Person {number}{time}" for time in TIMES), end, group or (next(again),))
        for number, (end, group) in enumerate(dealt)
    ]


def _dealt(guests: Sequence[Guest], least: int) -> list[tuple[Guest, ...]]:
    """Return at least so many groups, which are about as much work for a machine each.

    Those of few steps are by themselves: not even its first may be left to one of them where
    stronger ones are felt too.
    """
    few = [each for each in guests if min(_steps(each)) <= FEW_STEPS]
    others = [each for each in guests if each not in few]
    many = max(least - bool(few), ceil(len(others) / TOGETHER))
    groups: list[list[Guest]] = [[] for _ in range(many)]
    for guest in sorted(others, key=_work, reverse=True):
        min(groups, key=lambda group: sum(map(_work, group))).append(guest)
    return [tuple(group) for group in (*groups, few) if group or group is not few]


def _steps(guest: Guest) -> tuple[int, ...]:
    return load_library()[guest.model].steps


def _work(guest: Guest) -> int:
    """Return how much work it is, in motors: to hold its link is as much as five of them."""
    return 5 + len(_steps(guest))
