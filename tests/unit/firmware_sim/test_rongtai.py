"""The massage chair against its public protocol facts: a status, and states between."""

from itertools import pairwise

import pytest

from firmware_sim.firmware.rongtai import (
    GET_READY_S,
    LAY_DOWN_S,
    RW,
    STATUS_PERIOD_S,
    TX,
    RongtaiRt8600s,
)
from tests.unit.firmware_sim.chair import (
    FAULT,
    KEYS,
    RESETTING,
    RUNNING,
    STANDBY,
    WAITING,
    Sat,
    awake_chair,
    kneading_chair,
)


@pytest.fixture
def sat() -> Sat:
    """In a chair that stands by."""
    return Sat(RongtaiRt8600s())


@pytest.fixture
def awake() -> Sat:
    return awake_chair()


@pytest.fixture
def kneading() -> Sat:
    return kneading_chair()


def test_a_new_central_is_told_the_status_at_once_and_twice_a_second(sat: Sat) -> None:
    assert len(sat.status) == 17
    assert (sat.status[0], sat.status[-1]) == (0xF0, 0xF1)
    assert sat.status[15] == ~sum(sat.body) & 0x7F
    assert sat.chair.next_poll_s() == STATUS_PERIOD_S


def test_in_standby_every_field_is_0(sat: Sat) -> None:
    assert sat.body == bytes(14)


def test_power_takes_a_moment_in_which_no_key_counts(sat: Sat) -> None:
    sat.press("power", 1.0)
    assert sat.state == RESETTING
    sat.press("knead", 1.5)
    sat.press("power", 1.6)
    sat.wait(1.0 + GET_READY_S + STATUS_PERIOD_S)
    assert (sat.state, sat.level) == (WAITING, 0)
    assert sat.body[0] & 0x40  # not in standby


def test_in_standby_no_key_but_power_counts(sat: Sat) -> None:
    for key in set(KEYS) - {"power"}:
        sat.press(key, 1.0)
    assert (sat.state, sat.level, sat.asked) == (STANDBY, 0, [])


def test_kneading_begins_at_the_slowest_speed(kneading: Sat) -> None:
    assert (kneading.state, kneading.level, kneading.asked) == (RUNNING, 1, [])
    assert kneading.body[0] >> 3 & 7 == 1
    assert kneading.body[12] >> 2 & 15 == 7  # chosen by hand


@pytest.mark.parametrize("speed", range(1, 7))
def test_a_speed_key_is_how_fast_the_rollers_turn(kneading: Sat, speed: int) -> None:
    kneading.press(f"speed_{speed}", 3.0)
    assert kneading.level == speed
    assert kneading.body[1] >> 2 & 7 == speed


def test_a_speed_chosen_before_counts_when_kneading_begins(awake: Sat) -> None:
    awake.press("speed_4", 2.0)
    assert awake.level == 0
    awake.press("knead", 3.0)
    assert awake.level == 4


def test_power_stops_the_rollers_at_once_and_lays_them_down(kneading: Sat) -> None:
    kneading.press("speed_6", 3.0)
    kneading.press("power", 4.0)
    assert (kneading.level, kneading.state) == (0, RESETTING)
    kneading.press("power", 5.0)
    kneading.press("knead", 6.0)
    kneading.wait(4.0 + LAY_DOWN_S + STATUS_PERIOD_S)
    assert (kneading.level, kneading.state) == (0, STANDBY)


def test_power_is_a_toggle(kneading: Sat) -> None:
    kneading.press("power", 3.0)
    kneading.wait(10.0)
    kneading.press("power", 10.0)
    kneading.wait(12.0)
    assert kneading.state == WAITING


def test_a_session_ends_by_itself_after_twenty_minutes(kneading: Sat) -> None:
    assert kneading.left_s == 1200
    kneading.wait(2.0 + 1199.9)
    assert kneading.level == 1
    kneading.wait(2.0 + 1200.0)
    assert (kneading.level, kneading.state) == (0, RESETTING)
    kneading.wait(2.0 + 1200.0 + LAY_DOWN_S + 1.0)
    assert kneading.state == STANDBY


@pytest.mark.parametrize(("key", "seconds"), [("timer_10", 600), ("timer_30", 1800)])
def test_a_timer_key_sets_the_rest_of_the_session(kneading: Sat, key: str, seconds: int) -> None:
    kneading.press(key, 3.0)
    assert kneading.left_s == seconds
    assert kneading.body[11] & 3 == seconds // 600
    kneading.wait(3.0 + seconds)
    assert kneading.level == 0


def test_a_lost_link_leaves_the_chair_running_to_the_end_of_its_session(kneading: Sat) -> None:
    kneading.hear(kneading.chair.disconnected(3.0))
    assert kneading.chair.next_poll_s() == 1202.0
    kneading.wait(1201.0)
    assert kneading.level == 1
    kneading.wait(1203.0)
    assert kneading.level == 0


def test_the_rollers_place_moves_up_and_down_while_they_turn(kneading: Sat) -> None:
    places: list[int] = []
    for second in range(3, 130):
        kneading.wait(float(second))
        places.append(kneading.body[7])
    assert (min(places), max(places)) == (0, 31)
    assert all(abs(a - b) <= 1 for a, b in pairwise(places))


@pytest.mark.parametrize(
    "frame",
    ["", "f0842f4cf0", "f0822f4ef1", "f0842f4df1", "f0842f4c", "f0842f4cf1f1", "f0847f7cf1"],
)
def test_a_spoilt_frame_or_an_unknown_key_changes_nothing(kneading: Sat, frame: str) -> None:
    kneading.hear(kneading.chair.write(TX, bytes.fromhex(frame), 3.0, response=False))
    assert (kneading.level, kneading.state, kneading.asked) == (1, RUNNING, [])


def test_a_key_on_another_characteristic_is_none(kneading: Sat) -> None:
    kneading.hear(kneading.chair.write(RW, bytes.fromhex(KEYS["speed_5"]), 3.0, response=True))
    assert kneading.level == 1


def test_a_jam_is_a_fault_that_stops_the_rollers_and_takes_no_key(kneading: Sat) -> None:
    kneading.hear(kneading.chair.upset("jam", 3.0, begins=True))
    assert (kneading.level, kneading.state, kneading.body[4]) == (0, FAULT, 1)
    kneading.press("knead", 4.0)
    kneading.press("power", 4.0)
    assert (kneading.level, kneading.state) == (0, FAULT)


def test_a_jam_is_told_to_nobody_where_nobody_is_there(kneading: Sat) -> None:
    kneading.hear(kneading.chair.disconnected(2.0))
    told = kneading.status
    kneading.hear(kneading.chair.upset("jam", 3.0, begins=True))
    assert kneading.status == told
    kneading.hear(kneading.chair.connected(4.0))
    kneading.wait(6.0)
    assert kneading.status != told


def test_after_a_jam_the_chair_stands_by(kneading: Sat) -> None:
    kneading.hear(kneading.chair.upset("jam", 3.0, begins=True))
    kneading.hear(kneading.chair.upset("jam", 9.0, begins=False))
    assert kneading.state == STANDBY


def test_nothing_else_goes_wrong_in_it(kneading: Sat) -> None:
    before = kneading.body[:7]
    kneading.hear(kneading.chair.upset("overheat", 2.1, begins=True))
    assert (kneading.level, kneading.body[:7]) == (1, before)
