"""Awake: what a gap between two questions is, and what was made before it."""

import pytest

from devicehub.keeper.awake import SUSPEND_GAP_S, Awake

LIFE_S = 0.5


class Clock:
    """A clock that goes on during sleep, as a test sets it."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize(
    ("gap_s", "slept"), [(0.0, False), (SUSPEND_GAP_S, False), (SUSPEND_GAP_S + 0.01, True)]
)
def test_a_gap_of_more_than_two_seconds_is_a_sleep(gap_s: float, slept: bool, clock: Clock) -> None:
    awake = Awake(clock)
    clock.now_s += gap_s
    assert awake.slept(5.0) is slept


def test_who_is_asked_often_never_slept(clock: Clock) -> None:
    awake = Awake(clock)
    for _ in range(10):
        clock.now_s += SUSPEND_GAP_S
        assert not awake.slept(5.0)


def test_a_sleep_is_told_once(clock: Clock) -> None:
    awake = Awake(clock)
    clock.now_s += 3600.0
    assert awake.slept(5.0)
    assert not awake.slept(5.0)


def test_before_any_sleep_everything_is_from_now(clock: Clock) -> None:
    awake = Awake(clock)
    assert awake.is_from_now(0.0, LIFE_S)
    awake.slept(5.0)
    assert awake.is_from_now(0.0, LIFE_S)


def test_after_a_sleep_what_was_made_before_it_is_not_from_now(clock: Clock) -> None:
    awake = Awake(clock)
    clock.now_s += 3600.0
    awake.slept(5.0)
    assert awake.is_from_now(5.0 + LIFE_S, LIFE_S)
    assert not awake.is_from_now(5.0 + LIFE_S - 0.001, LIFE_S)
