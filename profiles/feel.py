"""Feel: what a level has to become so that it feels alike on different motors.

What is felt grows with a power of how strongly something shakes; Stevens (1968) found powers from
about 1 near 30 to 60 Hz down to a half of that near 250 Hz. Both sides of a comparison have the
same power, so it drops out: two motors feel alike when they shake with the same part of their
strongest. What stays is how shaking follows the drive, the softest step that a massager has (below
it is its dead band), and the time that a motor needs to get going. Facts and sources are in
`feel.toml`.

A level is only ever lifted to the softest that the massager has, and a tap is only ever held
longer; both are a demand like any other, and the limits judge it.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

REFERENCE = "erm"


@dataclass(frozen=True, slots=True)
class Motor:
    """What is known of a kind of motor.

    Attributes:
        spin_up_s: Seconds to 63 % of a new level.
        shakes_with: Power of the drive, 0 to 1, that its force grows with.
    """

    spin_up_s: float
    shakes_with: float


@dataclass(frozen=True, slots=True)
class Feel:
    """How the actuators of one massager are to be driven.

    Attributes:
        softest: The softest level of each that moves it, 0 to 1: its first step.
        powers: What each level is raised to, to become a drive.
        spin_up_s: Seconds that the slowest of them needs to get going.
    """

    softest: tuple[float, ...]
    powers: tuple[float, ...]
    spin_up_s: float


def plain_feel(actuators: int) -> Feel:
    """Return how to drive so many actuators of which nothing is known: with the level itself."""
    return Feel((0.0,) * actuators, (1.0,) * actuators, 0.0)


def feel(stimulus_class: str, steps: Sequence[int], kinds: Sequence[str | None]) -> Feel:
    """Return how the actuators of a massager are to be driven.

    Args:
        stimulus_class: Row of the table of limits, for example ``"surface_vibration"``.
        steps: Highest step of each actuator.
        kinds: The kind of motor of each, or None where its file does not say.
    """
    motors, of_class = _facts()
    usual = of_class.get(stimulus_class, REFERENCE)
    found = [motors[kind or usual] for kind in kinds]
    reference = motors[REFERENCE].shakes_with
    powers = tuple(reference / motor.shakes_with for motor in found)
    return Feel(
        softest=tuple(1.0 / of for of in steps),
        powers=powers,
        spin_up_s=max((motor.spin_up_s for motor in found), default=0.0),
    )


@cache
def _facts() -> tuple[Mapping[str, Motor], Mapping[str, str]]:
    table = tomllib.loads((files("profiles") / "feel.toml").read_text(encoding="utf-8"))
    motors = {
        kind: Motor(facts["spin_up_s"], facts["shakes_with"])
        for kind, facts in table["motors"].items()
    }
    return MappingProxyType(motors), MappingProxyType(table["classes"])
