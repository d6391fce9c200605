"""Beds with massage against their public protocol facts: what they take, what must never come."""

import pytest

from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import AskedFor, Effect, Firmware, MotorChanged, Notify
from tests.every import every_row
from tests.unit.firmware_sim.junk import Follower
from tests.unit.firmware_sim.words import LEGGETT, REVERIE_108, RICHMAT, SERTA, SOLACE, WORDS

TX = {
    "reverie-108": REVERIE_108,
    "jensen-jmc": "1111",
    "leggett-gen2": LEGGETT,
    "richmat-discrete": RICHMAT,
    "solace": SOLACE,
    "serta-motion": SERTA,
}
BEDS = [*TX, "reverie-110"]


def levels(effects: list[Effect]) -> dict[int, int]:
    return {e.actuator: e.level for e in effects if isinstance(e, MotorChanged)}


def crc(body: str) -> bytes:
    """The frame of a Solace bed, with its checksum worked out bit by bit."""
    data, rest = bytes.fromhex(body), 0xFFFF
    for byte in data:
        for bit in range(8):
            odd = (rest ^ byte >> bit) & 1
            rest = rest >> 1 ^ 0xA001 * odd
    return data + rest.to_bytes(2, "little")


def serta(command: int) -> bytes:
    body = b"\xe5\xfe\x16" + command.to_bytes(4, "little")
    return body + bytes([~sum(body) & 0xFF])


def richmat(command: int) -> bytes:
    return bytes([0x6E, 1, 0, command, (0x6F + command) % 256])


def reverie(payload: str) -> bytes:
    data, total = bytes.fromhex("55" + payload), 0
    for byte in data:
        total ^= byte
    return data + bytes([total])


def awake(model: str) -> tuple[Firmware, Follower]:
    """Return a bed at its strongest, and who follows it; the clock is at 10 s."""
    bed, words = REGISTRY[model](), WORDS[model]
    follower = Follower(bed)
    follower.follow(bed.connected(0.0))
    for uuid, frame, response in (*words.opening, *words.strongest):
        follower.follow(bed.write(uuid, bytes.fromhex(frame), 10.0, response=response))
    return bed, follower


def say(bed: Firmware, data: bytes, now_s: float = 11.0) -> list[Effect]:
    response = "write" in bed.services[0].characteristics[0].properties
    return bed.write(TX[bed.model], data, now_s, response=response)


NEVER = [
    *(("reverie-108", "bed motor", reverie(c)) for c in ("01", "02", "03", "04", "05", "11", "15")),
    *(("reverie-108", "bed motor", reverie(c)) for c in ("21", "5132", "5200")),
    ("reverie-108", "bed light", reverie("5b00")),
    ("reverie-108", "massage program", reverie("49")),
    *(
        ("jensen-jmc", "bed motor", bytes.fromhex(f"10{c}00000000"))
        for c in ("01", "02", "10", "20", "81", "40", "80", "04")
    ),
    ("jensen-jmc", "bed light", bytes.fromhex("1300ff000050")),
    *(("leggett-gen2", "bed motor", c) for c in (b"M :0:", b"M 0:1:", b"MEM 0", b"SMEM 1", b"SNR")),
    *(("leggett-gen2", "bed light", c) for c in (b"UBL TOGGLE", b"RGBSET 0:FF0000FF")),
    *(("leggett-gen2", "massage program", c) for c in (b"MMODE 0:0", b"WVE TOGGLE")),
    *(
        ("richmat-discrete", "bed motor", richmat(c))
        for c in (0x24, 0x27, 0x31, 0x45, 0x2E, 0x2B, 0xF0, 0xBE)
    ),
    ("richmat-discrete", "bed light", richmat(0x3C)),
    ("richmat-discrete", "massage program", richmat(0x48)),
    *(
        ("solace", "bed motor", crc(f"ffffffff05000000{c}"))
        for c in ("01", "07", "0d", "21", "28", "08", "2a", "09", "0f", "05", "4e")
    ),
    *(("solace", "bed motor", crc(f"ffffffff050000{c}")) for c in ("a10a", "f00f", "ff0f")),
    *(("solace", "bed light", crc(f"ffffffff050000{c}")) for c in ("0123", "0019")),
    ("solace", "massage program", crc("ffffffff05000500e4")),
    *(("serta-motion", "bed motor", serta(1 << bit)) for bit in (0, 1, 2, 3, 12, 13, 14, 15, 27)),
    ("serta-motion", "bed light", serta(0x20000)),
    ("serta-motion", "massage program", serta(0x10000000)),
]


@every_row(NEVER)
def test_what_is_no_massage_is_taped_as_asked_for_and_moves_nothing(
    model: str, what: str, data: bytes
) -> None:
    bed, _ = awake(model)
    assert say(bed, data) == [AskedFor(what)]


NOTHING = [
    ("reverie-108", "a wrong checksum", bytes.fromhex("55530404")),
    ("reverie-108", "a level above 10", reverie("530b")),
    ("reverie-108", "no command", bytes.fromhex("5555")),
    ("reverie-108", "a stop of the bed's motors", reverie("ff")),
    ("reverie-108", "the wave at 0", reverie("40")),
    ("jensen-jmc", "too short", bytes.fromhex("1205050000")),
    ("jensen-jmc", "a level above 10", bytes.fromhex("120b00000000")),
    ("jensen-jmc", "a fourth byte", bytes.fromhex("120505010000")),
    ("jensen-jmc", "a stop of the bed's motors", bytes.fromhex("100000000000")),
    ("leggett-gen2", "a channel that is not there", b"MVI 2:1"),
    ("leggett-gen2", "no level", b"MVI 0:"),
    ("leggett-gen2", "a line's end", b"MVI 0:1\n"),
    ("leggett-gen2", "a stop of the bed's motors", b"STOP"),
    ("leggett-gen2", "a stop of one of them", b"M ::0"),
    ("leggett-gen2", "the usual mode", b"MMODE 0:2"),
    ("richmat-discrete", "a wrong checksum", bytes.fromhex("6e01009808")),
    ("richmat-discrete", "another start", bytes.fromhex("55010098ee")),
    ("richmat-discrete", "a third massage motor", richmat(0xE0)),
    ("richmat-discrete", "a stop of the bed's motors", richmat(0x5E)),
    ("solace", "a wrong checksum", bytes.fromhex("ffffffff0500000011170d")),
    ("solace", "a frequency", crc("ffffffff0500000014")),
    ("solace", "a stop of the bed's motors", crc("ffffffff0500000000")),
    ("serta-motion", "a wrong checksum", bytes.fromhex("e5fe160000800087")),
    ("serta-motion", "two commands at once", serta(0x01800000)),
    ("serta-motion", "a stop of the bed's motors", serta(0)),
]


@every_row(NOTHING)
def test_a_frame_that_is_no_command_of_the_massage_changes_nothing(
    model: str, why: str, data: bytes
) -> None:
    bed, _ = awake(model)
    assert say(bed, data) == []


@pytest.mark.parametrize("model", BEDS)
def test_a_lost_link_leaves_the_massage_running(model: str) -> None:
    bed, follower = awake(model)
    follower.follow(bed.disconnected(11.0))
    follower.follow(bed.connected(60.0))
    assert follower.levels == [bed.steps] * 2


@pytest.mark.parametrize(
    ("model", "up", "down"),
    [
        ("solace", "ffffffff0500000010d6cc", "ffffffff0500000011170c"),
        ("serta-motion", "e5fe1600080000fe", "e5fe160000800086"),
        ("leggett-gen2", b"VII :0".hex(), b"VII 0::".hex()),
    ],
)
def test_steps_end_at_the_strongest_and_at_0(model: str, up: str, down: str) -> None:
    bed = REGISTRY[model]()
    bed.connected(0.0)
    ups = [levels(say(bed, bytes.fromhex(up))) for _ in range(5)]
    downs = [levels(say(bed, bytes.fromhex(down))) for _ in range(5)]
    assert ups == [{0: 1}, {0: 2}, {0: 3}, {}, {}]
    assert downs == [{0: 2}, {0: 1}, {0: 0}, {}, {}]


def test_a_gen2_level_that_some_boxes_know_drives_at_the_strongest_of_three() -> None:
    bed = REGISTRY["leggett-gen2"]()
    bed.connected(0.0)
    assert levels(say(bed, b"MVI 0:10")) == {0: 3}


def test_richmat_steps_go_from_the_strongest_to_0_and_the_toggle_begins_at_1() -> None:
    bed, _ = awake("richmat-discrete")
    assert levels(say(bed, richmat(0x4C))) == {0: 0}
    assert levels(say(bed, richmat(0x5D))) == {1: 0}
    assert levels(say(bed, richmat(0x5D))) == {0: 1, 1: 1}


@pytest.mark.parametrize(("command", "minutes"), [("16", 10), ("17", 20), ("18", 30)])
def test_a_solace_timer_ends_the_massage_on_the_bed(command: str, minutes: int) -> None:
    bed, follower = awake("solace")
    say(bed, crc(f"ffffffff05000000{command}"), 11.0)
    bed.disconnected(12.0)
    assert bed.next_poll_s() == 11.0 + minutes * 60.0
    follower.follow(bed.poll(11.0 + minutes * 60.0))
    assert follower.levels == [0, 0]


def test_the_serta_timer_key_goes_round() -> None:
    bed, follower = awake("serta-motion")
    ends = [(say(bed, serta(0x200), 11.0), bed.next_poll_s())[1] for _ in range(5)]
    assert ends == [611.0, 1211.0, 1811.0, None, 611.0]
    follower.follow(bed.poll(611.0))
    assert follower.levels == [0, 0]


def test_serta_both_on_brings_what_rests_to_1() -> None:
    bed = REGISTRY["serta-motion"]()
    bed.connected(0.0)
    say(bed, serta(0x800))
    say(bed, serta(0x800))
    assert levels(say(bed, serta(0x100))) == {1: 1}


def test_reverie_108_tells_its_levels_at_once_and_after_each_change() -> None:
    bed = REGISTRY["reverie-108"]()
    told = bed.connected(0.0)
    for payload in ("5307", "5402", "35"):
        told += say(bed, reverie(payload))
    values = [e.value for e in told if isinstance(e, Notify)]
    assert [(len(value), value[4], value[5]) for value in values] == [
        (9, 0, 0),
        (9, 7, 0),
        (9, 7, 2),
        (9, 0, 0),
    ]
