"""The two ends of a session to the second, and how much is left at each."""

import math
from dataclasses import replace

import pytest

from devicehub.safety.allowance import Allowance
from devicehub.safety.caps import Caps
from devicehub.safety.gentle import Cooldown, Warmup
from devicehub.safety.limits import Limits
from devicehub.safety.session_limits import SessionLimits
from devicehub.safety.stopwatch import Course
from tests.unit.safety.bench import mount

CAP = 0.7
LONG_S, SHORT_S = 1800.0, 100.0


def session(limits: Limits, **changes: float) -> SessionLimits:
    return replace(limits.session, **{"warmup_factor": 0.25, "cooldown_factor": 0.25, **changes})


def left(
    kind: type[Warmup] | type[Cooldown],
    limits: SessionLimits,
    caps: Caps,
    at: tuple[float, float],
    *then: float,
) -> Allowance:
    """Return what is left of everything in a session so long, then so long, at a second of it."""
    duration_s, played_s = at
    course = Course(caps.driven)
    course.played_s(0.0)
    rule = kind(limits, caps, course, duration_s)
    for planned_s in then:
        rule.plan(planned_s)
    allowance = Allowance([1.0], [1000], [0])
    allowance.lower(0, CAP, "zone")
    rule.judge(allowance, played_s)
    return allowance


@pytest.fixture
def caps(limits: Limits) -> Caps:
    return Caps(limits, [mount("gluteal")], 1.0)


@pytest.mark.parametrize(
    ("at", "part"),
    [
        ((LONG_S, 0.0), 0.25),
        ((LONG_S, math.nextafter(60.0, 0.0)), 0.25),
        ((LONG_S, 60.0), 1.0),
        ((SHORT_S, math.nextafter(20.0, 0.0)), 0.25),
        ((SHORT_S, 20.0), 1.0),
        ((2.0, 0.39), 0.25),
        ((2.0, 0.41), 1.0),
    ],
)
def test_a_session_begins_at_a_part_for_a_minute_or_a_fifth_of_it(
    limits: Limits, caps: Caps, at: tuple[float, float], part: float
) -> None:
    got = left(Warmup, session(limits), caps, at)
    assert got.levels == [pytest.approx(CAP * part)]
    assert got.bound_by == ["warmup" if part < 1.0 else "zone"]


@pytest.mark.parametrize(
    ("at", "part"),
    [
        ((LONG_S, 1740.0), 1.0),
        ((LONG_S, 1740.5), 1.0 - 0.75 / 120.0),
        ((LONG_S, 1770.0), 0.625),
        ((LONG_S, 1800.0), 0.25),
        ((LONG_S, 1860.0), 0.25),
        ((SHORT_S, 80.0), 1.0),
        ((SHORT_S, 90.0), 0.625),
        ((SHORT_S, 100.0), 0.25),
    ],
)
def test_a_session_fades_evenly_to_a_part_in_a_minute_or_a_fifth_of_it(
    limits: Limits, caps: Caps, at: tuple[float, float], part: float
) -> None:
    got = left(Cooldown, session(limits), caps, at)
    assert got.levels == [pytest.approx(CAP * part)]
    assert got.bound_by == ["cooldown" if part < 1.0 else "zone"]


@pytest.mark.parametrize(("late_s", "part"), [(0.0, 1.0), (0.5, 0.25)])
def test_an_end_that_takes_no_time_is_at_its_part_right_after_it(
    limits: Limits, caps: Caps, late_s: float, part: float
) -> None:
    got = left(Cooldown, session(limits, ends_max_share=0.0), caps, (LONG_S, LONG_S + late_s))
    assert got.levels == [pytest.approx(CAP * part)]


@pytest.mark.parametrize(
    ("at", "then", "part"),
    [
        ((SHORT_S, 59.0), LONG_S, 0.25),  # longer: as gentle as the longer one
        ((SHORT_S, 60.0), LONG_S, 1.0),
        ((LONG_S, 59.0), SHORT_S, 0.25),  # shorter: as gentle as it was planned
        ((LONG_S, 60.0), SHORT_S, 1.0),
    ],
)
def test_a_session_of_another_length_never_begins_more_shortly(
    limits: Limits, caps: Caps, at: tuple[float, float], then: float, part: float
) -> None:
    assert left(Warmup, session(limits), caps, at, then).levels == [pytest.approx(CAP * part)]


@pytest.mark.parametrize(
    ("at", "then", "part"),
    [
        ((LONG_S, 90.0), SHORT_S, 0.625),
        ((LONG_S, 300.0), SHORT_S, 0.25),
        ((SHORT_S, 100.0), LONG_S, 1.0),
        ((SHORT_S, 1770.0), LONG_S, 0.625),
        ((SHORT_S, 1770.0), 2.0 * LONG_S, 0.625),  # no session is longer
    ],
)
def test_a_session_of_another_length_fades_to_its_own_end(
    limits: Limits, caps: Caps, at: tuple[float, float], then: float, part: float
) -> None:
    assert left(Cooldown, session(limits), caps, at, then).levels == [pytest.approx(CAP * part)]
