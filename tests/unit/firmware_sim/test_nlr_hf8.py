"""The seat pad against its public protocol facts: lines on a serial port."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.firmware import SERIAL
from firmware_sim.firmware.nlr_hf8 import NlrHf8
from firmware_sim.gatt import MotorChanged


@pytest.fixture
def pad() -> NlrHf8:
    pad = NlrHf8()
    pad.opened(0.0)
    return pad


def told(pad: NlrHf8, data: bytes) -> list[tuple[int, int]]:
    effects = pad.receive(data, 1.0)
    return [(e.actuator, e.level) for e in effects if isinstance(e, MotorChanged)]


@pytest.mark.parametrize("motor", range(8))
@pytest.mark.parametrize("level", [1, 9, 10, 99, 100, 255])
def test_a_line_drives_one_motor(pad: NlrHf8, motor: int, level: int) -> None:
    assert told(pad, f"M{motor}{level}\r".encode()) == [(motor, level)]


def test_0_stops_a_motor(pad: NlrHf8) -> None:
    told(pad, b"M3200\rM4100\r")
    assert told(pad, b"M30\r") == [(3, 0)]


def test_a_line_may_come_in_pieces_and_several_at_once(pad: NlrHf8) -> None:
    assert [told(pad, piece) for piece in (b"M", b"02", b"5", b"\rM1", b"7\rM28\r")] == [
        [],
        [],
        [],
        [(0, 25)],
        [(1, 7), (2, 8)],
    ]


@pytest.mark.parametrize(
    "line",
    [b"", b"M", b"M0", b"M8100", b"M0256", b"M0999", b"M001", b"m010", b"M0-1", b"\nM010", b"M0 1"],
)
def test_a_line_of_another_form_changes_nothing(pad: NlrHf8, line: bytes) -> None:
    assert told(pad, line + b"\r") == []
    assert told(pad, b"M05\r") == [(0, 5)]


def test_noise_without_an_end_is_not_kept_for_ever(pad: NlrHf8) -> None:
    for _ in range(100):
        told(pad, b"x" * 1000)
    assert told(pad, b"M05\r") == []
    assert told(pad, b"M05\r") == [(0, 5)]


def test_a_closed_port_leaves_the_motors_running_and_half_a_line_behind(pad: NlrHf8) -> None:
    told(pad, b"M05\rM1")
    assert pad.closed(2.0) == []
    assert pad.poll(3600.0) == []
    assert pad.next_poll_s() is None
    assert pad.opened(3601.0) == []
    assert told(pad, b"9\r") == []
    assert told(pad, b"M00\r") == [(0, 0)]


@settings(max_examples=30)
@given(pieces=st.lists(st.binary(max_size=12) | st.sampled_from([b"M0255\r", b"M7", b"0\r"])))
def test_noise_raises_nothing_and_no_motor_leaves_its_range(pieces: list[bytes]) -> None:
    pad = NlrHf8()
    for piece in pieces:
        assert all(0 <= level <= 255 for _, level in told(pad, piece))


def test_the_pad_is_registered_as_serial() -> None:
    assert [make().model for make in SERIAL.values()] == [*SERIAL] == ["nlr-hf8"]
