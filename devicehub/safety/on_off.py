"""Massagers that are on or off: soft is not among what they can do, so they are on less often.

Switching lowers the dose and not the peak. So it is refused wherever a peak matters, and where a
zone takes less than half of a massager's strength.
"""

import math
from collections.abc import Sequence

from devicehub.errors import SafetyRefusal
from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.device_limits import OnOffLimits
from devicehub.safety.limits import UNKNOWN, Limits, ZoneLimits
from devicehub.safety.mount import LEVELS, ON_OFF, GovernedActuator, Mount


class OnOff:
    """On for the square of the cap's part of the time, and no longer than `max_on_s` at a stretch.

    Judged by what was sent. After it was on for a time, it stays off until both make up the share.
    """

    id = "on_off"

    def __init__(self, limits: OnOffLimits, caps: Caps, switched: Sequence[int]) -> None:
        self._limits, self._caps = limits, caps
        self._on_at_s: dict[int, float | None] = dict.fromkeys(switched)
        self._off_at_s = dict.fromkeys(switched, -math.inf)
        self._lasted_s = dict.fromkeys(switched, 0.0)

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold at 0 what has been on for long enough, or not yet off for long enough."""
        for i, on_at_s in self._on_at_s.items():
            if on_at_s is None:
                free = now_s >= self._off_at_s[i] + self._rest_s(i)
            else:
                free = now_s < on_at_s + self._limits.max_on_s
            if not free:
                allowance.lower(i, 0.0, self.id)

    def sent(
        self, driven: Sequence[int], _levels: Sequence[float], steps: Sequence[int], at_s: float
    ) -> None:
        """Take note of what was switched."""
        if self._on_at_s:
            for i, step in zip(driven, steps, strict=True):
                if i in self._on_at_s:
                    self._switch(i, step > 0, at_s)

    def restart(self, driven: Sequence[int], at_s: float) -> None:
        """Everything is off."""
        for i in driven:
            if i in self._on_at_s:
                self._switch(i, False, at_s)

    def _switch(self, i: int, on: bool, at_s: float) -> None:
        on_at_s = self._on_at_s[i]
        if on and on_at_s is None:
            self._on_at_s[i] = at_s
        elif on_at_s is not None and not on:
            self._on_at_s[i] = None
            self._off_at_s[i] = at_s
            self._lasted_s[i] = at_s - on_at_s

    def _rest_s(self, i: int) -> float:
        """Return how long it stays off after it was on."""
        share = self._caps.composed[i] ** 2
        if not share > 0.0:
            return math.inf
        return max(self._limits.min_off_s, self._lasted_s[i] * (1.0 - share) / share)


def refuse_unsuited(limits: Limits, mounts: Sequence[Mount]) -> None:
    """Refuse massagers without levels where only levels will do.

    Raises:
        SafetyRefusal: With the massager, the zone and the reason.
    """
    for mount in mounts:
        for actuator in mount.actuators:
            if actuator.control != LEVELS:
                for name in actuator.zones or (UNKNOWN,):
                    _refuse(limits, mount, actuator, limits.zone(name))


def _refuse(limits: Limits, mount: Mount, actuator: GovernedActuator, zone: ZoneLimits) -> None:
    what = "it only knows on and off" if actuator.control == ON_OFF else "it only knows programs"
    if zone.peak_limited:
        raise SafetyRefusal(
            f"{mount.device}: refused at {zone.id}: {what}, and nothing may knock there"
        )
    if actuator.control != ON_OFF:
        return
    if mount.stimulus_class in limits.on_off.never:
        raise SafetyRefusal(f"{mount.device}: refused: {what}, and is {mount.stimulus_class}")
    cap, least = zone.caps[mount.stimulus_class].max_intensity, limits.on_off.min_cap
    if min(cap, actuator.rating) < least:
        raise SafetyRefusal(
            f"{mount.device}: refused at {zone.id}: {what}, and may do {cap:g} there; "
            f"what is switched needs {least:g}"
        )
