"""Measure on a tape what a massage therapist would: where, how fast, how often.

From the tape's motor lines and the places that `devices show` prints alone; nothing of the hub.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.tapes import Tape

TICK_S = 0.01
Levels = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Touch:
    """One time that a motor was at half of its strongest and more."""

    motor: int
    begin_s: float
    end_s: float


class Reel:
    """A tape cut to a span, with the places of its motors."""

    def __init__(
        self, tape: Tape, massager: Mapping[str, Any], begin_s: float, end_s: float
    ) -> None:
        self.begin_s, self.end_s = begin_s, end_s
        self.at = {a["index"]: (a["x_cm"], a["y_cm"]) for a in massager["actuators"]}
        self._moves = tape.moves

    def touches(self) -> list[Touch]:
        """Return every touch that lies whole within the span, in the order of its begin."""
        found: list[Touch] = []
        for motor in {move.actuator for move in self._moves}:
            moves = [move for move in self._moves if move.actuator == motor]
            inside = [move.u for move in moves if self.begin_s <= move.t <= self.end_s]
            half = max(inside, default=0.0) / 2.0
            if half <= 0.0:
                continue
            since: float | None = None
            for move in moves:
                if move.u >= half and since is None:
                    since = move.t
                elif move.u < half and since is not None:
                    found.append(Touch(motor, since, move.t))
                    since = None
        whole = [t for t in found if self.begin_s <= t.begin_s and t.end_s <= self.end_s]
        return sorted(whole, key=lambda touch: (touch.begin_s, touch.motor))

    def places(self, touches: Iterable[Touch]) -> list[tuple[tuple[float, float], int]]:
        """Return where it was touched, one place after the other, and how often each."""
        found: list[tuple[tuple[float, float], int]] = []
        for touch in touches:
            place = self.at[touch.motor]
            if found and found[-1][0] == place:
                found[-1] = (place, found[-1][1] + 1)
            else:
                found.append((place, 1))
        return found

    def middles(
        self, axis: int, where: Callable[[float, float], bool]
    ) -> list[tuple[float, float]]:
        """Return the middle of what some motors do over time: seconds, and cm along an axis.

        Left out are instants at which none of them moves.
        """
        motors = [m for m, (x, y) in self.at.items() if x is not None and where(x, y)]
        levels: dict[int, float] = {}
        moves, next_ = self._moves, 0
        found: list[tuple[float, float]] = []
        for tick in range(round(self.end_s / TICK_S)):
            now_s = tick * TICK_S
            while next_ < len(moves) and moves[next_].t <= now_s:
                levels[moves[next_].actuator] = moves[next_].u
                next_ += 1
            power = {m: levels.get(m, 0.0) ** 2 for m in motors}
            total = sum(power.values())
            if now_s >= self.begin_s and total > 0.0:
                found.append((now_s, sum(p * self.at[m][axis] for m, p in power.items()) / total))
        return found

    def levels(self, motor: int) -> list[tuple[float, float]]:
        """Return the levels of one motor over time, sampled: seconds, and 0 to 1."""
        moves = [move for move in self._moves if move.actuator == motor]
        found: list[tuple[float, float]] = []
        level, next_ = 0.0, 0
        for tick in range(round(self.end_s / TICK_S)):
            while next_ < len(moves) and moves[next_].t <= tick * TICK_S:
                level, next_ = moves[next_].u, next_ + 1
            if tick * TICK_S >= self.begin_s:
                found.append((tick * TICK_S, level))
        return found


def crossings(
    middles: Sequence[tuple[float, float]], line_cm: float, *, rising: bool
) -> list[float]:
    """Return when a middle goes over a line, in seconds; between two samples where it must have."""
    found: list[float] = []
    for (t0, a), (t1, b) in pairwise(middles):
        if (a < line_cm <= b) if rising else (a > line_cm >= b):
            found.append(t0 + (t1 - t0) * (line_cm - a) / (b - a))
    return found


def rate_hz(touches: Sequence[Touch]) -> float:
    """Return how many touches there are a second, from the first begin to the last one."""
    begins = [touch.begin_s for touch in touches]
    return (len(begins) - 1) / (begins[-1] - begins[0])
