"""Tally: what was felt where, and what the rules held back, added up tick by tick."""

from collections import defaultdict
from collections.abc import Sequence

from devicehub.messages import HeldBack, ZoneFelt
from devicehub.safety.frame import CappedFrame

# A reduction smaller than half a per cent of full level is rounding, not a rule that held back.
NOTICEABLE = 0.005


class Tally:
    """Adds up one massager. `zones[i]` are the zones that actuator i is felt in.

    Attributes:
        moved_s: Seconds in which any of its actuators moved.
    """

    def __init__(self, zones: Sequence[Sequence[str]]) -> None:
        self._zones = [tuple(z) for z in zones]
        masks: dict[str, int] = defaultdict(int)
        for index, ids in enumerate(self._zones):
            for zone in ids:
                masks[zone] |= 1 << index
        self._masks = dict(masks)
        self._peak = [0.0] * len(self._zones)
        self._moved_s: dict[str, float] = defaultdict(float)
        self._held_s: dict[tuple[str, int], float] = defaultdict(float)
        self.moved_s = 0.0

    def felt(self, steps: Sequence[int], of: Sequence[int], dt_s: float) -> None:
        """Count `dt_s` seconds at the device steps that were sent."""
        moving = 0
        for index, step in enumerate(steps):
            if step:
                moving |= 1 << index
                self._peak[index] = max(self._peak[index], step / of[index])
        if moving:
            self.moved_s += dt_s
            for zone, mask in self._masks.items():
                if moving & mask:
                    self._moved_s[zone] += dt_s

    def held(self, asked: Sequence[float], frame: CappedFrame, dt_s: float) -> None:
        """Count `dt_s` seconds for every rule that lowered something noticeable in `frame`."""
        for index, rule in enumerate(frame.bound_by):
            if rule is not None and asked[index] - frame.levels[index] > NOTICEABLE:
                self._held_s[rule, index] += dt_s

    def zones_felt(self) -> tuple[ZoneFelt, ...]:
        """Return what each zone received, the longest first."""
        rows = [
            ZoneFelt(
                zone, max(self._peak[i] for i, z in enumerate(self._zones) if zone in z), seconds
            )
            for zone, seconds in self._moved_s.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-row.seconds, row.zone)))

    def held_back(self) -> tuple[HeldBack, ...]:
        """Return how long each rule held each zone back, the longest first."""
        longest: dict[tuple[str, str], float] = {}
        for (rule, index), seconds in self._held_s.items():
            for zone in self._zones[index]:
                longest[rule, zone] = max(longest.get((rule, zone), 0.0), seconds)
        rows = [HeldBack(rule, zone, seconds) for (rule, zone), seconds in longest.items()]
        return tuple(sorted(rows, key=lambda row: (-row.seconds, row.rule, row.zone)))
