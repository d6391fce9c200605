"""The True Gear vest against its public protocol facts: tracks that end by themselves."""

import pytest

from firmware_sim.firmware.truegear import RX, TX, TruegearMe02
from firmware_sim.gatt import AskedFor, Effect, MotorChanged, Notify

ALL = "ffc0" * 4


def packet(*tracks: str) -> bytes:
    return bytes.fromhex(f"6868{len(tracks):02x}{''.join(tracks)}16")


def track(mode: int, start_ms: int, end_ms: int, levels: tuple[int, int], dots: str = ALL) -> str:
    return f"{mode:02x}00{start_ms:04x}{end_ms:04x}{levels[0]:02x}{levels[1]:02x}{dots}"


def levels(effects: list[Effect]) -> dict[int, int]:
    return {e.actuator: e.level for e in effects if isinstance(e, MotorChanged)}


@pytest.fixture
def vest() -> TruegearMe02:
    vest = TruegearMe02()
    vest.connected(0.0)
    return vest


def play(vest: TruegearMe02, now_s: float, *tracks: str) -> dict[int, int]:
    return levels(vest.write(TX, packet(*tracks), now_s, response=False))


def test_the_observed_greeting_shakes_every_dot_for_a_tenth_of_a_second(vest: TruegearMe02) -> None:
    said = bytes.fromhex("6868010101000000641414ffc0ffc0ffc0ffc016")
    assert levels(vest.write(TX, said, 1.0, response=False)) == dict.fromkeys(range(40), 0x14)
    assert vest.next_poll_s() == 1.1
    assert levels(vest.poll(1.1)) == dict.fromkeys(range(40), 0)


@pytest.mark.parametrize(
    ("dots", "place"),
    [
        ("8000000000000000", 0),
        ("0040000000000000", 9),
        ("0000800000000000", 10),
        ("0000000080000000", 20),
        ("0000000000000040", 39),
    ],
)
def test_the_highest_bit_of_a_group_is_its_first_dot(
    vest: TruegearMe02, dots: str, place: int
) -> None:
    assert play(vest, 1.0, track(1, 0, 100, (50, 50), dots)) == {place: 50}


def test_a_track_begins_when_it_says(vest: TruegearMe02) -> None:
    assert play(vest, 1.0, track(1, 500, 1000, (50, 50), "8000000000000000")) == {}
    assert vest.next_poll_s() == 1.5
    assert levels(vest.poll(1.5)) == {0: 50}
    assert vest.next_poll_s() == 2.0
    assert levels(vest.poll(2.0)) == {0: 0}


def test_a_fading_track_goes_from_one_level_to_the_other(vest: TruegearMe02) -> None:
    assert play(vest, 1.0, track(2, 0, 1000, (0, 100), "8000000000000000")) == {}
    assert [levels(vest.poll(1.0 + tenth / 10)) for tenth in (1, 5, 9)] == [
        {0: 10},
        {0: 50},
        {0: 90},
    ]
    assert levels(vest.poll(2.0)) == {0: 0}


def test_a_constant_track_has_its_first_level_alone(vest: TruegearMe02) -> None:
    play(vest, 1.0, track(1, 0, 1000, (30, 90), "8000000000000000"))
    assert levels(vest.poll(1.9)) == {}


def test_the_newest_track_of_a_dot_counts(vest: TruegearMe02) -> None:
    play(vest, 1.0, track(1, 0, 9000, (50, 50), "c000000000000000"))
    assert play(vest, 2.0, track(1, 0, 100, (0, 0), "8000000000000000")) == {0: 0}
    assert levels(vest.poll(5.0)) == {}
    assert play(vest, 6.0, track(1, 0, 100, (0, 0))) == {1: 0}


def test_two_tracks_of_a_packet_play_together(vest: TruegearMe02) -> None:
    left = track(1, 0, 1000, (20, 20), "8000000000000000")
    right = track(1, 0, 1000, (30, 30), "0000000000008000")
    assert play(vest, 1.0, left, right) == {0: 20, 30: 30}


def test_an_intensity_above_100_is_100(vest: TruegearMe02) -> None:
    assert play(vest, 1.0, track(1, 0, 1000, (255, 255), "8000000000000000")) == {0: 100}


@pytest.mark.parametrize("mode", [0x10, 0x11, 0x12])
def test_electric_stimulation_is_taped_and_moves_nothing(vest: TruegearMe02, mode: int) -> None:
    said = bytes.fromhex(f"686801{mode:02x}00000001f41400000a000af000f00016")
    assert vest.write(TX, said, 1.0, response=False) == [AskedFor("electric stimulation")]


@pytest.mark.parametrize("mode", [0x00, 0x05, 0x0F, 0x13, 0xFF])
def test_a_mode_that_nobody_knows_plays_nothing(vest: TruegearMe02, mode: int) -> None:
    said = packet(track(mode, 0, 1000, (50, 50)))
    assert vest.write(TX, said, 1.0, response=False) == []


@pytest.mark.parametrize(
    "spoilt",
    ["", "6868", "686800", "686801" + "00" * 16, "686802" + track(1, 0, 99, (9, 9)) + "16"],
)
def test_a_packet_of_another_form_is_nothing(vest: TruegearMe02, spoilt: str) -> None:
    assert vest.write(TX, bytes.fromhex(spoilt), 1.0, response=False) == []


def test_a_lost_link_lets_the_tracks_end_by_themselves(vest: TruegearMe02) -> None:
    play(vest, 1.0, track(1, 0, 2000, (50, 50), "8000000000000000"))
    assert vest.disconnected(1.5) == []
    assert vest.next_poll_s() == 3.0
    assert levels(vest.poll(3.0)) == {0: 0}


def test_the_battery_is_told_at_once_and_every_ten_seconds(vest: TruegearMe02) -> None:
    vest.disconnected(1.0)
    [told] = vest.connected(2.0)
    assert isinstance(told, Notify)
    assert told.uuid == RX
    assert told.value.hex() == "6868018102030402041026010500000105000016"
    assert vest.next_poll_s() == 12.0
    assert len(vest.poll(12.0)) == 1


def test_nobody_is_told_the_battery_when_nobody_is_there(vest: TruegearMe02) -> None:
    vest.disconnected(1.0)
    assert vest.next_poll_s() is None
