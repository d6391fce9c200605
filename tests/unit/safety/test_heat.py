"""The heat rule: on while everything speaks for it, off at the first doubt, at every deadline."""

import math
from dataclasses import replace
from typing import Any

import pytest

from devicehub.safety.allowance import Allowance
from devicehub.safety.governor import ROLL_CALL, Governor
from devicehub.safety.heat import Heat, Silence
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Mount, Pad
from devicehub.safety.past import NOTHING_YET, Exposure, Past
from devicehub.safety.reserved import Reserved
from devicehub.safety.restrictions import Restrictions
from tests.unit.safety.bench import mount

SENSOR, BLIND = Pad(sensor=True, max_c=40.0), Pad(sensor=False, max_c=40.0)
WARM_C = 39.5
NOBODY = Allowance([], [], [])


def padded(pad: Pad | None, device: str = "cape") -> Mount:
    return replace(mount("gluteal", device=device), pad=pad)


class Over:
    """A rule that has ended the session."""

    id, over = "day", True

    def judge(self, _allowance: Allowance, _now_s: float) -> None: ...


class Bed:
    """One pad, its clock, and a link that takes every word."""

    def __init__(
        self, limits: Limits, pad: Pad = SENSOR, past: Past = NOTHING_YET, *, allowed: bool = True
    ) -> None:
        self.quiet = Reserved(0.0)
        self.quiet.grant(math.inf)
        silence = Silence((), self.quiet)
        self.rule = Heat(limits.heat, [padded(pad)], past, silence, allowed=allowed)
        self.now_s = 0.0
        self.celsius: float | None = WARM_C

    @property
    def on(self) -> bool:
        return self.rule.target_c("cape") is not None

    @property
    def why(self) -> str:
        return self.rule.why_off("cape")

    def judge_at(self, at_s: float, *, arrives: bool = True) -> bool:
        """Move on to `at_s`, read, judge, and send."""
        self.now_s = at_s
        if self.celsius is not None:
            self.rule.read("cape", self.celsius, at_s)
        self.rule.judge(NOBODY, at_s)
        if arrives:
            self.rule.sent("cape", self.rule.target_c("cape"), at_s)
        return self.on

    def run_to(self, end_s: float, *, arrives: bool = True) -> bool:
        """Judge once a second up to `end_s`."""
        while self.now_s < end_s:
            self.judge_at(min(self.now_s + 1.0, end_s), arrives=arrives)
        return self.on

    def silence(self) -> None:
        """Let nothing be reserved from here on."""
        self.quiet.grant(-math.inf)

    def warm(self) -> "Bed":
        assert self.judge_at(0.0)
        return self


def test_a_pad_that_was_asked_for_and_reads_well_is_on_at_40_degrees(limits: Limits) -> None:
    bed = Bed(limits).warm()
    assert (bed.rule.target_c("cape"), bed.why) == (40.0, "")


def test_a_pad_is_asked_for_no_more_than_its_maker_allows(limits: Limits) -> None:
    bed = Bed(limits, Pad(sensor=True, max_c=38.0))
    bed.celsius = 37.5
    bed.warm()
    assert bed.rule.target_c("cape") == 38.0


def test_a_pad_that_nobody_asked_for_is_off(limits: Limits) -> None:
    bed = Bed(limits)
    assert bed.rule.target_c("wand") is None
    assert bed.rule.why_off("wand") == "not asked for"


@pytest.mark.parametrize(("pad", "most_s"), [(SENSOR, 600.0), (BLIND, 300.0)])
def test_a_pad_is_on_up_to_its_limit(limits: Limits, pad: Pad, most_s: float) -> None:
    bed = Bed(limits, pad).warm()
    assert bed.run_to(most_s - 1.0)
    assert bed.judge_at(most_s - 0.001)
    assert not bed.judge_at(most_s)
    assert bed.why == "it rests for 20 min after every time on"


@pytest.mark.parametrize("on_s", [1.0, 598.0])
def test_a_pad_rests_in_full_after_every_time_on(limits: Limits, on_s: float) -> None:
    bed = Bed(limits).warm()
    bed.run_to(on_s)
    bed.silence()
    assert not bed.judge_at(on_s + 1.0)
    bed.quiet.grant(math.inf)
    assert not bed.run_to(on_s + 1200.0)
    assert not bed.judge_at(on_s + 1200.999)
    assert bed.judge_at(on_s + 1201.0)


@pytest.mark.parametrize(("ago_s", "on"), [(1199.0, False), (1200.0, True), (None, True)])
def test_the_rest_begun_in_the_last_session_goes_on(
    limits: Limits, ago_s: float | None, on: bool
) -> None:
    assert Bed(limits, past=Past(heat_ended_ago_s=ago_s)).judge_at(0.0) is on


def test_a_rest_of_the_last_session_ends_within_this_one(limits: Limits) -> None:
    bed = Bed(limits, past=Past(heat_ended_ago_s=1100.0))
    assert not bed.judge_at(50.0)
    assert not bed.judge_at(149.9)
    assert bed.judge_at(150.0)


def test_a_day_has_so_many_seconds_of_heat(limits: Limits) -> None:
    day = Past(Exposure(heat_s=1700.0))
    bed = Bed(limits, past=day).warm()
    assert bed.run_to(99.0)
    assert not bed.judge_at(100.0)
    assert bed.why == "30 min of heat in 24 h are used up"
    assert not Bed(limits, past=Past(Exposure(heat_s=1800.0))).judge_at(0.0)


def test_the_seconds_of_all_pads_are_one_day(limits: Limits) -> None:
    both = [padded(BLIND, "a"), padded(BLIND, "b")]
    quiet = Reserved(0.0)
    quiet.grant(math.inf)
    day = Past(Exposure(heat_s=1600.0))
    rule = Heat(limits.heat, both, day, Silence((), quiet), allowed=True)
    rule.judge(NOBODY, 0.0)
    rule.judge(NOBODY, 99.9)
    assert (rule.target_c("a"), rule.target_c("b")) == (40.0, 40.0)
    rule.judge(NOBODY, 100.0)
    assert (rule.target_c("a"), rule.target_c("b")) == (None, None)


def test_seconds_run_from_the_judgement_until_an_off_has_arrived(limits: Limits) -> None:
    bed = Bed(limits)
    bed.judge_at(0.0, arrives=False)
    bed.run_to(10.0)
    bed.silence()
    bed.run_to(14.0, arrives=False)
    assert bed.rule.seconds(14.0) == 14.0
    bed.judge_at(15.0)
    assert bed.rule.seconds(99.0) == 15.0


def test_an_off_that_has_not_arrived_is_not_taken_back(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.silence()
    bed.judge_at(5.0, arrives=False)
    bed.quiet.grant(math.inf)
    assert not bed.run_to(3000.0, arrives=False)
    assert bed.rule.seconds(3000.0) == 3000.0


def test_an_off_judged_before_it_went_on_ends_nothing(limits: Limits) -> None:
    bed = Bed(limits)
    bed.judge_at(0.0, arrives=False)
    bed.rule.sent("cape", None, 0.1)
    assert bed.on
    assert bed.rule.seconds(10.0) == 10.0


def test_a_stop_switches_off_and_its_rest_is_counted_once(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.run_to(30.0)
    bed.rule.restart("cape", 30.0)
    assert not bed.on
    assert not bed.judge_at(31.0)
    bed.rule.restart("cape", 40.0)
    assert not bed.judge_at(1229.9)
    assert bed.judge_at(1230.0)
    assert bed.rule.seconds(1230.0) == 30.0


def test_discomfort_is_off_for_the_session(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.rule.latch("discomfort")
    assert not bed.on
    assert not bed.run_to(5000.0)
    assert bed.why == "you reported discomfort: no more heat in this session"


def test_who_may_not_have_heat_has_none(limits: Limits) -> None:
    bed = Bed(limits, allowed=False)
    assert not bed.judge_at(0.0)
    assert bed.why == "your answers rule heat out"


def test_whatever_silences_the_session_silences_the_pad(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.silence()
    assert not bed.judge_at(1.0)
    assert bed.why == "everything is held at 0: reserved"


def test_the_seconds_of_a_pad_are_its_own(limits: Limits) -> None:
    bed = Bed(limits).warm()
    assert bed.rule.seconds_of("cape", 7.0) == 7.0
    assert bed.rule.seconds_of("wand", 7.0) == 0.0


def test_a_pad_says_why_it_has_not_begun_and_that_it_was_stopped(limits: Limits) -> None:
    bed = Bed(limits)
    assert bed.why == "not begun yet"
    bed.warm()
    bed.rule.restart("cape", 1.0)
    assert bed.why == "the massager was stopped"


def test_the_first_reason_that_holds_for_the_session_is_the_one_that_is_said(
    limits: Limits,
) -> None:
    bed = Bed(limits, allowed=False)
    bed.rule.latch("discomfort")
    bed.judge_at(0.0)
    assert bed.why == "your answers rule heat out"


def test_the_seconds_of_two_times_on_add_up(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.rule.restart("cape", 30.0)
    assert bed.rule.seconds(1000.0) == 30.0
    assert bed.judge_at(1230.0)
    assert [bed.rule.seconds(at_s) for at_s in (1230.0, 1230.5, 1240.0)] == [30.0, 30.5, 40.0]


def test_what_may_come_is_counted_for_every_pad(limits: Limits) -> None:
    both = [padded(BLIND, "a"), padded(BLIND, "b"), mount("gluteal", device="c")]
    judge = Governor(limits, both)
    assert (judge.most_within(10.0).heat_s, judge.heat.most_within(10.0)) == (20.0, 20.0)


def test_a_pad_may_cool_down_while_it_rests(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.run_to(600.0)
    bed.celsius = 22.0
    assert not bed.run_to(1799.0)
    assert bed.judge_at(1800.0)


def test_a_pad_at_the_top_of_its_sensor_is_too_hot_and_not_out_of_range(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.celsius = 100.0
    bed.judge_at(1.0)
    assert bed.why == "it was at 41 C: no more heat in this session"


def test_a_pad_that_rests_says_so_all_the_while(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.run_to(600.0)
    for at_s in (600.1, 1200.0, 1799.9):
        assert not bed.judge_at(at_s)
        assert bed.why == "it rests for 20 min after every time on"


def test_a_time_on_is_counted_from_its_beginning_whenever_that_was(limits: Limits) -> None:
    bed = Bed(limits)
    assert bed.judge_at(1000.0)
    bed.run_to(1599.0)
    assert bed.judge_at(1599.9)
    assert not bed.judge_at(1600.0)


# -- the sensor -----------------------------------------------------------------------------------


def test_a_pad_whose_sensor_has_said_nothing_yet_is_off(limits: Limits) -> None:
    bed = Bed(limits)
    bed.celsius = None
    assert not bed.judge_at(0.0)
    assert bed.why == "its sensor has said nothing for 5 s"


def test_a_pad_without_a_sensor_needs_none(limits: Limits) -> None:
    bed = Bed(limits, BLIND)
    bed.celsius = None
    assert bed.judge_at(0.0)


def test_a_reading_is_good_for_5_s(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.celsius = None
    assert bed.judge_at(5.0)
    assert not bed.judge_at(5.001)


def test_a_reading_from_the_future_is_none(limits: Limits) -> None:
    bed = Bed(limits)
    bed.rule.read("cape", WARM_C, 0.1)
    bed.celsius = None
    assert not bed.judge_at(0.0)


def test_a_sensor_that_comes_back_buys_no_shorter_rest(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.celsius = None
    bed.judge_at(6.0)
    bed.celsius = WARM_C
    assert not bed.run_to(1205.0)
    assert bed.judge_at(1206.0)


@pytest.mark.parametrize(
    ("celsius", "why"),
    [
        (math.nan, "its sensor has no reading"),
        (math.inf, "its sensor says what cannot be"),
        (-math.inf, "its sensor says what cannot be"),
        (-20.1, "its sensor says what cannot be"),
        (100.1, "its sensor says what cannot be"),
    ],
)
def test_a_reading_that_makes_no_sense_is_off(limits: Limits, celsius: float, why: str) -> None:
    bed = Bed(limits).warm()
    bed.celsius = celsius
    assert not bed.judge_at(1.0)
    assert bed.why == why


def test_a_cold_pad_may_warm_up(limits: Limits) -> None:
    bed = Bed(limits)
    bed.celsius = -20.0
    assert bed.judge_at(0.0)


def test_a_pad_trips_at_41_degrees_and_stays_off_for_the_session(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.celsius = 40.99
    assert bed.judge_at(1.0)
    bed.celsius = 41.0
    assert not bed.judge_at(2.0)
    bed.celsius = 30.0
    assert not bed.run_to(5000.0)
    assert bed.why == "it was at 41 C: no more heat in this session"


def test_a_pad_that_is_too_hot_before_it_was_on_stays_off(limits: Limits) -> None:
    bed = Bed(limits)
    bed.celsius = 41.0
    assert not bed.judge_at(0.0)
    bed.celsius = WARM_C
    assert not bed.judge_at(1.0)


def test_a_pad_above_its_target_has_10_s(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.celsius = 40.6
    assert bed.run_to(10.0)
    assert not bed.judge_at(10.01)
    assert bed.why == "it was warmer than asked for: no more heat in this session"


def test_a_pad_within_half_a_degree_of_its_target_is_well(limits: Limits) -> None:
    bed = Bed(limits).warm()
    bed.celsius = 40.5
    assert bed.run_to(599.0)


def test_a_pad_that_returns_to_its_target_in_time_is_well(limits: Limits) -> None:
    bed = Bed(limits).warm()
    for turn in range(9):
        bed.celsius = 40.6
        assert bed.run_to(turn * 20.0 + 10.0)
        bed.celsius = 40.0
        assert bed.run_to(turn * 20.0 + 20.0)


def test_a_sensor_that_shows_no_warmth_is_found_after_a_minute(limits: Limits) -> None:
    bed = Bed(limits)
    bed.celsius = 24.0
    bed.judge_at(0.0)
    assert bed.run_to(60.0)
    assert not bed.judge_at(60.01)
    assert bed.why == "its sensor shows no warmth: no more heat in this session"


@pytest.mark.parametrize(("rises_to_c", "on"), [(24.9, False), (25.0, True)])
def test_a_pad_has_to_rise_by_a_degree_in_a_minute(
    limits: Limits, rises_to_c: float, on: bool
) -> None:
    bed = Bed(limits)
    bed.celsius = 24.0
    bed.judge_at(0.0)
    bed.run_to(59.0)
    bed.celsius = rises_to_c
    assert bed.run_to(100.0) is on


def test_a_pad_near_its_target_need_not_rise(limits: Limits) -> None:
    bed = Bed(limits)
    bed.celsius = 38.1
    bed.judge_at(0.0)
    assert bed.run_to(599.0)
    bed = Bed(limits)
    bed.celsius = 38.0
    bed.judge_at(0.0)
    assert not bed.run_to(61.0)


# -- in the governor ------------------------------------------------------------------------------


def governor(limits: Limits, **options: Any) -> Governor:
    judge = Governor(limits, [padded(SENSOR)], **options)
    judge.grant(math.inf)
    return judge


def heat_of(judge: Governor, now_s: float, level: float = 0.0) -> float | None:
    judge.heat.read("cape", WARM_C, now_s)
    (frame,) = judge.judge([[level]], now_s)
    judge.sent(frame, now_s)
    return frame.heat_c


def test_the_rule_is_in_the_roll_call_and_its_target_in_the_frame(limits: Limits) -> None:
    assert "heat" in ROLL_CALL
    assert heat_of(governor(limits), 0.0) == 40.0


def test_a_frame_that_only_warms_is_not_idle(limits: Limits) -> None:
    judge = governor(limits)
    judge.heat.read("cape", WARM_C, 0.0)
    assert not judge.judge([[0.0]], 0.0)[0].idle
    assert judge.judge([[0.0]], 9.0)[0].idle


def test_a_massager_whose_pad_was_not_asked_for_has_none(limits: Limits) -> None:
    assert heat_of(Governor(limits, [mount("gluteal")]), 0.0) is None


def test_a_fault_switches_off_at_once_and_for_good(limits: Limits) -> None:
    judge = governor(limits)
    assert heat_of(judge, 0.0) == 40.0
    assert heat_of(judge, 0.05, level=math.nan) is None
    assert heat_of(judge, 0.1) is None


def test_discomfort_switches_off_with_the_next_frame(limits: Limits) -> None:
    judge = governor(limits)
    heat_of(judge, 0.0)
    judge.mild_discomfort()
    assert heat_of(judge, 0.05) is None


def test_a_stop_by_another_way_switches_off(limits: Limits) -> None:
    judge = governor(limits)
    heat_of(judge, 0.0)
    judge.restart("cape", 10.0)
    assert heat_of(judge, 11.0) is None
    assert judge.heat.seconds(11.0) == 10.0


@pytest.mark.exhaustive
def test_a_session_that_is_over_is_cold(limits: Limits) -> None:
    judge = governor(limits)
    now_s, target_c = 0.0, heat_of(judge, 0.0)
    assert target_c is not None
    while judge.over is None:
        now_s += 0.05
        target_c = heat_of(judge, now_s, level=0.5)
    assert target_c is None


def test_who_answered_so_has_no_heat(limits: Limits) -> None:
    assert heat_of(governor(limits, restrictions=Restrictions(heat=False)), 0.0) is None
    assert heat_of(governor(limits, past=Past(heat_ended_ago_s=1.0)), 0.0) is None


def test_a_pad_is_off_for_the_rule_that_has_ended_the_session(limits: Limits) -> None:
    granted = Reserved(0.0)
    granted.grant(math.inf)
    assert Silence((), granted).rule(0.0) is None
    assert Silence((Over(),), granted).rule(0.0) == "day"
    assert Silence((), Reserved(0.0)).rule(0.0) == "reserved"
