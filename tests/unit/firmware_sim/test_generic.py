"""A firmware made from a file: levels as the file's vectors say, nothing else."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from firmware_sim import catalogue
from firmware_sim.gatt import AttError, Effect, MotorChanged, Notify
from firmware_sim.generic.firmware import Generic
from firmware_sim.generic.model import read_file
from firmware_sim.generic.pattern import LineError, Motor, frame, text
from firmware_sim.generic.stream import frames
from firmware_sim.memory import simulate_in_memory
from tests.every import every_row
from tests.shipped import ROOT

INVENTED = ROOT / "tests" / "unit" / "massagers" / "invented"
IN_PYTHON, TALKS = "track-vest.toml", "warm-cape.toml"
FILES = [path for path in sorted(INVENTED.glob("*.toml")) if path.name not in (IN_PYTHON, TALKS)]
VECTORS = [
    (path, number)
    for path in FILES
    for number in range(len(tomllib.loads(path.read_text("utf-8"))["vectors"]))
]


class Device:
    """One model of an invented file, switched on; remembers what it drives."""

    def __init__(self, name: str, model: str | None = None) -> None:
        self.said = read_file(INVENTED / name, model)
        self.firmware = Generic(self.said)
        self.driven = [0] * self.firmware.actuators

    def write(self, hexed: str, *, char: int = 0, response: bool = True, at: float = 0.0) -> Any:
        uuid = self.said.services[0].characteristics[char].uuid
        return self.see(self.firmware.write(uuid, bytes.fromhex(hexed), at, response=response))

    def see(self, effects: list[Effect]) -> list[Effect]:
        for effect in effects:
            if isinstance(effect, MotorChanged):
                assert effect.of == self.said.motors[effect.actuator].steps
                self.driven[effect.actuator] = effect.level
        return effects


# ---------------------------------------------------------------------------------- what it obeys


@every_row(VECTORS)
def test_it_drives_what_the_vector_of_its_file_says(path: Path, number: int) -> None:
    vector = tomllib.loads(path.read_text("utf-8"))["vectors"][number]
    device = Device(path.name, vector.get("model"))
    response = device.said.levels[0].response if device.said.levels else True
    for hexed in vector["writes"]:
        device.write(hexed, response=response)
    assert device.driven == vector["levels"]


def test_its_stop_stops_it() -> None:
    device = Device("flag-wand.toml")
    device.write("aa050703ff01ff")
    assert device.driven == [4, 0]
    device.write("aa060000000006")
    assert device.driven == [0, 0]


def test_a_stop_of_several_frames_stops_once_all_of_them_came(tmp_path: Path) -> None:
    said = (
        (INVENTED / "two-models.toml")
        .read_text("utf-8")
        .replace('["A0 00 00", "A1 00"]', '["B0", "B1"]')
    )
    file = tmp_path / "two.toml"
    file.write_text(said, encoding="utf-8")
    device = Device(str(file), "two-large")
    device.write("a00102")
    device.write("b0")
    assert device.driven == [1, 2, 0]
    device.write("b1")
    assert device.driven == [0, 0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        "aa050703ff01fe",
        "aa05070300 01 00",
        "aa050703ff02fc",
        "aa05ff03ff0107",
        "aa050703ff01",
        "00",
    ],
    ids=["checksum", "flag", "bits", "above the strongest", "too short", "another"],
)
def test_a_frame_that_its_file_cannot_give_changes_nothing(wrong: str) -> None:
    device = Device("flag-wand.toml")
    device.write("aa050703ff01ff")
    device.write(wrong)
    assert device.driven == [4, 0]


def test_a_request_where_the_file_writes_without_is_refused() -> None:
    with pytest.raises(AttError):
        Device("wild-wand.toml").write("00", response=True)


def test_one_that_notifies_acknowledges_what_asks_for_no_response() -> None:
    assert Notify("00000003-0020-4bd4-bbd5-000000000000", b"\x06") in Device(
        "wild-wand.toml"
    ).write("566962726174653a31303b", response=False)


def test_a_step_more_is_one_step_and_never_above_the_strongest() -> None:
    device = Device("keyed-bed.toml")
    for _ in range(5):
        device.write("e50812")
    assert device.driven == [3, 0]
    device.write("e5809a")
    assert device.driven == [2, 0]


def test_a_level_ends_with_its_lease() -> None:
    device = Device("woken-wand.toml")
    device.write("3232323219191919", response=False)
    assert device.firmware.next_poll_s() == 3.0
    device.see(device.firmware.poll(2.9))
    assert device.driven == [50, 25]
    device.see(device.firmware.poll(3.0))
    assert device.driven == [0, 0]


@pytest.mark.parametrize(("name", "after"), [("woken-wand.toml", 0), ("plain-wand.toml", 3)])
def test_a_lost_link_stops_what_its_file_says_it_stops(name: str, after: int) -> None:
    device = Device(name)
    if after:
        device.write("5a0359")
    else:
        device.write("3232323219191919", response=False)
    device.see(device.firmware.disconnected(1.0))
    assert device.driven[0] == after


def test_it_answers_the_words_that_its_file_waits_for_and_says_what_it_reads() -> None:
    device = Device("pin-bed.toml")
    told = device.write("1e0300060000")
    assert Notify("1112", bytes.fromhex("1e01")) in told
    assert device.firmware.read("1112", 0.0) == b"\x01"


def test_it_is_advertised_so_that_its_file_recognises_it() -> None:
    advertisement = Device("woken-wand.toml").firmware.advertisement
    assert advertisement.name == "Woken 1"
    assert advertisement.manufacturer_data == {93: bytes.fromhex("000027d5")}


# -------------------------------------------------------------------------------- what it refuses


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (IN_PYTHON, 'codec = "truegear" is written in Python'),
        (TALKS, "a firmware made from a file says nothing unasked"),
    ],
)
def test_what_no_file_can_say_is_refused_in_one_line(name: str, line: str) -> None:
    with pytest.raises(ValueError, match=line) as refusal:
        read_file(INVENTED / name)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("family = ", "is no TOML"),
        ("family = 1", "no massager file"),
        ("model = []\n", "no massager file"),
        ("chars = 1\n[[model]]\nname = 'a'\nactuators = [{ steps = 1 }]\n", "no massager file"),
    ],
)
def test_what_is_no_massager_file_is_refused_in_one_line(
    content: str, line: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=line) as refusal:
        read_file(path)
    assert "\n" not in str(refusal.value)


def test_a_model_that_is_not_in_the_file_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="no model two-tiny; there are two-small, two-large"):
        catalogue.build(f"{INVENTED / 'two-models.toml'}#two-tiny")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none.toml: cannot be read: No such file"):
        catalogue.build(str(tmp_path / "none.toml"))


@pytest.mark.parametrize(
    "line",
    ["", "{}", "{2}", "{what}", "XY", "{nibbles 0}", "{on 0}", "{bits 5}", "00*600", "{0 y2}"],
)
def test_a_line_that_it_does_not_understand_is_refused(line: str) -> None:
    with pytest.raises(LineError):
        frame(line, [Motor(9), Motor(9)])


def test_only_levels_go_into_a_line_of_text() -> None:
    with pytest.raises(LineError, match="only levels"):
        text("Vibrate:{all};", [Motor(9)])


# -------------------------------------------------------------------------------------- on the air


async def test_a_file_is_a_model_of_the_simulator() -> None:
    path = str(INVENTED / "two-models.toml")
    async with simulate_in_memory([path, f"{path}#two-large", "reference-cape"]) as air:
        assert list(air.addresses) == ["two-small", "two-large", "reference-cape"]


def test_one_on_a_cable_is_found_by_its_model() -> None:
    path = str(INVENTED / "cable-pad.toml")
    assert catalogue.found_at(path, "C0:00") == "cable-pad@C0:00"
    assert catalogue.found_at(str(INVENTED / "plain-wand.toml"), "C0:00") == "C0:00"


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("cable-pad.toml", [b"M0:7\r", b"M1:255\r"]),
        ("cable-pad.toml", [b"M0:7\r", b"noise"]),
        ("plain-wand.toml", [bytes.fromhex("5a0a50"), bytes.fromhex("5a005a")]),
    ],
)
def test_a_stream_is_cut_where_the_frames_of_its_file_end(name: str, pieces: list[bytes]) -> None:
    assert frames(read_file(INVENTED / name), b"".join(pieces)) == pieces
