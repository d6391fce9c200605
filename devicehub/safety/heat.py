"""The heat rule: whether a pad may be on, and how warm.

A pad is on only while everything speaks for it: it was asked for, the person may, its sensor says
something fresh that makes sense, and the seconds of this time, of its rest and of the day allow it.
Each doubt is off, at once, with its reason; whatever silences the motors silences the pad. Every
time on, however short, is followed by the whole rest: so nothing that comes and goes, a sensor or a
pause, can add up to more.

Seconds run from the judgement that let a pad on until an off has reached it, so a write that is
late or lost makes them more and never less.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.safety.allowance import Allowance
from devicehub.safety.heat_limits import HeatLimits
from devicehub.safety.lasting import Ending
from devicehub.safety.mount import Mount, Pad
from devicehub.safety.past import Past
from devicehub.safety.reserved import Reserved
from devicehub.safety.thermal import HOT, RUNAWAY, STUCK, ThermalWatch

_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class _Reading:
    celsius: float
    at_s: float


class Silence:
    """What else holds everything at 0: rules that end a session, and nothing being reserved."""

    def __init__(self, endings: Sequence[Ending], reserved: Reserved) -> None:
        self._endings, self._reserved = endings, reserved

    def rule(self, now_s: float) -> str | None:
        """Return the id of a rule that does, or None."""
        over = next((rule.id for rule in self._endings if rule.over), None)
        return over or (self._reserved.id if self._reserved.holds(now_s) else None)


class Heat:
    """All heat pads on one person, by the name of their massager."""

    id = "heat"

    def __init__(
        self,
        limits: HeatLimits,
        mounts: Sequence[Mount],
        past: Past,
        silence: Silence,
        *,
        allowed: bool,
    ) -> None:
        """Begin with every pad off.

        Args:
            limits: The numbers.
            mounts: The massagers; the pad of each if it was asked for.
            past: What this person had within the last 24 h.
            silence: What else may hold everything at 0.
            allowed: Whether the person's answers allow heat at all.
        """
        self._limits = limits
        self._pads = {
            mount.device: _PadRule(limits, mount.pad, past.heat_ended_ago_s)
            for mount in mounts
            if mount.pad is not None
        }
        self._silence = silence
        self._before_s = past.exposure.heat_s
        self._held: str | None = None if allowed else "restricted"

    def judge(self, _allowance: Allowance, now_s: float) -> None:
        """Decide for every pad at `now_s`, after all other rules have judged."""
        silenced = self._silence.rule(now_s)
        left = self._before_s + self.seconds(now_s) < self._limits.max_daily_on_s
        against = self._held or silenced or (None if left else "day")
        for pad in self._pads.values():
            pad.judge(now_s, against)

    def latch(self, why: str) -> None:
        """Let no pad be on for the rest of the session."""
        self._held = self._held or why
        for pad in self._pads.values():
            pad.turn_off(self._held)

    def read(self, device: str, celsius: float, at_s: float) -> None:
        """Take what the sensor of `device` said at `at_s`; NaN is "no reading"."""
        if device in self._pads:
            self._pads[device].reading = _Reading(celsius, at_s)

    def sent(self, device: str, target_c: float | None, at_s: float) -> None:
        """Tell that `device` was told this target; None is off."""
        if target_c is None and device in self._pads:
            self._pads[device].went_off(at_s)

    def restart(self, device: str, at_s: float) -> None:
        """Tell that `device` was stopped, which switches its pad off."""
        if device in self._pads:
            self._pads[device].turn_off("stopped")
            self._pads[device].went_off(at_s)

    def target_c(self, device: str) -> float | None:
        """Return how warm the pad of `device` shall be, in degrees Celsius; None is off."""
        pad = self._pads.get(device)
        return pad.target_c if pad is not None and pad.on else None

    def why_off(self, device: str) -> str:
        """Return in words why the pad of `device` is off, "" while it is on."""
        pad = self._pads.get(device)
        reason = pad.why if pad is not None else "not asked"
        return "" if reason is None else _sentence(reason, self._limits)

    def most_within(self, seconds: float) -> float:
        """Return how many seconds of heat `seconds` more can bring."""
        return seconds * len(self._pads)

    def seconds(self, now_s: float) -> float:
        """Return for how many seconds pads were on in this session, all of them together."""
        return sum(pad.seconds(now_s) for pad in self._pads.values())

    def seconds_of(self, device: str, now_s: float) -> float:
        """Return for how many seconds the pad of `device` was on in this session."""
        return self._pads[device].seconds(now_s) if device in self._pads else 0.0


class _PadRule:
    """One pad. `why` is the reason why it is off, None while it is on."""

    def __init__(self, limits: HeatLimits, pad: Pad, ended_ago_s: float | None) -> None:
        self._limits = limits
        self._has_sensor = pad.sensor
        self._watch = ThermalWatch(limits)
        self._most_s = limits.max_on_s_with_sensor if pad.sensor else limits.max_on_s_without_sensor
        self._rested_s = math.inf if ended_ago_s is None else ended_ago_s
        self._off_since_s: float | None = None
        self._on_since_s: float | None = None
        self._sum_s = 0.0
        self._judged_s: float | None = None
        self.target_c = min(limits.max_surface_c, pad.max_c)
        self.reading: _Reading | None = None
        self.why: str | None = "begins"

    @property
    def on(self) -> bool:
        """Whether it shall be on."""
        return self.why is None

    def judge(self, now_s: float, against: str | None) -> None:
        """Decide; `against` is a reason from outside to be off, or None."""
        doubt = self._doubt(now_s)
        self._judged_s = now_s
        if self._off_since_s is None and self._on_since_s is None:
            self._off_since_s = now_s
        why = against or doubt or self._watch.found or self._time_up(now_s)
        if why is not None:
            self.turn_off(why)
        elif not self.on:
            self.why, self._on_since_s, self._off_since_s = None, now_s, None

    def turn_off(self, why: str) -> None:
        """Be off from here on, for this reason."""
        self.why = why

    def went_off(self, at_s: float) -> None:
        """Take note that an off has reached the pad, unless it shall be on again."""
        if self._on_since_s is not None and not self.on:
            self._sum_s = self.seconds(at_s)
            self._on_since_s, self._off_since_s, self._rested_s = None, at_s, 0.0

    def seconds(self, now_s: float) -> float:
        """Return for how long it was on; it counts as on until an off has reached it."""
        since_s = self._on_since_s
        return self._sum_s + (0.0 if since_s is None else max(0.0, now_s - since_s))

    def _doubt(self, now_s: float) -> str | None:
        """Return what is wrong with the sensor's last word, or None."""
        if not self._has_sensor:
            return None
        last, limits = self.reading, self._limits
        if last is None or not 0.0 <= now_s - last.at_s <= limits.stale_sensor_s:
            return "stale"
        if math.isnan(last.celsius):
            return "no reading"
        if not limits.coldest_c <= last.celsius <= limits.hottest_c:
            return "range"
        dt_s = 0.0 if self._judged_s is None else now_s - self._judged_s
        self._watch.step(last.celsius, self.target_c if self.on else None, dt_s)
        return None

    def _time_up(self, now_s: float) -> str | None:
        """Return whether it has been on for too long, or not yet off for long enough."""
        if self.on and self._on_since_s is not None:
            return "rest" if now_s - self._on_since_s >= self._most_s else None
        if self._off_since_s is None:
            return "rest"  # its off has not arrived yet
        rested_s = self._rested_s + now_s - self._off_since_s
        return None if rested_s >= self._limits.min_off_s else "rest"


def _sentence(reason: str, limits: HeatLimits) -> str:
    """Return a reason as a person reads it."""
    rest_min, day_min = limits.min_off_s / _MINUTE_S, limits.max_daily_on_s / _MINUTE_S
    return {
        "not asked": "not asked for",
        "begins": "not begun yet",
        "restricted": "your answers rule heat out",
        "discomfort": "you reported discomfort: no more heat in this session",
        "stopped": "the massager was stopped",
        "stale": f"its sensor has said nothing for {limits.stale_sensor_s:g} s",
        "no reading": "its sensor has no reading",
        "range": "its sensor says what cannot be",
        HOT: f"it was at {limits.trip_surface_c:g} C: no more heat in this session",
        RUNAWAY: "it was warmer than asked for: no more heat in this session",
        STUCK: "its sensor shows no warmth: no more heat in this session",
        "rest": f"it rests for {rest_min:g} min after every time on",
        "day": f"{day_min:g} min of heat in 24 h are used up",
    }.get(reason, f"everything is held at 0: {reason}")
