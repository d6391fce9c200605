"""Which massagers can be simulated, and how one is made."""

from collections.abc import Sequence

from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import Firmware

MODELS: tuple[str, ...] = tuple(REGISTRY)
"""The names of all simulated models."""


def build(model: str) -> Firmware:
    """Make a fresh device of a model, as it leaves the factory.

    Raises:
        ValueError: when there is no such model; the text lists those that exist.
    """
    if model not in REGISTRY:
        raise ValueError(f"no simulated massager {model!r}; there are {', '.join(MODELS)}")
    return REGISTRY[model]()


def address_of(place: int) -> str:
    """Return the radio address of the device at a place in the list, counted from 0.

    Always the same for the same list, so that two runs write the same bytes. The two highest bits
    make it a random static address (Core Specification Vol 6 Part B 1.3.2.1).
    """
    return f"C0:00:00:00:{place + 1 >> 8:02X}:{place + 1 & 0xFF:02X}"


def names(models: Sequence[str]) -> tuple[str, ...]:
    """Return what each device is known as: its model; the second of a model is `MODEL#2`."""
    return tuple(
        f"{model}#{before + 1}" if (before := models[:place].count(model)) else model
        for place, model in enumerate(models)
    )
