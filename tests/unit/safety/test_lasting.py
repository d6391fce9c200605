"""The rules that need time within a session, on both sides of their limits."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety.governor import GovernedActuator, Governor
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import TICK_S, Bench, mount

pytestmark = pytest.mark.exhaustive  # minutes of sessions: the tracer would double them

Demand = float | Sequence[Sequence[float]]


def until(bench: Bench, demand: Demand, moves: bool, most_s: float = 400.0) -> float:
    """Ask until the first motor moves, or does not; return the seconds that it took."""
    began_s = bench.now_s
    while (bench.tick(demand).steps[0] > 0) is not moves:
        assert bench.now_s - began_s < most_s
    return bench.now_s - began_s


def moving(limits: Limits, *zones: str, **options: Any) -> Bench:
    """Return a bench on which everything has begun to move."""
    bench = Bench(limits, mount(*zones, **options))
    until(bench, 1.0, moves=True)
    return bench


def shorter(limits: Limits, **session: Any) -> Limits:
    return replace(limits, session=replace(limits.session, **session))


# Continuous


@pytest.mark.parametrize(
    ("zone", "stimulus_class", "full_s"),
    [
        ("gluteal", "surface_vibration", 180.0),
        ("scapula_bony", "surface_vibration", 120.0),
        ("spine_lumbar", "surface_vibration", 60.0),
        ("unknown", "surface_vibration", 30.0),
        ("gluteal", "handheld_vibration", 120.0),
        ("gluteal", "percussive", 60.0),
    ],
)
def test_a_zone_moves_until_its_clock_is_full_and_not_a_tick_longer(
    limits: Limits, zone: str, stimulus_class: str, full_s: float
) -> None:
    bench = moving(limits, zone, stimulus_class=stimulus_class)
    lasted_s = until(bench, 1.0, moves=False)
    assert full_s - 1e-6 <= lasted_s <= full_s + TICK_S + 1e-6


def test_a_tick_before_the_clock_is_full_it_moves(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    assert bench.hold(1.0, 180.0 - TICK_S).steps == (700,)
    frame = bench.hold(1.0, 2 * TICK_S)
    assert (frame.steps, frame.bound_by) == ((0,), ("continuous",))


@pytest.mark.parametrize(("zone", "rest_s"), [("gluteal", 30.0), ("spine_lumbar", 60.0)])
def test_a_full_zone_rests_until_its_clock_is_back(
    limits: Limits, zone: str, rest_s: float
) -> None:
    bench = moving(limits, zone)
    until(bench, 1.0, moves=False)
    assert rest_s - 1e-6 <= until(bench, 1.0, moves=True) <= rest_s + 0.2


def test_a_rest_that_was_begun_is_kept_to_its_end(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    until(bench, 1.0, moves=False)
    bench.hold(0.0, 29.0)
    assert bench.hold(1.0, 0.9).steps == (0,)
    assert bench.hold(1.0, 1.0).steps[0] > 0


def test_after_its_rest_a_zone_begins_softly_and_reaches_its_cap_again(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    until(bench, 1.0, moves=False)
    until(bench, 1.0, moves=True)
    assert bench.tick(1.0).steps[0] <= 20
    assert bench.hold(1.0, 8.0).steps == (700,)


def test_a_pause_runs_the_clock_back_in_proportion(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    bench.hold(1.0, 100.0)
    bench.hold(0.0, 10.0)  # takes 60 of them back
    bench.tick(1.0)
    assert until(bench, 1.0, moves=False) == pytest.approx(140.0, abs=0.2)


def test_a_stroke_that_passes_now_and_then_never_rests(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    for _ in range(80):
        assert bench.hold(1.0, 6.0).steps[0] > 0
        bench.hold(0.0, 1.0)


def test_motors_that_move_in_turn_run_one_clock(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "gluteal"))
    bench.hold(1.0, 1.0)
    for _ in range(18):
        bench.hold([[1.0, 0.0]], 5.0)
        bench.hold([[0.0, 1.0]], 5.0)
    assert bench.hold(1.0, 1.0).bound_by == ("continuous", "continuous")


def test_what_leaks_in_from_beside_runs_no_clock(limits: Limits) -> None:
    bench = Bench(limits, mount("paraspinal_lumbar", "spine_lumbar"))
    bench.hold([[1.0, 0.0]], 100.0)
    assert bench.hold([[1.0, 1.0]], 50.0).steps[1] > 0


def test_each_side_has_a_clock_of_its_own(limits: Limits) -> None:
    left = mount("gluteal", device="left", side="left")
    right = mount("gluteal", device="right", side="right")
    bench = Bench(limits, left, right)
    bench.hold([[1.0], [0.0]], 181.0)
    first, second = bench.judge(1.0, TICK_S)
    assert (first.bound_by, second.bound_by) == (("continuous",), ("ramp",))


@pytest.mark.parametrize("side", ["middle", "unknown"])
def test_a_motor_that_may_be_on_either_side_counts_on_both(limits: Limits, side: str) -> None:
    left, right, other = (mount("gluteal", device=s, side=s) for s in ("left", "right", side))
    bench = Bench(limits, left, right, other)
    bench.hold([[0.0], [0.0], [1.0]], 181.0)
    assert [frame.bound_by for frame in bench.judge(1.0, TICK_S)] == [("continuous",)] * 3


def test_a_zone_in_the_middle_has_one_clock(limits: Limits) -> None:
    left = mount("spine_lumbar", device="left", side="left")
    right = mount("spine_lumbar", device="right", side="right")
    bench = Bench(limits, left, right)
    bench.hold([[1.0], [0.0]], 62.0)
    assert bench.judge(1.0, TICK_S)[1].bound_by == ("continuous",)


def test_of_two_classes_the_stricter_counts_for_both(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class="handheld_vibration")
    bench = Bench(limits, mount("gluteal"), wand)
    bench.hold([[1.0], [0.0]], 121.0)
    assert [frame.bound_by for frame in bench.judge(1.0, TICK_S)] == [("continuous",)] * 2


def test_of_two_classes_the_longer_rest_counts(limits: Limits) -> None:
    rollers = mount("gluteal", device="rollers", stimulus_class="rotating_nodes")
    bench = Bench(limits, mount("gluteal"), rollers)
    until(bench, [[1.0], [0.0]], moves=True)
    until(bench, [[1.0], [0.0]], moves=False)
    assert until(bench, [[1.0], [0.0]], moves=True) == pytest.approx(60.0, abs=0.2)


def test_a_class_that_may_not_move_there_runs_no_clock(limits: Limits) -> None:
    gun = mount("spine_lumbar", device="gun", stimulus_class="percussive")
    bench = Bench(limits, mount("spine_lumbar"), gun)
    assert bench.hold(1.0, 59.0).steps[0] > 0


def test_a_wide_motor_waits_for_the_strictest_of_its_zones(limits: Limits) -> None:
    bench = Bench(limits, mount(("gluteal", "spine_sacral"), "gluteal"))
    frame = bench.hold(1.0, 62.0)
    assert frame.bound_by[0] == "continuous"
    assert frame.steps[1] > 0


def test_frames_that_never_arrive_run_no_clock(limits: Limits) -> None:
    bench = Bench(limits, mount("unknown"))
    for _ in range(1000):
        bench.judge(1.0, TICK_S)
    assert bench.hold(1.0, 25.0).steps[0] > 0


def test_a_zero_that_never_arrives_is_no_rest(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    bench.hold(1.0, 100.0)
    for _ in range(1620):  # 81 seconds
        bench.judge(0.0, TICK_S)
    assert bench.tick(1.0).bound_by == ("continuous",)


def test_a_stall_counts_in_full(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    assert bench.tick(1.0, 181.0).bound_by == ("continuous",)


def test_a_stop_begins_a_rest(limits: Limits) -> None:
    bench = moving(limits, "gluteal")
    bench.hold(1.0, 170.0)
    bench.governor.restart("cape", bench.now_s)
    bench.tick(0.0, 31.0)
    assert bench.hold(1.0, 100.0).steps[0] > 0


# Seconds of a zone


def spend(bench: Bench, seconds: int) -> None:
    """Move for `seconds`, thirty at a time with as many between."""
    for _ in range(seconds // 30):
        bench.tick(1.0)
        bench.hold(1.0, 30.0)
        bench.hold(0.0, 31.0)


def test_a_zone_has_its_seconds_and_no_more(limits: Limits) -> None:
    bench = Bench(limits, mount("spine_lumbar", "gluteal"))
    spend(bench, 150)
    until(bench, 1.0, moves=True)
    bench.hold(1.0, 25.0)
    assert bench.tick(1.0).steps[0] > 0
    frame = bench.hold(1.0, 5.5)
    assert frame.bound_by[0] == "zone_session"
    assert frame.steps[1] > 0


def test_what_has_had_its_seconds_stays_at_zero(limits: Limits) -> None:
    bench = Bench(limits, mount("spine_lumbar", "gluteal"))
    spend(bench, 180)
    bench.hold(0.0, 300.0)
    bench.governor.restart("cape", bench.now_s)
    assert bench.hold(1.0, 5.0).bound_by[0] == "zone_session"
    assert bench.governor.over is None


def test_when_every_zone_has_had_its_seconds_the_session_is_over(limits: Limits) -> None:
    bench = Bench(limits, mount("spine_lumbar", "abdomen"))
    spend(bench, 150)
    assert bench.governor.over is None
    spend(bench, 60)
    assert bench.governor.over == "zone_session"
    assert bench.governor.fault is None


# A session


def test_a_session_is_over_after_half_an_hour(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.tick(0.0, 1.0)
    for _ in range(1799):
        bench.tick(0.0, 1.0)
    assert bench.governor.over is None
    bench.tick(0.0, 1.0)
    assert bench.governor.over == "session"


def test_a_session_that_is_over_stays_at_zero(limits: Limits) -> None:
    bench = Bench(shorter(limits, max_total_s=10.0), mount("gluteal"), mount("coccyx", device="b"))
    assert bench.hold(1.0, 10.0).steps == (700,)
    frames = bench.judge(1.0, TICK_S)
    assert [frame.bound_by for frame in frames] == [("session",), ("session",)]
    bench.governor.restart("cape", bench.now_s)
    assert bench.hold(1.0, 5.0).steps == (0,)


def test_a_pause_is_no_time_of_the_session(limits: Limits) -> None:
    bench = Bench(shorter(limits, max_total_s=10.0), mount("gluteal"))
    bench.hold(1.0, 9.0)
    bench.governor.restart("cape", bench.now_s)
    bench.tick(1.0, 60.0)
    assert bench.governor.over is None
    bench.hold(1.0, 1.1)
    assert bench.governor.over == "session"


def test_a_stop_of_one_massager_is_no_pause(limits: Limits) -> None:
    bench = Bench(shorter(limits, max_total_s=10.0), mount("gluteal"), mount("gluteal", device="b"))
    bench.hold(1.0, 9.0)
    bench.governor.restart("cape", bench.now_s)
    bench.tick(1.0, 60.0)
    assert bench.governor.over == "session"


def test_a_class_moves_for_its_seconds_and_then_everything_is_over(limits: Limits) -> None:
    seconds = {**limits.session.max_active_s, "percussive": 20.0}
    gun = mount("gluteal", "thigh_posterior", device="gun", stimulus_class="percussive")
    bench = Bench(shorter(limits, max_active_s=seconds), mount("gluteal"), gun)
    bench.hold([[1.0], [1.0, 0.0]], 10.0)
    bench.hold([[1.0], [0.0, 0.0]], 10.0)
    bench.hold([[1.0], [0.0, 1.0]], 9.9)
    assert bench.governor.over is None
    bench.hold([[1.0], [0.0, 1.0]], 0.5)
    assert bench.governor.over == "active"
    assert bench.hold([[1.0], [0.0, 0.0]], 1.0).bound_by == ("active",)


# Its beginning and its end


@pytest.mark.parametrize(("duration_s", "lasts_s"), [(100.0, 20.0), (300.0, 60.0), (900.0, 60.0)])
def test_a_session_begins_at_half_of_every_cap(
    limits: Limits, duration_s: float, lasts_s: float
) -> None:
    bench = Bench(limits, mount("gluteal", steps=15), duration_s=duration_s)
    bench.tick(1.0)
    frame = bench.hold(1.0, lasts_s - TICK_S)
    assert (frame.steps, frame.bound_by) == ((5,), ("warmup",))
    assert bench.hold(1.0, 4.0).steps == (10,)


def test_less_than_half_of_the_cap_is_not_touched_by_the_warm_up(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), duration_s=100.0)
    frame = bench.hold(0.35, 10.0)
    assert (frame.steps, frame.bound_by) == ((350,), (None,))


def test_a_pause_does_not_shorten_the_warm_up(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), duration_s=100.0)
    bench.hold(1.0, 10.0)
    bench.governor.restart("cape", bench.now_s)
    bench.tick(1.0, 60.0)
    assert bench.hold(1.0, 9.5).steps == (350,)
    assert bench.hold(1.0, 5.0).steps == (700,)


def test_in_its_last_seconds_every_cap_falls_evenly_to_its_half(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), duration_s=100.0)
    bench.tick(1.0)
    assert bench.hold(1.0, 80.0).levels == (pytest.approx(0.7),)
    assert bench.hold(1.0, 10.0).levels == (pytest.approx(0.7 * 0.75),)
    frame = bench.hold(1.0, 10.0)
    assert (frame.levels, frame.bound_by) == ((pytest.approx(0.35),), ("cooldown",))
    assert bench.hold(1.0, 5.0).levels == (pytest.approx(0.35),)


def test_discomfort_and_warm_up_do_not_multiply(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), duration_s=100.0)
    bench.governor.mild_discomfort()
    assert bench.hold(1.0, 19.0).levels == (pytest.approx(0.35),)
    assert bench.hold(1.0, 10.0).levels == (pytest.approx(0.42),)


def test_a_ceiling_is_not_halved_by_the_warm_up(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), duration_s=100.0, ceiling=0.3)
    frame = bench.hold(1.0, 10.0)
    assert (frame.steps, frame.bound_by) == ((300,), ("ceiling",))


def test_without_a_planned_length_the_warm_up_is_the_longest(limits: Limits) -> None:
    governor = Governor(limits, [mount("gluteal")])
    for n in range(1200):
        (frame,) = governor.judge([[1.0]], n * TICK_S)
        governor.sent(frame, n * TICK_S)
        assert frame.levels[0] <= 0.35


@pytest.mark.parametrize("duration_s", [0.0, -1.0, float("nan"), float("inf"), True, "60"])
def test_a_length_that_is_no_time_is_refused(limits: Limits, duration_s: Any) -> None:
    with pytest.raises(SafetyRefusal, match=r"duration is .*: must be seconds above 0"):
        Governor(limits, [mount("gluteal")], duration_s=duration_s)


def test_a_side_that_is_none_is_refused() -> None:
    with pytest.raises(SafetyRefusal, match="side is 'up': must be one of left, right, middle"):
        GovernedActuator(("gluteal",), 10, side="up")
