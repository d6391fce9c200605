"""People: their own words, their answers, and forgetting them for good."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.ledger import files
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerLocked
from devicehub.safety.past import NOTHING_YET, Exposure, Received
from tests.unit.ledger.moments import DAY_S, Computer

USED = Exposure({("rhomboid", "left"): Received(60.0, 5.0)}, 60.0)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger.in_memory() as ledger:
        yield ledger


@pytest.fixture
def computer() -> Computer:
    return Computer()


@pytest.mark.parametrize("name", ["A", "Zoë van den Berg", "北京", "☺", "O'Neil; --", "x" * 40])
def test_a_name_is_the_persons_own_words(name: str, ledger: Ledger) -> None:
    ledger.add(name, 0.5, "en", "limits")
    person = ledger.person(f" {name} ".casefold())
    assert (person.name, person.language) == (name, "en")
    assert (ledger.ceiling(name), ledger.table(name)) == (0.5, "limits")


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "two\nlines", "bell\a", "\u200b"])
def test_what_cannot_be_shown_is_no_name(name: str, ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="must be 1 to 40 printable characters"):
        ledger.add(name)


@pytest.mark.parametrize("ceiling", [0.0, -0.1, 1.01, float("nan"), float("inf")])
def test_a_ceiling_is_a_part(ceiling: float, ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="must be above 0 and at most 1"):
        ledger.add("Ann", ceiling)


@pytest.mark.parametrize("name", ["Zoë", "ZOË", "Zoe\u0308", " zoë ", "\uff3aoë"])
def test_nobody_gets_a_second_day_by_writing_their_name_differently(
    name: str, ledger: Ledger
) -> None:
    ledger.add("Zoë")
    with pytest.raises(UsageError, match="somebody of that name is known"):
        ledger.add(name)


def test_people_are_listed_by_name(ledger: Ledger) -> None:
    for name in ("Cid", "ann", "Bob"):
        ledger.add(name)
    assert [person.name for person in ledger.people()] == ["ann", "Bob", "Cid"]


def test_answers_are_kept_with_their_moment_until_the_next_ones(
    ledger: Ledger, computer: Computer
) -> None:
    ledger.add("Ann")
    assert ledger.answers("Ann") is None
    ledger.screen("Ann", {"fever": "no"}, computer.now)
    then = computer.now
    assert ledger.answers("Ann") == ({"fever": "no"}, then)
    ledger.screen("Ann", {"fall": "no"}, computer.wait(5.0))
    assert ledger.answers("Ann") == ({"fall": "no"}, computer.now)


def test_each_person_has_a_past_of_their_own(ledger: Ledger, computer: Computer) -> None:
    ledger.add("Ann")
    ledger.add("Bob")
    ledger.end(ledger.begin("Ann", computer.now), USED, computer.now)
    ledger.discomfort("Ann", severe=True, now=computer.now)
    assert ledger.past("Bob", computer.now) == NOTHING_YET


def test_what_forgotten_people_received_counts_for_whoever_is_added_next_until_a_day_has_passed(
    ledger: Ledger, computer: Computer
) -> None:
    ledger.add("Bob")
    ledger.add("Ann")
    ledger.end(ledger.begin("Ann", computer.now), USED, computer.now)
    ledger.discomfort("Ann", severe=True, now=computer.now)
    ledger.forget("Ann", computer.wait(60.0))
    for name in ("Ann", "Cid"):
        ledger.add(name)
        past = ledger.past(name, computer.now)
        assert (past.exposure.places, past.sessions) == (USED.places, 1)
        assert (past.severe_ago_s, past.severe_acknowledged) == ((60.0,), False)
    assert ledger.past("Bob", computer.now) == NOTHING_YET
    computer.wait(DAY_S)
    ledger.begin("Bob", computer.now)
    assert ledger.past("Cid", computer.now) == NOTHING_YET


def test_of_several_who_are_forgotten_each_ones_last_session_is_kept_apart(
    ledger: Ledger, computer: Computer
) -> None:
    for name, lasts_s in (("Ann", 60.0), ("Ann", 1200.0), ("Bob", 30.0)):
        if name not in [person.name for person in ledger.people()]:
            ledger.add(name)
        session = ledger.begin(name, computer.now)
        ledger.end(session, Exposure(active_s=lasts_s), computer.wait(lasts_s))
    ledger.forget("Ann", computer.now)
    ledger.forget("Bob", computer.wait(10.0))
    ledger.add("Cid")
    past = ledger.past("Cid", computer.now)
    assert past.sessions == 3
    assert (past.last_ended_ago_s, past.last_active_s) == (10.0, 30.0)
    assert sorted(past.forgotten) == [(10.0, 30.0), (40.0, 1200.0)]
    ledger.end(ledger.begin("Cid", computer.now), Exposure(active_s=1.0), computer.wait(1.0))
    past = ledger.past("Cid", computer.now)
    assert (past.last_active_s, sorted(past.forgotten)) == (1.0, [(11.0, 30.0), (41.0, 1200.0)])


def test_a_session_of_somebody_forgotten_may_have_ended_just_now(
    ledger: Ledger, computer: Computer
) -> None:
    ledger.add("Ann")
    ledger.end(ledger.begin("Ann", computer.now), Exposure(active_s=5.0), computer.now)
    ledger.forget("Ann", computer.wait(0.5))
    ledger.add("Cid")
    assert ledger.past("Cid", computer.now).forgotten == ((0.5, 5.0),)


def test_nobody_can_be_asked_about_who_is_forgotten(ledger: Ledger, computer: Computer) -> None:
    ledger.add("Ann")
    ledger.forget("Ann", computer.now)
    assert ledger.people() == ()
    for ask in (ledger.person, ledger.answers, ledger.ceiling):
        with pytest.raises(SafetyRefusal, match="Ann: nobody of that name is known"):
            ask("Ann")


def test_bytes_that_are_no_text_are_nobodys_name(ledger: Ledger) -> None:
    with pytest.raises(SafetyRefusal, match="nobody of that name is known"):
        ledger.person("\udcff")


def bytes_around(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_forgetting_leaves_no_byte_of_a_name_or_an_answer(
    tmp_path: Path, computer: Computer
) -> None:
    path = tmp_path / "ledger.sqlite"
    traces = [b"Wilhelmina", b"wilhelmina", b"serious_wound", b"strict table", b"tlh"]
    with Ledger.open(path) as ledger:
        ledger.add("Bob")
        ledger.add("Wilhelmina", 0.4, "tlh", "a strict table")
        ledger.screen("Wilhelmina", {"serious_wound": "no"}, computer.now)
        ledger.end(ledger.begin("Wilhelmina", computer.now), USED, computer.now)
        assert all(trace in bytes_around(path) for trace in traces)
        ledger.forget("Wilhelmina", computer.now)
        assert [trace for trace in traces if trace in bytes_around(path)] == []
        assert b"Bob" in bytes_around(path)
    assert [trace for trace in traces if trace in bytes_around(path)] == []


def test_forgetting_writes_the_file_anew_so_that_older_traces_go_too(
    tmp_path: Path, computer: Computer
) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    with closing(sqlite3.connect(path)) as careless:
        careless.executescript("""
            PRAGMA secure_delete = OFF;
            CREATE TABLE old AS SELECT 'Wilhelmina' AS name;
            DROP TABLE old;
        """)
    with Ledger.open(path) as ledger:
        ledger.add("Ann")
        assert b"Wilhelmina" in bytes_around(path)
        ledger.forget("Ann", computer.now)
        assert b"Wilhelmina" not in bytes_around(path)


def test_forgetting_says_when_another_program_keeps_traces_alive(
    tmp_path: Path, computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_S", 0.01)
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add("Wilhelmina")
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM person").fetchall()
            with pytest.raises(LedgerLocked, match="another program reads the ledger"):
                ledger.forget("Wilhelmina", computer.now)
        assert ledger.people() == ()
    assert b"elmina" not in bytes_around(path)
