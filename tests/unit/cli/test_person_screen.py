"""`devicehub person screen`: the questions, on a terminal and from a file."""

from pathlib import Path

import pytest

from devicehub.ledger.ledger import Ledger
from devicehub.safety import limits as safety_limits
from devicehub.safety.screening import questions
from tests.unit.cli.persons import Shell, answers, first, types
from tests.unit.cli.shell import Said


def test_answers_from_a_file_say_what_follows(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    said = person("screen", "Ann", "--answers", answers(tmp_path))
    assert said == Said(0, "Nothing stands against a session within the limits.\n", "")
    assert "answered 0 s ago, expires in 24:00 h" in person("list").out
    said = person("screen", "Ann", "--answers", answers(tmp_path, osteochondrosis="yes"))
    assert said.code == 0
    assert "A session is possible, with less:" in said.out
    assert "  half strength: " in said.out
    assert "  15 minutes at most" in said.out


def test_an_answer_that_stands_against_a_session_is_kept_and_refuses(
    person: Shell, tmp_path: Path
) -> None:
    person("add", "Ann")
    said = person("screen", "Ann", "--answers", answers(tmp_path, pregnancy="yes"))
    assert said.code == 4
    with Ledger.open() as ledger:
        found = ledger.answers("Ann")
    assert found is not None
    assert found[0]["pregnancy"] == "yes"


def test_all_mistakes_in_a_file_are_named_at_once(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    file = answers(tmp_path, pregnancy="", osteochondrosis="maybe", pregnanci="no")
    said = person("screen", "Ann", "--answers", file)
    assert said.code == 2
    lines = said.err.splitlines()
    assert len(lines) == 3
    assert 'osteochondrosis: \'maybe\' is no answer: must be "yes" or "no"' in lines[0]
    assert "pregnanci is no question; did you mean pregnancy?" in lines[1]
    assert 'pregnancy has no answer: "no" or "yes" to: ' in lines[2]
    with Ledger.open() as ledger:
        assert ledger.answers("Ann") is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (b"not toml", "is not TOML"),
        (b"\xff", "is not text in UTF-8"),
        (b"pregnancy = " + b"[" * 9000, "is nested too deep"),
        (b"pregnancy = " + b"{a=" * 9000, "is nested too deep"),
        (b"pregnancy = 1" + b"0" * 9000, "is not TOML: Exceeds the limit"),
        (b"#" * 65537, "is larger than 64 kB"),
    ],
)
def test_a_file_that_holds_no_answers_is_named_in_one_line(
    text: bytes, wrong: str, person: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "answers.toml"
    file.write_bytes(text)
    person("add", "Ann")
    said = person("screen", "Ann", "--answers", str(file))
    assert (said.code, f"{file}: {wrong}" in said.err, said.err.count("\n")) == (2, True, 1)


def test_an_answer_that_is_nested_without_end_is_named_in_one_line(
    person: Shell, tmp_path: Path
) -> None:
    file = answers(tmp_path, pregnancy="@")
    text = Path(file).read_text(encoding="utf-8")
    deep = "pregnancy." + ".".join("a" * 3000) + " = 1"
    Path(file).write_text(text.replace('pregnancy = "@"', deep), encoding="utf-8")
    person("add", "Ann")
    said = person("screen", "Ann", "--answers", file)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "pregnancy: {'a': " in said.err


def test_questions_are_asked_one_by_one_and_enter_is_no_answer(
    person: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = questions(safety_limits.load())
    person("add", "Ann")
    types(monkeypatch, "", "perhaps", *["n"] * len(asked))
    said = person("screen", "Ann")
    assert said.code == 0
    assert f"{len(asked)} questions for Ann, for the next 24 h." in said.out
    assert "'perhaps' is no answer" in said.out
    assert said.out.endswith("Nothing stands against a session within the limits.\n")


def test_who_does_not_answer_to_the_end_has_not_answered(
    person: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("add", "Ann")
    types(monkeypatch, "n", "n")
    assert person("screen", "Ann").code == 1
    with Ledger.open() as ledger:
        assert ledger.answers("Ann") is None


def test_nothing_is_asked_without_a_terminal(person: Shell) -> None:
    person("add", "Ann")
    assert "give the answers with --answers FILE" in person("screen", "Ann").err
    assert "there is no terminal to ask on: give --yes" in person("forget", "Ann").err


def test_a_zone_question_shows_the_zones_with_their_plain_names(
    person: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = questions(safety_limits.load())
    at = [question.id for question in asked].index(first("zones"))
    person("add", "Ann")
    tries = ["?", "yes", "glutaeal", "gluteal, spine_lumbar"]
    types(monkeypatch, *["n"] * at, *tries, *["n"] * (len(asked) - at - 1))
    said = person("screen", "Ann")
    assert said.code == 0
    assert said.out.count("  gluteal             Seat\n") == len(tries) - 1
    assert said.out.count("a zone means both of its sides") == len(tries) - 1
    assert "'glutaeal' is no answer: must be \"no\" or zone ids; did you mean gluteal?" in said.out
    assert "'?' is no answer" not in said.out
    assert "unknown" not in said.out
    assert "  nothing moves: Seat; lumbar spine, midline\n" in said.out


def test_b_goes_one_question_back(person: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = questions(safety_limits.load())
    person("add", "Ann")
    types(monkeypatch, "b", "y", "b", "n", *["n"] * (len(asked) - 1))
    said = person("screen", "Ann")
    assert said.out.count(asked[0].text) == 3
    assert said.out.count(asked[1].text) == 2
    assert said.out.endswith("Nothing stands against a session within the limits.\n")


def test_the_template_asks_everything_and_answers_nothing(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    template = person("screen", "Ann", "--template").out
    for question in questions(safety_limits.load()):
        assert f'# {question.text}\n{question.id} = ""\n' in template
    file = tmp_path / "answers.toml"
    file.write_text(template)
    assert person("screen", "Ann", "--answers", str(file)).code == 2
    file.write_text(template.replace('""', '"no"'))
    assert person("screen", "Ann", "--answers", str(file)).code == 0


def test_zones_may_be_a_list(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    file = Path(answers(tmp_path, burn="@"))
    file.write_text(file.read_text().replace('"@"', '["gluteal", "rhomboid"]'))
    said = person("screen", "Ann", "--answers", str(file))
    assert "  nothing moves: Seat; rhomboids\n" in said.out


@pytest.mark.parametrize(
    ("key", "value", "right"),
    [
        ("pregnancy", "false", 'pregnancy: false is no answer: write "no", in quotes'),
        ("burn", "true", 'burn: true is no answer: write "yes", in quotes, or zones'),
        ("burn", "[]", "burn: [] is no answer: must be "),
        ("burn", "[1]", "burn: [1] is no answer: must be "),
        ("burn", '["back"]', "burn: 'back' is no answer: must be \"no\" or zone ids"),
        ("pregnancy", '["no"]', 'pregnancy: [\'no\'] is no answer: must be "yes" or "no"'),
    ],
)
def test_a_value_of_another_type_is_told_what_to_write(
    key: str, value: str, right: str, person: Shell, tmp_path: Path
) -> None:
    person("add", "Ann")
    file = Path(answers(tmp_path, **{key: "@"}))
    file.write_text(file.read_text().replace('"@"', value))
    said = person("screen", "Ann", "--answers", str(file))
    assert (said.code, right in said.err) == (2, True)


def test_a_file_that_is_not_there_is_a_mistake_of_the_user(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    file = tmp_path / "none.toml"
    said = person("screen", "Ann", "--answers", str(file))
    assert said == Said(2, "", f"devicehub: {file}: No such file or directory\n")
