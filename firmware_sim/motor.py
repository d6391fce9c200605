"""The spinning mass of an eccentric rotating mass (ERM) motor. Pure.

The firmware drives a motor at a level; the mass follows late, and that is what the skin feels.
"""

from math import exp

TIME_CONSTANT_S = 0.1
"""Seconds to 63 % of a new speed; ERM motors start in 50 to 116 ms (makers' data sheets)."""

DEAD_BAND = 0.02
"""Drive below this share of full does not turn the mass.

An assumption: makers give start voltages of bare motors, and massagers scale their levels so that
the first step turns. It is below the first step of a 20-step massager (0.05).
"""


def spin(speed: float, drive: float, dt_s: float) -> float:
    """Return the speed of the mass after `dt_s` seconds of constant drive.

    Args:
        speed: Speed before, 0.0 at rest to 1.0 full.
        drive: What the firmware drives, 0.0 off to 1.0 full.
        dt_s: How long, in seconds, 0 or more. Splitting it changes nothing.

    Returns:
        The speed after, between `speed` and the drive (or 0 inside the dead band).
    """
    goal = drive if drive >= DEAD_BAND else 0.0
    return goal + (speed - goal) * exp(-dt_s / TIME_CONSTANT_S)
