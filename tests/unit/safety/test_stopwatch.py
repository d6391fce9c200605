"""Stopwatches: when they have something to say, and who tells them of what moves."""

import math

import pytest

from devicehub.safety.stopwatch import LeakyClock, Motion, Stopwatch

NEVER, ALREADY = math.inf, -math.inf

Turn = tuple[int, float, float]
"""By how many more move, from when on, and when it will then be full."""


@pytest.mark.parametrize(
    "turns",
    [
        [(1, 100.0, 110.0), (1, 102.0, 110.0), (-1, 104.0, 110.0), (-1, 106.0, NEVER)],
        [
            (1, 0.0, 10.0),
            (-1, 6.0, NEVER),
            (1, 200.0, 204.0),
            (-1, 203.0, NEVER),
            (1, 300.0, 301.0),
        ],
        [(1, 0.0, 10.0), (-1, 10.0, ALREADY), (1, 99.0, ALREADY)],
        [(1, 5.0, 15.0), (-1, 4.0, NEVER), (1, 5.0, 15.0)],
    ],
    ids=["two members", "on and off", "full for good", "no time runs back"],
)
def test_a_stopwatch_runs_while_any_member_moves(turns: list[Turn]) -> None:
    watch = Stopwatch((0, 1), 10.0)
    assert watch.due_s == NEVER
    for by, at_s, due_s in turns:
        watch.change(by, at_s)
        assert watch.due_s == due_s


def test_a_leaky_clock_runs_back_and_full_rests_until_it_is_at_zero() -> None:
    clock = LeakyClock((0,), 30.0, 60.0)
    said = [(clock.due_s, clock.resting)]
    for by, at_s in ((1, 0.0), (-1, 10.0), (1, 14.0)):
        clock.change(by, at_s)
        said.append((clock.due_s, clock.resting))
    clock.ring(36.0)
    said.append((clock.due_s, clock.resting))
    for by, at_s in ((-1, 36.0), (1, 50.0), (-1, 52.0)):
        clock.change(by, at_s)
        said.append((clock.due_s, clock.resting))
    clock.ring(102.0)
    said.append((clock.due_s, clock.resting))
    clock.change(1, 1000.0)
    said.append((clock.due_s, clock.resting))
    assert said == [
        *[(NEVER, False), (30.0, False), (NEVER, False), (36.0, False)],
        *[(NEVER, True), (96.0, True), (NEVER, True), (102.0, True)],
        *[(NEVER, False), (1030.0, False)],
    ]


class Told(Stopwatch):
    """One that writes down what it is told."""

    def __init__(self, *members: int) -> None:
        super().__init__(members, 10.0)
        self.told: list[tuple[int, float]] = []

    def change(self, by: int, at_s: float) -> None:
        self.told.append((by, at_s))


def test_a_stopwatch_is_told_when_a_member_begins_or_ceases_and_at_no_other_time() -> None:
    watch, other = Told(0, 2), Told(1)
    motion = Motion(3, [watch, other])
    motion.sent([0, 1, 2], [0.1, 0.1, 0.0], [1, 1, 0], 1.0)
    motion.sent([0, 1, 2], [0.9, 0.1, 0.0], [9, 1, 0], 2.0)
    motion.sent([0], [0.0], [0], 3.0)
    motion.sent([2], [0.1], [1], 4.0)
    motion.restart([0, 1, 2], 5.0)
    motion.restart([0, 1, 2], 6.0)
    assert watch.told == [(1, 1.0), (-1, 3.0), (1, 4.0), (-1, 5.0)]
    assert other.told == [(1, 1.0), (-1, 5.0)]
