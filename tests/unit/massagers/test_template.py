"""The frame language, word by word."""

import pytest

from devicehub.massagers.frame import Char, Frame, FrameError
from devicehub.massagers.template import compile_frame, for_actuator, wire_table
from tests.every import every_row

TX = Char("tx-uuid", response=True)
AUX = Char("aux-uuid", response=False)
CHARS = {"tx": TX, "aux": AUX}
TWO = (wire_table(10, None), wire_table(10, None))


def compiled(line: str, *tables: tuple[int, ...]) -> Frame:
    return compile_frame(line, CHARS, tables)


@pytest.mark.parametrize(
    ("line", "levels", "bytes_hex"),
    [
        ("0F 03 ff", (0, 0), "0f03ff"),
        ("00*7", (0, 0), "00000000000000"),
        ("A0 {1} {0}", (3, 4), "a00403"),
        ("{0 x4} {1 x4}", (5, 2), "0505050502020202"),
        ("01 {all} FF", (3, 4), "010304ff"),
        ("{all x2}", (3, 4), "03030404"),
        ("{nibbles}", (3, 10), "3a"),
        ("{on 0 FF} {on 1 01} {all}", (1, 0), "ff000100"),
        ("{bits 0 1} {all}", (1, 0), "020100"),
        ("{bits 0 1} {all}", (0, 9), "010009"),
        ("{bits 0 0} {all}", (9, 0), "030900"),
    ],
)
def test_a_word_gives_its_bytes_and_is_read_back(
    line: str, levels: tuple[int, int], bytes_hex: str
) -> None:
    frame = compiled(line, *TWO)
    data = frame.build(levels, 0)
    assert data.hex() == bytes_hex
    if frame.actuators:
        assert frame.read(data) == list(levels)


@pytest.mark.parametrize(
    ("line", "bytes_hex"),
    [
        # Exclusive-or of 0A 0C is 06; from the second byte on it is 0C alone.
        ("0A 0C {xor}", "0a0c06"),
        ("0A 0C {xor 1}", "0a0c0c"),
        # F0 + 20 is 110: the lowest byte is 10, inverted EF.
        ("F0 20 {sum8}", "f02010"),
        ("F0 20 {sumFF}", "f020ef"),
        # The chair's keys: ~(84 + 01) & 7F = 7A, ~(84 + 20) & 7F = 5B.
        ("F0 84 01 {not7 1} F1", "f084017af1"),
        ("F0 84 20 {not7 1} F1", "f084205bf1"),
        # The check value of CRC-16/MODBUS over the digits 1 to 9 is 4B37, the low byte first.
        ("31 32 33 34 35 36 37 38 39 {crc16}", "313233343536373839374b"),
    ],
)
def test_a_checksum_is_the_published_one(line: str, bytes_hex: str) -> None:
    assert compiled(line).build((), 0).hex() == bytes_hex


def test_a_counter_rises_and_begins_again_after_255() -> None:
    frame = compiled("{counter} 01")
    assert [frame.build((), counter).hex() for counter in (0, 255, 256)] == ["0001", "ff01", "0001"]


def test_any_counter_is_read_back() -> None:
    frame = compiled("01 {counter} {0}", *TWO)
    assert frame.counts
    assert frame.read(bytes((1, 77, 5))) == [5, 0]


def test_wire_adds_and_reads_back() -> None:
    frame = compiled("0F 03 00 {0} {0} {bits 0 0} 00 00", wire_table(22, "+3"))
    assert frame.build((6,), 0).hex() == "0f03000909030000"
    assert frame.read(bytes.fromhex("0f03000909030000")) == [6]
    assert frame.read(bytes.fromhex("0f03000202030000")) is None


def test_wire_multiplies_and_reads_back_multiples_alone() -> None:
    frame = compiled("{all}", wire_table(10, "*4"))
    assert frame.build((10,), 0) == b"\x28"
    assert frame.read(b"\x28") == [10]
    assert frame.read(b"\x27") is None


def test_levels_that_are_sent_twice_have_to_agree() -> None:
    assert compiled("{0} {0}", *TWO).read(b"\x03\x04") is None


def test_a_frame_goes_to_tx_unless_it_names_another() -> None:
    assert compiled("00").char == TX
    assert compiled("@aux 00").char == AUX


def test_text_is_sent_as_it_stands() -> None:
    frame = compiled("@aux text 100% {0} on {1};", *TWO)
    assert frame.char == AUX
    assert frame.build((7, 10), 0) == b"100% 7 on 10;"
    assert frame.read(b"100% 7 on 10;") == [7, 10]


@pytest.mark.parametrize(
    "said", ["V:07;", "V:+7;", "V:11;", "V:7; ", "v:7;", "V:7", "V:;", "V:99999999;"]
)
def test_text_that_differs_at_all_is_not_read(said: str) -> None:
    assert compiled("text V:{0};", *TWO).read(said.encode()) is None


def test_one_line_for_each_actuator_is_filled_in() -> None:
    assert for_actuator("text M{index}:{level};", 12) == "text M12:{12};"
    assert for_actuator("@aux 4D {index} {level x2} {on level FF}", 12) == (
        "@aux 4D 0C {12 x2} {on 12 FF}"
    )


@every_row(
    [
        ("", "must be hex bytes"),
        ("0F {0", "must be hex bytes"),
        ("0", "must be a byte in hex"),
        ("0G", "must be a byte in hex"),
        ("00*0", "must be a byte in hex"),
        ("{}", "is no word of the language"),
        ("{level}", "is no word of the language; known are a number, all"),
        ("{2}", "no such actuator, they are 0 to 1"),
        ("{0 4}", "may be followed by a repeat only"),
        ("{0 x4 x5}", "may be followed by a repeat only"),
        ("{nibbles 2}", "no such actuator"),
        ("{nibbles 0}", "an even number of actuators"),
        ("{nibbles x}", "takes actuators or nothing"),
        ("{counter 1}", "takes nothing after it"),
        ("{on 0}", "must name an actuator and a byte"),
        ("{on 2 FF}", "no such actuator"),
        ("{bits}", "must name one to eight actuators"),
        ("{bits 0 2}", "no such actuator"),
        ("{xor}", "must have bytes before it"),
        ("00 {xor 1}", "must have bytes before it"),
        ("00 {xor a}", "takes at most the byte to start from"),
        ("@rx 00", "must begin with where it goes; @tx, @aux states response"),
        ("text ", "must be ASCII"),
        ("text Größe{0}", "must be ASCII"),
        ("text V:{0;", "must close each"),
        ("text V:{counter};", "only a level such as {0} does"),
        ("text V:{0}{1};", "something between them"),
        ("text V:{0}0;", "must be followed by something that is no digit"),
        ("text V:{2};", "no such actuator"),
    ]
)
def test_a_line_that_makes_no_sense_says_what_would(line: str, right: str) -> None:
    with pytest.raises(FrameError) as refusal:
        compiled(line, *TWO)
    assert right in str(refusal.value)


@pytest.mark.parametrize("line", ["{0}", "{all}", "{nibbles}", "{bits 0}", "text {0};"])
def test_a_frame_that_may_not_carry_levels_does_not(line: str) -> None:
    with pytest.raises(FrameError):
        compiled(line)


@pytest.mark.parametrize(
    ("line", "tables"),
    [
        ("{nibbles}", [wire_table(10, None)]),
        ("{nibbles}", [wire_table(10, "+1")] * 2),
        ("{nibbles}", [wire_table(16, None)] * 2),
        ("{all}", [wire_table(256, None)]),
        ("{0}", [wire_table(100, "*3")]),
    ],
)
def test_levels_that_do_not_fit_their_place_are_refused(
    line: str, tables: list[tuple[int, ...]]
) -> None:
    with pytest.raises(FrameError):
        compiled(line, *tables)


@pytest.mark.parametrize("wire", ["3", "+0", "*0", "-3", "+3*2", "+1000", ""])
def test_a_wire_is_plus_or_times_a_whole_number(wire: str) -> None:
    with pytest.raises(FrameError, match=r"\+k"):
        wire_table(10, wire)
