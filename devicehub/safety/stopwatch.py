"""Stopwatches: how long has what moved, by what reached the massagers, not by what was asked.

A stopwatch works only when something begins to move or ceases to; in between it knows the instant
at which it will have something to say, and a rule compares that with the time. So twenty beats a
second cost next to nothing, and no second is lost between two beats.
"""

import math
from collections.abc import Iterable, Sequence

_EXACT_S = 1e-9
"""Forgives the last bits of a sum of seconds."""


class Stopwatch:
    """Seconds in which any of its actuators moved; it never runs back.

    Attributes:
        members: Flat indexes of its actuators.
        due_s: From this instant on it is full, if nothing changes before.
    """

    __slots__ = ("_at_s", "_full_s", "_moving", "_spent_s", "due_s", "members")

    def __init__(self, members: tuple[int, ...], full_s: float) -> None:
        self.members = members
        self.due_s = math.inf
        self._full_s = full_s
        self._spent_s = 0.0
        self._moving = 0
        self._at_s = -math.inf

    def change(self, by: int, at_s: float) -> None:
        """Take note that one more member moves (1) or one less (-1) from `at_s` on."""
        self._settle(at_s)
        self._moving += by
        self._plan()

    def _settle(self, at_s: float) -> None:
        """Count until `at_s`."""
        if at_s > self._at_s:
            self._count(at_s - self._at_s)
            self._at_s = at_s

    def _count(self, dt_s: float) -> None:
        if self._moving:
            self._spent_s += dt_s

    def _plan(self) -> None:
        left_s = self._full_s - self._spent_s
        if left_s <= _EXACT_S:
            self.due_s = -math.inf
        else:
            self.due_s = self._at_s + left_s if self._moving else math.inf


class LeakyClock(Stopwatch):
    """Runs while a member moves and back while none does; full, it asks for rest until it is at 0.

    Attributes:
        resting: Whether its actuators must be at 0.
    """

    __slots__ = ("_leak", "resting")

    def __init__(self, members: tuple[int, ...], full_s: float, rest_s: float) -> None:
        super().__init__(members, full_s)
        self.resting = False
        self._leak = full_s / rest_s

    def ring(self, now_s: float) -> None:
        """Do what was due: full, begin to rest; back at 0, end it."""
        self._settle(now_s)
        self._plan()

    def _count(self, dt_s: float) -> None:
        if self._moving:
            self._spent_s += dt_s
        else:
            self._spent_s = max(0.0, self._spent_s - dt_s * self._leak)
        if self._spent_s >= self._full_s - _EXACT_S:
            self.resting = True
        elif self._spent_s <= _EXACT_S:
            self.resting = False

    def _plan(self) -> None:
        self.due_s = math.inf
        if self.resting and not self._moving:
            self.due_s = self._at_s + self._spent_s / self._leak
        elif self._moving and not self.resting:
            self.due_s = self._at_s + self._full_s - self._spent_s


class Motion:
    """Which actuators move, by what has reached them; tells the stopwatches."""

    def __init__(self, count: int, watches: Iterable[Stopwatch]) -> None:
        self._moves = [False] * count
        self._watches: list[list[Stopwatch]] = [[] for _ in range(count)]
        for watch in watches:
            for i in watch.members:
                self._watches[i].append(watch)

    def sent(
        self, driven: Sequence[int], _levels: Sequence[float], steps: Sequence[int], at_s: float
    ) -> None:
        """Take note of what moves from `at_s` on."""
        for i, step in zip(driven, steps, strict=True):
            if (step > 0) is not self._moves[i]:
                self._turn(i, at_s)

    def restart(self, driven: Sequence[int], at_s: float) -> None:
        """Nothing moves from `at_s` on."""
        for i in driven:
            if self._moves[i]:
                self._turn(i, at_s)

    def _turn(self, i: int, at_s: float) -> None:
        self._moves[i] = moves = not self._moves[i]
        for watch in self._watches[i]:
            watch.change(1 if moves else -1, at_s)


class Course:
    """Seconds of the session that were played: those between two judgements without a full stop.

    While every massager is stopped (pause, interruption) no time of the session passes.

    Attributes:
        so_far_s: Those seconds, until the last judgement.
        at_s: When that was; None before the first.
    """

    def __init__(self, driven: Sequence[int]) -> None:
        self._driven = frozenset(driven)
        self._stopped: set[int] = set()
        self.so_far_s = 0.0
        self.at_s: float | None = None

    @property
    def paused(self) -> bool:
        """Whether every massager was stopped and none has been judged since."""
        return self._stopped >= self._driven

    def played_s(self, now_s: float) -> float:
        """Return the seconds until the judgement at `now_s`; asking again changes nothing."""
        if now_s != self.at_s or self._stopped:
            if self.at_s is not None and not self.paused:
                self.so_far_s += now_s - self.at_s
            self.at_s = now_s
            self._stopped.clear()
        return self.so_far_s

    def sent(
        self, driven: Sequence[int], levels: Sequence[float], steps: Sequence[int], at_s: float
    ) -> None:
        """Nothing: a session goes on while nothing is asked as well."""

    def restart(self, driven: Sequence[int], _at_s: float) -> None:
        """Take note of a stop."""
        self._stopped.update(driven)
