"""Wands and small massagers against their public protocol facts: what they take, what not."""

import pytest

from firmware_sim.firmware import REGISTRY
from firmware_sim.gatt import AskedFor, AttError, Firmware, Notify
from tests.every import every_row
from tests.unit.firmware_sim.junk import Follower
from tests.unit.firmware_sim.words import MAGIC, WEVIBE, WORDS

YOUOU = "aa55{}0203010101{}ff00000000000000"
"""A frame of level 1 with its count and its checksum open."""

NOTHING = [
    ("wevibe-wand", "another mode", "0f05000909030000"),
    ("wevibe-wand", "a level above the strongest", "0f03001a1a030000"),
    ("wevibe-wand", "too short", "0f030009090300"),
    ("wevibe-wand", "too long", "0f0300090903000000"),
    ("wevibe-wand", "padding", "0f03000909030001"),
    ("kiiroo-prowand", "two levels", "000064ff8081"),
    ("kiiroo-prowand", "too short", "000064ff80"),
    ("kiiroo-prowand", "another flag", "000064fe8080"),
    ("magicmotion-wand", "a level above 100", "0bff040a3232000408656400"),
    ("magicmotion-wand", "the other wand's frame", "10ff040a320a0004083264000408006401"),
    ("magicmotion-wand", "another constant", "0bff040a3232000408326401"),
    ("magicmotion-zenith", "the other wand's frame", "0bff040a3232000408326400"),
    ("magicmotion-zenith", "a second level above 100", "10ff040a320a0004083264000408656401"),
    ("svakom-emma-neo", "a level above 19", "550403000114"),
    ("svakom-emma-neo", "the second wand's kind", "55030300010a"),
    ("svakom-emma-neo", "another zone", "55040100010a"),
    ("svakom-emma-neo-2", "a level above 10", "55030300010b"),
    ("svakom-emma-neo-2", "a flag of 2", "550303000205"),
    ("svakom-mini-emma-neo", "zone 3", "550303000105"),
    ("svakom-mini-emma-neo", "too short", "5503010001"),
    ("youou-vx001", "a wrong checksum", YOUOU.format("05", "00")),
    ("youou-vx001", "too short", YOUOU.format("05", "f9")[:-2]),
    ("mymuse-link-plus", "level 0", "aa550601010100ff"),
    ("mymuse-link-plus", "level 4", "aa550601010104ff"),
    ("mymuse-link-plus", "another end", "aa55060101010300"),
    ("foreo-luna", "another model's mode", "010105"),
    ("foreo-luna", "a level above 10", "01000b"),
    ("foreo-luna", "too long", "01000500"),
    ("foreo-ufo", "another model's mode", "010005"),
]


def running(model: str) -> tuple[Firmware, Follower]:
    """Return a massager at its strongest, and who follows it; the clock is at 10 s."""
    device, words = REGISTRY[model](), WORDS[model]
    follower = Follower(device)
    follower.follow(device.connected(0.0))
    for uuid, frame, response in (*words.opening, *words.strongest):
        follower.follow(device.write(uuid, bytes.fromhex(frame), 10.0, response=response))
    return device, follower


@every_row(NOTHING)
def test_a_frame_that_is_not_understood_is_taken_and_changes_nothing(
    model: str, why: str, frame: str
) -> None:
    device, _ = running(model)
    uuid, _, response = WORDS[model].strongest[0]
    assert device.write(uuid, bytes.fromhex(frame), 11.0, response=response) == []


LATCHING = [
    "wevibe-wand",
    "kiiroo-prowand",
    "magicmotion-wand",
    "svakom-emma-neo",
    "youou-vx001",
    "mymuse-link-plus",
    "foreo-luna",
    "bhaptics-x16",
    "bhaptics-arm",
    "lovense-triple",
]


@pytest.mark.parametrize("model", LATCHING)
def test_a_lost_link_leaves_the_motors_running(model: str) -> None:
    device, follower = running(model)
    follower.follow(device.disconnected(11.0))
    follower.follow(device.poll(600.0))
    follower.follow(device.connected(601.0))
    assert follower.levels == [device.steps] * device.actuators


def level(model: str, frame: str) -> int:
    device, follower = running(model)
    uuid, _, response = WORDS[model].strongest[0]
    follower.follow(device.write(uuid, bytes.fromhex(frame), 11.0, response=response))
    return follower.levels[0]


@pytest.mark.parametrize(
    ("model", "frame", "expected"),
    [
        ("wevibe-wand", "0f03000404030000", 1),
        ("wevibe-wand", "0f03001918030000", 21),  # the wand listens to the second
        ("wevibe-wand", "0f03000909020000", 0),  # whose bit is not set
        ("wevibe-wand-2", "0f03000303030000", 0),
        ("kiiroo-prowand", "000064ff0101", 1),
        ("magicmotion-wand", "0bff040a3232000408016400", 1),
        ("magicmotion-zenith", "10ff040a320a0004080764000408326401", 7),  # it has no second motor
        ("svakom-emma-neo", "550403000101", 1),
        ("svakom-emma-neo", "550403000013", 0),  # the flag is not set
        ("svakom-mini-emma-neo", "550300000104", 4),
        ("svakom-mini-emma-neo", "550302000104", 0),  # the other zone alone
        ("mymuse-link-plus", "aa550601010101ff", 1),
        ("foreo-ufo", "010101", 1),
    ],
)
def test_a_frame_drives_the_level_that_it_has(model: str, frame: str, expected: int) -> None:
    assert level(model, frame) == expected


def test_a_wand_that_answers_takes_no_command_without_an_answer() -> None:
    device, _ = running("wevibe-wand")
    assert device.write(WEVIBE, bytes.fromhex("0f03000909030000"), 11.0, response=False) == []


def test_a_wand_that_does_not_answer_refuses_a_request() -> None:
    device, _ = running("magicmotion-wand")
    with pytest.raises(AttError, match="0x03"):
        device.write(MAGIC, bytes.fromhex("0bff040a3232000408006400"), 11.0, response=True)


@pytest.mark.parametrize("model", ["kiiroo-prowand", "magicmotion-wand", "magicmotion-zenith"])
def test_a_battery_drains_and_each_percent_is_told(model: str) -> None:
    device, _ = running(model)
    assert device.read("2a19", 10.0) == b"\x64"
    due_s = device.next_poll_s()
    assert due_s is not None
    device.poll(due_s)
    assert Notify("2a19", b"\x63") in device.poll(82.0)
    assert device.read("2a19", 82.0) == b"\x63"


def youou(count: int, value: int) -> bytes:
    body = bytes([0xAA, 0x55, count, 2, 3, 1, value, value > 0])
    total = 0
    for byte in body:
        total ^= byte
    return body + bytes([total, 0xFF, *bytes(7)])


def test_a_packet_with_the_count_of_the_one_before_is_a_repeat() -> None:
    device, follower = running("youou-vx001")
    follower.follow(device.write("fff6", youou(9, 20), 11.0, response=False))
    assert device.write("fff6", youou(9, 30), 12.0, response=False) == []
    follower.follow(device.write("fff6", youou(10, 30), 13.0, response=False))
    assert follower.levels == [30]


def test_the_first_packet_of_a_link_counts_whatever_it_counts() -> None:
    device, follower = running("youou-vx001")
    follower.follow(device.write("fff6", youou(0, 20), 11.0, response=False))
    follower.follow(device.write("fff6", youou(1, 20), 11.5, response=False))
    device.disconnected(12.0)
    device.connected(13.0)
    follower.follow(device.write("fff6", youou(1, 0), 14.0, response=False))
    assert follower.levels == [0]


@pytest.mark.parametrize("value", [248, 255])
def test_what_stands_above_the_strongest_level_is_a_pattern_and_taped(value: int) -> None:
    device, _ = running("youou-vx001")
    said = device.write("fff6", youou(9, value), 11.0, response=False)
    assert said == [AskedFor("built-in pattern")]


@pytest.mark.parametrize("model", ["lovense-dual", "lovense-triple"])
def test_words_of_another_number_of_motors_are_unknown(model: str) -> None:
    device, _ = running(model)
    uuid = WORDS[model].strongest[0][0]
    for words in (b"Vibrate:5;", b"Vibrate3:5;", b"Mply:1:2;", b"Mply:1:2:3:4;", b"Vibrate1:21;"):
        [answer] = device.write(uuid, words, 11.0, response=False)
        assert isinstance(answer, Notify)
        assert answer.value.startswith(b"unkown,")


def test_one_motor_of_two_leaves_the_other_alone() -> None:
    device, follower = running("lovense-dual")
    uuid = WORDS["lovense-dual"].strongest[0][0]
    follower.follow(device.write(uuid, b"Vibrate2:3;", 11.0, response=False))
    assert follower.levels == [20, 3]


def test_three_motors_have_a_level_each() -> None:
    device, follower = running("lovense-triple")
    uuid = WORDS["lovense-triple"].strongest[0][0]
    follower.follow(device.write(uuid, b"Mply:1:2:3;", 11.0, response=False))
    assert follower.levels == [1, 2, 3]


@pytest.mark.parametrize(
    ("model", "code"), [("lovense-domi", b"W:"), ("lovense-dual", b"P:"), ("lovense-triple", b"U:")]
)
def test_the_device_type_begins_with_the_code_of_the_model(model: str, code: bytes) -> None:
    device, _ = running(model)
    uuid = WORDS[model].strongest[0][0]
    [answer] = device.write(uuid, b"DeviceType;", 11.0, response=False)
    assert isinstance(answer, Notify)
    assert answer.value.startswith(code)
