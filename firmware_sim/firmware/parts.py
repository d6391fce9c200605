"""What simulated massagers are made of: motor drivers, a battery, the standard services."""

from collections.abc import Sequence
from functools import reduce

from firmware_sim.gatt import (
    LEFT_PERCENT,
    CharacteristicSpec,
    MotorChanged,
    ServiceSpec,
    Upset,
)

# Core Specification Vol 3 Part F 3.4.1.1
READ_NOT_PERMITTED = 0x02
WRITE_NOT_PERMITTED = 0x03
INVALID_LENGTH = 0x0D

# Bluetooth SIG assigned numbers
BATTERY_LEVEL = "2a19"
MAKER_NAME = "2a29"
MODEL_NUMBER = "2a24"
FIRMWARE_REVISION = "2a26"


def characteristic(uuid: str, *properties: str) -> CharacteristicSpec:
    """Return the table entry of one characteristic."""
    return CharacteristicSpec(uuid, frozenset(properties))


BATTERY_SERVICE = ServiceSpec("180f", (characteristic(BATTERY_LEVEL, "read", "notify"),))

DEVICE_INFORMATION_SERVICE = ServiceSpec(
    "180a",
    (
        characteristic(MAKER_NAME, "read"),
        characteristic(MODEL_NUMBER, "read"),
        characteristic(FIRMWARE_REVISION, "read"),
    ),
)


def xor_of(data: bytes) -> int:
    """Return all bytes combined by exclusive or; 0 for none."""
    return reduce(lambda so_far, byte: so_far ^ byte, data, 0)


class Drive:
    """The motor drivers of one device: the raw level of every actuator."""

    def __init__(self, actuators: int, steps: int) -> None:
        """Start with every motor off.

        Args:
            actuators: How many motors.
            steps: The strongest raw level; 0 is off.
        """
        self.levels = (0,) * actuators
        self._steps = steps
        self._stray: int | None = None

    @property
    def running(self) -> bool:
        """Whether any motor is driven."""
        return any(self.levels)

    @property
    def load(self) -> float:
        """Mean drive over all motors, 0.0 to 1.0."""
        return sum(self.levels) / (self._steps * len(self.levels))

    def set(self, levels: Sequence[int]) -> list[MotorChanged]:
        """Drive all motors at new raw levels; return the changes in actuator order."""
        told = levels if self._stray is None else (self._stray, *levels[1:])
        before, self.levels = self.levels, tuple(told)
        return [
            MotorChanged(actuator, new, self._steps)
            for actuator, (old, new) in enumerate(zip(before, self.levels, strict=True))
            if new != old
        ]

    def put(self, actuator: int, level: int) -> list[MotorChanged]:
        """Drive one motor at a new raw level; return the change, if it is one."""
        return self.set([*self.levels[:actuator], level, *self.levels[actuator + 1 :]])

    def stray(self, level: int | None) -> list[MotorChanged]:
        """Drive actuator 0 at `level` whatever it is told, until a stop or None; return changes."""
        self._stray = level
        return self.set(self.levels)

    def stop(self) -> list[MotorChanged]:
        """Drive nothing; return the changes in actuator order."""
        self._stray = None
        return self.set((0,) * len(self.levels))


class Battery:
    """A battery that the motors drain, linear in time and in their mean drive."""

    def __init__(self, full_drive_s: float, *, percent: float = 100.0) -> None:
        """Start charged.

        Args:
            full_drive_s: Seconds of all motors at full drive from 100 to 0 percent.
            percent: Charge at the start.
        """
        self._full_drive_s = full_drive_s
        self._charge = percent
        self._since_s = 0.0
        self._told = self.percent

    @property
    def percent(self) -> int:
        """What the device reports, 0 to 100."""
        return round(self._charge)

    def upset(self, fault: Upset, *, begins: bool) -> None:
        """Be as empty as a fault wants it, or full again; other faults change nothing."""
        if fault in LEFT_PERCENT:
            self._charge = float(LEFT_PERCENT[fault]) if begins else 100.0

    def drain(self, load: float, now_s: float) -> None:
        """Account for the mean drive `load` since the last call."""
        elapsed_s, self._since_s = now_s - self._since_s, now_s
        self._charge = max(0.0, self._charge - 100.0 * load * elapsed_s / self._full_drive_s)

    def news(self) -> bool:
        """Say whether the percentage is another than when this was last asked."""
        told, self._told = self._told, self.percent
        return told != self._told
