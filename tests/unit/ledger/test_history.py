"""The history: what happened is kept within bounds, and a damaged one hurts nobody."""

import math
import os
import sqlite3
import stat
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devicehub.errors import HubError
from devicehub.ledger import history as module
from devicehub.ledger.history import DAY_S, Bounds, History
from devicehub.ledger.history_rows import Past
from devicehub.messages import Event
from devicehub.outside import Happening, Severity

BOOT = "0badcafe"
NOW_S = 1_800_000_000.0


def happening(seq: int, wall_s: float = NOW_S, session: str | None = "one") -> Happening:
    event = Event(1.5, "phase", "seat", "1 of 2: vibration")
    return Happening(seq, wall_s, session, "seat", Severity.INFO, event)


def past(id_: str = "one", started_s: float = NOW_S) -> Past:
    said = {"kind": "summary", "played_s": 60.0}
    return Past(id_, BOOT, started_s, started_s + 60, "local", "taster", ("seat",), "stopped", said)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history" / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Generator[History]:
    kept, aside = History.open(path)
    assert aside is None
    yield kept
    kept.close()


def test_what_was_kept_is_read_by_another_program(history: History, path: Path) -> None:
    history.keep(BOOT, [happening(1), happening(2)], [past()])
    history.keep("another", [happening(1, session=None)])
    glance = History.glanced_at(path)
    assert glance.sessions() == (past(),)
    assert [(one.boot, one.happening) for one in glance.events("one")] == [
        (BOOT, happening(1)),
        (BOOT, happening(2)),
    ]
    assert len(glance.events()) == 3
    glance.close()


def test_the_events_of_a_run_are_read_from_a_number_on(history: History) -> None:
    history.keep(BOOT, [happening(seq) for seq in range(1, 6)])
    history.keep("another", [happening(9)])
    assert [one.seq for one in history.since(BOOT, 3)] == [4, 5]
    assert [one.seq for one in history.since(BOOT, 0, most=2)] == [1, 2]
    assert history.since("third", 0) == ()


def test_what_is_kept_twice_is_kept_once(history: History) -> None:
    history.keep(BOOT, [happening(1)], [past()])
    history.keep(BOOT, [happening(1), happening(2)], [past()])
    assert [one.seq for one in history.since(BOOT, 0)] == [1, 2]
    assert history.sessions() == (past(),)


SOUND = dict(
    zip(
        ("id", "boot", "started_s", "ended_s", "origin", "profile", "devices", "reason", "summary"),
        ("bad", BOOT, NOW_S, NOW_S, "local", "taster", "[]", "stopped", "{}"),
        strict=True,
    )
)
FELT = '{"felt": [{"zone": "gluteal", "peak": 0.5, "seconds": %s}]}'
NO_JSON = "must be sound JSON, not nested deeper than 20"


@pytest.mark.parametrize(
    ("column", "value", "wrong"),
    [
        ("devices", "x", f"devices {NO_JSON}"),
        ("devices", "[1]", "devices must be a list of ids"),
        ("started_s", 1e300, "started_s must be seconds since 1970, before the year 9999"),
        ("started_s", math.inf, "started_s must be seconds since 1970, before the year 9999"),
        ("ended_s", -1.0, "ended_s must be seconds since 1970, before the year 9999"),
        ("summary", "[" * 5000, f"summary {NO_JSON}"),
        ("summary", f'{{"x": {"[" * 30}{"]" * 30}}}', "summary must not be nested deeper than 20"),
        ("summary", "[]", "summary must be a JSON object"),
        ("summary", '{"played_s": Infinity}', f"summary {NO_JSON}"),
        ("summary", '{"played_s": 1e999}', f"summary {NO_JSON}"),
        ("summary", f'{{"played_s": 1{"0" * 5000}}}', f"summary {NO_JSON}"),
        ("summary", '{"title": "\\ud800"}', f"summary {NO_JSON}"),
        ("summary", '{"played_s": true}', "summary.played_s must be a number from 0 to 1e+09"),
        ("summary", FELT % '"x"', "summary.felt.seconds must be a number from 0 to 1e+09"),
        ("summary", FELT % "-1", "summary.felt.seconds must be a number from 0 to 1e+09"),
        (
            "summary",
            '{"felt": [{"zone": "gluteal", "seconds": 1}]}',
            "summary.felt.peak must be a number from 0 to 1",
        ),
        ("summary", '{"felt": [{}]}', "summary.felt.zone must be the id of a zone"),
        ("summary", '{"felt": 5}', "summary.felt must be a list of JSON objects"),
        ("summary", '{"devices": ["x"]}', "summary.devices must be a list of JSON objects"),
    ],
)
def test_a_session_that_makes_no_sense_is_told_and_hides_no_other(
    column: str, value: object, wrong: str, history: History, path: Path
) -> None:
    history.keep(BOOT, [], [past("one"), past("two")])
    with sqlite3.connect(path) as db:
        row = tuple((SOUND | {column: value}).values())
        db.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    db.close()
    for _ in range(2):
        assert {one.id for one in history.sessions()} == {"one", "two"}
    assert list(history.skipped) == [f"{path}: session 'bad' is left out: {wrong}"]


@pytest.mark.parametrize(
    ("column", "value", "wrong"),
    [
        ("wall_s", 1e300, "wall_s must be seconds since 1970, before the year 9999"),
        ("t_s", -1.0, "t_s must be a number from 0 to 1e+09"),
        ("severity", "loud", "severity must be one of info, warning, critical"),
    ],
)
def test_an_event_that_makes_no_sense_is_told_and_hides_no_other(
    column: str, value: object, wrong: str, history: History, path: Path
) -> None:
    history.keep(BOOT, [happening(1), happening(2)])
    with sqlite3.connect(path) as db:
        db.execute(f"UPDATE event SET {column} = ? WHERE seq = 2", (value,))  # noqa: S608 - ours
    db.close()
    assert [one.happening.seq for one in history.events()] == [1]
    assert history.since(BOOT, 0) == (happening(1),)
    assert list(history.skipped) == [f"{path}: event 2 of run '{BOOT}' is left out: {wrong}"]


def test_bytes_that_are_no_text_hide_no_row(history: History, path: Path) -> None:
    history.keep(BOOT, [], [past("one"), past("two")])
    with sqlite3.connect(path) as db:
        db.execute("UPDATE session SET profile = CAST(x'ff' AS TEXT) WHERE id = 'one'")
    db.close()
    assert {one.profile for one in history.sessions()} == {"taster", "\N{REPLACEMENT CHARACTER}"}


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_no_history(make: Callable[[Path], None], path: Path) -> None:
    path.parent.mkdir()
    make(path)
    for reach in (History.open, History.glanced_at):
        with pytest.raises(HubError, match=r"must be an ordinary file$"):
            reach(path)


def test_it_is_bounded_by_days_and_by_number(history: History) -> None:
    old_s = NOW_S - 3 * DAY_S
    history.keep(BOOT, [happening(1, old_s)], [past("old", old_s)])
    history.keep(BOOT, [happening(seq, NOW_S + seq) for seq in range(2, 300)])
    history.keep(BOOT, [], [past(f"s{n:02}", NOW_S + n) for n in range(15)])
    history.trim(Bounds(days=2, events=100), NOW_S)
    assert [one.seq for one in history.since(BOOT, 0)] == list(range(200, 300))
    assert [one.id for one in history.sessions()] == [f"s{n:02}" for n in range(14, 4, -1)]
    history.trim(Bounds(days=10, events=1000), NOW_S)
    assert len(history.since(BOOT, 0)) == 100


def test_nobody_else_can_read_it(history: History, path: Path) -> None:
    history.keep(BOOT, [happening(1)])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_column_is_for_a_person(history: History, path: Path) -> None:
    with sqlite3.connect(path) as db:
        columns = {
            row[1]
            for table in ("event", "session")
            for row in db.execute(f"PRAGMA table_info({table})")
        }
    db.close()
    assert not {column for column in columns if "person" in column or "body" in column}


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be taken for one" * 9, b"\0" * 4096]
)
def test_a_damaged_one_is_put_aside(content: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    kept, aside = History.open(path)
    kept.keep(BOOT, [happening(1)])
    assert aside == path.with_name("history.sqlite.damaged-1")
    assert aside is not None
    assert aside.read_bytes() == content
    assert len(kept.since(BOOT, 0)) == 1
    kept.close()


def test_what_was_put_aside_before_stays_there(path: Path) -> None:
    path.parent.mkdir()
    before = path.with_name("history.sqlite.damaged-1")
    before.write_bytes(b"before")
    path.write_bytes(b"no database at all")
    kept, aside = History.open(path)
    kept.close()
    assert (before.read_bytes(), aside) == (b"before", path.with_name(f"{path.name}.damaged-2"))


def test_one_that_cannot_be_written_beside_is_an_error_and_stays_where_it_is(path: Path) -> None:
    kept, _ = History.open(path)
    kept.close()
    path.with_name(f"{path.name}-wal").mkdir()
    with pytest.raises(HubError, match=r"history.sqlite: .* cannot be kept"):
        History.open(path)
    assert path.is_file()
    assert list(path.parent.glob("*damaged*")) == []


def test_a_damaged_one_is_not_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all")
    with pytest.raises(HubError, match="the history cannot be read"):
        History.glanced_at(path)


def test_it_lies_among_what_programs_keep_of_this_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept_in(name: str, **_options: object) -> Path:
        return tmp_path / name

    monkeypatch.setattr(module.platformdirs, "user_state_path", kept_in)
    assert module.place() == tmp_path / "devicehub" / "history" / "history.sqlite"


def test_of_what_fails_in_the_middle_nothing_is_kept(history: History) -> None:
    no_text: Any = object()
    with pytest.raises(HubError, match="the history cannot be kept"):
        history.keep(BOOT, [happening(1)], [replace(past(), profile=no_text)])
    history.keep(BOOT, [happening(2)])
    assert [one.seq for one in history.since(BOOT, 0)] == [2]


def test_a_page_that_is_torn_is_noticed(path: Path) -> None:
    kept, _ = History.open(path)
    kept.keep(BOOT, [happening(seq) for seq in range(1, 500)])
    kept.close()
    data = bytearray(path.read_bytes())
    data[4096:12288] = b"\xff" * 8192
    path.write_bytes(data)
    with pytest.raises(HubError, match="cannot be read"):
        History.glanced_at(path)
    again, aside = History.open(path)
    again.close()
    assert aside is not None


def test_a_database_of_another_program_is_left_to_it(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE theirs (one)")
    db.close()
    kept, aside = History.open(path)
    kept.close()
    assert aside is not None
    with sqlite3.connect(aside) as db:
        assert db.execute("SELECT * FROM theirs").fetchall() == []
    db.close()


def test_one_that_is_not_there_is_empty_and_not_made(path: Path) -> None:
    glance = History.glanced_at(path)
    assert (glance.sessions(), glance.events()) == ((), ())
    glance.close()
    assert not path.exists()


def test_a_folder_in_its_place_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(HubError, match="the history cannot be kept"):
        History.open(path)


def test_what_cannot_be_written_is_told_and_nothing_of_it_is_kept(
    history: History, path: Path
) -> None:
    history.keep(BOOT, [happening(1)])
    history._db.execute("PRAGMA query_only = ON")  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(HubError, match="the history cannot be kept"):
        history.keep(BOOT, [happening(2)], [past()])
    history._db.execute("PRAGMA query_only = OFF")  # pyright: ignore[reportPrivateUsage]
    history.keep(BOOT, [happening(3)])
    assert [one.seq for one in history.since(BOOT, 0)] == [1, 3]
    assert history.sessions() == ()
