"""What the governor knows of a massager on a body: its class, and where each actuator is felt."""

from dataclasses import dataclass

from devicehub.errors import SafetyRefusal
from devicehub.safety.sense import is_fraction, is_time

BOTH_SIDES = ("left", "right")
SIDES = (*BOTH_SIDES, "middle", "unknown")
LEVELS, ON_OFF, PROGRAM = "levels", "on_off", "program"
CONTROLS = (LEVELS, ON_OFF, PROGRAM)


@dataclass(frozen=True, slots=True)
class GovernedActuator:
    """One actuator on the body.

    Attributes:
        zones: Ids of all zones it is felt in; the strictest counts. Empty is "unknown".
        steps: The device's strongest step, at least 1.
        rating: The most the maker allows, as a fraction 0..1 of the strongest.
        side: "left", "right", "middle" or "unknown"; the last two count on both sides of a zone.
        control: What a step is. "levels": k of n is k/n of the strength. "on_off": on or off, so
            there is one step, and it counts as full strength. "program": speed k of n of something
            built in, which counts as k/n.

    Raises:
        SafetyRefusal: A value is out of range.
    """

    zones: tuple[str, ...]
    steps: int
    rating: float = 1.0
    side: str = "unknown"
    control: str = LEVELS

    def __post_init__(self) -> None:
        if type(self.steps) is not int or self.steps < 1:
            raise SafetyRefusal(f"actuator: steps is {self.steps!r}: must be a whole number from 1")
        if not is_fraction(self.rating):
            raise SafetyRefusal(f"actuator: rating is {self.rating!r}: must be from 0 to 1")
        if self.side not in SIDES:
            right = ", ".join(SIDES)
            raise SafetyRefusal(f"actuator: side is {self.side!r}: must be one of {right}")
        if self.control not in CONTROLS:
            right = ", ".join(CONTROLS)
            raise SafetyRefusal(f"actuator: control is {self.control!r}: must be one of {right}")
        if self.control == ON_OFF and self.steps != 1:
            raise SafetyRefusal(f"actuator: steps is {self.steps}: on or off is 1 step")


@dataclass(frozen=True, slots=True)
class Pad:
    """A heat pad that may be used.

    Attributes:
        sensor: Whether the massager says how warm the pad is.
        max_c: The most that its maker allows, in degrees Celsius.
    """

    sensor: bool
    max_c: float


@dataclass(frozen=True, slots=True)
class Mount:
    """One massager on the body.

    Attributes:
        device: Its name.
        stimulus_class: Its class, as the table of limits names it.
        actuators: In device order.
        a_m_s2: Its vibration at full strength as it was measured, in m/s2: the frequency-weighted
            acceleration after ISO 5349 (held) or ISO 2631 (sat on); None: the assumed one counts.
        pad: Its heat pad if it was asked for; without one it is never on.

    Raises:
        SafetyRefusal: A value is out of range.
    """

    device: str
    stimulus_class: str
    actuators: tuple[GovernedActuator, ...]
    a_m_s2: float | None = None
    pad: Pad | None = None

    def __post_init__(self) -> None:
        if self.a_m_s2 is not None and not (is_time(self.a_m_s2) and self.a_m_s2 > 0.0):
            raise SafetyRefusal(
                f"{self.device}: a_m_s2 is {self.a_m_s2!r}: must be a number above 0, or not given"
            )
        if not self.actuators:
            raise SafetyRefusal(f"{self.device}: has no actuators: at least one is needed")
