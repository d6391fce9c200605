"""The spinning mass of an eccentric rotating mass (ERM) motor. Pure.

The firmware drives a motor at a level; the mass follows late, and that is what the skin feels.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log

TIME_CONSTANT_S = 0.1
"""Seconds to 63 % of a new speed; ERM motors start in 50 to 116 ms (makers' data sheets)."""

DEAD_BAND = 0.02
"""Drive below this share of full does not turn the mass.

An assumption: makers give start voltages of bare motors, and massagers scale their levels so that
the first step turns. It is below the first step of a 20-step massager (0.05).
"""

FELT = 0.05
"""Speed from which on a motor counts as felt: the first step of a 20-step massager. Assumed."""


def spin(speed: float, drive: float, dt_s: float) -> float:
    """Return the speed of the mass after `dt_s` seconds of constant drive.

    Args:
        speed: Speed before, 0.0 at rest to 1.0 full.
        drive: What the firmware drives, 0.0 off to 1.0 full.
        dt_s: How long, in seconds, 0 or more. Splitting it changes nothing.

    Returns:
        The speed after, between `speed` and the drive (or 0 inside the dead band).
    """
    goal = _goal(drive)
    return goal + (speed - goal) * exp(-dt_s / TIME_CONSTANT_S)


def _goal(drive: float) -> float:
    return drive if drive >= DEAD_BAND else 0.0


@dataclass(frozen=True, slots=True)
class Felt:
    """What came of one motor on a tape.

    Attributes:
        strongest: The highest speed that its mass reached, 0.0 to 1.0.
        felt_s: For how many seconds it was felt.
    """

    strongest: float
    felt_s: float


def felt(tape: Iterable[str]) -> tuple[Felt, ...]:
    """Return what came of every motor on a device's tape, up to its last line.

    Args:
        tape: The tape's lines, the device's own line first.
    """
    motors: list[_Motor] = []
    now_s = 0.0
    for line in tape:
        entry = json.loads(line)
        now_s = entry["t"]
        if entry["kind"] == "device":
            motors = [_Motor() for _ in range(entry["actuators"])]
        elif entry["kind"] == "motor":
            motors[int(entry["actuator"])].drive_at(entry["level"] / entry["of"], now_s)
    for motor in motors:
        motor.drive_at(0.0, now_s)
    return tuple(Felt(motor.strongest, motor.felt_s) for motor in motors)


class _Motor:
    """A motor whose drive changes now and then."""

    def __init__(self) -> None:
        self.strongest = self.felt_s = 0.0
        self._speed = self._drive = self._since_s = 0.0

    def drive_at(self, drive: float, now_s: float) -> None:
        before, elapsed_s = self._speed, now_s - self._since_s
        self._speed = spin(before, self._drive, elapsed_s)
        self.strongest = max(self.strongest, self._speed)
        self.felt_s += _felt_s(before, self._speed, _goal(self._drive), elapsed_s)
        self._drive, self._since_s = drive, now_s


def _felt_s(before: float, after: float, goal: float, elapsed_s: float) -> float:
    """Return for how many of `elapsed_s` seconds a mass on its way to `goal` was felt."""
    if min(before, after) >= FELT:
        return elapsed_s
    if max(before, after) < FELT:
        return 0.0
    crossing_s = TIME_CONSTANT_S * log((before - goal) / (FELT - goal))
    return crossing_s if before > after else elapsed_s - crossing_s
