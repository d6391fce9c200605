"""Which massagers can be simulated, and how one is made.

A model is one of those here, or a massager file of its user's own: `FILE.toml` for its first model,
`FILE.toml#MODEL` for another.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from firmware_sim.cabled import Cabled, lines
from firmware_sim.firmware import REGISTRY, SERIAL
from firmware_sim.gatt import Firmware
from firmware_sim.generic.firmware import Generic
from firmware_sim.generic.model import Described, read_file
from firmware_sim.generic.stream import frames

MODELS: tuple[str, ...] = tuple(REGISTRY)
"""The names of all simulated models on the air."""

CABLED: tuple[str, ...] = tuple(SERIAL)
"""The names of all simulated models on a cable."""


def build(model: str) -> Firmware:
    """Make a fresh device of a model, as it leaves the factory.

    Raises:
        ValueError: when there is no such model, and the text lists those that exist; or the file is
            none that can be simulated.
    """
    if _in_a_file(model):
        return Generic(_described(model))
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


def is_cabled(model: str) -> bool:
    """Say whether a model is on a cable. Raises ValueError as `build`."""
    return _described(model).cabled if _in_a_file(model) else model in SERIAL


def pieces_of(model: str) -> Callable[[bytes], Sequence[bytes]]:
    """Return what cuts the stream of a model on a cable into its frames. Raises as `build`."""
    return partial(frames, _described(model)) if _in_a_file(model) else lines


def found_at(model: str, address: str) -> str:
    """Return what a hub looks for a device by: one on a cable does not say what it is."""
    return f"{known_as(model)}@{address}" if is_cabled(model) else address


def known_as(model: str) -> str:
    """Return the name of a model; one in a file has it from there. Raises ValueError as `build`."""
    return _described(model).model if _in_a_file(model) else model


def names(models: Sequence[str]) -> tuple[str, ...]:
    """Return what each device is known as: its model; the second of a model is `MODEL#2`."""
    known = [known_as(model) for model in models]
    return tuple(
        f"{model}#{before + 1}" if (before := known[:place].count(model)) else model
        for place, model in enumerate(known)
    )


def _in_a_file(model: str) -> bool:
    return model.partition("#")[0].endswith(".toml")


def _described(model: str) -> Described:
    path, _, name = model.partition("#")
    return read_file(Path(path), name or None)
