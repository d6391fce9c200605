"""Curve: a level over time, drawn as straight lines between points."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
"""Seconds from the beginning, and the level there, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A level over time. `times_s` rise from point to point; before and after, the ends hold."""

    times_s: tuple[float, ...]
    levels: tuple[float, ...]

    @classmethod
    def through(cls, points: Sequence[Point]) -> "Curve":
        """Return the curve through `points`, of which there is at least one."""
        return cls(tuple(t_s for t_s, _ in points), tuple(level for _, level in points))

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point, the first first."""
        return tuple(zip(self.times_s, self.levels, strict=True))

    @property
    def end_s(self) -> float:
        """The time of the last point, in seconds."""
        return self.times_s[-1]

    def at(self, t_s: float) -> float:
        """Return the level at `t_s` seconds."""
        after = bisect_right(self.times_s, t_s)
        if after == 0:
            return self.levels[0]
        if after == len(self.times_s):
            return self.levels[-1]
        start_s, start = self.times_s[after - 1], self.levels[after - 1]
        part = (t_s - start_s) / (self.times_s[after] - start_s)
        return start + part * (self.levels[after] - start)

    def thinned(self, tolerance: float) -> "Curve":
        """Return a curve through fewer of the same points.

        At the time of every point that is left out it is at most `tolerance` from that point.
        """
        kept = [0]
        while (anchor := kept[-1]) < len(self.times_s) - 1:
            kept.append(self._furthest(anchor, tolerance))
        points = self.points
        return Curve.through([points[index] for index in kept])

    def _furthest(self, anchor: int, tolerance: float) -> int:
        """Return the last point that a straight line from `anchor` may go to.

        The line has to pass every point on its way within the tolerance: each of them leaves a cone
        of slopes, and the line's own slope has to lie in all of them.
        """
        start_s, start = self.times_s[anchor], self.levels[anchor]
        lowest, highest = float("-inf"), float("inf")
        best = anchor + 1
        for index in range(anchor + 1, len(self.times_s)):
            run_s, rise = self.times_s[index] - start_s, self.levels[index] - start
            if lowest <= rise / run_s <= highest:
                best = index
            lowest = max(lowest, (rise - tolerance) / run_s)
            highest = min(highest, (rise + tolerance) / run_s)
            if lowest > highest:
                break
        return best
