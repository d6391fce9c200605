"""The cape's firmware against docs/reference-cape.md, section by section."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.firmware.reference_cape import HEAT, LEVELS, STATUS, ReferenceCape
from firmware_sim.gatt import AttError, Effect, HeatChanged, MotorChanged, Notify

BATTERY = "2a19"
STOP = b"\x00"
FULL = (100,) * 12
MICROSECOND = 1e-6


def frame(levels: tuple[int, ...], counter: int = 1) -> bytes:
    """Build a set frame by hand: type, counter, levels, exclusive-or."""
    body = bytes([0x01, counter, *levels])
    checksum = 0
    for byte in body:
        checksum ^= byte
    return body + bytes([checksum])


def motors(effects: list[Effect]) -> dict[int, int]:
    return {e.actuator: e.level for e in effects if isinstance(e, MotorChanged)}


def statuses(effects: list[Effect]) -> list[bytes]:
    return [e.value for e in effects if isinstance(e, Notify) and e.uuid == STATUS]


def status(cape: ReferenceCape, now_s: float) -> bytes:
    return cape.read(STATUS, now_s)


@pytest.fixture
def cape() -> ReferenceCape:
    cape = ReferenceCape()
    cape.connected(0.0)
    return cape


def refusal(cape: ReferenceCape, uuid: str, data: bytes) -> int:
    with pytest.raises(AttError) as refused:
        cape.write(uuid, data, 0.5, response=True)
    return refused.value.code


# ---------------------------------------------------------------------- levels


def test_a_set_frame_drives_every_motor_at_its_level(cape: ReferenceCape) -> None:
    levels = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50, 100)
    effects = cape.write(LEVELS, frame(levels), 0.5, response=True)
    assert motors(effects) == {i: level for i, level in enumerate(levels) if level}


def test_a_frame_without_response_is_obeyed_too(cape: ReferenceCape) -> None:
    assert motors(cape.write(LEVELS, frame(FULL), 0.5, response=False)) == dict(enumerate(FULL))


def test_an_unchanged_level_is_not_told_again(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.5, response=True)
    assert motors(cape.write(LEVELS, frame(FULL, 2), 0.6, response=True)) == {}


@pytest.mark.parametrize("counter", [0, 255, 7])
def test_any_counter_is_accepted(cape: ReferenceCape, counter: int) -> None:
    cape.write(LEVELS, frame(FULL, counter), 0.5, response=True)
    assert status(cape, 0.5)[2] == counter


@pytest.mark.parametrize(
    "data",
    [b"", b"\x01", b"\x02" * 15, b"\x00\x00", frame(FULL)[:-1], frame(FULL) + b"\x00", b"\xff"],
)
def test_an_unknown_first_byte_or_wrong_length_is_0x80(cape: ReferenceCape, data: bytes) -> None:
    assert refusal(cape, LEVELS, data) == 0x80


def test_a_wrong_checksum_is_0x81(cape: ReferenceCape) -> None:
    data = frame(FULL)
    assert refusal(cape, LEVELS, data[:-1] + bytes([data[-1] ^ 1])) == 0x81


def test_a_level_above_100_is_0x82(cape: ReferenceCape) -> None:
    assert refusal(cape, LEVELS, frame((0,) * 11 + (101,))) == 0x82


def test_a_wrong_checksum_counts_before_a_level_that_is_too_high(cape: ReferenceCape) -> None:
    data = frame((255,) * 12)
    assert refusal(cape, LEVELS, data[:-1] + bytes([data[-1] ^ 1])) == 0x81


@pytest.mark.parametrize("data", [b"", frame(FULL)[:-1], frame((101,) * 12), b"\x01" * 15])
def test_a_wrong_frame_without_response_is_ignored(cape: ReferenceCape, data: bytes) -> None:
    before = status(cape, 0.5)
    assert cape.write(LEVELS, data, 0.5, response=False) == []
    assert status(cape, 0.5) == before


def test_a_wrong_frame_does_not_renew_the_lease(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.0, response=True)
    with pytest.raises(AttError):
        cape.write(LEVELS, b"\x01", 1.9, response=True)
    assert motors(cape.poll(2.0)) == dict.fromkeys(range(12), 0)


# ------------------------------------------------------------------------ stop


@pytest.mark.parametrize("response", [True, False])
def test_stop_ends_motors_and_heat_before_it_is_answered(
    cape: ReferenceCape, response: bool
) -> None:
    cape.write(HEAT, b"\x01\x50", 0.1, response=True)
    cape.write(LEVELS, frame(FULL), 0.1, response=True)
    effects = cape.write(LEVELS, STOP, 0.2, response=response)
    assert motors(effects) == dict.fromkeys(range(12), 0)
    assert [e.on for e in effects if isinstance(e, HeatChanged)] == [False]


def test_stop_is_accepted_while_other_frames_are_refused(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.1, response=True)
    refusal(cape, LEVELS, b"\x05")
    assert motors(cape.write(LEVELS, STOP, 0.6, response=True)) == dict.fromkeys(range(12), 0)


def test_stop_is_accepted_at_rest_and_after_the_lease_ran_out(cape: ReferenceCape) -> None:
    assert motors(cape.write(LEVELS, STOP, 0.1, response=True)) == {}
    cape.write(LEVELS, frame(FULL), 0.2, response=True)
    cape.poll(5.0)
    cape.write(LEVELS, STOP, 6.0, response=True)
    assert status(cape, 6.0)[1] == 0


def test_after_a_stop_no_lease_runs_out(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.1, response=True)
    cape.write(LEVELS, STOP, 0.2, response=True)
    cape.poll(5.0)
    assert status(cape, 5.0)[1] == 0


# ----------------------------------------------------------------------- lease


@given(start_s=st.floats(min_value=0.0, max_value=1e5))
def test_the_lease_lasts_two_seconds_to_the_microsecond(start_s: float) -> None:
    cape = ReferenceCape()
    cape.connected(start_s)
    cape.write(LEVELS, frame(FULL), start_s, response=True)
    assert motors(cape.poll(start_s + 2.0 - MICROSECOND)) == {}
    assert motors(cape.poll(start_s + 2.0)) == dict.fromkeys(range(12), 0)


def test_every_set_frame_renews_the_lease(cape: ReferenceCape) -> None:
    for tick in range(5):
        cape.write(LEVELS, frame(FULL, tick), tick * 1.9, response=True)
    assert motors(cape.poll(4 * 1.9 + 2.0 - MICROSECOND)) == {}
    assert len(motors(cape.poll(4 * 1.9 + 2.0))) == 12


def test_the_device_asks_to_be_polled_when_the_lease_runs_out() -> None:
    cape = ReferenceCape()
    cape.write(LEVELS, frame(FULL), 1.0, response=True)
    assert cape.next_poll_s() == 3.0


def test_a_frame_at_the_end_of_the_lease_comes_too_late(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.0, response=True)
    effects = cape.write(LEVELS, frame(FULL, 2), 2.0, response=True)
    driven = [e.level for e in effects if isinstance(e, MotorChanged)]
    assert driven == [0] * 12 + [100] * 12


def test_the_lease_raises_flag_2_until_the_next_good_frame(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.0, response=True)
    cape.poll(2.0)
    assert status(cape, 2.0)[1] == 0b100
    refusal(cape, LEVELS, b"\x09")
    assert status(cape, 2.0)[1] == 0b100
    cape.write(LEVELS, frame(FULL), 3.0, response=True)
    assert status(cape, 3.0)[1] == 0b001


def test_the_end_of_the_lease_ends_the_heat(cape: ReferenceCape) -> None:
    cape.write(HEAT, b"\x01\x50", 0.0, response=True)
    cape.write(LEVELS, frame(FULL), 0.0, response=True)
    assert [e.on for e in cape.poll(2.0) if isinstance(e, HeatChanged)] == [False]


def test_heat_does_not_renew_the_lease(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.0, response=True)
    cape.write(HEAT, b"\x01\x50", 1.9, response=True)
    assert len(motors(cape.poll(2.0))) == 12


def test_the_end_of_the_link_stops_motors_and_heat_at_once(cape: ReferenceCape) -> None:
    cape.write(HEAT, b"\x01\x50", 0.1, response=True)
    cape.write(LEVELS, frame(FULL), 0.1, response=True)
    effects = cape.disconnected(0.2)
    assert motors(effects) == dict.fromkeys(range(12), 0)
    assert [e.on for e in effects if isinstance(e, HeatChanged)] == [False]
    assert statuses(effects) == []


# ---------------------------------------------------------------------- status


def test_the_status_has_seventeen_bytes_in_the_order_of_the_page(cape: ReferenceCape) -> None:
    levels = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50, 100)
    cape.write(LEVELS, frame(levels, 9), 0.5, response=True)
    assert status(cape, 0.5) == bytes([1, 0b1, 9, *levels, 48, 100])


def test_a_change_is_notified_at_most_every_100_ms(cape: ReferenceCape) -> None:
    sent: list[float] = []
    for tick in range(100):
        now_s = 1.0 + tick * 0.01
        effects = cape.write(LEVELS, frame((tick,) * 12, tick), now_s, response=True)
        sent += [now_s] * len(statuses(effects))
    assert len(sent) == 10
    assert min(b - a for a, b in itertools.pairwise(sent)) >= 0.1 - MICROSECOND


def test_a_change_that_had_to_wait_is_notified_when_100_ms_are_over(cape: ReferenceCape) -> None:
    cape.write(LEVELS, frame(FULL), 0.5, response=True)
    assert statuses(cape.write(LEVELS, STOP, 0.55, response=True)) == []
    assert cape.next_poll_s() == 0.6
    assert [s[3] for s in statuses(cape.poll(0.6))] == [0]


def test_an_unchanged_status_is_notified_once_a_second(cape: ReferenceCape) -> None:
    times: list[float] = []
    for _ in range(5):
        due_s = cape.next_poll_s()
        assert due_s is not None
        assert statuses(cape.poll(due_s - MICROSECOND)) == []
        assert len(statuses(cape.poll(due_s))) == 1
        times.append(due_s)
    assert times == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_nobody_connected_is_notified_of_nothing() -> None:
    cape = ReferenceCape()
    assert cape.next_poll_s() is None
    assert statuses(cape.poll(10.0)) == []


# ------------------------------------------------------------------------ heat


def test_heat_warms_towards_its_target_and_never_above(cape: ReferenceCape) -> None:
    cape.write(HEAT, b"\x01\x50", 0.0, response=True)
    readings = [
        e.celsius
        for second in range(1, 1800)
        for e in (
            *cape.write(LEVELS, frame((0,) * 12), second - 0.5, response=True),
            *cape.poll(float(second)),
        )
        if isinstance(e, HeatChanged)
    ]
    assert readings == [24.5 + 0.5 * i for i in range(32)]


def test_heat_above_40_degrees_is_0x82(cape: ReferenceCape) -> None:
    assert refusal(cape, HEAT, b"\x01\x51") == 0x82


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x02\x30", b"\x00\x00", b"\x01\x30\x00"])
def test_an_unknown_heat_frame_is_0x80(cape: ReferenceCape, data: bytes) -> None:
    assert refusal(cape, HEAT, data) == 0x80


def test_heat_takes_write_requests_only(cape: ReferenceCape) -> None:
    assert cape.write(HEAT, b"\x01\x50", 0.1, response=False) == []
    assert status(cape, 0.1)[1] == 0


def test_the_status_says_whether_the_heat_is_on_and_how_warm_it_is(cape: ReferenceCape) -> None:
    cape.write(HEAT, b"\x01\x48", 0.0, response=True)
    assert status(cape, 0.0)[1] == 0b10
    for second in range(1, 1200):
        cape.write(LEVELS, frame((0,) * 12), float(second), response=True)
    assert status(cape, 1200.0)[15] == 0x48
    cape.write(HEAT, b"\x00", 1200.0, response=True)
    assert status(cape, 1200.0)[1] == 0


def test_heat_that_nobody_renews_goes_off_after_one_lease(cape: ReferenceCape) -> None:
    cape.write(HEAT, b"\x01\x50", 1.0, response=True)
    assert all(e.on for e in cape.poll(3.0 - MICROSECOND) if isinstance(e, HeatChanged))
    assert [e.on for e in cape.poll(3.0) if isinstance(e, HeatChanged)] == [False]


def test_a_pad_at_41_degrees_goes_off_until_it_is_below_39() -> None:
    cape = ReferenceCape(ambient_c=41.0)
    cape.connected(0.0)
    cape.poll(0.5)
    assert status(cape, 0.5)[1] == 0b1000
    cape.write(HEAT, b"\x01\x50", 1.0, response=True)
    assert status(cape, 1.0)[1] == 0b1000


# ------------------------------------------------------------- other characteristics


@pytest.mark.parametrize(
    ("uuid", "value"),
    [(BATTERY, b"\x64"), ("2a29", b"devicehub"), ("2a24", b"reference-cape"), ("2a26", b"1.0.0")],
)
def test_battery_and_device_information_are_readable(
    cape: ReferenceCape, uuid: str, value: bytes
) -> None:
    assert cape.read(uuid, 0.1) == value


def test_levels_are_not_readable_and_the_status_not_writable(cape: ReferenceCape) -> None:
    with pytest.raises(AttError, match="0x02"):
        cape.read(LEVELS, 0.1)
    assert refusal(cape, STATUS, STOP) == 0x03


def test_motors_drain_the_battery_and_each_percent_is_notified(cape: ReferenceCape) -> None:
    told = [
        e.value[0]
        for second in range(600)
        for e in cape.write(LEVELS, frame(FULL), float(second), response=True)
        if isinstance(e, Notify) and e.uuid == BATTERY
    ]
    assert told == [99, 98, 97, 96, 95, 94, 93, 92]


# ---------------------------------------------------------------------- faults


def warmed(cape: ReferenceCape, until_s: float) -> list[HeatChanged]:
    """Keep the pad on to `until_s` by a set frame a second; return what it did."""
    effects = cape.write(HEAT, b"\x01\x50", 0.0, response=True)
    for second in range(1, round(until_s) + 1):
        effects += cape.write(LEVELS, frame((0,) * 12), float(second), response=True)
    return [e for e in effects if isinstance(e, HeatChanged)]


def test_a_blind_sensor_has_no_reading(cape: ReferenceCape) -> None:
    cape.upset("blind", 0.0, begins=True)
    assert status(cape, 0.0)[15] == 0xFF
    cape.upset("blind", 1.0, begins=False)
    assert status(cape, 1.0)[15] == 48


def test_a_sensor_that_sticks_says_the_same_while_the_pad_warms_on(cape: ReferenceCape) -> None:
    cape.upset("stuck", 0.0, begins=True)
    assert max(e.celsius for e in warmed(cape, 120.0)) > 41.0
    assert status(cape, 120.0)[15] == 48
    assert status(cape, 120.0)[1] & 0b1010 == 0b10


def test_a_pad_that_nothing_regulates_warms_on_until_it_is_switched_off(
    cape: ReferenceCape,
) -> None:
    cape.upset("overheat", 0.0, begins=True)
    assert max(e.celsius for e in warmed(cape, 120.0)) > 41.0
    assert status(cape, 120.0)[15] > 82
    off = cape.write(HEAT, b"\x00", 120.0, response=True)
    assert [e.on for e in off if isinstance(e, HeatChanged)] == [False]


def test_a_stray_motor_runs_until_a_stop_whatever_it_is_told(cape: ReferenceCape) -> None:
    assert motors(cape.upset("stray", 0.5, begins=True)) == {0: 50}
    told = cape.write(LEVELS, frame((0, 7, *(0,) * 10)), 0.6, response=True)
    assert motors(told) == {1: 7}
    assert motors(cape.write(LEVELS, STOP, 0.7, response=True)) == {0: 0, 1: 0}
    assert motors(cape.write(LEVELS, frame((1,) * 12), 0.8, response=True))[0] == 1


def test_a_stray_motor_that_is_right_again_does_what_it_is_told(cape: ReferenceCape) -> None:
    cape.upset("stray", 0.5, begins=True)
    cape.upset("stray", 0.6, begins=False)
    assert motors(cape.write(LEVELS, frame((3,) * 12), 0.7, response=True))[0] == 3
