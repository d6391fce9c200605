"""`devicehub person`: add, list, acknowledge, forget."""

import json
from pathlib import Path

import pytest

from devicehub.cli.accounts import firsts_of
from devicehub.ledger import clock
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locks import person_lock
from tests.unit.cli.persons import USED, Shell, answers, types
from tests.unit.cli.shell import Said


def test_nobody_is_known_at_first(person: Shell) -> None:
    assert person("list") == Said(0, "Nobody is known yet: devicehub person add NAME\n", "")
    assert person("list", "--json").out == ""


def test_a_person_is_added_and_told_what_is_next(person: Shell) -> None:
    said = person("add", "Ann Lee", "--ceiling", "0.6")
    first, softer = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert first == 'Ann Lee is known. Next: devicehub person screen "Ann Lee"'
    assert softer == "The first 3 sessions are softer: every cap is halved."
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
    missing = person("add", "Bob", "--limits", str(file))
    assert missing == Said(2, "", f"devicehub: {file}: No such file or directory\n")
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


def test_first_sessions_are_told_shown_and_forgotten(person: Shell) -> None:
    assert "The first 3 sessions are softer" in person("add", "Ann").out
    firsts_of("Ann").completed(600.0, 600.0)
    assert "  first      every cap is halved, sessions left: 2" in person("show", "Ann").out
    assert json.loads(person("show", "Ann", "--json").out)["first_sessions_left"] == 2
    person("forget", "Ann", "--yes")
    person("add", "Ann")
    assert "sessions left: 3" in person("show", "Ann").out


def test_nobody_is_forgotten_during_their_session(person: Shell) -> None:
    person("add", "Ann")
    with person_lock("Ann"):
        said = person("forget", "Ann", "--yes")
    assert (said.code, "Ann is in another session" in said.err) == (4, True)


def test_a_ledger_that_is_locked_refuses_with_its_two_lines(person: Shell, tmp_path: Path) -> None:
    person("add", "Ann")
    file = tmp_path / "devicehub" / "ledger" / "ledger.sqlite"
    file.write_text("damaged")
    said = person("list")
    assert (said.code, said.err.count("\n")) == (4, 2)
    assert str(file) in said.err


def test_own_limits_that_are_wrong_hide_nobody_from_the_list(person: Shell) -> None:
    with Ledger.open() as ledger:
        ledger.add("Ann", table="[zones.rhomboid]\nmax_daily_s = 1e6\n")
        ledger.add("Bob")
    ann, bob = person("list").out.splitlines()
    assert "No session: limits of Ann" in ann
    assert "questions not answered" in bob
