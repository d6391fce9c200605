"""`profiles new`: a few answers become a file that is right and can be gone on from."""

import tomllib
from itertools import product
from pathlib import Path

import pytest

from devicehub.cli.profiles_new import free_in
from profiles import loader
from profiles.draft import CHOICES, DRAWN, PLACES, STRENGTHS, Draft, Strength, level_of, text_of
from profiles.techniques import TECHNIQUES
from tests.every import every_row
from tests.unit.cli.persons import types
from tests.unit.cli.shell import Said, devicehub, here
from tests.unit.cli.test_terminal import terminal

ANSWERS = (
    *("Garden back", "For a back that has bent down.", "prone", "6"),
    *("lower back, seat", "tapping, stroking, kneading", "medium"),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "made.toml"


def made(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *answers: str,
    file: Path | str = "-",
) -> Said:
    types(monkeypatch, *answers)
    return here(capsys, "profiles", "new", str(file))


def test_input_that_ends_too_early_is_told_with_the_missing_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = made(monkeypatch, capsys, "Garden back", "For gardeners.")
    assert said.code == 2
    assert "the input ended before an answer to: How does one sit or lie?" in said.err


@pytest.mark.wallclock
def test_answers_from_a_pipe_are_a_profile_that_passes_check(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = devicehub("profiles", "new", str(file), stdin="\n".join(ANSWERS) + "\n")
    assert (said.code, said.out) == (0, "")
    assert here(capsys, "profiles", "check", str(file)).code == 0


def test_the_file_has_what_was_answered(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(monkeypatch, capsys, *ANSWERS, file=file).code == 0
    profile = loader.load(file)
    assert (profile.title, profile.posture, profile.duration_s) == ("Garden back", "prone", 360.0)
    assert profile.purpose == "For a back that has bent down."
    assert [phase.technique for phase in profile.phases] == ["stroking", "kneading", "tapping"]
    assert profile.zones == ("paraspinal_lumbar", "gluteal")


def test_every_key_of_a_technique_is_there_as_a_comment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = made(monkeypatch, capsys, *ANSWERS).out
    assert "# rate_hz = 0.3  # a number from 0.2 to 0.5, presses a second" in text
    for key in ("return_zones", "speed_cm_s", "circles", "presses", "touches"):
        assert f"\n# {key} =" in text


def test_empty_answers_take_what_stands_in_brackets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = made(monkeypatch, capsys, *[""] * 7)
    assert said.code == 0
    assert loader.load_text(said.out, "-").title == "My massage"


def test_an_answer_that_is_none_is_asked_again_with_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ("x" * 81, "A", "", "flying", "s", "seated", "nan", "31", "30", "elbow", "axilla")
    said = made(monkeypatch, capsys, *wrong, "rhomboid", "envelope", "hold", "")
    assert said.code == 0
    assert said.err.count(": must be ") == 8
    assert "'31': must be a number from 1 to 30" in said.err
    assert tomllib.loads(said.out)["phase"][0]["zones"] == ["rhomboid"]


def test_answers_that_end_too_soon_write_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made(monkeypatch, capsys, *ANSWERS[:3], file=file).code == 2
    assert not file.exists()


def test_a_file_that_is_there_is_refused_before_the_first_question(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("mine", "utf-8")
    said = made(monkeypatch, capsys, *ANSWERS, file=file)
    assert said.code == 2
    assert "is there already" in said.err
    assert "called" not in said.err
    assert file.read_text("utf-8") == "mine"


def test_a_name_of_its_own_making_is_one_that_is_free(tmp_path: Path) -> None:
    assert free_in(tmp_path, "Garden, back!") == tmp_path / "garden-back.toml"
    (tmp_path / "garden-back.toml").touch()
    (tmp_path / "garden-back-2.toml").touch()
    assert free_in(tmp_path, "Garden, back!") == tmp_path / "garden-back-3.toml"
    assert free_in(tmp_path, "?!").name == "my-massage.toml"


@every_row(product(PLACES, STRENGTHS))
def test_any_answers_are_a_profile(place: str, strength: Strength) -> None:
    draft = Draft('A "b" \\ c', "д", "seated", 1.0, PLACES[place], CHOICES, strength)
    profile = loader.load_text(text_of(draft), "draft.toml")
    assert [phase.technique for phase in profile.phases] == [*CHOICES]


def test_every_technique_but_the_drawn_one_can_be_chosen_at_usual_levels() -> None:
    assert {*CHOICES} == {*TECHNIQUES} - {DRAWN}
    for name in CHOICES:
        least, most = TECHNIQUES[name].usual
        assert all(least <= level_of(name, strength) <= most for strength in STRENGTHS)


@pytest.mark.wallclock
def test_it_asks_on_a_terminal(file: Path) -> None:
    with terminal("profiles", "new", str(file)) as shown:
        for question in ("called?", "for?", "lie?", "minutes?", "lower back]", "vibration]"):
            shown.until(question)
            shown.press("\r")
        shown.until("[gentle]")
        shown.press("\r")
        shown.until("wrote")
        assert shown.ended() == 0
    assert loader.load(file).title == "My massage"
