"""Awake: notices that the machine, or this process, was not.

The loop's clock stands while a machine sleeps, so what was fresh before still looks fresh after.
"""

import math
from collections.abc import Callable

# zones.json, timing.suspend_gap_s: whoever was away that long does not know what the body feels.
SUSPEND_GAP_S = 2.0


class Awake:
    """Asked often, it says when too much time went by since it was asked before."""

    def __init__(self, boot_s: Callable[[], float]) -> None:
        """Make it; `boot_s` is a clock in seconds that goes on during sleep."""
        self._boot_s = boot_s
        self._asked_s = boot_s()
        self._woke_s = -math.inf

    def slept(self, now_s: float) -> bool:
        """Say whether there was a gap since the last question; `now_s` is the loop's clock."""
        boot_s = self._boot_s()
        gap_s, self._asked_s = boot_s - self._asked_s, boot_s
        if gap_s <= SUSPEND_GAP_S:
            return False
        self._woke_s = now_s
        return True

    def is_from_now(self, not_after_s: float, life_s: float) -> bool:
        """Say whether what lives `life_s` seconds, until `not_after_s`, was made after the gap."""
        return not_after_s - life_s >= self._woke_s
