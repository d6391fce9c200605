"""The rules of a session's two ends: it begins gently, and it fades."""

from collections.abc import Sequence

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.session_limits import SessionLimits
from devicehub.safety.stopwatch import Course


class Warmup:
    """A session begins gently: for its first seconds a part of every cap counts.

    The cap is that of zones and maker. What the person has chosen or reported joins by minimum, as
    everywhere: a low ceiling is not halved again.
    """

    id = "warmup"

    def __init__(
        self, limits: SessionLimits, caps: Caps, course: Course, duration_s: float
    ) -> None:
        self._limits = limits
        self._until_s = 0.0
        self._factor = limits.warmup_factor
        self._own, self._course = caps.own, course
        self.plan(duration_s)

    def plan(self, duration_s: float) -> None:
        """Begin a session of `duration_s` seconds; never more shortly than was planned before."""
        planned_s = self._limits.planned_s(duration_s)
        share_s = self._limits.ends_max_share * planned_s
        self._until_s = max(self._until_s, min(self._limits.warmup_s, share_s))

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Lower every moving actuator to a part of its cap."""
        if self._course.played_s(now_s) < self._until_s:
            _shrink(allowance, self._own, self._factor, self.id)


class Cooldown:
    """A session fades: in its last seconds every cap falls evenly to a part of itself."""

    id = "cooldown"

    def __init__(
        self, limits: SessionLimits, caps: Caps, course: Course, duration_s: float
    ) -> None:
        self._limits = limits
        self._lasts_s: float
        self._from_s: float
        self._factor = limits.cooldown_factor
        self._own, self._course = caps.own, course
        self.plan(duration_s)

    def plan(self, duration_s: float) -> None:
        """Fade to the end of a session of `duration_s` seconds."""
        planned_s = self._limits.planned_s(duration_s)
        share_s = self._limits.ends_max_share * planned_s
        self._lasts_s = min(self._limits.cooldown_s, share_s)
        self._from_s = planned_s - self._lasts_s

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Lower every moving actuator to the part of its cap that is left."""
        late_s = self._course.played_s(now_s) - self._from_s
        if late_s > 0.0:
            share = min(1.0, late_s / self._lasts_s) if self._lasts_s else 1.0
            _shrink(allowance, self._own, 1.0 - (1.0 - self._factor) * share, self.id)


def _shrink(allowance: Allowance, own: Sequence[float], factor: float, rule: str) -> None:
    """Lower to `factor` of the caps by zones and maker."""
    for i in allowance.moving:
        allowance.lower(i, own[i] * factor, rule)
