"""The ledger's file: made whole, looked over, locked when it cannot be trusted, replaced."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from devicehub.errors import UsageError
from devicehub.ledger import files, store
from devicehub.ledger.folder import folder, ledger_path
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerDamaged, LedgerLocked
from devicehub.ledger.repair import condition, renew
from devicehub.safety.past import Exposure, Received
from tests.unit.ledger.moments import DAY_S, Computer

ANN = "Ann"
USED = Exposure({("rhomboid", "left"): Received(60.0, 5.0)}, 60.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger that knows a person who had a session."""
    path = tmp_path / "ledger.sqlite"
    now = Computer().now
    with Ledger.open(path) as ledger:
        ledger.add(ANN)
        ledger.end(ledger.begin(ANN, now), USED, now)
    return path


def sql(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statements)


def overwrite(path: Path, at: int, with_: bytes) -> None:
    with path.open("r+b") as raw:
        raw.seek(at)
        raw.write(with_)


def be_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def leave_the_log_alone(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}-wal"))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda p: p.write_bytes(b""), "not a ledger of devicehub"),
    "text": (lambda p: p.write_text("hello " * 100), "cannot be read .file is not a database"),
    "cut": (lambda p: os.truncate(p, 4096), "malformed|damaged"),
    "overwritten": (lambda p: overwrite(p, 4096, b"\xff" * 3000), "malformed|damaged"),
    "folder": (be_a_folder, "cannot be"),
    "log alone": (leave_the_log_alone, "gone, and only its log is left"),
    "foreign": (lambda p: sql(p, "PRAGMA application_id = 7"), "not a ledger of devicehub"),
    "newer": (lambda p: sql(p, "PRAGMA user_version = 2"), "is of version 2, must be 1"),
    "table lost": (lambda p: sql(p, "DROP TABLE reserved"), "tables are not as they should be"),
    "table added": (lambda p: sql(p, "CREATE TABLE more (n)"), "tables are not as they should"),
    "row torn out": (
        lambda p: sql(p, "PRAGMA foreign_keys = OFF; DELETE FROM session"),
        "tables are not as they should be",
    ),
    "value": (
        lambda p: sql(p, "PRAGMA ignore_check_constraints = ON; UPDATE anchor SET clock_s = -1"),
        r"the ledger is damaged \(CHECK constraint failed in anchor\)$",
    ),
    "unfinished": (lambda p: files.unfinished(p).touch(), "begun here and not finished"),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", DAMAGE)
def test_a_ledger_that_cannot_be_trusted_locks_with_a_way_out(kind: str, file: Path) -> None:
    damage, words = DAMAGE[kind]
    damage(file)
    with pytest.raises(LedgerDamaged, match=f"(?m){words}") as caught:
        Ledger.open(file)
    first, way_out = str(caught.value).splitlines()
    assert first.startswith(f"{file}: ")
    assert way_out.startswith("devicehub doctor --new-ledger keeps this file aside")
    assert caught.value.exit_code == 4
    assert condition(Computer().now, file).trouble == str(caught.value)


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_new_ledger_keeps_the_old_aside_and_is_locked_for_a_day(kind: str, file: Path) -> None:
    DAMAGE[kind][0](file)
    computer = Computer()
    aside = renew(computer.now, file)
    assert all(".damaged-1" in old.name and old.exists() for old in aside)
    with Ledger.open(file) as ledger:
        ledger.add("Bob")
        past = ledger.past("Bob", computer.wait(DAY_S - 1.0))
        assert (past.sessions, past.exposure.active_s) == (DAY_S, DAY_S)
        assert past.exposure.places["rhomboid", "left"] == Received(DAY_S, DAY_S)
        with pytest.raises(LedgerLocked, match="nobody plays for another"):
            ledger.begin("Bob", computer.now)
        with pytest.raises(LedgerLocked, match="nobody plays for another"):
            ledger.refuse_lost(computer.now)
        assert ledger.locked_for_s(computer.now) == 1.0
        assert condition(computer.now, file).locked_for_s == 1.0
        computer.wait(1.0)
        assert ledger.locked_for_s(computer.now) == 0.0
        ledger.refuse_lost(computer.now)
        assert ledger.past("Bob", computer.now).sessions == 0
        ledger.begin("Bob", computer.now)


def test_a_second_damaged_ledger_is_kept_beside_the_first(file: Path) -> None:
    for number in (1, 2):
        file.write_text("damaged")
        (aside,) = renew(Computer().now, file)
        assert aside.name == f"ledger.sqlite.damaged-{number}"


def test_a_sound_ledger_is_not_replaced(file: Path) -> None:
    with pytest.raises(UsageError, match="is sound"):
        renew(Computer().now, file)
    assert condition(Computer().now, file).people == 1


def test_a_ledger_that_is_not_there_is_a_fresh_start(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    assert condition(Computer().now, path).trouble is None
    assert not path.exists()
    with Ledger.open(path) as ledger:
        assert ledger.people() == ()


def test_what_was_written_is_there_in_the_next_process(file: Path) -> None:
    with Ledger.open(file) as ledger:
        assert ledger.past(ANN, Computer().now).exposure.places == USED.places


def test_only_this_user_may_look_at_it(file: Path) -> None:
    file.chmod(0o644)
    with Ledger.open(file) as ledger:
        ledger.past(ANN, Computer().now)
        log = files.log_of(file)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (file, log)}
    assert modes == {0o600}
    folder().chmod(0o755)
    assert stat.S_IMODE(ledger_path().parent.stat().st_mode) == 0o700


def test_it_is_synced_with_every_change_and_deletes_for_good(file: Path) -> None:
    with closing(store.opened(file)) as kept, kept.untimed() as db:
        right = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 2000}
        for pragma, value in right.items():
            assert db.execute(f"PRAGMA {pragma}").fetchone() == (value,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_it_may_be_used_from_another_thread(file: Path) -> None:
    with Ledger.open(file) as ledger, ThreadPoolExecutor(1) as other:
        assert [person.name for person in other.submit(ledger.people).result()] == [ANN]


def test_a_second_writer_waits_and_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BUSY_S", 0.01)
    with Ledger.open(file) as ledger, closing(store.opened(file)) as other:  # noqa: SIM117 - order
        with other.untimed(), pytest.raises(LedgerLocked, match="another program is writing"):
            ledger.past(ANN, Computer().now)


def test_who_makes_it_second_keeps_the_first_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    files.make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Ledger.open(path) as first:
        first.add(ANN)
    files.make(path)
    with Ledger.open(path) as second:
        assert [person.name for person in second.people()] == [ANN]
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_no_space_means_no_reservation_and_nothing_half_written(file: Path) -> None:
    computer = Computer()
    many = {(f"zone {n}", side): Received(1.0, 1.0) for n in range(500) for side in ("l", "r")}
    kept = store.opened(file)
    with Ledger(kept) as ledger:
        session = ledger.begin(ANN, computer.now)
        ledger.reserve(session, Exposure(), USED, computer.now)
        before = ledger.past(ANN, computer.now)
        with kept.untimed() as db:
            (pages,) = db.execute("PRAGMA page_count").fetchone()
        with kept.untimed() as db:
            db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LedgerLocked, match="no space is left for the ledger, so nothing is"):
            ledger.reserve(session, Exposure(many, 9.0), Exposure(many), computer.now)
        assert ledger.past(ANN, computer.now) == before
    assert condition(Computer().now, file).trouble is None


def test_a_copy_of_the_files_while_it_is_open_has_all_that_was_written(
    file: Path, tmp_path: Path
) -> None:
    computer = Computer()
    copy = tmp_path / "copy" / file.name
    copy.parent.mkdir()
    with Ledger.open(file) as ledger:
        session = ledger.begin(ANN, computer.now)
        ledger.reserve(session, Exposure(), USED, computer.now)
        for each in files.leftovers(file):
            shutil.copy(each, copy.with_name(each.name))
    with Ledger.open(copy) as ledger:
        seconds = ledger.past(ANN, computer.now).exposure.places["rhomboid", "left"].seconds
    assert seconds == 120.0
