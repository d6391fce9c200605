"""The rules with a memory or a neighbour: one reason to hold back, one class.

Each has an `id` and `judge(allowance, now_s)`, which may lower and do nothing else. A rule that
must know what the massager really does also has `sent` (this much has reached it) and `restart` (it
was stopped). Judged frames that are never sent leave no trace, so a slow link buys nothing.

A further rule is a further class: its id goes into `governor.ROLL_CALL`, its instance into the
list of `assembly`, its row into `actions.RESPONSES`.
"""

import math
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from devicehub.safety.allowance import Allowance, step_below
from devicehub.safety.caps import Caps
from devicehub.safety.joint import Joint
from devicehub.safety.limits import Timing


class Rule(Protocol):
    """One reason to hold back."""

    @property
    def id(self) -> str:
        """The name in frames, in the roll-call and in front of people."""
        ...

    def judge(self, allowance: Allowance, now_s: float, /) -> None:
        """Lower what must be lowered."""
        ...


class Memory(Protocol):
    """A rule that follows what the massager does.

    `driven` holds the flat indexes of the actuators of one massager that may move; levels and steps
    are in its order.
    """

    def sent(
        self, driven: Sequence[int], levels: Sequence[float], steps: Sequence[int], at_s: float, /
    ) -> None:
        """Remember what reached the massager at `at_s`."""
        ...

    def restart(self, driven: Sequence[int], at_s: float, /) -> None:
        """Remember that the massager was at 0 at `at_s`."""
        ...


class Ramp:
    """A slow ceiling after every start: it rises from 0, and follows what was really used.

    For the first `ramp_window_s` it rises whatever is asked. From then on it lies at most one
    tick's rise above the highest level sent within that window, so a long silence is followed by
    a ramp and not by a jump. A stall earns nothing: time counts up to `slew_dt_max_s` a tick.
    """

    id = "ramp"

    def __init__(self, timing: Timing, caps: Caps, rise_per_s: Sequence[float]) -> None:
        count = len(rise_per_s)
        self._dt_max_s, self._window_s = timing.slew_dt_max_s, timing.ramp_window_s
        self._caps, self._rise = caps, rise_per_s
        self._ceiling = [0.0] * count
        self._used = [0.0] * count
        self._settled_at_s = [math.inf] * count
        self._seconds: deque[tuple[float, list[float]]] = deque([(-math.inf, [0.0] * count)])
        self._last_s: float | None = None

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Let the ceilings rise by one tick, and lower what is above them."""
        dt_s = 0.0 if self._last_s is None else min(now_s - self._last_s, self._dt_max_s)
        self._last_s = now_s
        self._turn_to(now_s)
        ceiling, used, caps, need = self._ceiling, self._used, self._caps.levels, allowance.need
        for i in self._caps.driven:
            base = ceiling[i]
            if now_s >= self._settled_at_s[i] and used[i] < base:
                base = used[i]
            top = base + self._rise[i] * dt_s
            ceiling[i] = top = min(top, caps[i])
            if not top >= need[i]:
                allowance.lower(i, top, self.id)

    def sent(
        self, driven: Sequence[int], levels: Sequence[float], _steps: Sequence[int], at_s: float
    ) -> None:
        """Remember the levels among those of the window."""
        self._turn_to(at_s)
        row, used = self._seconds[-1][1], self._used
        for i, level in zip(driven, levels, strict=True):
            if level > used[i]:
                row[i] = used[i] = level
            elif level > row[i]:
                row[i] = level

    def restart(self, driven: Sequence[int], at_s: float) -> None:
        """Begin again at 0, and count the time from then on: no tick before it is earned."""
        if self._last_s is not None:
            self._last_s = max(self._last_s, at_s)
        for i in driven:
            self._ceiling[i] = self._used[i] = 0.0
            self._settled_at_s[i] = at_s + self._window_s
            for _, row in self._seconds:
                row[i] = 0.0

    def _turn_to(self, now_s: float) -> None:
        """Open the bucket of this second and drop those that have left the window."""
        second = math.floor(now_s)
        if second <= self._seconds[-1][0]:
            return
        self._seconds.append((second, [0.0] * len(self._used)))
        while self._seconds[0][0] <= second - self._window_s:
            self._seconds.popleft()
        self._used = [max(row) for row in zip(*(row for _, row in self._seconds), strict=True)]


class Edge:
    """No knock: from 0 to the cap takes at least `edge_min_s`, longer where nothing may knock.

    Counted from the level that last reached the massager, unrounded (or a massager of few steps
    would be safe because dead), and never more than a share of the cap in one write.
    """

    id = "edge"

    def __init__(self, timing: Timing, caps: Caps, edge_min_s: Sequence[float]) -> None:
        self._dt_max_s, self._share = timing.slew_dt_max_s, timing.edge_max_share
        self._caps = caps
        self._per_s = [1.0 / edge_s for edge_s in edge_min_s]
        self._level = [0.0] * len(edge_min_s)
        self._at_s = [math.inf] * len(edge_min_s)

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Lower what rises too fast."""
        levels, caps = allowance.levels, self._caps.levels
        for i in allowance.moving:
            dt_s = max(0.0, min(now_s - self._at_s[i], self._dt_max_s))
            bound = self._level[i] + caps[i] * min(self._per_s[i] * dt_s, self._share)
            if not bound >= levels[i]:
                allowance.soften(i, bound, self.id)

    def sent(
        self, driven: Sequence[int], levels: Sequence[float], _steps: Sequence[int], at_s: float
    ) -> None:
        """Count from here."""
        for i, level in zip(driven, levels, strict=True):
            self._level[i] = level
            self._at_s[i] = at_s

    def restart(self, driven: Sequence[int], at_s: float) -> None:
        """Count from 0."""
        for i in driven:
            self._level[i] = 0.0
            self._at_s[i] = at_s


class Pattern:
    """No hammering: an edge is the start of a rise after a fall; edges keep their distance.

    Too early, an actuator stays at what it does, or follows the demand down.
    """

    id = "pattern"

    def __init__(self, gap_s: Sequence[float]) -> None:
        self._gap_s = gap_s
        self._step = [0] * len(gap_s)
        self._level = [0.0] * len(gap_s)
        self._fell = [True] * len(gap_s)
        self._edge_at_s = [-math.inf] * len(gap_s)

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold what would begin a rise too early."""
        steps = allowance.steps
        for i in allowance.moving:
            begins = steps[i] > self._step[i] and self._fell[i]
            if begins and now_s - self._edge_at_s[i] < self._gap_s[i]:
                allowance.hold(i, self._level[i], self._step[i], self.id)

    def sent(
        self, driven: Sequence[int], levels: Sequence[float], steps: Sequence[int], at_s: float
    ) -> None:
        """Remember the direction, and when a rise began."""
        for i, level, step in zip(driven, levels, steps, strict=True):
            if step > self._step[i]:
                if self._fell[i]:
                    self._edge_at_s[i] = at_s
                self._fell[i] = False
            elif step < self._step[i]:
                self._fell[i] = True
            self._step[i], self._level[i] = step, level

    def restart(self, driven: Sequence[int], _at_s: float) -> None:
        """A stop is a fall; when the last rise began still counts, or pausing would buy edges."""
        for i in driven:
            self._step[i], self._level[i], self._fell[i] = 0, 0.0, True


class Recheck:
    """After rounding, once more: each step against its cap, all steps against the joint caps.

    The demand was rounded to the nearest step, so a sum can pass its cap by a rounding. Those that
    were rounded up go down one step.
    """

    id = "recheck"

    def __init__(self, caps: Caps, joint: Joint) -> None:
        self._caps, self._joint = caps, joint

    def judge(self, allowance: Allowance, _now_s: float) -> None:
        """Lower what rounding has put above a limit."""
        self._caps.lower(allowance)
        for i in self._joint.overrun(allowance):
            level = allowance.levels[i]
            allowance.hold(i, level, step_below(level, allowance.of[i]), Joint.id)
