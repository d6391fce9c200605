"""Admission: on both sides of each time that has to pass before a session, and what is said."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from devicehub.safety.admission import after_the_end, refusals
from devicehub.safety.limits import Limits, LimitsError, parse
from devicehub.safety.past import NOTHING_YET, Exposure, Past
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from tests.unit.safety.test_limits import changed

DAY_S = 86400.0
HAIR_S = 1e-6


def why(limits: Limits, past: Past) -> list[str]:
    return [*refusals(limits, past, UNRESTRICTED, {"surface_vibration"})]


BOUNDARIES: dict[str, tuple[Callable[[float], Past], float, str]] = {
    "gap, long session": (
        lambda t: Past(last_ended_ago_s=t, last_active_s=1200.0),
        1800.0,
        "The last session was a short while ago: the next one in 1 minute.",
    ),
    "gap, short session": (
        lambda t: Past(last_ended_ago_s=t, last_active_s=300.0),
        600.0,
        "The last session was a short while ago: the next one in 1 minute.",
    ),
    "gap of a forgotten one's long session, their own short one": (
        lambda t: Past(last_ended_ago_s=t, last_active_s=30.0, forgotten=((t, 1200.0),)),
        1800.0,
        "The last session was a short while ago: the next one in 1 minute.",
    ),
    "gap of several who are forgotten": (
        lambda t: Past(forgotten=((t, 300.0), (t, 1200.0), (t, 30.0))),
        1800.0,
        "The last session was a short while ago: the next one in 1 minute.",
    ),
    "mild": (
        lambda t: Past(mild_ended_ago_s=t),
        1800.0,
        "It was uncomfortable twice: the next session in 1 minute.",
    ),
    "severe": (lambda t: Past(severe_ago_s=(t,)), 3600.0, "It hurt: the next session in 1 minute."),
    "severe twice": (
        lambda t: Past(severe_ago_s=(t, t + 60.0)),
        DAY_S,
        "It hurt 2 times within a day: the next session in 1 minute.",
    ),
    "severe twice, in another order": (
        lambda t: Past(severe_ago_s=(t + 60.0, t)),
        DAY_S,
        "It hurt 2 times within a day: the next session in 1 minute.",
    ),
}


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_hair_too_early_is_refused_and_in_time_is_not(limits: Limits, boundary: str) -> None:
    past, wait_s, text = BOUNDARIES[boundary]
    assert why(limits, past(wait_s - HAIR_S)) == [text]
    assert why(limits, past(wait_s)) == []


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("age", [0.0, -1.0, -math.inf, math.nan])
def test_an_age_that_makes_no_sense_is_none(limits: Limits, boundary: str, age: float) -> None:
    assert len(why(limits, BOUNDARIES[boundary][0](age))) == 1


def test_nothing_yet_admits(limits: Limits) -> None:
    assert why(limits, NOTHING_YET) == []


def test_the_fourth_session_of_a_day_waits(limits: Limits) -> None:
    assert why(limits, Past(sessions=2)) == []
    (text,) = why(limits, Past(sessions=3))
    assert text.startswith("There were 3 sessions within 24 h, and 3 are the most: the next one")


def test_a_day_that_was_used_up_waits(limits: Limits) -> None:
    assert why(limits, Past(Exposure(active_s=2700.0 - HAIR_S))) == []
    for active_s in (2700.0, math.nan):
        (text,) = why(limits, Past(Exposure(active_s=active_s)))
        assert text.startswith("Something moved for 45 min within 24 h, the most for a day")


def test_the_day_of_a_user_counts(limits: Limits) -> None:
    own = limits.tightened("daily.max_active_s = 60", "own.toml")
    assert len(why(own, Past(Exposure(active_s=60.0)))) == 1


def test_what_hurt_is_acknowledged_first_however_long_ago(limits: Limits) -> None:
    text = "It hurt: go on only when all is well, after `devicehub person acknowledge NAME`."
    assert why(limits, Past(severe_acknowledged=False)) == [text]
    assert len(why(limits, Past(severe_ago_s=(60.0,), severe_acknowledged=False))) == 2


def test_a_class_that_the_answers_rule_out_is_refused(limits: Limits) -> None:
    answers = Restrictions(
        forbidden_classes=frozenset({"percussive"}), reasons={"": ("anaemia", "other")}
    )
    (text,) = refusals(limits, NOTHING_YET, answers, {"percussive", "surface_vibration"})
    assert "class percussive (anaemia, other)" in text
    assert refusals(limits, NOTHING_YET, answers, {"surface_vibration"}) == ()


def test_a_class_is_refused_also_where_nobody_said_why(limits: Limits) -> None:
    answers = Restrictions(forbidden_classes=frozenset({"percussive"}))
    assert len(refusals(limits, NOTHING_YET, answers, {"percussive"})) == 1


@pytest.mark.parametrize(
    ("ago_s", "text"),
    [
        (0.0, "in 30 minutes."),
        (1080.0, "in 12 minutes."),
        (1079.9, "in 13 minutes."),
        (1740.0, "in 1 minute."),
    ],
)
def test_the_wait_is_told_in_minutes_and_never_too_short(
    limits: Limits, ago_s: float, text: str
) -> None:
    assert why(limits, Past(mild_ended_ago_s=ago_s))[0].endswith(text)


@pytest.mark.parametrize(
    ("ago_s", "text"), [(60.0, "24 hours"), (82800.0, "1 hour"), (82800.1, "60 minutes")]
)
def test_a_long_wait_is_told_in_hours(limits: Limits, ago_s: float, text: str) -> None:
    assert why(limits, Past(severe_ago_s=(ago_s, 85000.0)))[0].endswith(f"in {text}.")


def test_all_reasons_are_told(limits: Limits) -> None:
    past = Past(
        Exposure(active_s=9999.0),
        sessions=9,
        last_ended_ago_s=1.0,
        last_active_s=9.0,
        mild_ended_ago_s=1.0,
        severe_ago_s=(1.0, 2.0, 3.0),
        severe_acknowledged=False,
    )
    assert len(why(limits, past)) == 6


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "missing": (lambda t: t.pop("admission"), "admission is missing"),
    "half a session": (
        lambda t: t["admission"].update(max_sessions=2.5),
        "max_sessions is 2.5: must be a whole number",
    ),
    "no session": (lambda t: t["admission"].update(max_sessions=0), "must be above 0"),
    "no gap": (lambda t: t["admission"].update(gap_at_most_s=0), "must be above 0"),
    "vast": (lambda t: t["admission"].update(lock_s=10**400), "must be finite and at least 0"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_table_is_named(mistake: str) -> None:
    change, message = MISTAKES[mistake]
    text = changed(change)
    assert json.loads(text)
    with pytest.raises(LimitsError, match=message):
        parse(text, "zones.json")


# -- when a session has just ended ----------------------------------------------------------------

JUST_NOW = Past(last_ended_ago_s=0.0, last_active_s=300.0)
GAP = "The last session was a short while ago: the next one in 10 minutes."


def test_the_longest_wait_is_said_first(limits: Limits) -> None:
    past = replace(JUST_NOW, severe_ago_s=(0.0,), severe_acknowledged=False, sessions=3)
    day, hurt, gap, acknowledge = why(limits, past)
    assert day.startswith("There were 3")
    assert hurt.startswith("It hurt: the next session in 1 hour")
    assert gap == GAP
    assert "acknowledge" in acknowledge


def test_the_ordinary_gap_is_not_told_after_a_normal_end(limits: Limits) -> None:
    assert after_the_end(limits, JUST_NOW, "Ann", normal=True) == ()
    assert after_the_end(limits, JUST_NOW, "Ann", normal=False) == (GAP,)


@pytest.mark.parametrize("normal", [True, False])
def test_the_ordinary_gap_is_not_told_beside_a_longer_wait(limits: Limits, normal: bool) -> None:
    past = replace(JUST_NOW, mild_ended_ago_s=0.0)
    said = after_the_end(limits, past, "Ann", normal=normal)
    assert said == ("It was uncomfortable twice: the next session in 30 minutes.",)


def test_the_ordinary_gap_is_not_told_beside_a_wait_that_is_as_long(limits: Limits) -> None:
    past = Past(last_ended_ago_s=0.0, last_active_s=1200.0, mild_ended_ago_s=0.0)
    said = after_the_end(limits, past, "Ann", normal=False)
    assert said == ("It was uncomfortable twice: the next session in 30 minutes.",)


def test_what_no_waiting_mends_is_said_last_however_short_the_wait(limits: Limits) -> None:
    wait, acknowledge = why(limits, Past(mild_ended_ago_s=1799.9, severe_acknowledged=False))
    assert wait.startswith("It was uncomfortable twice")
    assert "acknowledge" in acknowledge


def test_what_is_to_be_typed_names_the_person(limits: Limits) -> None:
    past = Past(severe_acknowledged=False)
    (text,) = after_the_end(limits, past, "Ann Lee", normal=False)
    assert "`devicehub person acknowledge 'Ann Lee'`" in text


def test_after_a_session_of_a_moment_there_is_a_moment_s_gap(limits: Limits) -> None:
    assert len(why(limits, Past(last_ended_ago_s=0.0, last_active_s=0.25))) == 1
    assert why(limits, Past(last_ended_ago_s=0.5, last_active_s=0.25)) == []
