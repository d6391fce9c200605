"""Massagers that are on or off, and those that only have programs."""

import math
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.governor import GovernedActuator, Governor, Mount
from devicehub.safety.limits import Limits
from devicehub.safety.on_off import OnOff
from devicehub.safety.restrictions import Restrictions
from tests.unit.safety.bench import TICK_S, Bench, mount

HANDHELD = "handheld_vibration"


def switched(*zones: str | tuple[str, ...], **options: Any) -> Mount:
    return mount(*zones, steps=1, control="on_off", **options)


def turns(bench: Bench, seconds: float) -> list[tuple[bool, float]]:
    """Ask for everything; return how long it was on and off in turn, the last one open."""
    lasted: list[tuple[bool, float]] = []
    on, since_s = False, bench.now_s
    for _ in range(round(seconds / TICK_S)):
        is_on = bench.tick(1.0).steps == (1,)
        if is_on is not on:
            lasted.append((on, bench.now_s - since_s))
            on, since_s = is_on, bench.now_s
    return lasted


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("zone", "stimulus_class", "share"),
    [("gluteal", "surface_vibration", 0.49), ("thigh_posterior", HANDHELD, 0.36)],
)
def test_it_is_on_for_the_square_of_its_cap(
    limits: Limits, zone: str, stimulus_class: str, share: float
) -> None:
    bench = Bench(limits, switched(zone, stimulus_class=stimulus_class))
    first, *lasted = turns(bench, 150.0)
    assert first[0] is False  # every start is slow
    assert len(lasted) >= 4
    for (on, on_s), (off, off_s) in zip(lasted[::2], lasted[1::2], strict=False):
        assert (on, off) == (True, False)
        assert on_s == pytest.approx(10.0, abs=TICK_S + 1e-6)
        assert off_s >= 5.0
        assert on_s / (on_s + off_s) <= share + 1e-9


def test_it_stays_off_for_five_seconds_however_short_it_was_on(limits: Limits) -> None:
    bench = Bench(limits, switched("gluteal"))
    while bench.tick(1.0).steps == (0,):
        pass
    bench.tick(0.0)
    assert bench.hold(1.0, 4.9).steps == (0,)
    assert bench.tick(1.0, 0.2).steps == (1,)


@pytest.mark.parametrize(("after_s", "step"), [(5.1, 0), (5.3, 1)])
def test_a_stop_is_off_as_well(limits: Limits, after_s: float, step: int) -> None:
    bench = Bench(limits, switched("gluteal"))
    while bench.tick(1.0).steps == (0,):
        pass
    bench.hold(1.0, 5.0)
    bench.governor.restart("cape", bench.now_s)
    inside: Any = bench.governor
    rule = next(rule for rule in inside._rules if rule.id == "on_off")
    allowance = Allowance([1.0], [1], [0])
    rule.judge(allowance, bench.now_s + after_s)
    assert allowance.steps == [step]


@pytest.mark.exhaustive
def test_where_nothing_is_wanted_it_is_off(limits: Limits) -> None:
    bench = Bench(limits, switched("gluteal"))
    bench.hold(1.0, 15.0)
    bench.governor.lower_ceiling(0.0)
    assert bench.hold(1.0, 60.0).steps == (0,)
    assert bench.governor.fault is None


def test_a_switch_that_never_arrived_does_not_count(limits: Limits) -> None:
    bench = Bench(limits, switched("gluteal"))
    while bench.tick(1.0).steps == (0,):
        pass
    bench.hold(1.0, 9.5)
    for _ in range(400):
        bench.judge(0.0, TICK_S)
    assert bench.tick(1.0).bound_by == ("on_off",)


def test_what_would_be_too_much_beside_it_stays_off(limits: Limits) -> None:
    bench = Bench(limits, switched("rhomboid", stimulus_class=HANDHELD))
    assert turns(bench, 20.0) == []
    assert bench.tick(1.0).bound_by == ("joint",)


@pytest.mark.parametrize(("ceiling", "moves"), [(0.499, False), (0.5, True)])
def test_below_half_of_full_strength_it_is_off(limits: Limits, ceiling: float, moves: bool) -> None:
    bench = Bench(limits, switched("gluteal"), ceiling=ceiling)
    assert bool(turns(bench, 20.0)) is moves


@pytest.mark.exhaustive
def test_after_discomfort_it_is_off_where_less_than_half_is_left(limits: Limits) -> None:
    bench = Bench(limits, switched("gluteal"))
    while bench.tick(1.0).steps == (0,):
        pass
    bench.governor.mild_discomfort()
    assert bench.hold(1.0, 60.0).bound_by == ("discomfort",)


def test_it_waits_for_the_end_of_the_warm_up(limits: Limits) -> None:
    bench = Bench(limits, switched("gluteal"), duration_s=100.0)
    bench.tick(1.0, 0.0)
    assert bench.hold(1.0, 19.9).bound_by == ("warmup",)
    assert turns(bench, 5.0)


def test_its_dose_counts_full_strength(limits: Limits) -> None:
    bench = Bench(limits, switched("gluteal", side="left"))
    while bench.tick(1.0).steps == (0,):
        pass
    bench.tick(1.0)
    before = bench.governor.exposure(bench.now_s).places["gluteal", "left"].dose
    bench.hold(1.0, 4.0)
    after = bench.governor.exposure(bench.now_s).places["gluteal", "left"].dose
    assert after - before == pytest.approx(4.0)


def test_the_last_gate_lets_it_be_on(limits: Limits) -> None:
    governor = Governor(limits, [switched("gluteal")], ceiling=0.6, duration_s=60.0)
    assert governor.ceiling_steps("cape") == (1,)
    assert governor.most_within(1.0).places["gluteal", "left"].dose == 1.0


@pytest.mark.parametrize(
    ("massager", "why"),
    [
        (switched("spine_lumbar"), "refused at spine_lumbar: it only knows on and off"),
        (switched("unknown"), "nothing may knock there"),
        (switched("abdomen"), "nothing may knock there"),
        (switched(("gluteal", "lower_ribs")), "refused at lower_ribs"),
        (switched("gluteal", stimulus_class="percussive"), "and is percussive"),
        (switched("teres_major", stimulus_class=HANDHELD), "may do 0.4 there"),
        (switched("gluteal", rating=0.49), "what is switched needs 0.5"),
        (mount("lower_ribs", control="program"), "lower_ribs: it only knows programs, and"),
    ],
)
def test_where_only_levels_will_do_it_is_refused(limits: Limits, massager: Mount, why: str) -> None:
    with pytest.raises(SafetyRefusal, match=why):
        Governor(limits, [massager])


def test_a_program_counts_as_its_part_of_the_fastest(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", steps=5, control="program"))
    assert bench.hold(1.0, 10.0).steps == (3,)


@pytest.mark.parametrize("control", ["", "off", None, 1])
def test_a_control_that_nobody_knows_is_refused(control: Any) -> None:
    with pytest.raises(SafetyRefusal, match="control is"):
        GovernedActuator(("gluteal",), 1, control=control)


def test_on_or_off_is_one_step() -> None:
    with pytest.raises(SafetyRefusal, match="steps is 2: on or off is 1 step"):
        GovernedActuator(("gluteal",), 2, control="on_off")


def test_what_has_levels_beside_it_is_not_switched(limits: Limits) -> None:
    switch = GovernedActuator(("gluteal",), 1, control="on_off")
    both = (GovernedActuator(("latissimus",), 1000), switch)
    bench = Bench(limits, Mount("cape", "surface_vibration", both))
    steps = [bench.tick([[0.05, 1.0]]).steps for _ in range(600)]
    assert {each for _, each in steps} == {0, 1}
    assert {each for each, _ in steps[40:]} == {50}


def switch(limits: Limits, **options: Any) -> tuple[OnOff, Caps]:
    caps = Caps(limits, [switched("gluteal", **options)], 1.0)
    return OnOff(limits.on_off, caps, [0]), caps


def is_on(rule: OnOff, now_s: float) -> bool:
    allowance = Allowance([1.0], [1], [0])
    rule.judge(allowance, now_s)
    return allowance.steps == [1]


def test_it_is_on_for_ten_seconds_and_not_a_moment_longer(limits: Limits) -> None:
    rule, _ = switch(limits)
    rule.sent([0], [1.0], [1], 100.0)
    rule.sent([0], [1.0], [1], 105.0)
    assert is_on(rule, math.nextafter(110.0, 0.0))
    assert not is_on(rule, 110.0)


@pytest.mark.parametrize(("lasted_s", "rest_s"), [(10.0, 10.0 * 0.51 / 0.49), (4.0, 5.0)])
def test_it_rests_until_both_make_up_the_square_of_its_cap(
    limits: Limits, lasted_s: float, rest_s: float
) -> None:
    rule, _ = switch(limits)
    rule.sent([0], [1.0], [1], 0.0)
    rule.sent([0], [0.0], [0], lasted_s)
    assert not is_on(rule, lasted_s + rest_s - 1e-9)
    assert is_on(rule, lasted_s + rest_s + 1e-9)


def test_it_may_be_on_again_at_the_very_end_of_its_rest(limits: Limits) -> None:
    rule, _ = switch(limits)
    rule.sent([0], [1.0], [1], 0.0)
    rule.restart([0], 1.0)
    assert not is_on(rule, math.nextafter(6.0, 0.0))
    assert is_on(rule, 6.0)


def test_who_holds_it_says_so_and_where_nothing_is_wanted_holds_it_for_good(limits: Limits) -> None:
    rule, caps = switch(limits)
    rule.sent([0], [1.0], [1], 0.0)
    rule.sent([0], [0.0], [0], 1.0)
    allowance = Allowance([1.0], [1], [0])
    rule.judge(allowance, 2.0)
    assert allowance.bound_by == ["on_off"]
    caps.ceiling.lower(0.0)
    caps.compose()
    assert not is_on(rule, 1e9)


def test_what_may_do_exactly_half_may_be_switched(limits: Limits) -> None:
    governor = Governor(limits, [switched("gluteal", rating=0.5)])
    assert governor.ceiling_steps("cape") == (1,)


def test_a_switch_is_fully_on_where_it_may_be_on_at_all(limits: Limits) -> None:
    _, caps = switch(limits)
    assert (caps.levels, caps.top, caps.composed) == ([1.0], [1.0], [0.7])
    governor = Governor(limits, [switched("gluteal")])
    assert governor.caps("cape") == (1.0,)


def test_a_switch_where_the_answers_rule_a_place_out_has_no_step(limits: Limits) -> None:
    answers = Restrictions(forbidden=frozenset({"gluteal"}))
    governor = Governor(limits, [switched("gluteal")], restrictions=answers)
    assert (governor.caps("cape"), governor.ceiling_steps("cape")) == ((0.0,), (0,))
