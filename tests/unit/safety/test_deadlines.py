"""Rules that say when it is enough: at their very instant, not a moment before and none after."""

import math
from collections.abc import Callable
from typing import Protocol

import pytest

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.daily import Day, Vibrated, ZoneDay
from devicehub.safety.exposure import Exposed
from devicehub.safety.lasting import Active, Continuous, SessionTotal, ZoneSession
from devicehub.safety.limits import Limits
from devicehub.safety.past import Exposure, Received
from devicehub.safety.presence import Presence
from devicehub.safety.remaining import Remaining
from devicehub.safety.reserved import Reserved
from devicehub.safety.stopwatch import Course, LeakyClock, Stopwatch
from tests.unit.safety.bench import mount

HANDHELD = "handheld_vibration"
AT = ("gluteal", "left")
CHECK_S, GRACE_S = 90.0, 15.0


class Judge(Protocol):
    def judge(self, allowance: Allowance, now_s: float, /) -> None: ...


class Ends(Judge, Protocol):
    @property
    def over(self) -> bool: ...


def left(rule: Judge, now_s: float) -> tuple[float, str | None]:
    """Return what a rule leaves of everything, and who took it."""
    allowance = Allowance([1.0], [100], [0])
    rule.judge(allowance, now_s)
    return allowance.levels[0], allowance.bound_by[0]


def running(full_s: float) -> Stopwatch:
    watch = Stopwatch((0,), full_s)
    watch.change(1, 0.0)
    return watch


def played() -> Course:
    course = Course([0])
    course.played_s(0.0)
    return course


TIMED: dict[str, tuple[Callable[[], Judge], float]] = {
    "continuous": (lambda: Continuous([ringing()]), 30.0),
    "zone_session": (lambda: ZoneSession([running(30.0)], Remaining([0])), 30.0),
    "session": (lambda: SessionTotal(30.0, played()), 30.0),
    "active": (lambda: Active([running(30.0)]), 30.0),
    "presence": (lambda: Presence(played(), CHECK_S, GRACE_S), CHECK_S + GRACE_S),
    "reserved": (lambda: granted(30.0), 30.0),
}


def ringing() -> LeakyClock:
    clock = LeakyClock((0,), 30.0, 60.0)
    clock.change(1, 0.0)
    return clock


def granted(until_s: float) -> Reserved:
    rule = Reserved(2.5)
    rule.grant(until_s + 2.5)
    return rule


@pytest.mark.parametrize("rule", TIMED)
def test_a_rule_silences_at_its_instant_and_not_before(rule: str) -> None:
    make, due_s = TIMED[rule]
    assert left(make(), math.nextafter(due_s, 0.0) - 1e-6) == (1.0, None)
    assert left(make(), due_s) == (0.0, rule)
    assert left(make(), due_s + 1000.0) == (0.0, rule)


@pytest.mark.parametrize("rule", ["zone_session", "session", "active", "presence"])
def test_a_rule_that_ends_a_session_says_so_from_its_instant_on(rule: str) -> None:
    make, due_s = TIMED[rule]
    ends = make()
    left(ends, due_s - 0.01)
    assert getattr(ends, "over") is False  # noqa: B009 - not every rule has it
    left(ends, due_s)
    assert getattr(ends, "over") is True  # noqa: B009


def test_who_comes_back_too_late_finds_the_session_over() -> None:
    course = played()
    rule = Presence(course, CHECK_S, GRACE_S)
    left(rule, CHECK_S + GRACE_S)
    rule.present()
    assert left(rule, CHECK_S + GRACE_S + 0.1) == (0.0, "presence")


def test_who_answers_in_time_has_as_long_again() -> None:
    rule = Presence(played(), CHECK_S, GRACE_S)
    left(rule, 50.0)
    rule.present()
    assert left(rule, 50.0 + CHECK_S + GRACE_S - 0.01) == (1.0, None)
    assert left(rule, 50.0 + CHECK_S + GRACE_S) == (0.0, "presence")


def test_before_the_first_judgement_and_in_a_pause_nobody_is_asked() -> None:
    course = Course([0])
    rule = Presence(course, CHECK_S, GRACE_S)
    assert rule.due_s == math.inf
    course.played_s(0.0)
    assert rule.due_s == CHECK_S
    course.restart([0], 1.0)
    assert rule.due_s == math.inf


def test_a_person_is_asked_from_the_instant_that_was_told() -> None:
    rule = Presence(played(), CHECK_S, GRACE_S)
    left(rule, 50.0)
    rule.present()
    left(rule, 70.0)
    assert rule.due_s == 50.0 + CHECK_S
    left(rule, 50.0 + CHECK_S - 0.01)
    assert not rule.asks
    left(rule, 50.0 + CHECK_S)
    assert rule.asks


# -- a day ----------------------------------------------------------------------------------------


def day(limits: Limits, past: Exposure) -> tuple[Exposed, dict[str, Ends]]:
    """Return what adds up for one wand, and the rules of its day, with no tail kept back."""
    mounts = [mount("gluteal", device="wand", stimulus_class=HANDHELD, side="left", steps=10)]
    caps = Caps(limits, mounts, 1.0)
    it = Exposed(limits, mounts, caps)
    none, daily, remaining = it.most_within(0.0), limits.daily, Remaining(caps.driven)
    return it, {
        "zone_day": ZoneDay(it, past, none, remaining),
        "day": Day(daily, it, past, none),
        "hand_arm": Vibrated("hand_arm", daily.hand_arm, it, past, none, remaining),
    }


@pytest.mark.parametrize(
    ("rule", "step", "due_s", "past"),
    [
        ("zone_day", 1, 900.0, Exposure()),
        ("zone_day", 1, 30.0, Exposure({AT: Received(870.0)})),
        ("zone_day", 10, 24.0, Exposure({AT: Received(0.0, 300.0)})),
        ("day", 1, 2700.0, Exposure()),
        ("day", 1, 30.0, Exposure(active_s=2670.0)),
        ("hand_arm", 1, 1800.0, Exposure()),
        ("hand_arm", 1, 30.0, Exposure(class_s={HANDHELD: 1000.0, "percussive": 770.0})),
    ],
)
def test_a_day_s_share_may_be_used_to_its_last_moment(
    limits: Limits, rule: str, step: int, due_s: float, past: Exposure
) -> None:
    it, rules = day(limits, past)
    it.judged("wand", 1, (step,), 0.0)
    assert (left(rules[rule], due_s - 1e-6), rules[rule].over) == ((1.0, None), False)
    assert (left(rules[rule], due_s), rules[rule].over) == ((0.0, rule), True)
    it.restart("wand", due_s)
    assert left(rules[rule], due_s + 1000.0) == (0.0, rule)


def test_a_tail_is_kept_back_from_every_share_of_a_day(limits: Limits) -> None:
    mounts = [mount("gluteal", device="wand", stimulus_class=HANDHELD, side="left", steps=10)]
    caps = Caps(limits, mounts, 1.0)
    it = Exposed(limits, mounts, caps)
    tail, daily, remaining, had = it.most_within(5.0), limits.daily, Remaining([0]), Exposure()
    rules: list[tuple[Judge, float]] = [
        (ZoneDay(it, had, tail, remaining), 895.0),
        (Vibrated("hand_arm", daily.hand_arm, it, had, tail, remaining), 1795.0),
        (Day(daily, it, had, tail), 2695.0),
    ]
    it.judged("wand", 1, (1,), 0.0)
    for rule, due_s in rules:
        assert left(rule, due_s - 1e-6)[0] == 1.0
        assert left(rule, due_s)[0] == 0.0
