"""What `devices new` asks, and the file that comes of it."""

import pytest
from bleak.backends.device import BLEDevice

from devicehub.cli.new_file import SOURCE, Description, slug, text_of
from devicehub.cli.new_questions import ask_all, yes
from devicehub.massagers.family import check_vectors
from devicehub.massagers.library import load_text
from devicehub.radio.exploring import Stranger, Writable
from devicehub.safety.limits import load
from tests.unit.cli.persons import types

SERVICE = "0000fff0-0000-1000-8000-00805f9b34fb"
WAND = ("1", "10", "5A {0} {xor}", "5A 00 {xor}", "y", "handheld_vibration", "my-wand")


def description() -> Description:
    device = BLEDevice("C0:00:00:00:00:01", "Plain 1", None)
    stranger = Stranger(device.address, "Plain 1", -50, (SERVICE,), ((7, b"\x01\x02\x03"),), device)
    return Description(stranger, Writable("0000fff1-0000-1000-8000-00805f9b34fb", response=True))


def asked(monkeypatch: pytest.MonkeyPatch, *lines: str) -> tuple[Description, bool]:
    types(monkeypatch, *lines)
    said = description()
    return said, ask_all(said, load())


def test_the_answers_are_a_file_that_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    said, done = asked(monkeypatch, *WAND)
    assert done
    family = load_text(text_of(said), "my-wand.toml")
    check_vectors(family)
    wand = family.massagers["my-wand"]
    assert wand.needs_zone
    assert wand.steps == (10,)
    assert wand.stimulus_class == "handheld_vibration"
    assert wand.stops_on_disconnect == "unknown"
    assert wand.identify.names == ("Plain 1",)
    assert wand.identify.manufacturer is not None
    assert [vector.writes for vector in family.vectors] == [
        (bytes.fromhex("5a015b"),),
        (bytes.fromhex("5a0a50"),),
    ]
    assert text_of(said).count(SOURCE) == 2


def test_what_nobody_knows_is_the_strictest(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("2", "3", "text A{0},{1};", "text A0,0;", "n", "unknown", "gluteal, latissimus", "")
    said, done = asked(monkeypatch, *lines, "my-pad")
    assert done
    pad = load_text(text_of(said), "my-pad.toml").massagers["my-pad"]
    assert [place.zones for place in pad.layout.places] == [("unknown",), ("gluteal", "latissimus")]
    assert pad.stimulus_class == "percussive"


def test_b_goes_back_to_the_question_before(monkeypatch: pytest.MonkeyPatch) -> None:
    said, done = asked(monkeypatch, "1", "5", "b", "10", *WAND[2:])
    assert done
    assert said.steps == 10


def test_b_at_the_first_question_goes_back_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asked(monkeypatch, "b")[1]


def test_b_among_motors_goes_back_to_the_motor_before(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("2", "3", "A0 {0} {1}", "A0 00 00", "n", "gluteal", "b", "latissimus", "gluteal")
    said, done = asked(monkeypatch, *lines, "unknown", "my-pad")
    assert done
    assert said.zones == ["latissimus", "gluteal"]


def test_a_wrong_answer_says_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ("0", "1", "ten", "10", "5A {1}", "00", "5A {0}", "5A {0}", "5A 00", "n", "nowhere")
    _, done = asked(monkeypatch, *lines, "gluteal", "soft", "unknown", "My Wand", "my-wand")
    told = capsys.readouterr().out
    assert done
    assert "'0': must be a whole number from 1 to 32" in told
    assert "'ten': must be a whole number from 1 to 255" in told
    assert "no such actuator" in told
    assert "may not carry levels" in told
    assert "'nowhere': must be ids of zones" in told
    assert "'soft': must be one of" in told
    assert "'My Wand': must be small letters, digits and -, such as my-wand" in told


@pytest.mark.parametrize(("name", "model"), [("LVS-Wand 3", "lvs-wand-3"), ("☀", "my-massager")])
def test_a_name_that_is_advertised_becomes_one_of_a_model(name: str, model: str) -> None:
    assert slug(name) == model


def test_who_answers_neither_yes_nor_no_is_told_what_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    types(monkeypatch, "perhaps", "Y")
    assert yes("Is it in the hand?")
    assert "  perhaps: say y or n\n" in capsys.readouterr().out
