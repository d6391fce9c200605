"""A second opinion on frames: the same limits, worked out in another way, from the file alone.

It keeps every frame that was sent and looks back over all of them; it has no state that could be
wrong in the same way as the governor's.
"""

import json
import math
from dataclasses import dataclass, field
from importlib import resources
from itertools import pairwise
from typing import Any

from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import GovernedActuator, Mount

TABLE = json.loads(resources.files("devicehub.safety").joinpath("zones.json").read_text("utf-8"))
ZONES: dict[str, Any] = {zone["id"]: zone for zone in TABLE["zones"]}
EXACT = 1e-9


@dataclass
class Sent:
    """One actuator's level and step at the time it reached the massager."""

    at_s: float
    level: float
    step: int


@dataclass
class Oracle:
    """Watches one actuator."""

    stimulus_class: str
    actuator: GovernedActuator
    ceiling: float
    began_s: float = 0.0
    earned_s: float = 0.0
    last_s: float = 0.0
    sent: list[Sent] = field(default_factory=list[Sent])

    def __post_init__(self) -> None:
        ids = self.actuator.zones or ("unknown",)
        self.zones = [z if z in ZONES else "unknown" for z in ids]
        rows = [ZONES[z]["caps"][self.stimulus_class] for z in self.zones]
        terms = [row["max_intensity"] for row in rows]
        self.own = min(*terms, self.actuator.rating)
        self.cap = min(self.own, self.ceiling)
        self.rise = min(row["max_rise_per_s"] for row in rows)
        self.hz = min(row["max_pattern_hz"] for row in rows)
        self.edge_s = 0.8 if any(ZONES[z]["peak_limited"] for z in self.zones) else 0.12

    def restart(self, now_s: float) -> None:
        self.began_s = now_s
        self.earned_s = 0.0
        self.sent.append(Sent(now_s, 0.0, 0))

    def judge(self, asked: float, level: float, step: int, now_s: float) -> None:
        of = self.actuator.steps
        self.earned_s += min(now_s - self.last_s, 0.06)
        self.last_s = now_s
        assert level <= asked
        assert step <= math.floor(asked * of + 0.5)
        assert level <= self.cap
        assert step / of <= self.cap
        if asked == 0.0:
            assert (level, step) == (0.0, 0)
            return
        assert level <= self.rise * self.earned_s + EXACT
        assert step / of <= self.rise * self.earned_s + EXACT
        self._ramp(level, now_s)
        self._edge(level, now_s)

    def take(self, frame: CappedFrame, i: int, now_s: float) -> None:
        self.sent.append(Sent(now_s, frame.levels[i], frame.steps[i]))

    def _ramp(self, level: float, now_s: float) -> None:
        if now_s - self.began_s >= 30.0:
            used = [s.level for s in self.sent if max(self.began_s, now_s - 30.0) <= s.at_s]
            assert level <= max(used, default=0.0) + self.rise * 0.06 + EXACT

    def _edge(self, level: float, now_s: float) -> None:
        last = self.sent[-1]
        most = min(self.cap / self.edge_s * min(now_s - last.at_s, 0.06), self.cap / 2)
        assert level <= last.level + most + EXACT

    def edges_keep_their_distance(self) -> None:
        edges: list[float] = []
        falling = True
        for before, after in zip([Sent(0.0, 0.0, 0), *self.sent], self.sent, strict=False):
            if after.step > before.step and falling:
                edges.append(after.at_s)
            if after.step != before.step:
                falling = after.step < before.step
        for before_s, after_s in pairwise(edges):
            assert after_s - before_s >= 1.0 / self.hz - EXACT


def joint_caps_hold(mounts: list[Mount], frames: list[CappedFrame]) -> None:
    """Look at all steps of all massagers together, zone by zone."""
    for z, zone in ZONES.items():
        if zone["tier"] not in ("guarded", "strict"):
            continue
        total, caps = 0.0, [math.inf]
        for mount, frame in zip(mounts, frames, strict=True):
            for i, actuator in enumerate(mount.actuators):
                share = _tau(actuator, z) * frame.steps[i] / frame.of[i]
                total += share**2
                if share:
                    own = zone["caps"][mount.stimulus_class]["max_intensity"]
                    caps.append(2.0 * own or {"guarded": 0.15, "strict": 0.10}[zone["tier"]])
        assert math.sqrt(total) <= min(caps) + EXACT


def _tau(actuator: GovernedActuator, z: str) -> float:
    zones = [a if a in ZONES else "unknown" for a in actuator.zones or ("unknown",)]
    if z in zones:
        return 1.0
    there = [ZONES[a]["neighbours"].get(z, 0.0) for a in zones]
    back = [ZONES[z]["neighbours"].get(a, 0.0) for a in zones]
    return max(there + back)
