"""What there is to prepare is ticked off before anything moves on a person, in their language."""

from pathlib import Path

import pytest
from click.exceptions import Exit

from devicehub.cli import preparing, request, speech
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


@pytest.mark.parametrize(
    ("language", "asked", "wrong"),
    [
        ("en", "Is all of it done? [y/n]", "maybe: say y or n"),
        ("ru", "Всё готово? [д/н]", "maybe: нужно д или н"),
    ],
)
def test_who_answers_something_else_is_told_which_answers_there_are(
    language: Language, asked: str, wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    types(monkeypatch, "maybe", "да")
    preparing.tick_off(bundled("taster"), Words.of(language), done=False)
    said = capsys.readouterr().out
    assert (said.count(asked), said.count(wrong)) == (2, 1)


def test_who_breaks_it_off_while_asked_has_stopped_and_nothing_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    types(monkeypatch)
    with pytest.raises(Exit) as left:
        preparing.tick_off(bundled("taster"), Words.of("en"), done=False)
    assert left.value.exit_code == 0
    assert "Not begun: nothing has moved." in capsys.readouterr().out


def test_hands_need_not_look_where_the_massager_lies() -> None:
    profile, words = bundled("desk-break"), Words.of("en")
    with_motors, by_hand = (
        " ".join(preparing.steps(profile, words, tool=t)) for t in (None, "hands")
    )
    assert "массажёр" not in " ".join(preparing.steps(profile, Words.of("ru"), tool="hands"))
    assert ("massager" in with_motors, "massager" in by_hand) == (True, False)


def test_a_pillow_has_a_switch_of_its_own() -> None:
    steps = preparing.steps(bundled("taster"), Words.of("en"), tool="pillow")
    assert any("the massager's own switch" in step for step in steps)


@pytest.mark.usefixtures("on_a_terminal")
def test_a_guide_without_a_voice_asks_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("devicehub.cli.guiding.telling.on_terminal", lambda: True)
    monkeypatch.setattr(speech, "PROGRAMS", {})
    said = here(capsys, "play", "desk-break", "--device", "guide", "--speak")
    assert (said.code, "[ ]" in said.out, speech.NO_PROGRAM in said.err) == (2, False, True)


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
