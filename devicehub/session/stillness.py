"""Stillness: what cannot move where it is, and why; a massager of which nothing can is refused.

A massager with few steps may have none that is weak enough: its lowest step is above the cap of the
place. Such a motor stays off, which nobody should have to find out by waiting.
"""

import math
from collections.abc import Iterator

from devicehub.errors import SafetyRefusal
from devicehub.massagers.model import Massager
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.mount import LEVELS
from profiles.body import ZONES

_EXACT = 1e-9
_TITLES = {zone.id: zone.within for zone in ZONES}


def refuse_still(name: str, massager: Massager, limits: Limits) -> None:
    """Refuse a placed massager that is never driven, or none of whose motors can do anything.

    Raises:
        SafetyRefusal: With the reason.
    """
    if massager.refused is not None:
        raise SafetyRefusal(f"{name}: {massager.refused}")
    every = range(len(massager.steps))
    if any(_can_move(massager, i, limits) for i in every):
        return
    coarse = tuple(too_coarse(massager, limits))
    where = "; ".join(dict.fromkeys(_TITLES[zone] for i in every for zone in _zones(massager, i)))
    raise SafetyRefusal(
        f"{name}: refused, {coarse[0]}"
        if coarse
        else f"{name}: refused, nothing may move at {where}"
    )


def too_coarse(massager: Massager, limits: Limits) -> Iterator[str]:
    """Say of each motor that stays off because its weakest step is above the cap of its place."""
    for i, steps in enumerate(massager.steps):
        cap, zone = _cap(massager, i, limits)
        if cap > 0.0 and not _can_move(massager, i, limits):
            yield (
                f"motor {i} stays off: its weakest step is {1 / steps:.0%} of its strength, and "
                f"{_TITLES[zone]} takes {cap:.0%}"
            )


def _can_move(massager: Massager, i: int, limits: Limits) -> bool:
    cap, _ = _cap(massager, i, limits)
    if massager.controls[i] != LEVELS:
        return cap > 0.0  # what can only be switched has a rule of its own
    return math.floor(min(cap, massager.ratings[i]) * massager.steps[i] + _EXACT) >= 1


def _cap(massager: Massager, i: int, limits: Limits) -> tuple[float, str]:
    """Return the smallest cap among the zones of a motor, and the zone that has it."""
    return min(
        (limits.caps(zone, massager.stimulus_class).max_intensity, zone)
        for zone in _zones(massager, i)
    )


def _zones(massager: Massager, i: int) -> tuple[str, ...]:
    return massager.layout.places[i].zones or (UNKNOWN,)
