"""One rule at a time, on both sides of its limit."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.joint import Joint
from devicehub.safety.limits import Limits
from devicehub.safety.rules import Recheck
from tests.unit.safety.bench import TICK_S, Bench, mount

HAIR = 1e-6


def settled(limits: Limits, *zones: str, steps: int = 1000) -> Bench:
    """Return a bench whose ramp has been used up to the cap, and is back at zero."""
    bench = Bench(limits, mount(*zones, steps=steps))
    bench.hold(1.0, 25.0)
    bench.hold(0.0, 0.5)
    return bench


# Caps


@pytest.mark.parametrize(
    ("zones", "cap"),
    [
        (("gluteal",), 0.7),
        (("gluteal", "spine_sacral"), 0.25),
        (("gluteal", "abdomen"), 0.0),
        ((), 0.1),
        (("elbow",), 0.1),
        (("gluteal", "elbow"), 0.1),
    ],
)
def test_the_strictest_of_all_zones_counts(
    limits: Limits, zones: tuple[str, ...], cap: float
) -> None:
    assert Bench(limits, mount(zones)).governor.caps("cape") == (cap,)


def test_the_makers_rating_is_a_cap(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", rating=0.3))
    assert bench.governor.caps("cape") == (0.3,)
    assert bench.hold(1.0, 10.0).bound_by == ("rating",)


def test_the_ceiling_is_a_cap(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), ceiling=0.4)
    frame = bench.hold(1.0, 10.0)
    assert (frame.steps, frame.bound_by) == ((400,), ("ceiling",))


def test_the_ceiling_can_be_lowered_but_not_raised(limits: Limits) -> None:
    governor = Bench(limits, mount("gluteal"), ceiling=0.4).governor
    governor.lower_ceiling(0.9)
    assert governor.ceiling == 0.4
    governor.lower_ceiling(0.2)
    assert governor.ceiling == 0.2
    assert governor.caps("cape") == (0.2,)


def test_a_lower_ceiling_counts_in_the_next_frame(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(1.0, 10.0)
    bench.governor.lower_ceiling(0.1)
    assert bench.tick(1.0).steps == (100,)


def test_mild_discomfort_shrinks_every_cap_once(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "coccyx"))
    bench.governor.mild_discomfort()
    bench.governor.mild_discomfort()
    assert bench.governor.caps("cape") == (pytest.approx(0.42), pytest.approx(0.06))
    assert bench.hold(1.0, 10.0).bound_by == ("discomfort", "discomfort")


def test_mild_discomfort_is_felt_under_a_low_ceiling_as_well(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), ceiling=0.2)
    bench.governor.mild_discomfort()
    assert bench.governor.caps("cape") == (pytest.approx(0.12),)


def test_the_highest_steps_ever_are_those_at_the_beginning(limits: Limits) -> None:
    body = mount("gluteal", "axilla", steps=15)
    governor = Bench(limits, body, ceiling=0.5, duration_s=100.0).governor
    governor.lower_ceiling(0.1)
    governor.mild_discomfort()
    assert governor.ceiling_steps("cape") == (7, 0)


def test_a_motor_that_may_never_move_names_its_zone(limits: Limits) -> None:
    frame = Bench(limits, mount("abdomen", "gluteal")).hold([[1.0, 0.0]], 1.0)
    assert (frame.steps, frame.bound_by) == ((0, 0), ("zone", None))


# Joint caps


def total(levels: list[float]) -> float:
    return math.sqrt(sum(level * level for level in levels))


def test_four_motors_on_a_guarded_zone_may_all_be_at_its_cap(limits: Limits) -> None:
    frame = Bench(limits, mount(*["spine_lumbar"] * 4)).hold(1.0, 20.0)
    assert frame.steps == (200,) * 4


def test_a_fifth_motor_shrinks_them_all_alike(limits: Limits) -> None:
    frame = Bench(limits, mount(*["spine_lumbar"] * 5)).hold(1.0, 20.0)
    assert set(frame.steps) == {178}
    assert frame.bound_by == ("joint",) * 5
    assert total(list(frame.levels)) == pytest.approx(0.4)


def test_motors_beside_a_guarded_zone_count_in_part(limits: Limits) -> None:
    frame = Bench(limits, mount(*["paraspinal_lumbar"] * 5)).hold(1.0, 20.0)
    assert 0.4 * total(list(frame.levels)) == pytest.approx(0.4)
    assert frame.levels[0] < 0.5


def test_a_muscle_zone_has_no_joint_cap(limits: Limits) -> None:
    frame = Bench(limits, mount(*["thigh_posterior"] * 30)).hold(1.0, 20.0)
    assert set(frame.steps) == {700}


def test_massagers_of_two_classes_share_the_budget_of_the_stricter(limits: Limits) -> None:
    cape = mount(*["spine_lumbar"] * 2)
    wand = mount("spine_lumbar", device="wand", stimulus_class="handheld_vibration")
    bench = Bench(limits, cape, wand)
    bench.hold(1.0, 20.0)
    levels = [level for frame in bench.judge(1.0, TICK_S) for level in frame.levels]
    assert total(levels) == pytest.approx(0.2)


def test_a_massager_that_may_not_move_there_takes_no_share(limits: Limits) -> None:
    gun = mount("spine_lumbar", device="gun", stimulus_class="percussive")
    bench = Bench(limits, mount(*["spine_lumbar"] * 4), gun)
    assert bench.hold(1.0, 20.0).steps == (200,) * 4


def test_one_class_that_leaks_has_the_floor_of_the_tier(limits: Limits) -> None:
    guns = mount(*["paraspinal_lumbar"] * 9, stimulus_class="percussive")
    frame = Bench(limits, guns).hold(1.0, 20.0)
    assert 0.4 * total(list(frame.levels)) == pytest.approx(0.15)


def test_rounding_does_not_pass_a_joint_cap(limits: Limits) -> None:
    bench = Bench(limits, mount(*["unknown"] * 4, steps=15))
    frame = bench.hold([[0.099, 0.099, 0.099, 0.04]], 20.0)
    assert total([step / 15 for step in frame.steps]) <= 0.2


@pytest.mark.exhaustive
def test_those_that_were_rounded_up_go_down(limits: Limits) -> None:
    bench = Bench(limits, mount(*["unknown"] * 12, steps=20))
    frame = bench.hold(0.055, 20.0)
    assert frame.steps == (1,) * 12
    crowd = Bench(limits, mount(*["unknown"] * 17, steps=20))
    frame = crowd.hold(0.048, 20.0)
    assert frame.steps == (0,) * 17
    assert frame.bound_by == ("joint",) * 17


def test_discomfort_shrinks_joint_caps_too(limits: Limits) -> None:
    bench = Bench(limits, mount(*["spine_lumbar"] * 16))
    bench.governor.mild_discomfort()
    assert total(list(bench.hold(1.0, 20.0).levels)) == pytest.approx(0.24)


# Ramp


def test_a_session_begins_at_zero(limits: Limits) -> None:
    assert Bench(limits, mount("gluteal")).tick(1.0).steps == (0,)


def test_the_ramp_rises_at_the_rate_of_the_strictest_zone(limits: Limits) -> None:
    bench = Bench(limits, mount(("gluteal", "scapula_bony")))
    bench.tick(1.0)
    frame = bench.hold(1.0, 2.0)
    assert frame.levels == (pytest.approx(0.12),)
    assert frame.bound_by == ("ramp",)


def test_a_stall_earns_no_more_than_one_tick(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.tick(1.0)
    assert bench.tick(1.0, 10.0).levels == (pytest.approx(0.006),)


def test_for_thirty_seconds_the_ramp_rises_unused(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.tick(0.0)
    bench.hold(0.0, 29.0)
    assert bench.hold(1.0, 0.3).levels == (0.7,)


def test_after_thirty_seconds_of_nothing_the_ramp_begins_again(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.0, 31.0)
    assert bench.hold(1.0, 1.0).levels == (pytest.approx(0.1),)


def test_after_thirty_seconds_of_less_it_is_as_high_as_was_used(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.7, 40.0)
    bench.hold(0.2, 31.0)
    assert bench.tick(1.0).levels == (pytest.approx(0.205),)


def test_what_was_used_less_than_thirty_seconds_ago_is_at_hand(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.7, 40.0)
    bench.hold(0.2, 28.0)
    assert bench.hold(1.0, 0.3).levels == (0.7,)


def test_frames_that_never_arrive_do_not_count_as_used(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.0, 31.0)
    for _ in range(100):
        bench.judge(1.0, TICK_S)
    assert bench.judge(1.0, TICK_S)[0].levels == (pytest.approx(0.005),)


@pytest.mark.exhaustive
def test_a_long_session_forgets_what_it_used_long_ago(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    bench.hold(0.0, 120.0)
    assert bench.tick(1.0).levels == (pytest.approx(0.005),)


def test_after_a_restart_the_ramp_begins_at_zero(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    bench.governor.restart("cape", bench.now_s)
    assert bench.tick(1.0).levels == (pytest.approx(0.005),)


def test_after_a_restart_the_ramp_has_not_earned_a_whole_tick(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", steps=1000))
    bench.tick(1.0)
    bench.now_s += 5.0  # a pause: nothing is judged in it
    bench.governor.restart("cape", bench.now_s)
    assert bench.tick(1.0, 0.01).levels == (pytest.approx(0.1 * 0.01),)


def test_a_restart_that_is_told_late_earns_nothing(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", steps=1000))
    bench.tick(1.0)
    bench.governor.restart("cape", bench.now_s - 5.0)
    assert bench.tick(1.0, 0.01).levels == (pytest.approx(0.1 * 0.01),)


def test_a_restart_before_anything_was_judged_earns_nothing(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", steps=1000))
    bench.governor.restart("cape", 0.0)
    assert bench.tick(1.0).levels == (0.0,)


def test_a_restart_is_for_one_massager(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), mount("gluteal", device="pad"))
    bench.hold(1.0, 20.0)
    bench.governor.restart("pad", bench.now_s)
    cape, pad = bench.judge(1.0, TICK_S)
    assert cape.levels == (0.7,)
    assert pad.levels == (pytest.approx(0.005),)


# Edge


def test_an_edge_takes_its_time(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    levels = [bench.tick(1.0).levels[0] for _ in range(3)]
    part = 0.7 * TICK_S / 0.12
    assert levels == pytest.approx([part, 2 * part, 0.7])


def test_an_edge_takes_longer_where_nothing_may_knock(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    levels = [bench.tick(1.0).levels[0] for _ in range(16)]
    assert levels[0] == pytest.approx(0.2 * TICK_S / 0.8)
    assert levels[14] < 0.2 - HAIR
    assert levels[15] == pytest.approx(0.2)


def test_one_write_rises_by_no_more_than_half_the_cap(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    frame = bench.tick(1.0, 5.0)
    assert frame.levels == (pytest.approx(0.35),)
    assert frame.bound_by == ("edge",)


def test_a_write_after_a_gap_rises_no_more_than_after_one_tick(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    assert bench.tick(1.0, 5.0).levels == (pytest.approx(0.2 * 0.06 / 0.8),)


def test_half_the_cap_is_the_most_however_long_a_tick_may_count(limits: Limits) -> None:
    slow = replace(limits, timing=replace(limits.timing, slew_dt_max_s=1.0))
    assert settled(slow, "gluteal").tick(1.0, 1.0).levels == (pytest.approx(0.35),)


def test_an_edge_counts_from_what_arrived_not_from_what_was_judged(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    frames = [bench.judge(1.0, TICK_S)[0] for _ in range(20)]
    assert max(frame.levels[0] for frame in frames) <= 0.35


def test_a_frame_from_before_a_restart_changes_nothing(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    bench.hold(1.0, 1.0)
    late = bench.judge(1.0, TICK_S)[0]
    bench.governor.restart("cape", bench.now_s)
    bench.governor.sent(late, bench.now_s)
    assert bench.tick(1.0).levels == (pytest.approx(0.005),)


def test_an_older_frame_does_not_replace_a_newer_one(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    high = bench.judge(1.0, TICK_S)[0]
    low = bench.judge(0.0, TICK_S)[0]
    bench.governor.sent(low, bench.now_s)
    bench.governor.sent(high, bench.now_s)
    assert bench.tick(1.0).levels == (pytest.approx(0.7 * TICK_S / 0.12),)


def test_a_frame_from_before_a_restart_is_no_edge_after_it(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    bench.hold(1.0, 2.0)
    late = bench.judge(1.0, TICK_S)[0]
    bench.governor.restart("cape", bench.now_s)
    bench.governor.sent(late, bench.now_s)
    assert bench.hold(1.0, 0.5).levels == (pytest.approx(0.015),)


def test_one_spared_zone_is_enough_for_a_long_edge(limits: Limits) -> None:
    bench = Bench(limits, mount(("gluteal", "spine_sacral")))
    bench.hold(1.0, 25.0)
    bench.hold(0.0, 1.0)
    assert bench.tick(1.0).levels == (pytest.approx(0.25 * TICK_S / 0.8),)


def test_an_arrival_in_the_past_buys_no_time(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    frame = bench.judge(0.0, TICK_S)[0]
    bench.governor.sent(frame, bench.now_s - 10.0)
    assert bench.judge(1.0, 0.0)[0].levels == (0.0,)


def test_an_arrival_in_the_future_stops_rises_not_falls(limits: Limits) -> None:
    bench = settled(limits, "gluteal")
    frame = bench.tick(1.0)
    bench.governor.sent(frame, bench.now_s + 10.0)
    assert bench.tick(1.0).levels[0] <= frame.levels[0]
    assert bench.tick(0.0).levels == (0.0,)


def test_a_fall_is_not_limited(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(1.0, 10.0)
    assert bench.tick(0.0).steps == (0,)


# Pattern


def edge_after(limits: Limits, gap_s: float) -> tuple[int, ...]:
    """Return the steps of a second edge, begun `gap_s` after the first (4 Hz: 0.25 s)."""
    bench = settled(limits, "trapezius_upper")
    bench.hold(0.0, 1.0)
    bench.tick(0.1)
    bench.tick(0.0, 0.05)
    return bench.tick(0.1, gap_s - 0.05).steps


def test_an_edge_at_the_pattern_limit_passes(limits: Limits) -> None:
    assert edge_after(limits, 0.25 + HAIR) == (100,)


def test_an_edge_before_the_pattern_limit_is_held(limits: Limits) -> None:
    assert edge_after(limits, 0.25 - HAIR) == (0,)


def test_the_slowest_pattern_of_all_zones_counts(limits: Limits) -> None:
    bench = Bench(limits, mount(("trapezius_upper", "scapula_bony")))  # 4 Hz and 2 Hz
    bench.hold(1.0, 25.0)
    bench.hold(0.0, 1.0)
    bench.tick(0.05)
    bench.tick(0.0)
    assert bench.tick(0.05, 0.3).bound_by == ("pattern",)
    assert bench.tick(0.05, 0.2).steps[0] > 0


def test_a_held_edge_stays_at_the_last_step_and_names_the_rule(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    bench.hold(0.15, 0.7)
    bench.tick(0.05)
    frame = bench.tick(0.15)
    assert (frame.steps, frame.levels, frame.bound_by) == ((50,), (0.05,), ("pattern",))


def test_a_held_edge_follows_the_demand_down(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    bench.hold(0.15, 0.7)
    bench.tick(0.05)
    bench.tick(0.15)
    assert bench.tick(0.02).steps == (20,)


def test_a_held_edge_is_let_go_softly(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    bench.hold(0.0, 1.0)
    bench.hold(0.15, 0.5)
    bench.tick(0.0)
    frames = [bench.tick(0.15) for _ in range(30)]
    rises = [frame.levels[0] for frame in frames]
    assert rises[0] == 0.0
    assert max(b - a for a, b in pairwise(rises)) <= 0.2 * 0.06 / 0.8


def test_one_rise_of_many_steps_is_one_edge(limits: Limits) -> None:
    bench = settled(limits, "spine_lumbar")
    bench.hold(0.0, 1.0)
    frames = [bench.tick(0.2) for _ in range(20)]
    assert frames[-1].steps == (200,)


def test_a_restart_does_not_buy_an_edge(limits: Limits) -> None:
    bench = Bench(limits, mount("spine_lumbar"))
    bench.hold(0.001, 0.5)
    bench.governor.restart("cape", bench.now_s)
    frame = bench.hold(1.0, 0.3)
    assert (frame.steps, frame.bound_by) == ((0,), ("pattern",))


# Recheck


def test_the_recheck_lowers_what_no_cap_has_seen(limits: Limits) -> None:
    mounts = [mount("gluteal", steps=10)]
    caps = Caps(limits, mounts, 1.0)
    left = Allowance([1.0], [10], [0])
    Recheck(caps, Joint(limits, mounts, caps)).judge(left, 0.0)
    assert (left.steps, left.bound_by) == ([7], ["zone"])
