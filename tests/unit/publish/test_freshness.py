"""Freshness: late, ahead, twice, and a clock that cannot be trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.publish.freshness import (
    FIRST_POSSIBLE_S,
    LONGEST_TTL_S,
    REMEMBERED,
    SETTLE_S,
    SKEW_S,
    Clock,
    Seen,
    stale,
)

NOW_S = FIRST_POSSIBLE_S + 1e6


@given(st.floats(-1e9, 1e9), st.floats(0.001, 1e9))
def test_a_command_holds_from_a_little_ahead_to_the_end_of_its_time(
    age_s: float, ttl_s: float
) -> None:
    age_s = NOW_S - (NOW_S - age_s)  # as the clock can tell it
    holds = -SKEW_S <= age_s <= min(ttl_s, LONGEST_TTL_S)
    assert (stale(NOW_S - age_s, ttl_s, NOW_S) == "") == holds


def test_an_id_counts_once_as_long_as_it_is_remembered() -> None:
    seen = Seen()
    assert not seen.again("a")
    assert seen.again("a")
    for n in range(REMEMBERED):
        assert not seen.again(str(n))
    assert not seen.again("a")


def test_a_clock_that_was_never_set_is_not_trusted() -> None:
    assert "never set" in Clock().unsure(0.0, 5.0)
    assert Clock().unsure(NOW_S, 5.0) == ""


@pytest.mark.parametrize("step_s", [-3600.0, -2.0, 2.0, 3600.0])
def test_a_clock_that_was_stepped_is_not_trusted_for_a_minute(step_s: float) -> None:
    clock = Clock()
    assert clock.unsure(NOW_S, 0.0) == ""
    assert "set anew" in clock.unsure(NOW_S + 1.0 + step_s, 1.0)
    assert "set anew" in clock.unsure(NOW_S + SETTLE_S + step_s, SETTLE_S)
    assert clock.unsure(NOW_S + SETTLE_S + 2.0 + step_s, SETTLE_S + 2.0) == ""


def test_a_clock_that_a_time_server_slews_is_trusted() -> None:
    clock = Clock()
    for s in range(600):
        assert clock.unsure(NOW_S + s * 1.0005, float(s)) == ""
