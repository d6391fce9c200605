"""The highest steps that the keeper lets through, worked out from the tables, not from the hub."""

from collections.abc import Sequence

from devicehub.errors import SafetyRefusal
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.safety.governor import Governor
from devicehub.safety.limits import UNKNOWN, Limits


def highest_steps(massager: Massager, zone: str | None, limits: Limits) -> tuple[int, ...]:
    """Return the highest step of each actuator that any session may use.

    Args:
        massager: The product, as the library has it.
        zone: Where it is held, for a handheld; None for one whose motors have places.
        limits: The table of zones.

    Raises:
        SafetyRefusal: One that is never driven; a handheld without a zone, or at one where it may
            not be used.
        UsageError: A zone that does not exist, or for a massager that is not held.
    """
    if massager.refused is not None:
        raise SafetyRefusal(f"{massager.model}: {massager.refused}")
    if massager.needs_zone and zone is None:
        raise SafetyRefusal(f"{massager.model}: nobody said where it is held")
    if zone is not None:
        massager = massager.held_at(zone)
        cap = limits.caps(zone, massager.stimulus_class).max_intensity
        if zone == UNKNOWN or not cap > 0.0:
            raise SafetyRefusal(f"{massager.model}: may not be used at {zone}")
    return Governor(limits, [mount(massager.model, massager)]).ceiling_steps(massager.model)


def lowest(massager: Massager, *ceilings: Sequence[int]) -> tuple[int, ...]:
    """Return for each actuator the lowest of several highest steps.

    Raises:
        SafetyRefusal: There is not one for each actuator, or one that the massager does not have.
    """
    for ceiling in ceilings:
        if len(ceiling) != len(massager.steps):
            raise SafetyRefusal(f"{massager.model}: {len(massager.steps)} ceilings wanted")
        if not all(0 <= step <= most for step, most in zip(ceiling, massager.steps, strict=True)):
            raise SafetyRefusal(f"{massager.model}: a ceiling that it does not have")
    return tuple(min(steps) for steps in zip(*ceilings, strict=True))
