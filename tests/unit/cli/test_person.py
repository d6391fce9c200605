"""`devicehub person`: add, screen, show, acknowledge, forget."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli.accounts import account_of
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerLocked
from devicehub.ledger.locks import person_lock
from devicehub.ledger.repair import renew
from devicehub.safety import limits as safety_limits
from devicehub.safety.past import Exposure, Received
from devicehub.safety.screening import questions
from tests.unit.cli.shell import Said, here

USED = Exposure(
    {("rhomboid", "left"): Received(300.0, 1.0), ("spine_lumbar", "midline"): Received(30.0, 0.1)},
    active_s=330.0,
    class_s={"surface_vibration": 330.0},
)


class Shell:
    """A user who has a home of their own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Said:
        return here(self._capsys, "person", *words)


@pytest.fixture
def person(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return Shell(capsys)


class Terminal(io.StringIO):
    """Lines that somebody types."""

    def isatty(self) -> bool:
        return True


def types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def answers(tmp_path: Path, **but: str) -> str:
    """Return a file that answers every question with no but some."""
    given = {question.id: "no" for question in questions(safety_limits.load())} | but
    file = tmp_path / "answers.toml"
    file.write_text("".join(f'{key} = "{value}"\n' for key, value in given.items() if value))
    return str(file)


def first(kind: str) -> str:
    return next(q.id for q in questions(safety_limits.load()) if q.kind == kind)


def test_nobody_is_known_at_first(person: Shell) -> None:
    assert person("list") == Said(0, "Nobody is known yet: devicehub person add NAME\n", "")
    assert person("list", "--json").out == ""


def test_a_person_is_added_and_told_what_is_next(person: Shell) -> None:
    said = person("add", "Ann Lee", "--ceiling", "0.6")
    assert said == Said(0, 'Ann Lee is known. Next: devicehub person screen "Ann Lee"\n', "")
    assert "Ann Lee" in person("list").out
    unanswered = 'questions not answered: devicehub person screen "Ann Lee"'
    assert unanswered in person("list").out
    assert json.loads(person("list", "--json").out) == {
        "name": "Ann Lee",
        "ceiling": 0.6,
        "answered_ago_s": None,
        "session_refused": [unanswered],
        "restrictions": None,
    }


def test_own_limits_are_kept_and_only_tighten(person: Shell, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("[zones.rhomboid]\nmax_daily_s = 300.0\n")
    assert person("add", "Ann", "--limits", str(file)).code == 0
    file.write_text("[zones.rhomboid]\nmax_daily_s = 1e6\n")
    said = person("add", "Bob", "--limits", str(file))
    assert said.code in {2, 4}
    assert str(file) in said.err
    file.write_bytes(b"\xff")
    assert "is not text in UTF-8" in person("add", "Bob", "--limits", str(file)).err
    file.unlink()
    assert person("add", "Bob", "--limits", str(file)).err.startswith(f"devicehub: {file}: ")
    now = clock.now()
    with Ledger.open() as ledger:
        ledger.end(ledger.begin("Ann", now), USED, now)
    shown = json.loads(person("show", "Ann", "--json").out)
    assert shown["own_limits"]
    assert {used["zone"]: used["part_of_day"] for used in shown["used"]}["rhomboid"] == 1.0
    assert "their own table tightens them" in person("show", "Ann").out


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("add", "x" * 41), "must be 1 to 40 printable characters"),
        (("add", "Ann", "--ceiling", "nan"), "nan is not in the range 0<=x<=1"),
        (("add", "Ann", "--ceiling", "0"), "ceiling is 0: must be above 0 and at most 1"),
        (("screen", "Ann"), "Ann: nobody of that name is known"),
        (("show", "Ann"), "Ann: nobody of that name is known"),
        (("forget", "Ann", "--yes"), "Ann: nobody of that name is known"),
        (("acknowledge", "Ann"), "Ann: nobody of that name is known"),
    ],
)
def test_a_mistake_is_named(words: tuple[str, ...], wrong: str, person: Shell) -> None:
    said = person(*words)
    assert said.code in {2, 4}
    assert wrong in said.err
    assert said.err.count("\n") <= 2


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


def test_nobody_is_told_to_begin_whose_answers_refuse(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    assert (
        "  session    questions not answered: devicehub person screen" in person("show", "Ann").out
    )
    refusing = answers(tmp_path, pregnancy="yes", cancer_or_tumour="yes")
    person("screen", "Ann", "--answers", refusing)
    for said in (person("show", "Ann").out, person("list").out):
        assert "No session during a pregnancy." in said
        assert "No session with cancer or a tumour." in said
        assert "next" not in said
    for word in (("show", "Ann"), ("list",)):
        row = json.loads(person(*word, "--json").out)
        assert (len(row["session_refused"]), row["restrictions"]) == (2, None)


def test_what_answers_take_away_is_shown(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    person("screen", "Ann", "--answers", answers(tmp_path, osteochondrosis="yes"))
    said = person("show", "Ann").out
    assert "  with less  half strength: " in said
    assert "\n             15 minutes at most\n  next       may begin at any time" in said
    assert "With less: half strength: " in person("list").out
    row = json.loads(person("show", "Ann", "--json").out)
    assert (row["session_refused"], row["restrictions"]["max_total_s"]) == ([], 900)
    assert row["restrictions"]["forbidden"] == ["spine_cervical"]


def test_answers_that_are_too_old_say_how_to_give_them_again(
    person: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("add", "Ann")
    person("screen", "Ann", "--answers", answers(tmp_path))
    now = clock.now()
    later = replace(now, wall_s=now.wall_s + 90_000.0, boot_s=now.boot_s + 90_000.0)
    monkeypatch.setattr(clock, "now", lambda: later)
    said = person("show", "Ann").out
    assert "  session    No session: the answers are older than 24 h" in said
    assert "`devicehub person screen Ann`" in said


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


@pytest.mark.parametrize("text", [b"not toml", b"\xff"])
def test_a_file_that_is_not_toml_is_named(text: bytes, person: Shell, tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    file.write_bytes(text)
    person("add", "Ann")
    said = person("screen", "Ann", "--answers", str(file))
    assert (said.code, f"{file}: is not TOML" in said.err) == (2, True)


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


def test_show_tells_what_the_day_has_left(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann", "--ceiling", "0.5")
    person("screen", "Ann", "--answers", answers(tmp_path))
    now = clock.now()
    with Ledger.open() as ledger:
        ledger.end(ledger.begin("Ann", now), USED, now)
    said = person("show", "Ann")
    assert "  ceiling    50%" in said.out
    assert "  questions  answered 0 s ago, expires in 24:00 h" in said.out
    assert "  sessions   1 within 24 h, 5:30 min active, the last one ended 0 s ago" in said.out
    assert "  next       The last session was a short while ago: the next one in " in said.out
    rhomboid, spine = (line for line in said.out.splitlines() if "█" in line or "·" in line)
    assert rhomboid.startswith("  Rhomboids, left ")
    assert rhomboid.endswith("5:00 min")
    assert spine.startswith("  Lumbar spine, midline   ")
    shown = json.loads(person("show", "Ann", "--json").out)
    assert [(used["zone"], used["seconds"]) for used in shown["used"]] == [
        ("rhomboid", 300.0),
        ("spine_lumbar", 30.0),
    ]
    assert all(0.0 < used["part_of_day"] < 1.0 for used in shown["used"])


def test_a_severe_report_locks_until_it_is_acknowledged(
    person: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("add", "Ann")
    person("screen", "Ann", "--answers", answers(tmp_path))
    assert "nothing to acknowledge" in person("acknowledge", "Ann").out
    with Ledger.open() as ledger:
        ledger.discomfort("Ann", severe=True, now=clock.now())
    assert "devicehub person acknowledge Ann" in person("show", "Ann").out
    types(monkeypatch, "n")
    assert person("acknowledge", "Ann").code == 1
    types(monkeypatch, "y")
    assert person("acknowledge", "Ann").code == 0
    said = person("show", "Ann")
    assert "acknowledge" not in said.out
    assert "  next       It hurt: the next session in 60 minutes." in said.out


def test_forgetting_asks_and_says_what_remains(
    person: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("add", "Ann")
    now = clock.now()
    with Ledger.open() as ledger:
        ledger.end(ledger.begin("Ann", now), USED, now)
    types(monkeypatch, "n")
    assert person("forget", "Ann").code == 1
    assert "Ann" in person("list").out
    said = person("forget", "Ann", "--yes")
    assert (said.code, "Ann is forgotten." in said.out) == (0, True)
    assert "counts for whoever is added on this computer meanwhile" in said.out
    assert "What people forgotten here today received counts" in person("add", "Bob").out


def test_nobody_is_forgotten_during_their_session(person: Shell) -> None:
    person("add", "Ann")
    with person_lock("Ann"):
        said = person("forget", "Ann", "--yes")
    assert (said.code, "Ann is in another session" in said.err) == (4, True)


def test_after_a_new_ledger_one_reason_is_told_and_no_history_made_up(
    person: Shell, tmp_path: Path
) -> None:
    person("list")
    (tmp_path / "devicehub" / "ledger" / "ledger.sqlite").write_text("damaged")
    renew(clock.now())
    why = "a new ledger was started, nobody plays before 24:00 h have passed"
    added = person("add", "Ann").out
    assert (f"But {why}." in added, "forgotten" in added) == (True, False)
    person("screen", "Ann", "--answers", answers(tmp_path))
    shown = person("show", "Ann").out
    assert shown.endswith(f"  next       {why}\n")
    assert "sessions" not in shown
    row = json.loads(person("show", "Ann", "--json").out)
    assert (row["waits"], row["sessions"], row["used"]) == ([why], 0, [])
    assert row["locked_for_s"] > 86_000


async def test_playing_on_a_new_ledger_is_refused_for_that_reason_alone(
    person: Shell, tmp_path: Path
) -> None:
    person("list")
    (tmp_path / "devicehub" / "ledger" / "ledger.sqlite").write_text("damaged")
    renew(clock.now())
    person("add", "Ann")
    with pytest.raises(LedgerLocked, match="nobody plays for another 24"):
        async with account_of("Ann", lambda: 0.0):
            pass


def test_a_ledger_that_is_locked_refuses_with_its_two_lines(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    file = tmp_path / "devicehub" / "ledger" / "ledger.sqlite"
    file.write_text("damaged")
    said = person("list")
    assert (said.code, said.err.count("\n")) == (4, 2)
    assert str(file) in said.err
