"""Allowance: what is left of a demand while the rules judge it. It can only shrink.

There is no way to raise a level here, so no rule can, and the order of the rules cannot matter: the
result is the smallest of all bounds. Levels are kept twice, unrounded and as device steps, because
both must fall together:

* the demand goes to the nearest step: flooring it would lose much of a soft stroke on a device of
  fifteen steps, and protect nobody;
* a limit goes to the step below, and is exact: ``step / of <= limit`` holds in floating point;
* a bound on how fast an edge rises (`soften`) is rounded like the demand, otherwise a device of few
  steps could never leave zero.
"""

from collections.abc import Sequence

_SLACK_STEPS = 1e-9
"""Forgives the rounding of one multiplication: 0.29 * 100 is 28.999999999999996, and means 29."""


def step_nearest(level: float, of: int) -> int:
    """Return the step nearest to `level`, the upper one of two."""
    return int(level * of + 0.5)


def step_below(level: float, of: int) -> int:
    """Return the highest step that is not above `level`; 0 if the lowest step is."""
    step = int(level * of + _SLACK_STEPS)
    return step if step / of <= level else step - 1


ROUNDS_DOWN = 0.499999  # of a step: the most that is rounded down to the step below


class Allowance:
    """One demand under judgement, flat over all actuators of all massagers.

    Attributes:
        asked: The demand, 0..1.
        moving: Indexes of the actuators that are asked to move and may; all others are at 0.
        levels: What is left, unrounded, 0..1.
        steps: What is left, in device steps.
        bound_by: The rule that lowered each actuator last, or None.
        need: A limit of at least this much changes nothing; rules look here before they call.
    """

    __slots__ = ("asked", "bound_by", "levels", "moving", "need", "of", "steps")

    def __init__(self, asked: Sequence[float], of: Sequence[int], moving: list[int]) -> None:
        self.asked = asked
        self.of = of
        self.moving = moving
        self.levels = [0.0] * len(of)
        self.steps = [0] * len(of)
        self.need = [0.0] * len(of)
        self.bound_by: list[str | None] = [None] * len(of)
        for i in moving:
            level, top = asked[i], of[i]
            self.levels[i] = level
            self.steps[i] = step = int(level * top + 0.5)
            self.need[i] = max(level, step / top)

    def lower(self, i: int, bound: float, rule: str) -> None:
        """Let actuator `i` do no more than `bound`; a bound that is no number is 0."""
        if bound >= self.need[i]:
            return
        limit = max(0.0, bound)  # in this order NaN gives 0
        self._shrink(i, limit, step_below(limit, self.of[i]), rule)
        self.need[i] = limit

    def silence(self, rule: str) -> None:
        """Hold everything at 0."""
        for i in self.moving:
            self.lower(i, 0.0, rule)

    def soften(self, i: int, bound: float, rule: str) -> None:
        """Let actuator `i` rise no faster than `bound`, rounded as the demand is."""
        if bound >= self.levels[i]:
            return
        limit = max(0.0, bound)
        self._shrink(i, limit, step_nearest(limit, self.of[i]), rule)

    def hold(self, i: int, level: float, step: int, rule: str) -> None:
        """Let actuator `i` do no more than it does already."""
        # A level above the step would be counted as felt by the next rise; just below half a step
        # more, it is what still rounds to this step.
        felt = (step + ROUNDS_DOWN) / self.of[i]
        self._shrink(i, min(level, felt), step, rule)

    def _shrink(self, i: int, level: float, step: int, rule: str) -> None:
        if level < self.levels[i]:
            self.levels[i] = level
            self.bound_by[i] = rule
        if step < self.steps[i]:
            self.steps[i] = step
            self.bound_by[i] = rule
