"""The rules that need time within a session: how long without a rest, how long in all, how gently.

Seconds of zones and classes go by what reached the massagers (`stopwatch`), the beginning and the
end of a session by the time that was played. What lies behind a session, other sessions and days,
is not their matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.limits import UNKNOWN, ClassCaps, Limits
from devicehub.safety.mount import BOTH_SIDES, Mount
from devicehub.safety.session_limits import SessionLimits
from devicehub.safety.stopwatch import Course, LeakyClock, Motion, Stopwatch


class Continuous:
    """A zone rests: its clock runs while it is moved and back while not; full, 0 until it is back.

    So a stroke that passes now and then is not a motor left on. Only zones that an actuator lists
    count, each side for itself; what leaks in from beside runs no clock.
    """

    id = "continuous"

    def __init__(self, clocks: Sequence[LeakyClock]) -> None:
        self._clocks = clocks

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold at 0 what rests."""
        for clock in self._clocks:
            if now_s >= clock.due_s:
                clock.ring(now_s)
            if clock.resting:
                for i in clock.members:
                    allowance.lower(i, 0.0, self.id)


class ZoneSession:
    """A zone has had enough: beyond its seconds of a session, 0 until the session ends."""

    id = "zone_session"

    def __init__(self, watches: Sequence[Stopwatch], driven: Sequence[int]) -> None:
        self._watches = watches
        self._left = set(driven)
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold at 0 what has had its seconds; over when that is everything."""
        for watch in self._watches:
            if now_s >= watch.due_s:
                self._left.difference_update(watch.members)
                self.over = not self._left
                for i in watch.members:
                    allowance.lower(i, 0.0, self.id)


class SessionTotal:
    """A session has been played long enough: everything is 0, for good."""

    id = "session"

    def __init__(self, max_total_s: float, course: Course) -> None:
        self._max_total_s, self._course = max_total_s, course
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold everything at 0 from the last second on."""
        if self._course.played_s(now_s) >= self._max_total_s:
            self.over = True
            _silence(allowance, self.id)


class Active:
    """A class of massager has moved long enough: everything is 0, for good."""

    id = "active"

    def __init__(self, watches: Sequence[Stopwatch]) -> None:
        self._watches = watches
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold everything at 0 from the last second of any class on."""
        for watch in self._watches:
            if now_s >= watch.due_s:
                self.over = True
                _silence(allowance, self.id)


class Warmup:
    """A session begins gently: for its first seconds a part of every cap counts.

    The cap is that of zones and maker. What the person has chosen or reported joins by minimum, as
    everywhere: a low ceiling is not halved again.
    """

    id = "warmup"

    def __init__(
        self, limits: SessionLimits, caps: Caps, course: Course, duration_s: float
    ) -> None:
        self._until_s = min(limits.warmup_s, limits.ends_max_share * duration_s)
        self._factor = limits.warmup_factor
        self._own, self._course = caps.own, course

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
        self._lasts_s = min(limits.cooldown_s, limits.ends_max_share * duration_s)
        self._from_s = duration_s - self._lasts_s
        self._factor = limits.cooldown_factor
        self._own, self._course = caps.own, course

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Lower every moving actuator to the part of its cap that is left."""
        late_s = self._course.played_s(now_s) - self._from_s
        if late_s > 0.0:
            share = min(1.0, late_s / self._lasts_s) if self._lasts_s else 1.0
            _shrink(allowance, self._own, 1.0 - (1.0 - self._factor) * share, self.id)


def _silence(allowance: Allowance, rule: str) -> None:
    for i in allowance.moving:
        allowance.lower(i, 0.0, rule)


def _shrink(allowance: Allowance, own: Sequence[float], factor: float, rule: str) -> None:
    """Lower to `factor` of the caps by zones and maker."""
    for i in allowance.moving:
        allowance.lower(i, own[i] * factor, rule)


class _Rule(Protocol):
    @property
    def id(self) -> str: ...

    def judge(self, allowance: Allowance, now_s: float, /) -> None: ...


class Ending(_Rule, Protocol):
    """A rule that ends a session."""

    @property
    def over(self) -> bool:
        """Whether it has, for good."""
        ...


@dataclass(frozen=True, slots=True)
class Lasting:
    """The rules that need time; what must be told of arrivals; the rules that end a session."""

    rules: tuple[_Rule, ...]
    memories: tuple[Motion | Course, ...]
    endings: tuple[Ending, ...]


def lasting(limits: Limits, mounts: Sequence[Mount], caps: Caps, duration_s: float) -> Lasting:
    """Return the rules for these massagers in a session of `duration_s` played seconds."""
    session = limits.session
    course = Course(caps.driven)
    places = _places(limits, mounts, caps)
    clocks = _each(places, lambda rows: (_least(rows, "max_continuous_s"), _rest_s(rows)))
    sums = _each(places, lambda rows: (_least(rows, "max_session_s"),))
    resting = [LeakyClock(members, *numbers) for members, numbers in clocks]
    spent = [Stopwatch(members, *numbers) for members, numbers in sums]
    active = [
        Stopwatch(members, session.max_active_s[name])
        for name, members in _classes(mounts, caps).items()
    ]
    enough = ZoneSession(spent, caps.driven)
    total, worked = SessionTotal(session.max_total_s, course), Active(active)
    return Lasting(
        rules=(
            Continuous(resting),
            enough,
            total,
            worked,
            Warmup(session, caps, course, duration_s),
            Cooldown(session, caps, course, duration_s),
        ),
        memories=(Motion(len(caps.levels), [*resting, *spent, *active]), course),
        endings=(enough, total, worked),
    )


_Members = tuple[int, ...]
_Rows = list[ClassCaps]


def _places(limits: Limits, mounts: Sequence[Mount], caps: Caps) -> list[tuple[_Members, _Rows]]:
    """Return, for each zone and side that something may move in, who does and what it may."""
    felt: dict[tuple[str, str], dict[int, ClassCaps]] = {}
    flat = [(mount, actuator) for mount in mounts for actuator in mount.actuators]
    for i in caps.driven:
        mount, actuator = flat[i]
        for zone in {limits.zone(name).id: limits.zone(name) for name in _named(actuator.zones)}:
            for side in _sides(limits.zone(zone).side, actuator.side):
                row = limits.caps(zone, mount.stimulus_class)
                felt.setdefault((zone, side), {})[i] = row
    return [(tuple(rows), list(rows.values())) for rows in felt.values()]


def _named(zones: tuple[str, ...]) -> tuple[str, ...]:
    return zones or (UNKNOWN,)


def _sides(zone: str, actuator: str) -> tuple[str, ...]:
    """Return on which sides of a zone an actuator is felt; one that may be on either is on both."""
    if zone != "bilateral":
        return (zone,)
    return (actuator,) if actuator in BOTH_SIDES else BOTH_SIDES


def _each(
    places: list[tuple[_Members, _Rows]], numbers: Callable[[_Rows], tuple[float, ...]]
) -> list[tuple[_Members, tuple[float, ...]]]:
    """Return actuators and numbers; places that would always agree are told once."""
    return list(dict.fromkeys((members, numbers(rows)) for members, rows in places))


def _least(rows: _Rows, name: str) -> float:
    return min(getattr(row, name) for row in rows)


def _rest_s(rows: _Rows) -> float:
    return max(row.min_rest_s for row in rows)


def _classes(mounts: Sequence[Mount], caps: Caps) -> dict[str, _Members]:
    """Return the actuators that may move, by class of massager."""
    flat = [mount.stimulus_class for mount in mounts for _ in mount.actuators]
    members: dict[str, _Members] = {}
    for i in caps.driven:
        members[flat[i]] = (*members.get(flat[i], ()), i)
    return members
