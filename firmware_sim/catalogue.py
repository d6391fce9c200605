"""Which massagers can be simulated, and how one is made."""

from collections.abc import Sequence

from firmware_sim.cabled import Cabled
from firmware_sim.firmware import REGISTRY, SERIAL
from firmware_sim.gatt import Firmware

MODELS: tuple[str, ...] = tuple(REGISTRY)
"""The names of all simulated models on the air."""

CABLED: tuple[str, ...] = tuple(SERIAL)
"""The names of all simulated models on a cable."""


def build(model: str) -> Firmware:
    """Make a fresh device of a model, as it leaves the factory.

    Raises:
        ValueError: when there is no such model; the text lists those that exist.
    """
    if model in SERIAL:
        return Cabled(SERIAL[model]())
    if model not in REGISTRY:
        there = ", ".join((*MODELS, *CABLED))
        raise ValueError(f"no simulated massager {model!r}; there are {there}")
    return REGISTRY[model]()


def address_of(place: int) -> str:
    """Return the radio address of the device at a place in the list, counted from 0.

    Always the same for the same list, so that two runs write the same bytes. The two highest bits
    make it a random static address (Core Specification Vol 6 Part B 1.3.2.1).
    """
    return f"C0:00:00:00:{place + 1 >> 8:02X}:{place + 1 & 0xFF:02X}"


def found_at(model: str, address: str) -> str:
    """Return what a hub looks for a device by: one on a cable does not say what it is."""
    return f"{model}@{address}" if model in SERIAL else address


def names(models: Sequence[str]) -> tuple[str, ...]:
    """Return what each device is known as: its model; the second of a model is `MODEL#2`."""
    return tuple(
        f"{model}#{before + 1}" if (before := models[:place].count(model)) else model
        for place, model in enumerate(models)
    )
