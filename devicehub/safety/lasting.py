"""The rules that need time within a session: how long without a rest, and how long in all.

Seconds of zones and classes go by what reached the massagers (`stopwatch`), a session's by the time
that was played. What lies behind a session is for the rules of a day (`daily`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Mount
from devicehub.safety.places import Spot, classes, spots
from devicehub.safety.remaining import Remaining
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

    def __init__(self, watches: Sequence[Stopwatch], remaining: Remaining) -> None:
        self._watches, self._remaining = watches, remaining
        self.over = False

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold at 0 what has had its seconds; over when that is everything."""
        for watch in self._watches:
            if now_s >= watch.due_s:
                self.over = self._remaining.without(watch.members)
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
            allowance.silence(self.id)


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
                allowance.silence(self.id)


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
    memories: tuple[Motion, ...]
    endings: tuple[Ending, ...]


def lasting(
    limits: Limits, mounts: Sequence[Mount], caps: Caps, course: Course, remaining: Remaining
) -> Lasting:
    """Return the rules of zones and classes for these massagers."""
    felt = spots(limits, mounts, caps)
    resting = [
        LeakyClock(members, *numbers)
        for members, numbers in _each(
            felt, lambda spot: (spot.least("max_continuous_s"), spot.most("min_rest_s"))
        )
    ]
    spent = [
        Stopwatch(members, *numbers)
        for members, numbers in _each(felt, lambda spot: (spot.least("max_session_s"),))
    ]
    active = [
        Stopwatch(members, limits.session.max_active_s[name])
        for name, members in classes(mounts, caps).items()
    ]
    enough, worked = ZoneSession(spent, remaining), Active(active)
    total = SessionTotal(limits.session.max_total_s, course)
    return Lasting(
        rules=(Continuous(resting), enough, total, worked),
        memories=(Motion(len(caps.levels), [*resting, *spent, *active]),),
        endings=(enough, total, worked),
    )


def _each(
    felt: Sequence[Spot], numbers: Callable[[Spot], tuple[float, ...]]
) -> list[tuple[tuple[int, ...], tuple[float, ...]]]:
    """Return actuators and numbers; places that would always agree are told once."""
    return list(dict.fromkeys((spot.members, numbers(spot)) for spot in felt))
