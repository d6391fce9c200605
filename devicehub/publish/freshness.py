"""Freshness: whether a command was meant for now, by what its payload says. Pure.

A retained flag does not tell it: a retained start that a broker queued for a hub that was away
comes without the flag, and Home Assistant cannot set a message expiry. So the payload carries the
time at which it was made (`ts`), how long it holds (`ttl_s`), and an `id` that is used once.
"""

from collections import deque
from dataclasses import dataclass, field

LONGEST_TTL_S = 10.0
# The clocks of two computers that a time server keeps agree to a tenth of this.
SKEW_S = 2.0
REMEMBERED = 256
# Nobody made a command before this software was written; a clock that says so was never set.
FIRST_POSSIBLE_S = 1_767_225_600.0  # 2026-01-01
# A step of the wall clock against the computer's own says that it was wrong before. How wrong it
# is now nobody knows; after a minute a time server has had its say (engineering choice).
STEP_S = 1.0
SETTLE_S = 60.0


@dataclass(slots=True)
class Clock:
    """Watches the wall clock: unsure while it has never been set, and after it was stepped."""

    _offset_s: float | None = None
    _stepped_s: float | None = None

    def unsure(self, wall_s: float, boot_s: float) -> str:
        """Return why the wall clock cannot be trusted now, or "".

        Args:
            wall_s: Now, in seconds since 1970.
            boot_s: Now, by the clock that counts from this computer's start, suspend included.
        """
        offset_s = wall_s - boot_s
        if self._offset_s is not None and abs(offset_s - self._offset_s) > STEP_S:
            self._stepped_s = boot_s
        self._offset_s = offset_s
        if wall_s < FIRST_POSSIBLE_S:
            return "this hub's clock was never set"
        if self._stepped_s is not None and boot_s - self._stepped_s < SETTLE_S:
            return "this hub's clock was set anew less than a minute ago"
        return ""


def stale(ts_s: float, ttl_s: float, now_s: float) -> str:
    """Return why a command made at `ts_s` does not hold at `now_s` any more, or yet; or ""."""
    age_s = now_s - ts_s
    if age_s > min(ttl_s, LONGEST_TTL_S):
        return f"made {age_s:.1f} s ago, it held for {ttl_s:g} s"
    if age_s < -SKEW_S:
        return f"made {-age_s:.1f} s ahead of this hub's clock"
    return ""


@dataclass(slots=True)
class Seen:
    """The ids that were used, the last 256: QoS 1 may deliver a command twice."""

    _order: deque[str] = field(default_factory=deque[str])
    _ids: set[str] = field(default_factory=set[str])

    def again(self, id_: str) -> bool:
        """Say whether `id_` was used before, and take it as used."""
        if id_ in self._ids:
            return True
        self._ids.add(id_)
        self._order.append(id_)
        if len(self._order) > REMEMBERED:
            self._ids.discard(self._order.popleft())
        return False
