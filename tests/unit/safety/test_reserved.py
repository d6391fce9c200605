"""Nothing moves that was not written down before, and nothing when nobody is there."""

import math
from typing import Any

import pytest

from devicehub.safety.actions import Action
from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import TICK_S, Bench, mount

pytestmark = pytest.mark.exhaustive  # minutes of sessions: the tracer would double them

TAIL_S = 2.5
STOP_WITHIN_S = 1.0 + 0.5 + 1.0  # silence noticed, last frame stale, stop written or given up


def test_the_tail_is_what_a_dead_hub_may_leave_running(limits: Limits) -> None:
    assert limits.timing.tail_s == STOP_WITHIN_S == TAIL_S


def test_without_a_grant_nothing_moves(limits: Limits) -> None:
    governor = Governor(limits, [mount("gluteal")])
    frame = governor.judge([[0.0]], 0.0)[0]
    for n in range(400):
        (frame,) = governor.judge([[1.0]], n * TICK_S)
        governor.sent(frame, n * TICK_S)
        assert frame.steps == (0,)
    assert frame.bound_by == ("reserved",)
    assert governor.verdict.action is Action.PAUSE


@pytest.mark.parametrize(("at_s", "moves"), [(17.49, True), (17.5, False), (17.6, False)])
def test_what_is_granted_may_be_used_but_for_the_tail(
    limits: Limits, at_s: float, moves: bool
) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.2, 15.0)
    bench.governor.grant(20.0)
    assert (bench.tick(0.2, at_s - bench.now_s).steps[0] > 0) is moves


def test_with_a_further_grant_it_goes_on(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.governor.grant(20.0)
    assert bench.hold(1.0, 19.0).bound_by == ("reserved",)
    bench.governor.grant(40.0)
    assert bench.hold(1.0, 5.0).steps[0] > 0


@pytest.mark.parametrize("until_s", [math.nan, -math.inf])
def test_a_grant_that_is_no_time_grants_nothing(limits: Limits, until_s: Any) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.governor.grant(until_s)
    assert bench.hold(1.0, 5.0).bound_by == ("reserved",)


# Presence


@pytest.mark.parametrize(
    ("stimulus_class", "check_s"),
    [
        ("surface_vibration", 300.0),
        ("handheld_vibration", 180.0),
        ("percussive", 90.0),
        ("rotating_nodes", 300.0),
        ("diffuse_vibration", 600.0),
    ],
)
def test_somebody_has_to_say_that_they_are_there(
    limits: Limits, stimulus_class: str, check_s: float
) -> None:
    bench = Bench(limits, mount("gluteal", stimulus_class=stimulus_class), attended=False)
    bench.tick(1.0, 0.0)
    assert bench.governor.presence_due_s == pytest.approx(check_s)
    bench.hold(0.0, check_s + 15.0 - 5.0)
    assert bench.hold(1.0, 4.9).bound_by != ("presence",)
    assert bench.governor.over is None
    assert bench.hold(1.0, 0.2).bound_by == ("presence",)
    assert (bench.governor.over, bench.governor.verdict.action) == ("presence", Action.STOP)


def test_who_answers_is_asked_again_later(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), attended=False)
    bench.hold(0.0, 310.0)
    bench.governor.present(bench.now_s)
    assert bench.governor.presence_due_s == pytest.approx(610.0, abs=0.1)
    bench.hold(0.0, 310.0)
    assert bench.hold(1.0, 4.0).steps[0] > 0
    assert bench.hold(1.0, 2.0).steps == (0,)


def test_who_answers_too_late_ends_nothing_less(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), attended=False)
    bench.hold(0.0, 316.0)
    bench.governor.present(bench.now_s)
    assert bench.hold(1.0, 5.0).bound_by == ("presence",)


def test_in_a_pause_nobody_is_asked(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), attended=False)
    bench.hold(0.0, 290.0)
    bench.governor.restart("cape", bench.now_s)
    assert bench.governor.presence_due_s == math.inf
    bench.tick(0.0, 1000.0)
    assert bench.governor.presence_due_s == pytest.approx(bench.now_s + 10.0, abs=0.1)
    assert bench.governor.over is None


def test_before_the_first_judgement_nobody_is_asked(limits: Limits) -> None:
    assert Governor(limits, [mount("gluteal")]).presence_due_s == math.inf


def test_of_several_massagers_the_shortest_counts(limits: Limits) -> None:
    gun = mount("gluteal", device="gun", stimulus_class="percussive")
    bench = Bench(limits, mount("gluteal"), gun, attended=False)
    bench.tick(0.0, 0.0)
    assert bench.governor.presence_due_s == 90.0


def test_the_question_is_a_warning(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), attended=False)
    bench.hold(0.0, 299.0)
    assert bench.governor.verdict.action is Action.NONE
    bench.hold(0.0, 2.0)
    assert (bench.governor.verdict.action, bench.governor.verdict.rule) == (Action.WARN, "presence")


def test_an_answer_at_no_time_is_a_fault(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.governor.present(math.nan)
    assert bench.governor.fault == "clock"
