"""How the ceiling may go up again. Senses that grow used to it ask for more than is good."""

import math

from devicehub.errors import SafetyRefusal
from devicehub.safety.caps import Ceiling
from devicehub.safety.sense import is_fraction
from devicehub.safety.session_limits import Habituation
from devicehub.safety.stopwatch import Course


class Raising:
    """Judges every wish for more.

    Back up to what was chosen before the start: at any time. Above it: after a while, in small
    steps, with time between them. After a report of discomfort: never. The caps stay above all.

    Attributes:
        most: The highest ceiling that the session can come to.
    """

    def __init__(
        self, limits: Habituation, ceiling: Ceiling, course: Course, planned_s: float
    ) -> None:
        self._limits, self._ceiling, self._course = limits, ceiling, course
        self._next_s = limits.window_s
        self._refused = False
        times = 1 + math.floor((planned_s - limits.window_s) / limits.raise_every_s)
        self.most = min(1.0, ceiling.chosen + max(0, times) * limits.raise_step)

    def never_again(self) -> None:
        """Take note of a report of discomfort."""
        self._refused = True

    def lift(self, to: float) -> None:
        """Raise the ceiling to `to`, 0..1; what is no more than the ceiling changes nothing.

        Raises:
            SafetyRefusal: It may not go there, or not yet; the text is for the person.
        """
        if not is_fraction(to):
            raise SafetyRefusal(f"ceiling is {to!r}: must be a number from 0 to 1")
        ceiling = self._ceiling
        if to <= ceiling.level:
            return
        if self._refused:
            raise SafetyRefusal("no stronger: something was uncomfortable in this session")
        if to > ceiling.chosen:
            self._above(to)
        ceiling.lift(min(to, max(self.most, ceiling.chosen)))

    def _above(self, to: float) -> None:
        """Go above what was chosen before the start, if it is time to."""
        played_s, step = self._course.so_far_s, self._limits.raise_step
        if played_s < self._next_s:
            wait_s = self._next_s - played_s
            raise SafetyRefusal(
                f"no stronger than {self._ceiling.level:.2f} for {wait_s:.0f} s more of playing: "
                "senses grow used to it"
            )
        most = min(self.most, max(self._ceiling.level, self._ceiling.chosen) + step)
        if to > most + _EXACT:
            raise SafetyRefusal(f"no stronger than {most:.2f} now, {step:g} more at a time")
        self._next_s = played_s + self._limits.raise_every_s


_EXACT = 1e-9
"""Forgives the last bits of a sum of ceilings."""
