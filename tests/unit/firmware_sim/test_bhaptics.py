"""The vest's firmware against its public protocol facts."""

import pytest

from firmware_sim.firmware.bhaptics_tactosy import BhapticsArm, BhapticsFoot, BhapticsHand
from firmware_sim.firmware.bhaptics_tactsuit import (
    AUDIO_CONFIG,
    BATTERY,
    CONFIG,
    MONITOR,
    MOTOR,
    MOTOR_LEGACY,
    SERIAL,
    VERSION,
    BhapticsX16,
    BhapticsX40,
)
from firmware_sim.gatt import AttError, Effect, MotorChanged, Notify


def levels(effects: list[Effect]) -> dict[int, int]:
    return {e.actuator: e.level for e in effects if isinstance(e, MotorChanged)}


@pytest.fixture
def vest() -> BhapticsX40:
    vest = BhapticsX40()
    vest.connected(0.0)
    return vest


def test_the_high_nibble_is_the_even_motor_and_the_low_one_the_odd(vest: BhapticsX40) -> None:
    frame = bytes([0x1F]) + bytes(18) + bytes([0xA5])
    assert levels(vest.write(MOTOR, frame, 0.1, response=True)) == {0: 1, 1: 15, 38: 10, 39: 5}


def test_the_legacy_characteristic_takes_the_same_frame_without_response(
    vest: BhapticsX40,
) -> None:
    frame = b"\x33" * 20
    effects = vest.write(MOTOR_LEGACY, frame, 0.1, response=False)
    assert levels(effects) == dict.fromkeys(range(40), 3)


def test_the_motor_characteristic_takes_no_write_commands(vest: BhapticsX40) -> None:
    assert vest.write(MOTOR, b"\x33" * 20, 0.1, response=False) == []


def test_the_legacy_characteristic_takes_no_write_requests(vest: BhapticsX40) -> None:
    with pytest.raises(AttError, match="0x03"):
        vest.write(MOTOR_LEGACY, b"\x33" * 20, 0.1, response=True)


@pytest.mark.parametrize("length", [0, 1, 19, 21, 40])
def test_a_frame_of_another_length_changes_nothing(vest: BhapticsX40, length: int) -> None:
    vest.write(MOTOR, b"\x33" * 20, 0.1, response=True)
    assert vest.write(MOTOR_LEGACY, b"\xff" * length, 0.2, response=False) == []
    with pytest.raises(AttError, match="0x0D"):
        vest.write(MOTOR, b"\xff" * length, 0.2, response=True)
    assert levels(vest.write(MOTOR, b"\x33" * 20, 0.3, response=True)) == {}


def test_the_zero_frame_stops_every_motor(vest: BhapticsX40) -> None:
    vest.write(MOTOR, b"\xff" * 20, 0.1, response=True)
    effects = vest.write(MOTOR, bytes(20), 0.2, response=True)
    assert levels(effects) == dict.fromkeys(range(40), 0)


def test_a_lost_link_leaves_the_motors_running(vest: BhapticsX40) -> None:
    vest.write(MOTOR, b"\xff" * 20, 0.1, response=True)
    assert levels(vest.disconnected(0.2)) == {}
    assert levels(vest.poll(3600.0)) == {}
    assert levels(vest.connected(3601.0)) == {}
    assert len(levels(vest.write(MOTOR, bytes(20), 3602.0, response=True))) == 40


def test_readable_characteristics_have_their_documented_lengths(vest: BhapticsX40) -> None:
    lengths = {SERIAL: 10, CONFIG: 3, VERSION: 2, BATTERY: 1, MONITOR: 1, AUDIO_CONFIG: 20}
    assert {uuid: len(vest.read(uuid, 0.1)) for uuid in lengths} == lengths


def test_motors_are_not_readable(vest: BhapticsX40) -> None:
    with pytest.raises(AttError, match="0x02"):
        vest.read(MOTOR, 0.1)


def test_a_setting_is_kept(vest: BhapticsX40) -> None:
    assert vest.write(CONFIG, b"\x01\x02\x03", 0.1, response=True) == []
    assert vest.read(CONFIG, 0.2) == b"\x01\x02\x03"


def test_a_setting_of_another_length_is_refused(vest: BhapticsX40) -> None:
    with pytest.raises(AttError, match="0x0D"):
        vest.write(CONFIG, b"\x01", 0.1, response=True)
    assert vest.read(CONFIG, 0.2) == bytes(3)


def test_the_serial_number_is_not_writable(vest: BhapticsX40) -> None:
    with pytest.raises(AttError, match="0x03"):
        vest.write(SERIAL, b"1", 0.1, response=True)


def test_running_motors_drain_the_battery_and_each_percent_is_notified(vest: BhapticsX40) -> None:
    assert vest.next_poll_s() is None
    vest.write(MOTOR, b"\xff" * 20, 0.0, response=True)
    told: list[bytes] = []
    for _ in range(30):
        due_s = vest.next_poll_s()
        assert due_s is not None
        told += [e.value for e in vest.poll(due_s) if isinstance(e, Notify)]
    assert told == [b"\x63", b"\x62"]
    assert vest.read(BATTERY, 300.0) == b"\x62"


def small(places: dict[int, int]) -> dict[int, int]:
    """Put levels at some of the forty places; return what the sixteen motors do."""
    nibbles = [places.get(place, 0) for place in range(40)]
    frame = bytes(nibbles[at] << 4 | nibbles[at + 1] for at in range(0, 40, 2))
    return levels(BhapticsX16().write(MOTOR, frame, 0.1, response=True))


@pytest.mark.parametrize(
    ("place", "motor"),
    [(0, 0), (2, 0), (1, 1), (3, 1), (4, 2), (6, 2), (8, 2), (9, 3), (10, 4), (18, 6), (39, 15)],
)
def test_on_the_small_vest_each_place_belongs_to_one_motor(place: int, motor: int) -> None:
    assert small({place: 7}) == {motor: 7}


def test_a_motor_of_the_small_vest_takes_the_strongest_of_its_places() -> None:
    assert small({4: 3, 6: 9, 8: 5}) == {2: 9}


def test_every_place_of_the_forty_belongs_to_a_motor_of_the_small_vest() -> None:
    assert small(dict.fromkeys(range(40), 1)) == dict.fromkeys(range(16), 1)


@pytest.mark.parametrize("make", [BhapticsArm, BhapticsHand, BhapticsFoot])
def test_the_small_ones_take_a_byte_for_each_motor(make: type[BhapticsArm]) -> None:
    device = make()
    frame = bytes(range(1, device.actuators + 1))
    assert levels(device.write(MOTOR, frame, 0.1, response=True)) == {
        motor: motor + 1 for motor in range(device.actuators)
    }


def test_a_small_one_refuses_another_length_and_a_level_above_100() -> None:
    arm = BhapticsArm()
    with pytest.raises(AttError, match="0x0D"):
        arm.write(MOTOR, bytes(20), 0.1, response=True)
    with pytest.raises(AttError, match="0x80"):
        arm.write(MOTOR, b"\x65" + bytes(5), 0.1, response=True)
    assert arm.write(MOTOR_LEGACY, b"\x65" + bytes(5), 0.1, response=False) == []
