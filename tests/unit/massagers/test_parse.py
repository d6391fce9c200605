"""The whitelist of the last gate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devicehub.massagers.encode import raw
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import admit, is_stop, levels_of
from devicehub.massagers.wire import Write
from tests.unit.massagers.material import CAPE, DOMI, MODELS, PAIR, SMALL, X40, massager

WEVIBE_LIKE = massager(
    SMALL.replace("[{ steps = 10 }]", '[{ steps = 22, wire = "+3" }]')
    .replace('"A0 {0}"', '"0F 03 00 {0} {0} {bits 0 0} 00 00"')
    .replace('stop = "A0 00"', 'stop = "0F 00*7"')
    .replace("a003", "0f03000606030000")
)
COUNTING = massager(
    SMALL.replace('"A0 {0}"', '"AA {counter} {0} {on 0 FF} {crc16}"').replace(
        'stop = "A0 00"', 'stop = "AF {counter} {xor}"'
    )
)
SUBJECTS = (*MODELS, WEVIBE_LIKE, COUNTING)
each = pytest.mark.parametrize(
    "subject", SUBJECTS, ids=lambda subject: subject.codec.frames[0].char
)


def write_of(subject: Massager, levels: list[int], counter: int = 0) -> Write:
    (one,) = raw(subject, levels, counter)
    return Write(one.char, one.data, one.response)


@pytest.mark.exhaustive
@each
@given(st.data())
def test_levels_to_bytes_to_levels_is_the_same(subject: Massager, data: st.DataObject) -> None:
    levels = [data.draw(st.integers(0, most)) for most in subject.steps]
    counter = data.draw(st.integers(0, 255))
    assert levels_of(subject, write_of(subject, levels, counter)) == tuple(levels)


@pytest.mark.exhaustive
@each
@given(st.data())
def test_one_wrong_byte_is_refused_or_is_another_legal_frame(
    subject: Massager, data: st.DataObject
) -> None:
    levels = [data.draw(st.integers(0, most)) for most in subject.steps]
    right = write_of(subject, levels, data.draw(st.integers(0, 255)))
    changed = bytearray(right.data)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    wrong = Write(right.char, bytes(changed), right.response)
    read = levels_of(subject, wrong)
    if read is None or is_stop(subject, wrong):
        return
    again = [write_of(subject, [level or 0 for level in read], c).data for c in range(256)]
    assert wrong.data in again


@given(st.integers(0, 14), st.integers(1, 255))
def test_the_capes_checksum_catches_every_wrong_byte(place: int, flip: int) -> None:
    right = write_of(CAPE, [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], 42)
    changed = bytearray(right.data)
    changed[place] ^= flip
    assert levels_of(CAPE, Write(right.char, bytes(changed), right.response)) is None


@pytest.mark.exhaustive
@each
@given(st.binary(max_size=24))
def test_what_is_read_from_any_bytes_is_within_the_steps(subject: Massager, data: bytes) -> None:
    char = subject.codec.frames[0].char
    levels = levels_of(subject, Write(char.uuid, data, char.response))
    assert levels is None or all(
        level is not None and 0 <= level <= most
        for level, most in zip(levels, subject.steps, strict=True)
    )


@each
def test_a_stop_is_on_the_whitelist_and_speaks_of_every_actuator(subject: Massager) -> None:
    for stop in subject.stops:
        for write in stop.writes:
            assert is_stop(subject, write)
            assert levels_of(subject, write) == (0,) * len(subject.steps)


def test_a_stop_may_carry_any_counter() -> None:
    char = COUNTING.codec.stop[0].char.uuid
    assert is_stop(COUNTING, Write(char, bytes.fromhex("af07a8"), response=True))
    assert not is_stop(COUNTING, Write(char, bytes.fromhex("af07a9"), response=True))


@each
def test_the_right_bytes_for_another_characteristic_are_refused(subject: Massager) -> None:
    right = write_of(subject, [1] * len(subject.steps))
    for wrong in (
        Write("00002a19-0000-1000-8000-00805f9b34fb", right.data, right.response),
        Write(right.char, right.data, not right.response),
    ):
        assert levels_of(subject, wrong) is None
        assert admit(subject, [wrong], [0] * len(subject.steps), 1.0) is None


def test_admitted_writes_say_what_they_do() -> None:
    write = write_of(CAPE, [10] * 12)
    encoded = admit(CAPE, [write], [0] * 12, 1.5)
    assert encoded is not None
    assert (encoded.writes, encoded.steps) == ((write,), (10,) * 12)
    assert (encoded.not_after_s, encoded.is_stop) == (1.5, False)


def test_a_high_level_does_not_hide_before_a_low_one() -> None:
    high, low = write_of(X40, [15] * 40), write_of(X40, [0] * 40)
    assert admit(X40, [high, low], [0] * 40, 1.0) is None


def test_frames_for_single_actuators_are_admitted_together() -> None:
    pair = massager(PAIR)
    char = pair.codec.frames[0].char.uuid
    one, other = Write(char, b"\xa0\x03", response=True), Write(char, b"\xa1\x04", response=True)
    both = admit(pair, [one, other], [0, 0], 1.0)
    assert both is not None
    assert both.steps == (3, 4)
    alone = admit(pair, [other], [9, 9], 1.0)
    assert alone is not None
    assert alone.steps == (9, 4)


def test_nothing_is_admitted_for_the_wrong_number_of_actuators() -> None:
    assert admit(CAPE, [write_of(CAPE, [1] * 12)], [0] * 11, 1.0) is None


def test_a_frame_for_one_actuator_says_nothing_of_the_others() -> None:
    pair = massager(PAIR)
    char = pair.codec.frames[0].char.uuid
    write = Write(char, b"\xa1\x07", response=True)
    assert levels_of(pair, write) == (None, 7)


def test_one_of_several_stop_frames_speaks_of_nobody_for_certain() -> None:
    pair = massager(PAIR.replace('["A0 00", "A1 00"]', '["B0 00", "B1 00"]'))
    char = pair.codec.frames[0].char.uuid
    write = Write(char, b"\xb1\x00", response=True)
    assert is_stop(pair, write)
    assert levels_of(pair, write) == (None, None)


@pytest.mark.parametrize("said", ["DeviceType;", "Battery;"])
def test_words_of_the_connect_script_are_not_for_the_hub_to_say(said: str) -> None:
    write = Write(DOMI.stops[0].writes[0].char, said.encode(), response=False)
    assert levels_of(DOMI, write) is None
    assert admit(DOMI, [write], [0], 1.0) is None


@pytest.mark.parametrize("said", ["PowerOff;", "Vibrate:21;", "Vibrate1:5;", "Mply:5;", ""])
def test_words_that_the_file_does_not_say_are_refused(said: str) -> None:
    write = Write(DOMI.stops[0].writes[0].char, said.encode(), response=False)
    assert levels_of(DOMI, write) is None


def test_the_firmware_update_service_of_the_vest_is_refused() -> None:
    write = Write("0000fe59-0000-1000-8000-00805f9b34fb", bytes(20), response=True)
    assert levels_of(X40, write) is None
