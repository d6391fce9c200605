"""Vibration: a steady hum that breathes slowly and is never lifted off."""

from dataclasses import dataclass
from math import pi, sin
from typing import ClassVar, Literal

from pydantic import Field

from profiles.phantom import Share
from profiles.stage import Stage
from profiles.techniques.base import PhaseBase, Shape

# The level swings by a tenth to either side of its middle, and its crest is the phase's level.
SWELL = 0.1


class Vibration(PhaseBase):
    """A steady level on all the zones at once, with a slow swell."""

    usual: ClassVar[tuple[float, float]] = (0.30, 0.60)

    technique: Literal["vibration"]
    swell_hz: float = Field(
        default=0.08, ge=0.05, le=0.1, description="a number from 0.05 to 0.1, swells a second"
    )

    def shape(self, stage: Stage) -> Shape:
        """Return the swell, as slow as the stage needs."""
        rate_hz = min(self.swell_hz, stage.max_rate_hz)
        slower = f"swells at {rate_hz:.3g} Hz, not {self.swell_hz:.3g}, to keep its zones calm"
        return _Swell(
            actuators=stage.actuators,
            rate_hz=rate_hz,
            notes=(slower,) if rate_hz < self.swell_hz else (),
        )


@dataclass(frozen=True, slots=True)
class _Swell:
    actuators: tuple[int, ...]
    rate_hz: float
    notes: tuple[str, ...]
    advice: str = "Hold it in place, resting lightly, without lifting it."

    def at(self, t_s: float) -> list[Share]:
        level = (1.0 + SWELL * sin(2.0 * pi * self.rate_hz * t_s)) / (1.0 + SWELL)
        energy = level * level
        return [(actuator, energy) for actuator in self.actuators]
