"""Beds of which not everybody may have everything: a PIN and a timer, and a part for each pipe."""

import pytest

from firmware_sim.firmware.jensen import JensenJmc
from firmware_sim.firmware.reverie_110 import (
    FOOT_MASSAGE,
    HEAD_MASSAGE,
    LIGHTS,
    MOVES,
    POSITIONS,
    PRESETS,
    WAVE,
    Reverie110,
)
from firmware_sim.gatt import AskedFor, AttError, Effect, MotorChanged, Notify

PIN = "1e0300060000"


def levels(effects: list[Effect]) -> dict[int, int]:
    return {e.actuator: e.level for e in effects if isinstance(e, MotorChanged)}


def say(bed: JensenJmc, frame: str, now_s: float = 1.0) -> list[Effect]:
    return bed.write("1111", bytes.fromhex(frame), now_s, response=True)


@pytest.fixture
def bed() -> JensenJmc:
    """A bed that was told its PIN."""
    bed = JensenJmc()
    bed.connected(0.0)
    say(bed, PIN)
    return bed


@pytest.mark.parametrize(
    "frame", ["120505000000", "120000000000", "10ff00000000", "0a0000000000", "100100000000"]
)
def test_before_the_pin_nothing_works(frame: str) -> None:
    bed = JensenJmc()
    bed.connected(0.0)
    assert say(bed, frame) == []


def test_a_wrong_pin_opens_nothing_and_locks_what_was_open(bed: JensenJmc) -> None:
    assert levels(say(bed, "120505000000")) == {0: 5, 1: 5}
    assert say(bed, "1e0102030400") == []
    assert say(bed, "120000000000") == []


def test_every_link_has_to_say_the_pin_itself(bed: JensenJmc) -> None:
    say(bed, "120505000000")
    bed.disconnected(2.0)
    bed.connected(3.0)
    assert say(bed, "120000000000", 4.0) == []
    say(bed, PIN, 4.0)
    assert levels(say(bed, "120000000000", 4.0)) == {0: 0, 1: 0}


def test_both_motors_are_in_one_frame(bed: JensenJmc) -> None:
    assert levels(say(bed, "120307000000")) == {0: 3, 1: 7}
    assert levels(say(bed, "120007000000")) == {0: 0}


@pytest.mark.parametrize(("timer", "seconds"), [("0001", 60), ("0100", 3600), ("0117", 4980)])
def test_the_timer_is_on_the_bed_and_counts_in_hours_and_minutes(
    bed: JensenJmc, timer: str, seconds: int
) -> None:
    say(bed, f"12050500{timer}")
    bed.disconnected(2.0)
    assert bed.next_poll_s() == 1.0 + seconds
    assert levels(bed.poll(0.9 + seconds)) == {}
    assert levels(bed.poll(1.0 + seconds)) == {0: 0, 1: 0}


def test_each_frame_sets_the_timer_anew(bed: JensenJmc) -> None:
    say(bed, "120505000001", 1.0)
    say(bed, "120505000001", 31.0)
    assert bed.next_poll_s() == 91.0


def test_without_a_timer_the_massage_never_ends_by_itself(bed: JensenJmc) -> None:
    say(bed, "120505000001", 1.0)
    say(bed, "120505000000", 2.0)
    assert bed.next_poll_s() is None


def test_a_massage_of_0_has_no_timer(bed: JensenJmc) -> None:
    say(bed, "120000000001")
    assert bed.next_poll_s() is None


def test_the_bed_says_where_it_is_and_what_it_has(bed: JensenJmc) -> None:
    assert say(bed, "10ff00000000") == [Notify("1111", bytes.fromhex("10ff00010001"))]
    [told] = say(bed, "0a0000000000")
    assert isinstance(told, Notify)
    assert told.value[2] & 0x03 == 0x03  # head and foot massage


@pytest.fixture
def reverie() -> Reverie110:
    reverie = Reverie110()
    reverie.connected(0.0)
    return reverie


def put(bed: Reverie110, uuid: str, byte: int) -> list[Effect]:
    return bed.write(uuid, bytes([byte]), 1.0, response=True)


@pytest.mark.parametrize("level", range(1, 11))
def test_a_part_takes_four_times_its_level(reverie: Reverie110, level: int) -> None:
    assert levels(put(reverie, HEAD_MASSAGE, 4 * level)) == {0: level}
    assert levels(put(reverie, FOOT_MASSAGE, 4 * level)) == {1: level}


@pytest.mark.parametrize(("byte", "level"), [(1, 1), (5, 2), (41, 10), (255, 10)])
def test_a_byte_between_levels_is_the_upper_and_one_above_them_the_strongest(
    reverie: Reverie110, byte: int, level: int
) -> None:
    assert levels(put(reverie, HEAD_MASSAGE, byte)) == {0: level}


@pytest.mark.parametrize("length", [0, 2])
def test_another_length_is_refused(reverie: Reverie110, length: int) -> None:
    with pytest.raises(AttError, match="0x0D"):
        reverie.write(HEAD_MASSAGE, bytes(length), 1.0, response=True)


@pytest.mark.parametrize("uuid", [*POSITIONS, *MOVES, PRESETS])
def test_a_part_that_lifts_is_taped_as_asked_for(reverie: Reverie110, uuid: str) -> None:
    assert put(reverie, uuid, 1) == [AskedFor("bed motor")]


def test_light_and_wave_are_taped_as_asked_for(reverie: Reverie110) -> None:
    assert put(reverie, LIGHTS, 50) == [AskedFor("bed light")]
    assert put(reverie, WAVE, 1) == [AskedFor("massage program")]


@pytest.mark.parametrize("uuid", [*MOVES, LIGHTS, WAVE])
def test_0_asks_for_nothing_where_it_means_stop(reverie: Reverie110, uuid: str) -> None:
    assert put(reverie, uuid, 0) == []
