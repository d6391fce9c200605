"""The rule that nothing moves which nobody has written down before."""

import math

from devicehub.safety.allowance import Allowance


class Reserved:
    """Nothing moves but while exposure is reserved; before the first grant, nothing at all.

    A tail of the reservation is kept back for what may still move after the hub has died, so a
    reservation that nobody closed is never less than the truth.
    """

    id = "reserved"

    def __init__(self, tail_s: float) -> None:
        self._tail_s = tail_s
        self._end_s = -math.inf

    def grant(self, until_s: float) -> None:
        """Take note that exposure is reserved until then; the last word counts."""
        self._end_s = until_s - self._tail_s

    def holds(self, now_s: float) -> bool:
        """Say whether nothing is reserved for `now_s`."""
        return not now_s < self._end_s

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold everything at 0 from the tail on."""
        if self.holds(now_s):
            allowance.silence(self.id)
