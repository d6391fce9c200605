"""A second opinion on what a body received: added up piece by piece from what the motors did."""

import math
from dataclasses import dataclass, field

from devicehub.safety.governor import Mount
from devicehub.safety.past import Exposure
from devicehub.safety.past import Received as Had
from tests.unit.safety.oracle import TABLE, ZONES

HALVES = {"left": {"left"}, "right": {"right"}}
DAY = TABLE["daily"]
EXACT = 1e-6
NOTHING = Had()


@dataclass
class Received:
    """Watches all massagers of a session at once; `had` is what the body came with."""

    mounts: list[Mount]
    had: Exposure = field(default_factory=Exposure)
    at_s: float = 0.0

    def __post_init__(self) -> None:
        self.levels = [[0.0] * len(mount.actuators) for mount in self.mounts]
        self.places: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self.active_s = self.had.active_s
        self.class_s = dict(self.had.class_s)
        for n, mount in enumerate(self.mounts):
            for i, actuator in enumerate(mount.actuators):
                ids = [z if z in ZONES else "unknown" for z in actuator.zones or ("unknown",)]
                caps = [ZONES[z]["caps"][mount.stimulus_class]["max_intensity"] for z in ids]
                for z in ids if min(*caps, actuator.rating) > 0.0 else []:
                    side = ZONES[z]["side"]
                    halves = HALVES.get(actuator.side, {"left", "right"})
                    for half in halves if side == "bilateral" else {side}:
                        self.places.setdefault((z, half), []).append((n, i))
        self.seconds = {at: self.had.places.get(at, NOTHING).seconds for at in self.places}
        self.dose = {at: self.had.places.get(at, NOTHING).dose for at in self.places}

    def take(self, n: int, steps: tuple[int, ...], now_s: float) -> None:
        """Massager `n` does `steps` from `now_s` on."""
        self.until(now_s)
        of = [actuator.steps for actuator in self.mounts[n].actuators]
        self.levels[n] = [step / top for step, top in zip(steps, of, strict=True)]

    def until(self, now_s: float) -> None:
        """Let time pass."""
        dt_s = now_s - self.at_s
        for at, members in self.places.items():
            level = max(self.levels[n][i] for n, i in members)
            self.seconds[at] += dt_s if level else 0.0
            self.dose[at] += level**2 * dt_s
        self.active_s += dt_s if any(map(any, self.levels)) else 0.0
        for mount, levels in zip(self.mounts, self.levels, strict=True):
            if any(levels):
                name = mount.stimulus_class
                self.class_s[name] = self.class_s.get(name, 0.0) + dt_s * weight(mount)
        self.at_s = now_s

    def no_more_than(self, told: Exposure, now_s: float) -> None:
        """What the governor tells covers what was received in this session."""
        self.until(now_s)
        for at in self.places:
            here = told.places.get(at, NOTHING)
            assert self.seconds[at] <= here.seconds + EXACT, at
            assert self.dose[at] <= here.dose + EXACT, at
        assert self.active_s <= told.active_s + EXACT
        for name, seconds in self.class_s.items():
            assert seconds <= told.class_s.get(name, 0.0) + EXACT

    def nothing_beyond_the_day(self, steps: list[tuple[int, ...]]) -> None:
        """What has had its day's share is not moved by a frame."""
        for at, members in self.places.items():
            rows = [ZONES[at[0]]["caps"][self.mounts[n].stimulus_class] for n, _ in members]
            most_s = min(row["max_daily_s"] for row in rows)
            dose = min(row["max_intensity"] ** 2 * row["max_daily_s"] for row in rows)
            if self.seconds[at] >= most_s - EXACT or self.dose[at] >= dose - EXACT:
                assert not any(steps[n][i] for n, i in members), at
        if self.active_s >= DAY["max_active_s"]:
            assert not any(map(any, steps))
        for kind in ("hand_arm", "whole_body"):
            names = DAY[kind]["classes"]
            power = DAY[kind]["assumed_m_s2"] ** 2 * sum(self.class_s.get(n, 0.0) for n in names)
            if math.sqrt(power / DAY["reference_s"]) >= DAY[kind]["stop_at_m_s2"]:
                held = [mount.stimulus_class in names for mount in self.mounts]
                assert not any(any(s) for s, is_held in zip(steps, held, strict=True) if is_held)


def weight(mount: Mount) -> float:
    """Return as how many seconds at the assumed acceleration one second of a massager counts."""
    for kind in ("hand_arm", "whole_body"):
        if mount.stimulus_class in DAY[kind]["classes"] and mount.a_m_s2 is not None:
            return (mount.a_m_s2 / DAY[kind]["assumed_m_s2"]) ** 2
    return 1.0
