"""What there is to prepare is ticked off before anything moves on a person, in their language."""

from pathlib import Path

import pytest

from devicehub.cli import preparing, request
from devicehub.errors import SafetyRefusal
from devicehub.i18n.words import Words
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from profiles import catalogue, loader
from profiles.handbook.loader import preparation
from profiles.model import Profile
from profiles.text import LANGUAGES, Language
from tests.unit.cli.persons import types
from tests.unit.cli.shell import here

Capture = pytest.CaptureFixture[str]
FAR = ("play", "taster", "--device", "Somewhere", "--air", "unix:/nowhere", "--person", "Ann")
NOT_BEGUN = "Not begun: prepare first"


def bundled(name: str) -> Profile:
    return loader.load(catalogue.path(name))


@pytest.fixture
def on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ann, who has answered the questions, sit at a terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(request, "on_terminal", lambda: True)
    with Ledger.open() as ledger:
        ledger.add("Ann")
        ledger.screen("Ann", {each.id: "no" for each in questions(load())}, clock.now())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_the_profile_is_shown_and_asked_for_once(
    language: Language, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    words, profile = Words.of(language), bundled("hands-guide")
    types(monkeypatch, "", "perhaps", "Y")
    preparing.tick_off(profile, words, done=False)
    said = capsys.readouterr().out
    steps = [preparation()[step] for step in profile.preparation]
    shown = [f"  [ ] {words.text(step.text)}" for step in steps if step.when == "before"]
    assert said.splitlines()[1 : 1 + len(shown)] == shown
    assert words.text(preparation()["wash_after"].text) not in said
    preparing.show_after(profile, words)
    assert words.text(preparation()["wash_after"].text) in capsys.readouterr().out


@pytest.mark.parametrize("word", ["n", "NO", "нет"])
def test_nothing_begins_that_is_not_prepared(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, word)
    with pytest.raises(SafetyRefusal, match=NOT_BEGUN):
        preparing.tick_off(bundled("taster"), Words.of("en"), done=False)


@pytest.mark.usefixtures("on_a_terminal")
def test_a_person_is_asked_before_a_massager_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    types(monkeypatch, "n")
    said = here(capsys, *FAR)
    assert (said.code, NOT_BEGUN in said.err) == (4, True)
    assert "connecting" not in said.out


@pytest.mark.usefixtures("on_a_terminal")
@pytest.mark.parametrize(("options", "refused"), [((), True), (("--yes",), False)])
def test_a_screen_without_a_keyboard_asks_for_a_word_on_the_command_line(
    options: tuple[str, ...], refused: bool, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(request, "on_terminal", lambda: False)
    monkeypatch.setattr(request, "shown", lambda: True)
    said = here(capsys, *FAR, *options)
    assert (refused, "connecting" in said.out) == (
        "standard input is no terminal" in said.err,
        not refused,
    )


@pytest.mark.usefixtures("on_a_terminal")
@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "every cap is halved. Such sessions left, this one included: 3."),
        ("ru", "все пределы вдвое ниже. Таких сеансов осталось, считая этот: 3."),
    ],
)
def test_who_is_new_to_it_is_told_why_it_is_softer(
    language: Language, line: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    types(monkeypatch, "n")
    assert line in here(capsys, *FAR, "--language", language).out


@pytest.mark.usefixtures("on_a_terminal")
def test_what_is_refused_anyway_need_not_be_prepared(capsys: Capture) -> None:
    said = here(capsys, *FAR[:-1], "Ben")
    assert (said.code, "nobody of that name is known" in said.err) == (4, True)
    assert "[ ]" not in said.out


@pytest.mark.usefixtures("on_a_terminal")
def test_who_says_yes_beforehand_is_not_asked(capsys: Capture) -> None:
    said = here(capsys, *FAR, "--yes")
    assert "  [x] Sit right back on a firm chair" in said.out
    assert "[y/n]" not in said.out
    assert NOT_BEGUN not in said.err
