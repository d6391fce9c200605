"""Sentences break between words at the edge of a terminal; pipes get whole lines."""

import pytest

from devicehub.cli import wrapping
from devicehub.i18n.words import Words
from profiles.text import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [80, 100])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_cut(
    language: Language, columns: int
) -> None:
    said = Words.of(language).word("first_session", left=3, minutes=10)
    folded = wrapping.folded(said, "  [ ] ", columns).splitlines()
    assert len(folded) > 1
    assert max(map(len, folded)) <= columns
    assert all(line.startswith(" " * 6) for line in folded[1:])
    assert " ".join(line.strip() for line in folded) == f"[ ] {said}"


def test_what_is_no_terminal_gets_whole_lines(capsys: pytest.CaptureFixture[str]) -> None:
    wrapping.say("word " * 60 + "end", "- ")
    assert capsys.readouterr().out == f"- {'word ' * 60}end\n"


def test_a_list_on_a_terminal_hangs_below_its_first_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "24")
    assert wrapping.fitted("Before:\n  - one two three four five") == (
        "Before:\n  - one two three four\n    five"
    )
