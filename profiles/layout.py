"""Layout: where a massager's actuators sit on the body map, and the zones they are felt in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One actuator on the body.

    Attributes:
        index: The actuator's number on the device, from 0.
        kind: What it does: ``"vibration"`` so far.
        zones: Ids of the zones it is felt in; empty means unknown, the strictest.
        x_cm: Distance from the midline in cm, right of the person positive; None without a place.
        y_cm: Height above the tip of the coccyx in cm; None without a place.
        footprint_cm: Radius of the patch of skin that it moves, in cm.
        motor: The kind of its motor (`profiles/feel.toml`); None where nobody has said.
    """

    index: int
    kind: str
    zones: tuple[str, ...]
    x_cm: float | None = None
    y_cm: float | None = None
    footprint_cm: float = 1.5
    motor: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """All actuators of one massager, in device order (``places[i].index == i``)."""

    name: str
    places: tuple[Place, ...]
