"""Every number of the table has both its sides: just below it passes, just above it is held.

Zones and classes are walked, each number alone: all others are set so far off that they cannot be
the reason. What is one number for everybody is named with the test that has its two sides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from devicehub.safety import limits as table
from devicehub.safety.allowance import step_below
from devicehub.safety.limits import ClassCaps, Limits
from devicehub.safety.past import Exposure, Past, Received
from tests.every import every
from tests.unit.safety.bench import Bench, mount

LIMITS = table.load()
FAR = 1e9
HAIR_S = 1e-3
STEPS = 1_000_000

Sides = tuple[bool, str | None]
"""Whether it moves on the side that is allowed, and which rule holds it on the other."""


def alone(zone_id: str, name: str, **kept: float) -> Limits:
    """Return limits in which nothing but the cap and what is `kept` can bind in this cell."""
    zone, row = LIMITS.zones[zone_id], LIMITS.caps(zone_id, name)
    far = ClassCaps(row.max_intensity, FAR, 1.0, FAR, FAR, FAR, FAR, None)
    caps = {**zone.caps, name: replace(far, **kept)}
    everywhere = dict.fromkeys(LIMITS.classes, FAR)
    return replace(
        LIMITS,
        zones={**LIMITS.zones, zone_id: replace(zone, caps=caps)},
        session=replace(
            LIMITS.session,
            max_total_s=FAR,
            max_active_s=everywhere,
            presence_check_s=everywhere,
            ends_max_share=0.0,
        ),
        daily=replace(
            LIMITS.daily,
            max_active_s=FAR,
            hand_arm=replace(LIMITS.daily.hand_arm, stop_at_m_s2=FAR),
            whole_body=replace(LIMITS.daily.whole_body, stop_at_m_s2=FAR),
        ),
        joint_cap_factor=FAR,
        joint_cap_floor=dict.fromkeys(LIMITS.joint_cap_floor, FAR),
    )


def bench(zone_id: str, name: str, past: Past | None = None, **kept: float) -> Bench:
    """Return a bench with one motor there, judged once at 0 s."""
    on = mount(zone_id, stimulus_class=name, steps=STEPS, side="left")
    made = Bench(alone(zone_id, name, **kept), on, past=past or Past())
    made.tick(0.0, 0.0)
    return made


def starts(made: Bench, level: float) -> None:
    """Ask for a level until something moves."""
    while not made.tick(level).steps[0]:
        assert made.now_s < 1.0


def for_s(made: Bench, level: float, seconds: float) -> Sides:
    """Ask for a level until just before and just after so many seconds from here."""
    below = made.tick(level, seconds - HAIR_S)
    above = made.tick(level, 2 * HAIR_S)
    return below.steps[0] > 0, above.bound_by[0] if not above.steps[0] else None


def max_intensity(zone_id: str, name: str, row: ClassCaps) -> Sides:
    made = bench(zone_id, name)
    below = made.hold(row.max_intensity - 1e-5, 1.5)
    above = made.tick(row.max_intensity + 1e-5)
    assert above.steps == (step_below(row.max_intensity, STEPS),)
    return below.bound_by == (None,), above.bound_by[0]


def max_continuous_s(zone_id: str, name: str, row: ClassCaps) -> Sides:
    made = bench(zone_id, name, max_continuous_s=row.max_continuous_s)
    starts(made, row.max_intensity)
    return for_s(made, row.max_intensity, row.max_continuous_s)


def min_rest_s(zone_id: str, name: str, row: ClassCaps) -> Sides:
    made = bench(zone_id, name, max_continuous_s=10.0, min_rest_s=row.min_rest_s)
    starts(made, row.max_intensity)
    made.tick(row.max_intensity, 10.0)
    early = made.tick(row.max_intensity, row.min_rest_s - HAIR_S)
    in_time = made.tick(row.max_intensity, 2 * HAIR_S)
    return in_time.bound_by != ("continuous",), early.bound_by[0]


def max_session_s(zone_id: str, name: str, row: ClassCaps) -> Sides:
    made = bench(zone_id, name, max_session_s=row.max_session_s)
    starts(made, row.max_intensity)
    return for_s(made, row.max_intensity, row.max_session_s)


def max_daily_s(zone_id: str, name: str, row: ClassCaps) -> Sides:
    zone, tail_s = LIMITS.zones[zone_id], LIMITS.timing.tail_s
    place = (zone_id, "left" if zone.side == "bilateral" else zone.side)
    had = Received(seconds=row.max_daily_s - tail_s - 10.0)
    past = Past(Exposure(places={place: had}))
    made = bench(zone_id, name, past, max_daily_s=row.max_daily_s)
    starts(made, row.max_intensity)
    return for_s(made, row.max_intensity, 10.0)


def dose_of_a_day(zone_id: str, name: str, row: ClassCaps) -> Sides:
    zone, power = LIMITS.zones[zone_id], row.max_intensity**2
    place = (zone_id, "left" if zone.side == "bilateral" else zone.side)
    most = power * (row.max_daily_s - LIMITS.timing.tail_s)
    past = Past(Exposure(places={place: Received(dose=most - power * 10.0)}))
    made = bench(zone_id, name, past, max_daily_s=row.max_daily_s)
    made.hold(row.max_intensity, 1.5)
    left = power * 10.0 - made.governor.exposure(made.now_s).places[place].dose
    return for_s(made, row.max_intensity, left / power)


def max_rise_per_s(zone_id: str, name: str, row: ClassCaps) -> Sides:
    made = bench(zone_id, name, max_rise_per_s=row.max_rise_per_s)
    held: set[str | None] = set()
    for tick in range(1, 25):
        held.update(made.tick(row.max_rise_per_s * tick * 0.05 - 1e-5).bound_by)
    above = made.tick(row.max_rise_per_s * 25 * 0.05 + 1e-5)
    return held == {None}, above.bound_by[0]


def max_pattern_hz(zone_id: str, name: str, row: ClassCaps) -> Sides:
    made = bench(zone_id, name, max_pattern_hz=row.max_pattern_hz)
    starts(made, row.max_intensity)
    made.tick(0.0)
    early = made.tick(row.max_intensity, 1.0 / row.max_pattern_hz - 0.05 - HAIR_S)
    in_time = made.tick(row.max_intensity, 2 * HAIR_S)
    return in_time.steps[0] > 0, early.bound_by[0]


PROBES: Mapping[str, tuple[Callable[[str, str, ClassCaps], Sides], str]] = {
    "max_intensity": (max_intensity, "zone"),
    "max_continuous_s": (max_continuous_s, "continuous"),
    "min_rest_s": (min_rest_s, "continuous"),
    "max_session_s": (max_session_s, "zone_session"),
    "max_daily_s": (max_daily_s, "zone_day"),
    "max_daily_s, as dose": (dose_of_a_day, "zone_day"),
    "max_rise_per_s": (max_rise_per_s, "ramp"),
    "max_pattern_hz": (max_pattern_hz, "pattern"),
}

NOT_ENFORCED = {"max_freq_hz": "no massager tells or takes a frequency; the page says so"}


def test_every_number_of_a_zone_has_its_two_sides_or_a_reason() -> None:
    named = {key.split(",")[0] for key in PROBES}
    assert named | set(NOT_ENFORCED) == {each.name for each in fields(ClassCaps)}


@pytest.mark.exhaustive
@pytest.mark.parametrize("key", PROBES)
def test_just_below_passes_and_just_above_is_held_in_every_zone_for_every_class(key: str) -> None:
    probe, rule = PROBES[key]
    for zone in LIMITS.zones.values():
        for name, row in zone.caps.items():
            if row.max_intensity > 0.0:
                assert (zone.id, name, *probe(zone.id, name, row)) == (zone.id, name, True, rule)


def test_where_the_cap_is_zero_the_least_demand_is_held() -> None:
    for zone in LIMITS.zones.values():
        for name, row in zone.caps.items():
            if row.max_intensity == 0.0:
                frame = bench(zone.id, name).hold(1e-5, 0.2)
                assert (zone.id, name, frame.steps, frame.bound_by) == (
                    zone.id,
                    name,
                    (0,),
                    ("zone",),
                )


@pytest.mark.parametrize("name", LIMITS.classes)
def test_every_class_moves_for_its_seconds_and_no_longer(name: str) -> None:
    limits = alone("gluteal", name)
    session = replace(limits.session, max_active_s=LIMITS.session.max_active_s)
    made = Bench(replace(limits, session=session), mount("gluteal", stimulus_class=name))
    made.tick(0.0, 0.0)
    starts(made, 0.3)
    assert for_s(made, 0.3, LIMITS.session.max_active_s[name]) == (True, "active")


@pytest.mark.parametrize("name", LIMITS.classes)
def test_every_class_asks_after_its_seconds_and_waits_for_its_grace(name: str) -> None:
    limits = alone("gluteal", name)
    session = replace(limits.session, presence_check_s=LIMITS.session.presence_check_s)
    on = mount("gluteal", stimulus_class=name)
    made = Bench(replace(limits, session=session), on, attended=False)
    made.tick(0.0, 0.0)
    starts(made, 0.3)
    due_s = LIMITS.session.presence_check_s[name]
    made.tick(0.3, due_s - made.now_s - HAIR_S)
    assert made.governor.verdict.rule != "presence"
    made.tick(0.3, 2 * HAIR_S)
    assert made.governor.verdict.rule == "presence"
    left_s = due_s + LIMITS.session.presence_grace_s - made.now_s
    assert for_s(made, 0.3, left_s) == (True, "presence")


ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "timing.tail_s": ("test_daily.py", "test_with_the_tail_or_less_left_nothing_begins"),
    "timing.frame_ttl_s": (
        "../keeper/test_kept.py",
        "test_it_is_wanted_until_its_frame_has_grown_old",
    ),
    "timing.slew_dt_max_s": ("test_rules.py", "test_a_stall_earns_no_more_than_one_tick"),
    "timing.edge_min_s": ("test_rules.py", "test_an_edge_takes_its_time"),
    "timing.edge_min_peak_limited_s": (
        "test_rules.py",
        "test_an_edge_takes_longer_where_nothing_may_knock",
    ),
    "timing.edge_max_share": ("test_rules.py", "test_one_write_rises_by_no_more_than_half_the_cap"),
    "timing.ramp_window_s": (
        "test_rules.py",
        "test_for_thirty_seconds_the_ramp_rises_unused",
        "test_after_thirty_seconds_of_nothing_the_ramp_begins_again",
    ),
    "session.max_total_s": ("test_lasting.py", "test_a_session_is_over_after_half_an_hour"),
    "session.max_active_s": (
        "test_boundaries.py",
        "test_every_class_moves_for_its_seconds_and_no_longer",
    ),
    "session.presence_check_s": (
        "test_boundaries.py",
        "test_every_class_asks_after_its_seconds_and_waits_for_its_grace",
    ),
    "session.presence_grace_s": (
        "test_boundaries.py",
        "test_every_class_asks_after_its_seconds_and_waits_for_its_grace",
    ),
    "session.warmup": ("test_lasting.py", "test_a_session_begins_at_half_of_every_cap"),
    "session.cooldown": (
        "test_lasting.py",
        "test_in_its_last_seconds_every_cap_falls_evenly_to_its_half",
    ),
    "session.ends_max_share": ("test_lasting.py", "test_a_session_begins_at_half_of_every_cap"),
    "session.habituation.window_s": (
        "test_habituation.py",
        "test_above_what_was_chosen_after_five_minutes",
    ),
    "session.habituation.raise_step": (
        "test_habituation.py",
        "test_above_what_was_chosen_in_small_steps",
    ),
    "session.habituation.raise_every_s": ("test_habituation.py", "test_and_a_minute_apart"),
    "daily.max_active_s": (
        "test_daily.py",
        "test_what_is_left_of_a_day_may_be_used_but_for_the_tail",
    ),
    "daily.reservation_s": (
        "test_exposure.py",
        "test_what_is_to_be_reserved_is_everything_at_its_cap",
    ),
    "daily.hand_arm": ("test_daily.py", "test_what_is_left_of_a_day_may_be_used_but_for_the_tail"),
    "daily.whole_body": (
        "test_daily.py",
        "test_what_is_left_of_a_day_may_be_used_but_for_the_tail",
    ),
    "heat.max_surface_c": (
        "test_heat.py",
        "test_a_pad_that_was_asked_for_and_reads_well_is_on_at_40_degrees",
    ),
    "heat.trip_surface_c": (
        "test_heat.py",
        "test_a_pad_trips_at_41_degrees_and_stays_off_for_the_session",
    ),
    "heat.max_on_s": ("test_heat.py", "test_a_pad_is_on_up_to_its_limit"),
    "heat.min_off_s": ("test_heat.py", "test_a_pad_rests_in_full_after_every_time_on"),
    "heat.max_daily_on_s": ("test_heat.py", "test_a_day_has_so_many_seconds_of_heat"),
    "heat.stale_sensor_s": ("test_heat.py", "test_a_reading_is_good_for_5_s"),
    "heat.coldest_c": ("test_heat.py", "test_a_reading_that_makes_no_sense_is_off"),
    "heat.hottest_c": ("test_heat.py", "test_a_reading_that_makes_no_sense_is_off"),
    "heat.above_target": (
        "test_heat.py",
        "test_a_pad_above_its_target_has_10_s",
        "test_a_pad_within_half_a_degree_of_its_target_is_well",
    ),
    "heat.rise": (
        "test_heat.py",
        "test_a_pad_has_to_rise_by_a_degree_in_a_minute",
    ),
    "heat.near_target_c": ("test_heat.py", "test_a_pad_near_its_target_need_not_rise"),
    "telemetry": ("test_telemetry.py", "test_what_was_not_told_is_trouble_after_3_s"),
    "on_off.min_cap": ("test_on_off.py", "test_below_half_of_full_strength_it_is_off"),
    "on_off.max_on_s": ("test_on_off.py", "test_it_is_on_for_the_square_of_its_cap"),
    "on_off.min_off_s": (
        "test_on_off.py",
        "test_it_stays_off_for_five_seconds_however_short_it_was_on",
    ),
    "joint_cap_factor": (
        "test_rules.py",
        "test_four_motors_on_a_guarded_zone_may_all_be_at_its_cap",
        "test_a_fifth_motor_shrinks_them_all_alike",
    ),
    "joint_cap_floor": ("test_rules.py", "test_one_class_that_leaks_has_the_floor_of_the_tier"),
    "mild_discomfort_factor": ("test_rules.py", "test_mild_discomfort_shrinks_every_cap_once"),
    "admission.max_sessions": ("test_admission.py", "test_the_fourth_session_of_a_day_waits"),
    "admission": ("test_admission.py", "test_a_hair_too_early_is_refused_and_in_time_is_not"),
    "screening_max_age_s": (
        "test_screening.py",
        "test_answers_of_a_day_still_hold",
        "test_answers_of_more_than_a_day_or_of_no_age_refuse",
    ),
}
"""Where the two sides of all other numbers are; a name stands for all that begins with it."""


def numbers(section: object, path: str = "") -> Iterator[str]:
    """Yield the place of every number of the limits but those of zones and conditions."""
    assert is_dataclass(section)
    for each in fields(section):
        value, here = getattr(section, each.name), f"{path}{each.name}"
        if is_dataclass(value):
            yield from numbers(value, f"{here}.")
        elif isinstance(value, int | float) or here in {*ELSEWHERE} - {"admission"}:
            yield here
        else:
            assert here in {"classes", "zones", "conditions"} or isinstance(value, tuple), here


def test_every_other_number_is_named_with_the_test_that_has_its_two_sides() -> None:
    paths = [*numbers(LIMITS)]
    assert len(paths) > 35
    for path in paths:
        assert any(path.startswith(name) for name in ELSEWHERE), path
    for name in ELSEWHERE:
        assert any(path.startswith(name) for path in paths), name


@every(ELSEWHERE)
def test_the_test_that_is_named_exists(name: str) -> None:
    file, *tests = ELSEWHERE[name]
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    for test in tests:
        assert f"def {test}(" in text
