"""A governor on a bench: time moves by a word, frames arrive or do not."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import GovernedActuator, Governor, Mount
from devicehub.safety.limits import Limits
from devicehub.safety.past import NOTHING_YET, Past
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions

TICK_S = 0.05
SURFACE = "surface_vibration"


def mount(
    *zones: str | tuple[str, ...],
    device: str = "cape",
    stimulus_class: str = SURFACE,
    a_m_s2: float | None = None,
    steps: int = 1000,
    **actuator: Any,
) -> Mount:
    """Return a massager with one actuator for each argument; a text is one zone."""
    places = [(zone,) if isinstance(zone, str) else zone for zone in zones]
    actuators = tuple(GovernedActuator(place, steps, **actuator) for place in places)
    return Mount(device, stimulus_class, actuators, a_m_s2)


def abrupt(limits: Limits) -> Limits:
    """Return limits without warm-up and cool-down, which hide every other rule for a minute."""
    return replace(limits, session=replace(limits.session, ends_max_share=0.0))


class Bench:
    """A governor, its clock, and a link that takes every frame unless it is told not to.

    Warm-up and cool-down are there for whoever says how long the session is planned to last, and
    somebody says at every tick that they are there unless nobody is.
    """

    def __init__(
        self,
        limits: Limits,
        *mounts: Mount,
        ceiling: float = 1.0,
        duration_s: float | None = None,
        past: Past = NOTHING_YET,
        restrictions: Restrictions = UNRESTRICTED,
        attended: bool = True,
    ) -> None:
        table = abrupt(limits) if duration_s is None else limits
        self.governor = Governor(
            table,
            mounts,
            ceiling=ceiling,
            duration_s=duration_s,
            past=past,
            restrictions=restrictions,
        )
        self.governor.grant(math.inf)
        self.attended = attended
        self.counts = [len(m.actuators) for m in mounts]
        self.now_s = 0.0

    def judge(self, demand: float | Sequence[Sequence[float]], after_s: float) -> list[CappedFrame]:
        """Let `after_s` pass and judge a demand (one level stands for all), without sending."""
        self.now_s = self.now_s + after_s
        rows = demand if isinstance(demand, Sequence) else [[demand] * n for n in self.counts]
        return list(self.governor.judge(rows, self.now_s))

    def tick(
        self, demand: float | Sequence[Sequence[float]], after_s: float = TICK_S
    ) -> CappedFrame:
        """Judge and send; return the first massager's frame."""
        if self.attended:
            self.governor.present(self.now_s)
        frames = self.judge(demand, after_s)
        for frame in frames:
            self.governor.sent(frame, self.now_s)
        return frames[0]

    def hold(self, demand: float | Sequence[Sequence[float]], seconds: float) -> CappedFrame:
        """Ask for the same for a while; return the last frame."""
        for _ in range(round(seconds / TICK_S) - 1):
            self.tick(demand)
        return self.tick(demand)
