"""`devicehub devices check`, and files of one's own wherever massagers are known."""

import json
from pathlib import Path

import pytest

from devicehub.massagers.shelf import own_folder
from tests.unit.cli.shell import here
from tests.unit.massagers.test_whitelist import INVENTED

PLAIN = (INVENTED / "plain-wand.toml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own_folder().mkdir(parents=True)
    return own_folder()


def put(folder: Path, name: str, text: str = PLAIN) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_file_that_is_right_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "devices", "check", str(INVENTED / "sum-bed.toml"))
    assert said.code == 0
    assert "ok, sum-bed: Bed of sums" in said.out
    assert "2 motors, steps 0 to 3" in said.out
    assert "diffuse vibration" in said.out
    assert "on nothing" in said.out


def test_a_file_that_says_it_was_tried_is_only_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "devices", "check", str(INVENTED / "switch-mat.toml"))
    assert "on hardware, says the file" in said.out


def test_every_mistake_of_every_file_is_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = put(folder, "broken.toml", PLAIN.replace('"fff1"', '"fff"').replace("10 }", "0 }"))
    right = put(folder, "right.toml")
    none = str(folder / "none.toml")
    said = here(capsys, "devices", "check", broken, right, none)
    assert said.code == 2
    assert "ok, plain-wand" in said.out
    lines = said.err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [broken, broken, none]
    assert any('chars.tx.uuid = "fff": must be a UUID' in line for line in lines)


def test_two_files_of_ones_own_that_are_alike_are_a_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "a.toml")
    twin = put(folder, "b.toml")
    said = here(capsys, "devices", "check", twin)
    assert said.code == 2
    assert "must differ from plain-wand of a.toml" in said.err


def test_as_json_a_file_is_an_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = put(folder, "broken.toml", "family = ")
    plain = str(INVENTED / "plain-wand.toml")
    said = here(capsys, "devices", "check", "--json", plain, broken)
    right, wrong = [json.loads(line) for line in said.out.splitlines()]
    assert right["mistakes"] == []
    assert right["models"][0]["model"] == "plain-wand"
    assert right["models"][0]["needs_zone"] is True
    assert len(wrong["mistakes"]) == 1


# ------------------------------------------------------------------------ wherever they are known


def test_one_of_ones_own_is_listed_shown_and_encoded(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "plain.toml")
    assert "plain-wand" in here(capsys, "devices", "list").out
    assert "Plain wand" in here(capsys, "devices", "show", "plain-wand").out
    assert "5a 03 59" in here(capsys, "devices", "encode", "plain-wand", "3").out


@pytest.mark.exhaustive
def test_one_of_ones_own_plays_on_a_firmware_made_of_its_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(folder, "plain.toml")
    tape = tmp_path / "tape.jsonl"
    play = ("play", "taster", "--device", "sim:plain-wand", "--zone", "gluteal", "--speed", "max")
    said = here(capsys, *play, "--tape", str(tape))
    assert said.code == 0
    rows = [json.loads(line) for line in tape.read_text("utf-8").splitlines()]
    assert rows[0] == {"t": 0.0, "kind": "device", "model": "plain-wand", "actuators": 1}
    motor = [row["level"] for row in rows if row["kind"] == "motor"]
    assert max(motor) > 0
    assert motor[-1] == 0


@pytest.mark.exhaustive
def test_a_file_that_is_named_plays_without_standing_in_the_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(INVENTED / "sum-bed.toml")
    said = here(capsys, "play", "taster", "--device", f"sim:{file}", "--speed", "max")
    assert said.code == 0
    assert "sim:sum-bed: stopped, confirmed" in said.out


def test_what_no_firmware_can_be_made_of_is_refused_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(INVENTED / "track-vest.toml")
    said = here(capsys, "play", "taster", "--device", f"sim:{file}", "--zone", "gluteal")
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert "is written in Python" in said.err


def test_a_wrong_file_is_told_once_by_play_and_the_rest_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = put(folder, "broken.toml", "family = ")
    play = ("play", "taster", "--device", "sim:reference-cape", "--dry-run")
    said = here(capsys, *play)
    assert said.code == 0
    assert said.err == (
        f"devicehub: {broken}: a mistake, so what it describes is not known "
        f"(devicehub devices check {broken})\n"
    )


def test_the_doctor_names_a_wrong_file_and_how_to_see_what_is_wrong(folder: Path) -> None:
    from devicehub.cli.doctor_checks import OK, PROBLEM, own_massagers  # noqa: PLC0415

    assert own_massagers() == []
    put(folder, "plain.toml")
    assert [finding.state for finding in own_massagers()] == [OK]
    broken = put(folder, "broken.toml", "family = ")
    (finding,) = own_massagers()
    assert finding.state == PROBLEM
    assert finding.fix == f"devicehub devices check {broken}"
