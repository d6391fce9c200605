"""The Satisfyer massagers against their public protocol facts: they stop by themselves."""

import pytest

from firmware_sim.firmware.satisfyer import (
    ALIVE_S,
    COMMAND,
    IDLE_S,
    TX,
    SatisfyerDoubleWand,
    SatisfyerMiniWand,
)
from firmware_sim.gatt import AttError, Effect, MotorChanged


def levels(effects: list[Effect]) -> dict[int, int]:
    return {e.actuator: e.level for e in effects if isinstance(e, MotorChanged)}


def say(wand: SatisfyerDoubleWand, level: int, now_s: float) -> dict[int, int]:
    return levels(wand.write(TX, bytes([level]) * 4, now_s, response=False))


@pytest.fixture
def wand() -> SatisfyerDoubleWand:
    """A wand under live control since second 1."""
    wand = SatisfyerDoubleWand()
    wand.connected(0.0)
    wand.write(COMMAND, b"\x01", 1.0, response=True)
    return wand


def test_before_live_control_a_level_is_nothing() -> None:
    wand = SatisfyerDoubleWand()
    wand.connected(0.0)
    assert say(wand, 50, 1.0) == {}
    assert wand.next_poll_s() is None


def test_under_live_control_a_level_drives_the_motor(wand: SatisfyerDoubleWand) -> None:
    assert say(wand, 50, 1.5) == {0: 50}


def test_a_frame_that_is_not_repeated_ends_after_three_and_a_half_seconds(
    wand: SatisfyerDoubleWand,
) -> None:
    say(wand, 50, 2.0)
    assert wand.next_poll_s() == 2.0 + ALIVE_S
    assert levels(wand.poll(5.4)) == {}
    assert levels(wand.poll(5.5)) == {0: 0}


def test_a_frame_repeated_every_three_seconds_lasts(wand: SatisfyerDoubleWand) -> None:
    say(wand, 50, 2.0)
    assert [say(wand, 50, float(second)) for second in range(5, 60, 3)] == [{}] * 19
    assert levels(wand.poll(59.0 + ALIVE_S)) == {0: 0}


def test_the_motor_stops_by_itself_when_the_link_is_gone(wand: SatisfyerDoubleWand) -> None:
    say(wand, 50, 2.0)
    assert levels(wand.disconnected(2.5)) == {}
    assert levels(wand.poll(5.5)) == {0: 0}


def test_after_five_seconds_at_0_a_level_is_nothing_before_the_next_start(
    wand: SatisfyerDoubleWand,
) -> None:
    for second in (2.0, 4.0, 6.0):
        say(wand, 0, second)
    wand.poll(1.0 + IDLE_S)
    assert say(wand, 50, 6.5) == {}
    wand.write(COMMAND, b"\x01", 7.0, response=True)
    assert say(wand, 50, 7.1) == {0: 50}


def test_a_short_rest_at_0_does_not_end_live_control(wand: SatisfyerDoubleWand) -> None:
    say(wand, 50, 2.0)
    say(wand, 0, 3.0)
    assert say(wand, 50, 7.9) == {0: 50}


def test_live_control_ends_some_seconds_after_the_motor_stopped_by_itself(
    wand: SatisfyerDoubleWand,
) -> None:
    say(wand, 50, 2.0)
    wand.poll(5.5)
    assert wand.next_poll_s() == 5.5 + IDLE_S
    assert say(wand, 50, 10.4) == {0: 50}
    wand.poll(13.9)
    wand.poll(18.9)
    assert say(wand, 50, 19.0) == {}


def test_a_new_link_has_no_live_control(wand: SatisfyerDoubleWand) -> None:
    say(wand, 50, 2.0)
    wand.disconnected(2.5)
    wand.connected(3.0)
    assert say(wand, 60, 3.1) == {}
    assert levels(wand.poll(5.5)) == {0: 0}


@pytest.mark.parametrize("command", [b"\x03", b"\x07"])
def test_pause_and_stop_stop_and_end_live_control(
    wand: SatisfyerDoubleWand, command: bytes
) -> None:
    say(wand, 50, 2.0)
    assert levels(wand.write(COMMAND, command, 2.5, response=True)) == {0: 0}
    assert say(wand, 50, 3.0) == {}


@pytest.mark.parametrize("frame", ["32323233", "323232", "3232323232", "", "65656565"])
def test_a_spoilt_frame_changes_nothing_and_keeps_nothing_alive(
    wand: SatisfyerDoubleWand, frame: str
) -> None:
    say(wand, 50, 2.0)
    assert wand.write(TX, bytes.fromhex(frame), 5.0, response=False) == []
    assert levels(wand.poll(5.5)) == {0: 0}


def test_an_unknown_command_changes_nothing(wand: SatisfyerDoubleWand) -> None:
    say(wand, 50, 2.0)
    assert wand.write(COMMAND, b"\x57", 2.5, response=True) == []


def test_frames_are_taken_without_an_answer_alone(wand: SatisfyerDoubleWand) -> None:
    with pytest.raises(AttError, match="0x03"):
        wand.write(TX, b"\x32" * 4, 2.0, response=True)


def test_two_motors_have_four_bytes_each() -> None:
    wand = SatisfyerMiniWand()
    wand.connected(0.0)
    wand.write(COMMAND, b"\x01", 1.0, response=True)
    effects = wand.write(TX, bytes.fromhex("3232323219191919"), 1.1, response=False)
    assert levels(effects) == {0: 50, 1: 25}
    assert wand.write(TX, bytes.fromhex("32323232"), 1.2, response=False) == []
