"""Moment: an instant on two clocks, of which neither alone can be trusted for 24 hours.

The wall clock can be set; the boot clock (it counts suspend) starts anew with every boot. A time
that has passed is the lesser of both within one boot, and what the wall says, never less than
nothing, across boots: whoever sets a clock can make a day longer. Across boots nothing but
the wall clock is left: one that was set forward meanwhile makes a day shorter. What grows stale
wants the opposite, the most that may have passed.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant.

    Attributes:
        wall_s: Seconds since 1970 by the wall clock.
        boot_s: Seconds since the boot `boot_id`, suspended ones included.
        boot_id: Which boot that was.
    """

    wall_s: float
    boot_s: float
    boot_id: str

    def since(self, earlier: "Moment") -> float:
        """Return the seconds, at least 0, that have surely passed since `earlier`."""
        passed_s = self.wall_s - earlier.wall_s
        if self.boot_id == earlier.boot_id:
            passed_s = min(passed_s, self.boot_s - earlier.boot_s)
        return max(0.0, passed_s)

    def perhaps_since(self, earlier: "Moment") -> float:
        """Return the most seconds that may have passed since `earlier`, for what grows stale.

        The greater of both clocks within one boot; infinite if the wall clock says that `earlier`
        is yet to come, for then it was set and tells nothing.
        """
        passed_s = self.wall_s - earlier.wall_s
        if not passed_s >= 0.0:
            return math.inf
        if self.boot_id == earlier.boot_id:
            passed_s = max(passed_s, self.boot_s - earlier.boot_s)
        return passed_s
