"""More: what a person may ask for, and when."""

import math
from itertools import pairwise
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety.caps import Ceiling
from devicehub.safety.governor import Governor
from devicehub.safety.habituation import Raising
from devicehub.safety.limits import Limits
from devicehub.safety.stopwatch import Course
from tests.unit.safety.bench import Bench, mount

STEP = 0.05


def playing(limits: Limits, seconds: float, ceiling: float = 0.3) -> Bench:
    bench = Bench(limits, mount("gluteal"), ceiling=ceiling)
    bench.tick(0.0, 0.0)
    bench.tick(0.2, seconds)
    return bench


def raised(bench: Bench, to: float) -> bool:
    try:
        bench.governor.raise_ceiling(to, bench.now_s)
    except SafetyRefusal:
        return False
    assert bench.governor.ceiling == to
    return True


@pytest.mark.parametrize(("to", "may"), [(0.2, True), (0.3, True), (0.301, False), (1.0, False)])
def test_at_first_only_back_to_what_was_chosen(limits: Limits, to: float, may: bool) -> None:
    bench = playing(limits, 10.0)
    bench.governor.lower_ceiling(0.1)
    assert raised(bench, to) is may
    assert bench.governor.ceiling == (to if may else 0.1)


@pytest.mark.parametrize(("played_s", "may"), [(299.9, False), (300.0, True), (300.1, True)])
def test_above_what_was_chosen_after_five_minutes(
    limits: Limits, played_s: float, may: bool
) -> None:
    assert raised(playing(limits, played_s), 0.3 + STEP) is may


@pytest.mark.parametrize(("more", "may"), [(STEP, True), (STEP + 1e-6, False), (0.5, False)])
def test_above_what_was_chosen_in_small_steps(limits: Limits, more: float, may: bool) -> None:
    assert raised(playing(limits, 301.0), 0.3 + more) is may


@pytest.mark.parametrize(("later_s", "may"), [(59.9, False), (60.1, True)])
def test_and_a_minute_apart(limits: Limits, later_s: float, may: bool) -> None:
    bench = playing(limits, 301.0)
    assert raised(bench, 0.32)
    bench.tick(0.2, later_s)
    assert raised(bench, 0.37) is may


def test_a_minute_of_pause_is_no_minute(limits: Limits) -> None:
    bench = playing(limits, 301.0)
    assert raised(bench, 0.35)
    bench.governor.restart("cape", bench.now_s)
    bench.tick(0.2, 100.0)
    assert not raised(bench, 0.4)


def test_back_to_what_was_chosen_takes_no_minute(limits: Limits) -> None:
    bench = playing(limits, 301.0)
    assert raised(bench, 0.35)
    bench.governor.lower_ceiling(0.1)
    assert raised(bench, 0.3)
    assert not raised(bench, 0.35)


def test_after_a_report_of_discomfort_never(limits: Limits) -> None:
    bench = playing(limits, 301.0)
    bench.governor.lower_ceiling(0.1)
    bench.governor.mild_discomfort()
    with pytest.raises(SafetyRefusal, match="no stronger: something was uncomfortable"):
        bench.governor.raise_ceiling(0.2, bench.now_s)
    assert bench.governor.ceiling == 0.1


def test_a_refusal_says_how_long(limits: Limits) -> None:
    bench = playing(limits, 240.0)
    with pytest.raises(SafetyRefusal) as caught:
        bench.governor.raise_ceiling(0.35, bench.now_s)
    assert str(caught.value) == (
        "no stronger than 0.30 for 60 s more of playing: senses grow used to it"
    )
    bench.tick(0.2, 61.0)
    with pytest.raises(SafetyRefusal, match=r"no stronger than 0\.35 now, 0\.05 more at a time"):
        bench.governor.raise_ceiling(0.4, bench.now_s)


def test_what_is_no_more_changes_nothing(limits: Limits) -> None:
    bench = playing(limits, 10.0)
    bench.governor.raise_ceiling(0.1, bench.now_s)
    assert bench.governor.ceiling == 0.3


def test_no_cap_is_passed(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), ceiling=0.68)
    bench.tick(0.0, 0.0)
    bench.tick(0.2, 301.0)
    assert raised(bench, 0.73)
    assert bench.governor.caps("cape") == (0.7,)
    assert bench.hold(1.0, 20.0).steps == (700,)


def test_more_is_never_a_jump(limits: Limits) -> None:
    bench = playing(limits, 10.0, ceiling=0.6)
    bench.hold(1.0, 20.0)
    bench.governor.lower_ceiling(0.1)
    bench.hold(1.0, 35.0)
    assert raised(bench, 0.6)
    levels = [bench.tick(1.0).levels[0] for _ in range(40)]
    assert levels[-1] > 0.15
    assert all(b - a <= 0.1 * 0.06 for a, b in pairwise(levels))


@pytest.mark.parametrize("to", [math.nan, math.inf, -0.1, 1.1, True, "0.5", None])
def test_a_ceiling_that_makes_no_sense_is_refused(limits: Limits, to: Any) -> None:
    bench = playing(limits, 301.0)
    with pytest.raises(SafetyRefusal, match="must be a number from 0 to 1"):
        bench.governor.raise_ceiling(to, bench.now_s)
    assert bench.governor.ceiling == 0.3


@pytest.mark.parametrize(
    ("duration_s", "steps"), [(120.0, 4), (299.0, 4), (300.0, 5), (360.0, 6), (1800.0, 10)]
)
def test_the_last_gate_knows_how_far_it_may_ever_go(
    limits: Limits, duration_s: float, steps: int
) -> None:
    body = mount("gluteal", steps=15)
    governor = Governor(limits, [body], ceiling=0.3, duration_s=duration_s)
    assert governor.ceiling_steps("cape") == (steps,)


def test_the_ceiling_never_goes_further_than_the_last_gate(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", steps=100), ceiling=0.3, duration_s=360.0)
    bench.tick(0.0, 0.0)
    bench.tick(0.2, 300.0)
    for _ in range(20):
        raised(bench, bench.governor.ceiling + STEP)
        bench.tick(0.2, 70.0)
    assert bench.governor.ceiling == pytest.approx(0.4)
    assert bench.governor.ceiling_steps("cape") == (40,)


@pytest.mark.parametrize(
    ("planned_s", "most"),
    [(60.0, 0.3), (299.9, 0.3), (300.0, 0.35), (359.9, 0.35), (360.0, 0.4), (1800.0, 1.0)],
)
def test_the_highest_that_a_session_can_come_to_is_known_from_the_beginning(
    limits: Limits, planned_s: float, most: float
) -> None:
    rule = Raising(limits.session.habituation, Ceiling(0.3), Course([0]), planned_s)
    assert rule.most == pytest.approx(most)


def test_what_is_there_already_is_never_refused(limits: Limits) -> None:
    rule = Raising(limits.session.habituation, Ceiling(0.3), Course([0]), 1800.0)
    rule.never_again()
    rule.lift(0.3)
    rule.lift(0.1)
