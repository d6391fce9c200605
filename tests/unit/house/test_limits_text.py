"""The table that the oracle reads is the table that was agreed: its hardest rows, by hand.

The oracle takes its numbers from the file that the governor reads, so a slip of the pen in that
file would pass both. Whoever changes one of these rows changes it here too, knowingly.
"""

import json

import pytest

from devicehub.keeper import awake, gate, keeper
from devicehub.radio import outbox, transport
from devicehub.session import loop
from tests.limits import (
    DAY_ACTIVE_S,
    DAY_OF_A_BODY_S,
    DAY_OF_A_HAND_S,
    GENTLE_END_S,
    GENTLE_END_SHARE,
    GENTLE_FACTOR,
    MAX_ACTIVE_S,
    OF_A_BODY,
    OF_A_HAND,
    ZONES_FILE,
    read_zones,
)

ZONES = read_zones()
TIMING = json.loads(ZONES_FILE.read_text(encoding="utf-8"))["timing"]

FORBIDDEN = {"head_face", "neck_anterior", "neck_lateral", "axilla", "chest_anterior", "abdomen"}

SURFACE_CAPS = {
    "spine_cervical": 0.1,
    "spine_thoracic": 0.2,
    "spine_lumbar": 0.2,
    "spine_sacral": 0.25,
    "coccyx": 0.1,
    "neck_posterior": 0.25,
    "flank_kidney": 0.2,
    "unknown": 0.1,
}


def test_these_zones_are_forbidden_and_no_others() -> None:
    assert {z for z, zone in ZONES.items() if zone["forbidden"]} == FORBIDDEN


def test_a_forbidden_zone_takes_nothing_from_any_class() -> None:
    caps = [c["max_intensity"] for z in FORBIDDEN for c in ZONES[z]["caps"].values()]
    assert set(caps) == {0}


@pytest.mark.parametrize(("zone", "cap"), SURFACE_CAPS.items())
def test_the_cap_of_a_guarded_zone_is_the_agreed_one(zone: str, cap: float) -> None:
    assert ZONES[zone]["caps"]["surface_vibration"]["max_intensity"] == cap
    assert ZONES[zone]["peak_limited"]


def test_nothing_percussive_is_let_near_spine_or_neck() -> None:
    near = [z for z in ZONES if z.startswith(("spine_", "neck_")) or z == "coccyx"]
    assert {ZONES[z]["caps"]["percussive"]["max_intensity"] for z in near} == {0}


def test_unknown_is_as_strict_as_the_strictest_that_is_not_forbidden() -> None:
    allowed = [zone["caps"] for zone in ZONES.values() if not zone["forbidden"]]
    for stimulus, cap in ZONES["unknown"]["caps"].items():
        assert cap["max_intensity"] == min(caps[stimulus]["max_intensity"] for caps in allowed)


def test_the_times_of_the_file_are_those_that_the_oracle_holds() -> None:
    assert TIMING["edge_min_s"]["default"] == 0.12
    assert TIMING["edge_min_s"]["peak_limited_zones"] == 0.8
    assert TIMING["slew_dt_max_s"] == 0.06
    assert TIMING["ramp_window_s"] == 30


@pytest.mark.parametrize(
    ("key", "used"),
    [
        ("tick_s", (loop.BEAT_S, outbox.TICK_S)),
        ("suspend_gap_s", (awake.SUSPEND_GAP_S,)),
        ("frame_ttl_s", (outbox.FRAME_TTL_S, gate.FRAME_TTL_S)),
        ("stop_write_timeout_s", (transport.STOP_WRITE_TIMEOUT_S,)),
        ("stop_retries", (transport.STOP_TRIES - 1,)),
        ("guardian_heartbeat_s", (keeper.HEARTBEAT_S,)),
        ("guardian_limit_s", (keeper.HEARTBEAT_LIMIT_S,)),
    ],
)
def test_the_times_in_the_code_are_those_of_the_file(key: str, used: tuple[float, ...]) -> None:
    assert set(used) == {TIMING[key]}


def test_the_seconds_of_a_guarded_and_of_a_muscle_zone_are_the_agreed_ones() -> None:
    keys = ("max_continuous_s", "min_rest_s", "max_session_s")
    rows = {z: [ZONES[z]["caps"]["surface_vibration"][key] for key in keys] for z in ZONES}
    assert rows["spine_lumbar"] == rows["flank_kidney"] == [60, 60, 180]
    assert rows["unknown"] == rows["coccyx"] == [30, 60, 60]
    assert rows["rhomboid"] == [180, 30, 600]


def test_the_session_of_the_file_is_the_one_that_the_oracle_holds() -> None:
    session = json.loads(ZONES_FILE.read_text(encoding="utf-8"))["session"]
    assert session["max_active_s"] == MAX_ACTIVE_S
    assert session["warmup"]["min_s"] == session["cooldown_s"] == GENTLE_END_S
    assert session["warmup"]["max_intensity_factor"] == GENTLE_FACTOR
    assert session["ends_max_share"] == GENTLE_END_SHARE


def test_the_day_of_the_file_is_the_one_that_the_oracle_holds() -> None:
    day = json.loads(ZONES_FILE.read_text(encoding="utf-8"))["daily"]
    assert (day["max_active_s"], day["reservation_s"], day["reference_s"]) == (
        DAY_ACTIVE_S,
        10,
        8 * 3600,
    )
    for key, classes, most_s in (
        ("hand_arm", OF_A_HAND, DAY_OF_A_HAND_S),
        ("whole_body", OF_A_BODY, DAY_OF_A_BODY_S),
    ):
        share = (day[key]["stop_at_m_s2"] / day[key]["assumed_m_s2"]) ** 2
        assert (tuple(day[key]["classes"]), share * day["reference_s"]) == (classes, most_s)


def test_the_days_of_zones_are_the_agreed_ones() -> None:
    days = {z: ZONES[z]["caps"]["surface_vibration"]["max_daily_s"] for z in ZONES}
    assert (days["spine_lumbar"], days["unknown"], days["coccyx"]) == (360, 120, 120)
    assert (days["rhomboid"], days["lower_ribs"]) == (1800, 1200)


def test_who_is_asked_when_and_what_may_be_more_are_the_agreed_ones() -> None:
    table = json.loads(ZONES_FILE.read_text(encoding="utf-8"))
    session, switched = table["session"], table["device_rules"]["no_intensity_control"]
    assert session["presence_check_s"] == {
        "surface_vibration": 300,
        "handheld_vibration": 180,
        "percussive": 90,
        "rotating_nodes": 300,
        "diffuse_vibration": 600,
    }
    assert session["presence_grace_s"] == 15
    more = session["habituation"]
    assert (more["window_s"], more["raise_step"], more["raise_every_s"]) == (300, 0.05, 60)
    assert (switched["min_cap"], switched["max_on_s"], switched["min_off_s"]) == (0.5, 10, 5)
    assert switched["never"] == ["percussive"]
