"""The rules with a memory, each alone and to the moment: ramp, edge, pattern and the joint cap."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.governor import Governor
from devicehub.safety.joint import Joint
from devicehub.safety.limits import Limits
from devicehub.safety.restrictions import Restrictions
from devicehub.safety.rules import Edge, Pattern, Ramp, Recheck, Rule
from tests.unit.safety.bench import mount

CAP = 0.7


def left(rule: Rule, now_s: float, level: float = 1.0, of: int = 1000) -> tuple[float, int]:
    """Return what a rule leaves of one level: unrounded, and in steps."""
    allowance = Allowance([level], [of], [0])
    rule.judge(allowance, now_s)
    return allowance.levels[0], allowance.steps[0]


def caps(limits: Limits, *zones: str) -> Caps:
    return Caps(limits, [mount(*zones)], 1.0)


# -- ramp: 0.1 a second, a window of 30 s ---------------------------------------------------------


@pytest.fixture
def ramp(limits: Limits) -> Ramp:
    rule = Ramp(limits.timing, caps(limits, "gluteal"), [0.1])
    rule.restart([0], 0.0)
    return rule


def climb(rule: Ramp, to: float, from_s: float = 0.0) -> float:
    """Ask for everything until the ceiling is at `to`; return when."""
    now_s = from_s
    while left(rule, now_s)[0] < to - 1e-9:
        now_s += 0.05
    return now_s


def test_what_was_never_known_to_stand_still_may_not_rise(limits: Limits) -> None:
    assert left(Ramp(limits.timing, caps(limits, "gluteal"), [0.1]), 100.0)[0] == 0.0
    assert left(Edge(limits.timing, caps(limits, "gluteal"), [0.12]), 100.0)[0] == 0.0


def test_the_first_judgement_earns_no_rise(ramp: Ramp) -> None:
    assert left(ramp, 0.0)[0] == 0.0
    assert left(ramp, 0.05)[0] == pytest.approx(0.005)


def test_a_stall_earns_one_tick(ramp: Ramp) -> None:
    left(ramp, 0.0)
    assert left(ramp, 5.0)[0] == pytest.approx(0.006)


@pytest.mark.parametrize(("now_s", "level"), [(29.94, 0.7), (30.0, 0.206)])
def test_after_half_a_minute_the_ceiling_follows_what_was_used(
    ramp: Ramp, now_s: float, level: float
) -> None:
    climb(ramp, 0.7)
    ramp.sent([0], [0.2], [200], 8.0)
    left(ramp, now_s - 0.06)
    assert left(ramp, now_s)[0] == pytest.approx(level, abs=1e-6)


@pytest.mark.parametrize(("now_s", "level"), [(69.98, 0.4), (70.04, 0.0)])
def test_what_was_used_counts_for_half_a_minute(ramp: Ramp, now_s: float, level: float) -> None:
    climb(ramp, 0.7)
    ramp.sent([0], [0.4], [400], 40.2)
    left(ramp, 69.9, 0.0)
    assert level < left(ramp, now_s)[0] <= level + 0.0121


def test_the_highest_level_of_a_second_is_the_one_that_counts(ramp: Ramp) -> None:
    climb(ramp, 0.7)
    for level in (0.1, 0.3, 0.2):
        ramp.sent([0], [level], [1], 31.5)
    left(ramp, 40.0, 0.0)
    assert 0.3 < left(ramp, 40.05)[0] < 0.32


@pytest.mark.parametrize("window_s", [30.0, 30.5])
def test_what_was_used_before_a_stop_buys_nothing_after_it(limits: Limits, window_s: float) -> None:
    timing = replace(limits.timing, ramp_window_s=window_s)
    rule = Ramp(timing, caps(limits, "gluteal"), [0.1])
    rule.restart([0], 0.0)
    rule.sent([0], [0.7], [700], 10.0)
    rule.restart([0], 10.3)
    climb(rule, 0.7, 10.3)
    rule.sent([0], [0.05], [50], 20.0)
    left(rule, 10.3 + window_s, 0.0)
    assert left(rule, 10.35 + window_s)[0] < 0.07


# -- edge: 0.12 s from 0 to the cap, no more than half of it at once ------------------------------


@pytest.mark.parametrize(
    ("dt_s", "edge_s", "rise"),
    [
        (0.03, 0.12, CAP * 0.25),
        (0.06, 0.12, CAP * 0.5),
        (9.0, 0.12, CAP * 0.5),
        (0.06, 0.1, CAP * 0.5),
        (0.04, 0.8, CAP * 0.05),
        (-1.0, 0.12, 0.0),
        (0.0, 0.12, 0.0),
    ],
)
def test_an_edge_rises_with_the_time_since_the_last_write(
    limits: Limits, dt_s: float, edge_s: float, rise: float
) -> None:
    rule = Edge(limits.timing, caps(limits, "gluteal"), [edge_s])
    rule.sent([0], [0.1], [100], 50.0)
    assert left(rule, 50.0 + dt_s)[0] == pytest.approx(0.1 + rise)
    rule.restart([0], 60.0)
    assert left(rule, 60.0 + dt_s)[0] == pytest.approx(rise)


# -- pattern: an edge every 4 s -------------------------------------------------------------------


@pytest.fixture
def pattern() -> Pattern:
    return Pattern([4.0])


def send(rule: Pattern, *steps: int, at_s: float) -> None:
    for step in steps:
        rule.sent([0], [step / 1000], [step], at_s)


@pytest.mark.parametrize(("now_s", "steps"), [(14.0 - 1e-9, 100), (14.0, 1000)])
def test_the_next_edge_may_begin_when_its_gap_is_over_and_not_before(
    pattern: Pattern, now_s: float, steps: int
) -> None:
    send(pattern, 500, 100, at_s=10.0)
    assert left(pattern, now_s)[1] == steps


def test_a_rise_that_goes_on_is_no_new_edge(pattern: Pattern) -> None:
    send(pattern, 100, 200, 200, 300, at_s=10.0)
    assert left(pattern, 10.1)[1] == 1000


def test_the_first_edge_may_begin_at_once(pattern: Pattern) -> None:
    assert left(pattern, 0.0)[1] == 1000


def test_a_rise_from_the_beginning_is_an_edge() -> None:
    pattern = Pattern([4.0])
    send(pattern, 1, 0, at_s=10.0)
    assert left(pattern, 11.0)[1] == 0


def test_a_level_that_stays_after_a_fall_is_no_edge_and_not_held(pattern: Pattern) -> None:
    send(pattern, 500, 100, 100, at_s=10.0)
    allowance = Allowance([0.1004], [1000], [0])
    pattern.judge(allowance, 10.1)
    assert (allowance.steps, allowance.bound_by) == ([100], [None])
    send(pattern, 100, at_s=13.0)
    assert left(pattern, 14.0)[1] == 1000


@pytest.mark.parametrize("asked", [0.001, 1.0])
def test_after_a_stop_the_smallest_rise_is_an_edge(pattern: Pattern, asked: float) -> None:
    send(pattern, 500, at_s=10.0)
    pattern.restart([0], 10.5)
    assert left(pattern, 11.0, asked) == (0.0, 0)
    assert left(pattern, 14.0, asked)[1] == round(asked * 1000)


@pytest.mark.parametrize(
    ("zone", "stimulus_class", "gap_s"),
    [
        ("coccyx", "surface_vibration", 10.0),
        ("neck_posterior", "rotating_nodes", 2.0),
        ("coccyx", "diffuse_vibration", 1.0),
        ("gluteal", "percussive", 0.25),
        ("abdomen", "surface_vibration", math.inf),
    ],
)
def test_the_gap_of_a_place_is_one_over_its_fastest_rhythm(
    limits: Limits, zone: str, stimulus_class: str, gap_s: float
) -> None:
    inside: Any = Governor(limits, [mount(zone, stimulus_class=stimulus_class)])
    (rule,) = [rule for rule in inside._rules if rule.id == "pattern"]
    assert rule._gap_s == [pytest.approx(gap_s)]


@pytest.mark.parametrize(
    ("zone", "edge_min_s"),
    [("gluteal", 0.12), ("coccyx", 0.8), (("gluteal", "coccyx"), 0.8)],
)
def test_where_nothing_may_knock_an_edge_takes_longer(
    limits: Limits, zone: str | tuple[str, ...], edge_min_s: float
) -> None:
    inside: Any = Governor(limits, [mount(zone)])
    (rule,) = [rule for rule in inside._rules if rule.id == "edge"]
    assert rule._per_s == [pytest.approx(1.0 / edge_min_s)]


# -- the joint cap of the lumbar spine, 0.4 -------------------------------------------------------


def joint(limits: Limits, *zones: str, **answers: Any) -> Joint:
    mounts = [mount(*zones, steps=100)]
    return Joint(limits, mounts, Caps(limits, mounts, 1.0, Restrictions(**answers)))


def asked(levels: Sequence[float]) -> Allowance:
    moving = [i for i, level in enumerate(levels) if level > 0.0]
    return Allowance(levels, [100] * len(levels), moving)


def test_steps_exactly_at_a_joint_cap_do_not_overrun_it(limits: Limits) -> None:
    rule = joint(limits, *["spine_lumbar"] * 5)
    assert rule.overrun(asked([0.2] * 4 + [0.0])) == []
    assert rule.overrun(asked([0.2] * 4 + [0.01])) == [0, 1, 2, 3, 4]


def test_a_motor_that_rests_has_no_part_in_a_joint_cap(limits: Limits) -> None:
    rule = joint(limits, *["spine_lumbar"] * 5)
    allowance = asked([0.2] * 4 + [0.0])
    rule.judge(allowance, 0.0)
    assert (allowance.levels, set(allowance.bound_by)) == ([0.2] * 4 + [0.0], {None})


def test_half_a_cap_is_half_a_joint_cap_in_steps_as_well(limits: Limits) -> None:
    rule = joint(limits, *["spine_lumbar"] * 5, class_factor=0.5)
    assert rule.overrun(asked([0.1] * 4 + [0.0])) == []
    assert rule.overrun(asked([0.1] * 5)) == [0, 1, 2, 3, 4]


def test_what_is_too_much_together_shrinks_by_one_factor(limits: Limits) -> None:
    rule = joint(limits, *["spine_lumbar"] * 8)
    allowance = asked([0.2] * 4 + [0.1] * 4)
    rule.judge(allowance, 0.0)
    factor = 0.4 / math.sqrt(4 * 0.2**2 + 4 * 0.1**2)
    expected = [pytest.approx(0.2 * factor)] * 4 + [pytest.approx(0.1 * factor)] * 4
    assert allowance.levels == expected


def test_half_a_cap_leaves_half_of_what_is_done_together(limits: Limits) -> None:
    allowance = asked([1.0] * 5)
    joint(limits, *["spine_lumbar"] * 5, class_factor=0.5).judge(allowance, 0.0)
    assert allowance.levels == [pytest.approx(0.2 / 5**0.5)] * 5


def test_a_place_that_is_ruled_out_takes_from_beside_what_its_tier_has(limits: Limits) -> None:
    answers = {"forbidden": frozenset({"spine_lumbar"})}
    allowance = asked([1.0] * 5)
    joint(limits, *["paraspinal_lumbar"] * 5, **answers).judge(allowance, 0.0)
    assert allowance.levels == [pytest.approx(0.15 / 0.4 / 5**0.5)] * 5


def test_a_motor_beside_counts_with_the_square_of_its_part(limits: Limits) -> None:
    rule = joint(limits, *["paraspinal_lumbar"] * 5)
    assert rule.overrun(asked([0.5] * 4 + [0.0])) == []
    assert rule.overrun(asked([0.5] * 4 + [0.01])) == [0, 1, 2, 3, 4]


def test_what_is_felt_elsewhere_is_not_shrunk_for_it(limits: Limits) -> None:
    rule = joint(limits, *["spine_lumbar"] * 5, "thigh_posterior")
    allowance = asked([0.2] * 5 + [0.7])
    rule.judge(allowance, 0.0)
    assert allowance.bound_by == ["joint"] * 5 + [None]
    assert rule.overrun(asked([0.2] * 5 + [0.7])) == [0, 1, 2, 3, 4]


def test_of_two_zones_the_smaller_factor_counts(limits: Limits) -> None:
    rule = joint(limits, *["spine_lumbar"] * 5, *["spine_cervical"] * 5)
    allowance = asked([0.2] * 5 + [0.1] * 5)
    rule.judge(allowance, 0.0)
    lumbar, cervical = allowance.levels[0], allowance.levels[5]
    assert (lumbar, cervical) == (pytest.approx(0.4 / 5**0.5), pytest.approx(0.2 / 5**0.5))


def test_a_motor_in_two_zones_is_shrunk_by_the_smaller_of_their_factors(limits: Limits) -> None:
    mounts = [mount(*[("spine_cervical", "spine_thoracic")] * 20, steps=100)]
    allowance = asked([0.1] * 20)
    Joint(limits, mounts, Caps(limits, mounts, 1.0)).judge(allowance, 0.0)
    assert allowance.levels == [pytest.approx(0.2 / 20**0.5)] * 20


def test_exactly_a_joint_cap_is_not_too_much(limits: Limits) -> None:
    allowance = Allowance([0.2] * 4 + [0.0], [3] * 5, [0, 1, 2, 3])
    joint(limits, *["spine_lumbar"] * 5).judge(allowance, 0.0)
    assert (allowance.steps, set(allowance.bound_by)) == ([1] * 4 + [0], {None})


def test_what_the_answers_leave_of_a_zone_is_what_they_leave_of_its_joint_cap(
    limits: Limits,
) -> None:
    allowance = asked([0.1] * 5)
    joint(limits, *["spine_lumbar"] * 5, zone_factor={"spine_lumbar": 0.5}).judge(allowance, 0.0)
    assert allowance.levels == [pytest.approx(0.2 / 5**0.5)] * 5


def test_a_massager_that_may_never_move_makes_no_joint_cap_smaller(limits: Limits) -> None:
    wand = mount("spine_lumbar", device="wand", stimulus_class="handheld_vibration", rating=0.0)
    mounts = [mount(*["spine_lumbar"] * 5, steps=100), wand]
    rule = Joint(limits, mounts, Caps(limits, mounts, 1.0))
    assert rule.overrun(asked([0.2] * 4 + [0.0, 0.0])) == []


def test_steps_that_rounding_has_put_above_a_joint_cap_go_down_one(limits: Limits) -> None:
    mounts = [mount(*["spine_lumbar"] * 5, steps=10)]
    static = Caps(limits, mounts, 1.0)
    allowance = Allowance([0.17] * 5, [10] * 5, [0, 1, 2, 3, 4])
    Recheck(static, Joint(limits, mounts, static)).judge(allowance, 0.0)
    assert (allowance.steps, allowance.bound_by) == ([1] * 5, ["joint"] * 5)
    assert allowance.levels == [pytest.approx(0.1499999)] * 5


def test_whoever_slows_an_edge_says_so(limits: Limits) -> None:
    edge = Edge(limits.timing, caps(limits, "gluteal"), [0.12])
    allowance = Allowance([1.0], [1000], [0])
    edge.judge(allowance, 100.0)
    assert allowance.bound_by == ["edge"]
