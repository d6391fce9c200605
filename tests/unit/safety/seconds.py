"""A second opinion on seconds: counts them piece by piece, from the table and what was sent."""

import math
from dataclasses import dataclass, field

from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import Mount
from tests.unit.safety.oracle import TABLE, ZONES

HAIR_S = 1e-6
HALVES = {"left": {"left"}, "right": {"right"}}


@dataclass
class Place:
    """One side of one zone: who moves there, how long at a stretch and in all."""

    zone: str
    members: dict[int, str] = field(default_factory=dict[int, str])
    clock_s: float = 0.0
    total_s: float = 0.0
    resting: bool = False

    def least(self, key: str) -> float:
        return min(ZONES[self.zone]["caps"][name][key] for name in self.members.values())

    def count(self, moving: set[int], dt_s: float) -> None:
        full_s = self.least("max_continuous_s")
        if moving & set(self.members):
            self.clock_s += dt_s
            self.total_s += dt_s
        else:
            rest_s = max(ZONES[self.zone]["caps"][n]["min_rest_s"] for n in self.members.values())
            self.clock_s = max(0.0, self.clock_s - dt_s * full_s / rest_s)
        if self.clock_s > full_s + HAIR_S:
            self.resting = True
        elif self.clock_s <= HAIR_S:
            self.resting = False


@dataclass
class Seconds:
    """Watches all massagers of a session at once."""

    mounts: list[Mount]
    caps: list[float]
    at_s: float = 0.0
    active_s: dict[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        self.classes = [m.stimulus_class for m in self.mounts for _ in m.actuators]
        self.steps = [0] * len(self.classes)
        self.places: dict[tuple[str, str], Place] = {}
        flat = [actuator for mount in self.mounts for actuator in mount.actuators]
        for i, actuator in enumerate(flat):
            for z in actuator.zones or ("unknown",):
                zone = z if z in ZONES else "unknown"
                halves = HALVES.get(actuator.side, {"left", "right"})
                for side in halves if ZONES[zone]["side"] == "bilateral" else {""}:
                    if self.caps[i] > 0.0:
                        place = self.places.setdefault((zone, side), Place(zone))
                        place.members[i] = self.classes[i]

    def pass_until(self, now_s: float) -> None:
        moving = {i for i, step in enumerate(self.steps) if step}
        for place in self.places.values():
            place.count(moving, now_s - self.at_s)
        for name in {self.classes[i] for i in moving}:
            self.active_s[name] = self.active_s.get(name, 0.0) + now_s - self.at_s
        self.at_s = now_s

    def take(self, n: int, steps: tuple[int, ...], now_s: float) -> None:
        """Massager `n` does `steps` from `now_s` on."""
        self.pass_until(now_s)
        start = sum(len(mount.actuators) for mount in self.mounts[:n])
        self.steps[start : start + len(steps)] = steps

    def judge(self, frames: list[CappedFrame], now_s: float) -> None:
        self.pass_until(now_s)
        steps = [step for frame in frames for step in frame.steps]
        for place in self.places.values():
            if place.resting or place.total_s > place.least("max_session_s") + HAIR_S:
                assert [steps[i] for i in place.members] == [0] * len(place.members), place
        for name, seconds in self.active_s.items():
            if seconds > TABLE["session"]["max_active_s"][name] + HAIR_S:
                assert not any(steps)


def gentle(played_s: float, duration_s: float) -> float:
    """Return the part of a cap that counts after `played_s` of a session of `duration_s`."""
    if played_s >= TABLE["session"]["max_total_s"]:
        return 0.0
    end_s = min(60.0, 0.2 * duration_s)
    begin = 0.5 if played_s < end_s else 1.0
    left_s = max(0.0, duration_s - played_s)
    return min(begin, 0.5 + 0.5 * min(1.0, left_s / end_s if end_s else math.inf))
