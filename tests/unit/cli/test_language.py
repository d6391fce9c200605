"""In which language people are spoken to: an option, a variable, a setting, English."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from devicehub.cli import language
from devicehub.config import places
from devicehub.safety import limits as safety_limits
from devicehub.safety.conditions import REFUSE
from devicehub.safety.screening import questions
from profiles import catalogue, loader
from profiles.text import Text
from tests.unit.cli.persons import Shell, answers, types
from tests.unit.cli.shell import here

CYRILLIC = re.compile("[\\u0400-\\u04ff]")
TITLE = loader.load(catalogue.path("taster")).title
assert isinstance(TITLE, Text)
Settings = Callable[[str], Path]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Write this user's settings; they have none before."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(language.VARIABLE, raising=False)

    def write(text: str) -> Path:
        path = places.default_path()
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_questions_are_asked_in_russian_and_answered_on_its_keys(
    person: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = questions(safety_limits.load())
    person("add", "Ann")
    types(monkeypatch, "кажется", "назад", "да", "назад", *["н", "нет"] * len(asked))
    said = person("screen", "Ann", "--language", "ru")
    assert said.code == 0
    assert f"Вопросы для Ann, на ближайшие 24 часа: {len(asked)}." in said.out
    assert "'кажется' - не ответ: нужно «да» или «нет»" in said.out
    assert [each.id for each in asked if each.text.in_("ru") not in said.out] == []
    assert said.out.endswith("Ничто не мешает сеансу в пределах ограничений.\n")


def test_what_stands_against_a_session_is_said_in_russian(person: Shell, tmp_path: Path) -> None:
    refusing = [each for each in safety_limits.load().conditions.values() if each.action == REFUSE]
    person("add", "Ann")
    file = answers(tmp_path, **{each.id: "yes" for each in refusing})
    said = person("screen", "Ann", "--answers", file, "--language", "ru")
    assert said.code == 4
    assert said.err.removeprefix("devicehub: ").splitlines() == [
        each.refusal.in_("ru") for each in refusing
    ]


def test_what_the_answers_take_away_is_said_in_russian(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    file = answers(tmp_path, osteochondrosis="yes")
    said = person("screen", "Ann", "--answers", file, "--language", "ru")
    assert said.code == 0
    assert "  в половину силы: " in said.out
    assert "  не дольше 15 минут" in said.out


def test_the_file_of_answers_can_be_had_in_russian_and_is_the_same_file(person: Shell) -> None:
    english, russian = (
        person("screen", "Ann", "--template", "--language", each).out for each in ("en", "ru")
    )
    assert [line for line in english.splitlines() if not line.startswith("#")] == [
        line for line in russian.splitlines() if not line.startswith("#")
    ]
    assert not CYRILLIC.search(english)
    assert "#  gluteal             Ягодицы" in russian


def test_a_setting_holds_where_no_option_and_no_variable_says_otherwise(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert language.usual() == "en"
    settings('language = "ru"\n')
    assert language.usual() == "ru"
    assert here(capsys, "profiles", "show", "taster").out.startswith(f"{TITLE.in_('ru')}, ")
    shown = here(capsys, "profiles", "show", "taster", "--language", "en").out
    assert shown.startswith("Taster")
    monkeypatch.setenv(language.VARIABLE, "en")
    assert here(capsys, "profiles", "show", "taster").out.startswith("Taster")


@pytest.mark.parametrize("words", [("profiles", "show", "taster"), ("person", "screen", "Ann")])
def test_a_language_that_nobody_speaks_here_is_one_line(
    words: tuple[str, ...], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    path = settings('language = "de"\n')
    said = here(capsys, *words)
    assert (said.code, said.out) == (2, "")
    assert said.err == f'devicehub: {path}: language = \'de\': must be "en" or "ru"\n'


def test_settings_with_another_mistake_hinder_nobody(settings: Settings) -> None:
    settings("language = \n")
    assert language.usual() == "en"
