"""The rule that somebody is there: asked now and then, and the session ends without an answer."""

import math

from devicehub.safety.allowance import Allowance
from devicehub.safety.stopwatch import Course


class Presence:
    """Nobody has said for too long that they are there: everything is 0, for good.

    Counted is what is played; in a pause nobody is asked.

    Attributes:
        over: Whether the time to answer has passed.
    """

    id = "presence"

    def __init__(self, course: Course, check_s: float, grace_s: float) -> None:
        self._course = course
        self._check_s, self._grace_s = check_s, grace_s
        self._seen_s = 0.0
        self.over = False

    def present(self) -> None:
        """Take note that somebody is there; it counts from the last judgement."""
        self._seen_s = self._course.so_far_s

    @property
    def due_s(self) -> float:
        """The instant from which the person is asked if all goes on like this; inf in a pause."""
        if self._course.paused or self._course.at_s is None:
            return math.inf
        return self._course.at_s + self._seen_s + self._check_s - self._course.so_far_s

    @property
    def asks(self) -> bool:
        """Whether the person is to be asked now."""
        return self._course.so_far_s >= self._seen_s + self._check_s

    def judge(self, allowance: Allowance, now_s: float) -> None:
        """Hold everything at 0 when the time to answer has passed."""
        alone_s = self._course.played_s(now_s) - self._seen_s
        if self.over or alone_s >= self._check_s + self._grace_s:
            self.over = True
            allowance.silence(self.id)
