"""The governor as a whole: what it refuses, what it latches, what a frame carries."""

import math
from dataclasses import replace
from typing import Any

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.safety import actions
from devicehub.safety import governor as module
from devicehub.safety.allowance import Allowance
from devicehub.safety.governor import ROLL_CALL, GovernedActuator, Governor, Mount
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Pad
from devicehub.safety.past import Exposure, Past
from devicehub.safety.restrictions import Restrictions
from tests.unit.safety.bench import TICK_S, Bench, mount


class Rest:
    """A rule as it might come: no more than a little."""

    id = "rest"

    def judge(self, allowance: Allowance, _now_s: float) -> None:
        allowance.lower(0, 0.1, self.id)


NONSENSE: list[Any] = [math.nan, math.inf, -math.inf, -1e-9, 1.0 + 1e-9, 1e308, True, "0.5", None]


def test_a_frame_carries_the_ids_of_all_rules(limits: Limits) -> None:
    assert set(Bench(limits, mount("gluteal")).tick(1.0).rules) == ROLL_CALL


def test_a_frame_lives_for_half_a_second(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    frame = bench.tick(1.0, 7.0)
    assert (frame.judged_at_s, frame.not_after_s) == (7.0, 7.5)


def test_frames_are_numbered_and_come_in_the_order_of_the_mounts(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), mount("coccyx", "coccyx", device="pad"))
    first, second = bench.judge(0.0, TICK_S), bench.judge(0.0, TICK_S)
    assert [frame.device for frame in first] == ["cape", "pad"]
    assert [len(frame.steps) for frame in first] == [1, 2]
    assert (first[0].seq, second[0].seq) == (1, 2)


def test_zero_passes_at_once_from_any_height(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "spine_lumbar"))
    bench.hold(1.0, 10.0)
    frame = bench.tick(0.0)
    assert (frame.steps, frame.levels, frame.bound_by) == ((0, 0), (0.0, 0.0), (None, None))


def test_whole_numbers_are_levels_too(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    assert bench.hold([[1]], 10.0).steps == (700,)
    assert bench.governor.fault is None


@pytest.mark.exhaustive
@pytest.mark.parametrize("level", NONSENSE)
def test_a_level_that_makes_no_sense_silences_everything(limits: Limits, level: Any) -> None:
    bench = Bench(limits, mount("gluteal", "gluteal"), mount("gluteal", device="pad"))
    bench.hold(1.0, 5.0)
    frames = bench.judge([[0.5, 0.5], [level]], TICK_S)
    assert [frame.steps for frame in frames] == [(0, 0), (0,)]
    assert [frame.bound_by for frame in frames] == [("finite", "finite"), ("finite",)]
    assert bench.governor.fault == "finite"


@pytest.mark.parametrize("demands", [[], [[0.1]], [[0.1] * 3], [[0.1, 0.1], [0.1]]])
def test_a_demand_of_another_shape_is_a_fault(limits: Limits, demands: list[list[float]]) -> None:
    bench = Bench(limits, mount("gluteal", "gluteal"))
    assert bench.judge(demands, TICK_S)[0].steps == (0, 0)
    assert bench.governor.fault == "finite"


@pytest.mark.parametrize("now_s", [math.nan, math.inf, 4.999, True, "5", None])
def test_a_clock_that_makes_no_sense_is_a_fault(limits: Limits, now_s: Any) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(1.0, 5.0)
    (frame,) = bench.governor.judge([[1.0]], now_s)
    assert (frame.steps, frame.bound_by, frame.rules) == ((0,), ("clock",), ("clock",))
    assert frame.judged_at_s == bench.now_s
    assert bench.governor.fault == "clock"


def test_a_fault_at_the_very_first_judgement_gives_frames_too(limits: Limits) -> None:
    governor = Bench(limits, mount("gluteal")).governor
    (frame,) = governor.judge([[1.0]], math.nan)
    assert (frame.steps, frame.judged_at_s) == ((0,), 0.0)


def test_a_fault_stays(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.judge([[math.nan]], TICK_S)
    bench.governor.restart("cape", bench.now_s)
    assert bench.hold(1.0, 5.0).steps == (0,)
    bench.governor.judge([[1.0]], math.nan)
    assert bench.governor.fault == "finite"


def test_time_may_stand_still(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.tick(1.0)
    bench.tick(1.0, 0.0)
    assert bench.governor.fault is None


def test_a_time_of_arrival_that_is_no_number_is_a_fault(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    frame = bench.tick(0.0)
    bench.governor.sent(frame, math.nan)
    assert bench.governor.fault == "clock"


def test_a_time_of_restart_that_is_no_number_is_a_fault(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.governor.restart("cape", math.inf)
    assert bench.governor.fault == "clock"


@pytest.mark.parametrize("missing", ["joint", "ramp", "edge", "pattern", "recheck"])
def test_a_rule_that_disappears_is_a_fault(limits: Limits, missing: str) -> None:
    bench = Bench(limits, mount("gluteal"))
    inside: Any = bench.governor
    inside._rules = tuple(rule for rule in inside._rules if rule.id != missing)
    assert bench.hold(1.0, 5.0).steps == (0,)
    assert bench.governor.fault == "rollcall"


@pytest.mark.parametrize("missing", ["zone", "rating", "ceiling", "discomfort"])
def test_a_cap_that_disappears_is_a_fault(limits: Limits, missing: str) -> None:
    bench = Bench(limits, mount("gluteal"))
    inside: Any = bench.governor
    inside._caps.ran = tuple(name for name in inside._caps.ran if name != missing)
    assert bench.hold(1.0, 5.0).steps == (0,)
    assert bench.governor.fault == "rollcall"


def test_a_further_rule_is_welcome(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    inside: Any = bench.governor
    inside._rules = (*inside._rules, Rest())
    frame = bench.hold(1.0, 5.0)
    assert (frame.steps, frame.bound_by) == ((100,), ("rest",))


def test_a_device_that_is_not_mounted_is_named(limits: Limits) -> None:
    governor = Bench(limits, mount("gluteal")).governor
    with pytest.raises(SafetyRefusal, match="device is 'pad': must be one of cape"):
        governor.caps("pad")


@pytest.mark.parametrize("ceiling", NONSENSE)
def test_a_ceiling_that_makes_no_sense_is_refused(limits: Limits, ceiling: Any) -> None:
    with pytest.raises(SafetyRefusal, match=r"ceiling is .*: must be a number from 0 to 1"):
        Governor(limits, [mount("gluteal")], ceiling=ceiling)
    governor = Governor(limits, [mount("gluteal")])
    with pytest.raises(SafetyRefusal, match="ceiling is"):
        governor.lower_ceiling(ceiling)
    assert governor.ceiling == 1.0


@pytest.mark.parametrize("rating", NONSENSE)
def test_a_rating_that_makes_no_sense_is_refused(rating: Any) -> None:
    with pytest.raises(SafetyRefusal, match="rating is"):
        GovernedActuator(("gluteal",), 10, rating)


@pytest.mark.parametrize("steps", [0, -1, 1.5, True, None])
def test_a_number_of_steps_that_makes_no_sense_is_refused(steps: Any) -> None:
    with pytest.raises(SafetyRefusal, match="steps is"):
        GovernedActuator(("gluteal",), steps)


def test_a_massager_needs_an_actuator() -> None:
    with pytest.raises(SafetyRefusal, match="cape: has no actuators"):
        mount()


def test_a_governor_needs_a_massager(limits: Limits) -> None:
    with pytest.raises(SafetyRefusal, match="no massager"):
        Governor(limits, [])


def test_two_massagers_of_one_name_are_refused(limits: Limits) -> None:
    with pytest.raises(SafetyRefusal, match="'cape' appears twice"):
        Governor(limits, [mount("gluteal"), mount("coccyx")])


def test_a_class_that_nobody_knows_is_refused(limits: Limits) -> None:
    with pytest.raises(SafetyRefusal, match="class is 'hammer'"):
        Governor(limits, [mount("gluteal", stimulus_class="hammer")])


def test_the_names_of_a_mount_are_those_of_the_governor() -> None:
    assert (module.Mount, module.GovernedActuator) == (Mount, GovernedActuator)


@pytest.mark.parametrize("now_s", [math.nan, math.inf])
def test_a_wish_for_more_at_no_time_is_a_fault_and_changes_nothing(
    limits: Limits, now_s: float
) -> None:
    governor = Governor(limits, [mount("gluteal")], ceiling=0.3)
    governor.lower_ceiling(0.1)
    governor.raise_ceiling(0.2, now_s)
    assert (governor.ceiling, governor.fault) == (0.1, "clock")


@pytest.mark.parametrize("duration_s", [0.0, -1.0, math.nan, math.inf, True, "60"])
def test_a_duration_that_is_no_time_is_refused(limits: Limits, duration_s: Any) -> None:
    with pytest.raises(SafetyRefusal, match=r"duration is .*: must be seconds above 0"):
        Governor(limits, [mount("gluteal")], duration_s=duration_s)


@pytest.mark.parametrize("side", ["", "Left", "both", None])
def test_a_side_that_nobody_knows_is_refused(side: Any) -> None:
    with pytest.raises(
        SafetyRefusal, match=r"side is .*: must be one of left, right, middle, unkn"
    ):
        GovernedActuator(("gluteal",), 1, side=side)


def test_the_first_fault_is_the_one_that_is_told(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    frame = bench.tick(0.0)
    bench.judge([[math.nan]], TICK_S)
    bench.governor.sent(frame, math.nan)
    assert bench.governor.fault == "finite"


def test_frames_are_numbered_on_after_a_fault(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    frames = [bench.tick(0.0), *bench.judge([[math.nan]], TICK_S), bench.tick(0.0)]
    assert [frame.seq - frames[0].seq for frame in frames] == [0, 1, 2]


def test_after_discomfort_a_pad_that_was_asked_for_says_why_it_is_off(limits: Limits) -> None:
    pad = replace(mount("gluteal"), pad=Pad(sensor=False, max_c=40.0))
    governor = Governor(limits, [pad])
    governor.mild_discomfort()
    assert governor.heat.why_off("cape").startswith("you reported discomfort")


def test_a_session_of_half_a_second_is_one(limits: Limits) -> None:
    assert limits.session.planned_s(0.5) == 0.5


def test_a_vibration_of_half_a_metre_per_second_squared_is_one() -> None:
    assert mount("gluteal", a_m_s2=0.5).a_m_s2 == 0.5


def test_a_motor_that_may_never_move_and_is_not_asked_to_is_held_by_nobody(limits: Limits) -> None:
    bench = Bench(limits, mount("abdomen", "gluteal"))
    assert bench.tick([[0.0, 0.0]]).bound_by == (None, None)
    assert bench.tick([[1e-9, 0.0]]).bound_by == ("zone", None)


def test_the_highest_steps_are_those_of_the_highest_ceiling_that_can_come(limits: Limits) -> None:
    governor = Governor(limits, [mount("gluteal")], ceiling=0.3, duration_s=299.0)
    assert governor.ceiling_steps("cape") == (300,)


def test_each_of_three_massagers_gets_its_own_part_of_the_row(limits: Limits) -> None:
    first = mount("gluteal", "gluteal", device="a")
    second, third = mount("abdomen", device="b"), mount("rhomboid", "abdomen", device="c")
    bench = Bench(limits, first, second, third)
    bench.hold([[0.1, 0.2], [0.3], [0.4, 0.5]], 10.0)
    frames = bench.judge([[0.1, 0.2], [0.3], [0.4, 0.5]], TICK_S)
    assert [frame.steps for frame in frames] == [(100, 200), (0,), (400, 0)]
    assert [bench.governor.ceiling_steps(name) for name in "abc"] == [(700, 700), (0,), (600, 0)]


def test_the_table_of_a_session_is_as_short_as_the_answers_make_it(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"), restrictions=Restrictions(max_total_s=60.0))
    assert bench.governor.limits.session.max_total_s == 60.0


@pytest.mark.parametrize(
    ("stimulus_class", "rule"),
    [("handheld_vibration", "hand_arm"), ("diffuse_vibration", "whole_body")],
)
def test_a_day_s_vibration_that_is_used_up_ends_the_session(
    limits: Limits, stimulus_class: str, rule: str
) -> None:
    past = Past(exposure=Exposure(class_s={stimulus_class: 1e6}))
    bench = Bench(limits, mount("gluteal", stimulus_class=stimulus_class), past=past)
    bench.tick(0.1)
    assert bench.governor.over == rule
    assert bench.governor.verdict == actions.ended(rule)
    bench.tick(math.nan)
    assert bench.governor.verdict.rule == "finite"


def test_a_zone_that_has_had_its_seconds_ends_a_session_of_no_other(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.3, 1.0)
    bench.tick(0.3, 1500.0)
    inside: Any = bench.governor
    assert "zone_session" in {rule.id for rule in inside._ends if rule.over}


def test_both_ends_of_a_session_are_there_to_be_planned_anew(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    assert [end.id for end in bench.governor.gentle] == ["warmup", "cooldown"]


def test_it_tells_from_when_on_somebody_is_asked_whether_they_are_there(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    assert bench.governor.presence_due_s == math.inf
    bench.tick(0.1)
    check_s = limits.session.presence_check_s["surface_vibration"]
    assert bench.governor.presence_due_s == pytest.approx(bench.now_s + check_s, abs=TICK_S)
