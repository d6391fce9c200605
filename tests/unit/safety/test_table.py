"""The table, read anew by each test: every number comes from its own key, none may be missing."""

import json
from importlib import resources
from operator import attrgetter
from typing import Any

import pytest

from devicehub.safety.limits import Limits, parse
from devicehub.safety.strict import LimitsError
from tests.every import every

TEXT = resources.files("devicehub.safety").joinpath("zones.json").read_text(encoding="utf-8")

SECONDS_AND_COUNTS = {
    "session.max_total_s": "session.max_total_s",
    "session.warmup.min_s": "session.warmup_s",
    "session.cooldown_s": "session.cooldown_s",
    "session.presence_grace_s": "session.presence_grace_s",
    "session.habituation.window_s": "session.habituation.window_s",
    "session.habituation.raise_every_s": "session.habituation.raise_every_s",
    "daily.max_active_s": "daily.max_active_s",
    "daily.reservation_s": "daily.reservation_s",
    "daily.hand_arm.stop_at_m_s2": "daily.hand_arm.stop_at_m_s2",
    "daily.hand_arm.assumed_m_s2": "daily.hand_arm.assumed_m_s2",
    "daily.whole_body.stop_at_m_s2": "daily.whole_body.stop_at_m_s2",
    "daily.whole_body.assumed_m_s2": "daily.whole_body.assumed_m_s2",
    "daily.reference_s": "daily.hand_arm.reference_s",
    "timing.frame_ttl_s": "timing.frame_ttl_s",
    "timing.slew_dt_max_s": "timing.slew_dt_max_s",
    "timing.edge_min_s.default": "timing.edge_min_s",
    "timing.edge_min_s.peak_limited_zones": "timing.edge_min_peak_limited_s",
    "timing.ramp_window_s": "timing.ramp_window_s",
    "device_rules.no_intensity_control.max_on_s": "on_off.max_on_s",
    "device_rules.no_intensity_control.min_off_s": "on_off.min_off_s",
    "admission.max_sessions": "admission.max_sessions",
    "admission.gap_per_active": "admission.gap_per_active",
    "admission.gap_at_most_s": "admission.gap_at_most_s",
    "admission.gap_after_mild_s": "admission.gap_after_mild_s",
    "admission.gap_after_severe_s": "admission.gap_after_severe_s",
    "admission.severe_reports_that_lock": "admission.severe_reports_that_lock",
    "admission.lock_s": "admission.lock_s",
    "heat.max_surface_c": "heat.max_surface_c",
    "heat.max_on_s_with_sensor": "heat.max_on_s_with_sensor",
    "heat.max_on_s_without_sensor": "heat.max_on_s_without_sensor",
    "heat.min_off_s": "heat.min_off_s",
    "heat.max_daily_on_s": "heat.max_daily_on_s",
    "heat.stale_sensor_s": "heat.stale_sensor_s",
    "heat.above_target.by_c": "heat.above_target_c",
    "heat.above_target.for_s": "heat.above_target_s",
    "heat.warming.rise_c": "heat.rise_c",
    "heat.warming.within_s": "heat.rise_within_s",
    "heat.warming.until_below_target_c": "heat.near_target_c",
    "telemetry.stale_s": "telemetry.stale_s",
    "telemetry.window_s": "telemetry.window_s",
    "screening.max_age_s": "screening_max_age_s",
    "joint_limits.joint_cap_factor": "joint_cap_factor",
}
"""Numbers above 0: the key in the file, and where the value is found."""

PARTS = {
    "session.warmup.max_intensity_factor": "session.warmup_factor",
    "session.cooldown_intensity_factor": "session.cooldown_factor",
    "session.ends_max_share": "session.ends_max_share",
    "session.habituation.raise_step": "session.habituation.raise_step",
    "timing.edge_max_share_of_cap": "timing.edge_max_share",
    "device_rules.no_intensity_control.min_cap": "on_off.min_cap",
    "telemetry.recovers_share": "telemetry.recovers_share",
    "discomfort.mild.factor_all_caps": "mild_discomfort_factor",
}
"""The same for numbers above 0 and up to 1."""

BY_CLASS = {
    "session.max_active_s": "session.max_active_s",
    "session.presence_check_s": "session.presence_check_s",
}
UNTIL_STOPPED = ("guardian_limit_s", "frame_ttl_s", "stop_write_timeout_s")
FLOORS = "joint_limits.joint_cap_where_max_intensity_is_0"
OF_A_ZONE = ("id", "name", "side", "tier", "forbidden", "peak_limited")


def table() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(TEXT)
    return read


def inside(of: dict[str, Any], path: str) -> Any:
    found: Any = of
    for key in path.split("."):
        found = found[key]
    return found


def put(path: str, value: object) -> str:
    """Return a table of one zone with one value changed; None takes it out."""
    changed: dict[str, Any] = {**table(), "conditions": [], "zones": table()["zones"][-1:]}
    above, _, key = path.rpartition(".")
    found = inside(changed, above)
    if value is None:
        del found[key]
    else:
        found[key] = value
    return json.dumps(changed)


@pytest.mark.exhaustive
@every([*SECONDS_AND_COUNTS, *PARTS])
def test_a_number_is_read_from_its_own_key(path: str) -> None:
    (place,) = (names[path] for names in (SECONDS_AND_COUNTS, PARTS) if path in names)
    written = inside(table(), path)
    assert attrgetter(place)(parse(TEXT, "zones.json")) == written
    other = written + 1 if path.startswith("admission") else written * 0.99
    assert attrgetter(place)(parse(put(path, other), "zones.json")) == other


@every([*SECONDS_AND_COUNTS, *PARTS])
def test_a_number_that_is_missing_or_0_is_refused(path: str) -> None:
    with pytest.raises(LimitsError, match=rf"{path} is missing"):
        parse(put(path, None), "zones.json")
    with pytest.raises(LimitsError, match=rf"{path} is 0: must be above 0"):
        parse(put(path, 0), "zones.json")


@pytest.mark.parametrize("path", PARTS)
def test_a_part_may_be_all_of_it_and_no_more(path: str) -> None:
    most = 0.5 if path == "session.ends_max_share" else 1.0
    place = PARTS[path]
    assert attrgetter(place)(parse(put(path, most), "zones.json")) == most
    with pytest.raises(
        LimitsError, match=rf"{path} is 1.01: must be finite and from 0 to {most:g}"
    ):
        parse(put(path, 1.01), "zones.json")


@pytest.mark.parametrize("path", BY_CLASS)
def test_what_is_told_class_by_class_is_read_for_each(anew: Limits, path: str) -> None:
    assert dict(attrgetter(BY_CLASS[path])(anew)) == inside(table(), path)
    for name in anew.classes:
        with pytest.raises(LimitsError, match=rf"{path}\.{name} is 0: must be above 0"):
            parse(put(f"{path}.{name}", 0), "zones.json")
    with pytest.raises(LimitsError, match=rf"{path}\.hammer is 1: must be one of the keys"):
        parse(put(f"{path}.hammer", 1), "zones.json")


def test_the_tail_is_the_time_until_a_stop_is_through_or_given_up(anew: Limits) -> None:
    assert anew.timing.tail_s == sum(table()["timing"][name] for name in UNTIL_STOPPED)


@pytest.mark.parametrize("name", UNTIL_STOPPED)
def test_no_part_of_the_tail_may_be_left_out(name: str) -> None:
    with pytest.raises(LimitsError, match=rf"timing\.{name} is missing"):
        parse(put(f"timing.{name}", None), "zones.json")


def test_the_floor_of_a_joint_cap_is_read_for_both_tiers(anew: Limits) -> None:
    assert dict(anew.joint_cap_floor) == inside(table(), FLOORS)
    for tier in ("guarded", "strict"):
        with pytest.raises(LimitsError, match=rf"{FLOORS}\.{tier} is 1.01: must be finite"):
            parse(put(f"{FLOORS}.{tier}", 1.01), "zones.json")
        assert parse(put(f"{FLOORS}.{tier}", 1), "zones.json").joint_cap_floor[tier] == 1.0


def test_vibration_counts_for_the_classes_that_the_file_lists(anew: Limits) -> None:
    day = table()["daily"]
    assert list(anew.daily.hand_arm.classes) == day["hand_arm"]["classes"]
    assert list(anew.daily.whole_body.classes) == day["whole_body"]["classes"]
    assert anew.daily.whole_body.reference_s == day["reference_s"]
    assert list(anew.on_off.never) == inside(table(), "device_rules.no_intensity_control.never")


def test_every_zone_is_read_as_it_is_written(anew: Limits) -> None:
    assert list(anew.zones) == [row["id"] for row in table()["zones"]]
    for row in table()["zones"]:
        zone = anew.zones[row["id"]]
        assert [getattr(zone, name) for name in OF_A_ZONE] == [row[name] for name in OF_A_ZONE]
        assert dict(zone.neighbours) == row["neighbours"]
        assert zone.techniques == frozenset(row["techniques_allowed"])
        for name, caps in row["caps"].items():
            assert {key: getattr(zone.caps[name], key) for key in caps} == caps
        assert list(zone.caps) == list(anew.classes) == list(table()["stimulus_classes"])


def test_the_range_of_a_sensor_is_read_as_it_is_written(anew: Limits) -> None:
    span = inside(table(), "heat.sensor_range_c")
    assert (anew.heat.coldest_c, anew.heat.hottest_c) == (span["coldest"], span["hottest"])
    assert anew.heat.trip_surface_c == table()["heat"]["trip_surface_c"]
