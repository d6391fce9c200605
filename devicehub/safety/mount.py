"""What the governor knows of a massager on a body: its class, and where each actuator is felt."""

from dataclasses import dataclass

from devicehub.errors import SafetyRefusal
from devicehub.safety.sense import is_fraction

BOTH_SIDES = ("left", "right")
SIDES = (*BOTH_SIDES, "middle", "unknown")


@dataclass(frozen=True, slots=True)
class GovernedActuator:
    """One actuator on the body.

    Attributes:
        zones: Ids of all zones it is felt in; the strictest counts. Empty is "unknown".
        steps: The device's strongest step, at least 1.
        rating: The most the maker allows, as a fraction 0..1 of the strongest.
        side: "left", "right", "middle" or "unknown"; the last two count on both sides of a zone.

    Raises:
        SafetyRefusal: A value is out of range.
    """

    zones: tuple[str, ...]
    steps: int
    rating: float = 1.0
    side: str = "unknown"

    def __post_init__(self) -> None:
        if type(self.steps) is not int or self.steps < 1:
            raise SafetyRefusal(f"actuator: steps is {self.steps!r}: must be a whole number from 1")
        if not is_fraction(self.rating):
            raise SafetyRefusal(f"actuator: rating is {self.rating!r}: must be from 0 to 1")
        if self.side not in SIDES:
            right = ", ".join(SIDES)
            raise SafetyRefusal(f"actuator: side is {self.side!r}: must be one of {right}")


@dataclass(frozen=True, slots=True)
class Mount:
    """One massager on the body: its name, its stimulus class, its actuators in device order."""

    device: str
    stimulus_class: str
    actuators: tuple[GovernedActuator, ...]

    def __post_init__(self) -> None:
        if not self.actuators:
            raise SafetyRefusal(f"{self.device}: has no actuators: at least one is needed")
