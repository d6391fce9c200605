"""Disks that are full, files that cannot be opened: each is told in words, with a way out."""

import os
import resource
import sqlite3
import stat
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from devicehub.ledger import files, store
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerDamaged, LedgerLocked
from tests.unit.ledger.moments import Computer


@contextmanager
def only(kind: int, most: int) -> Generator[None]:
    """Let this process have no more of something than `most` for a moment."""
    before = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(kind, before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def told(path: Path, error: Exception, words: str, way_out: str) -> None:
    """Judge that `error` names file, trouble and way out, in two lines."""
    assert str(error) == f"{path}: {words}, so nothing is played\n{way_out}, then try again"


def test_a_ledger_that_cannot_be_made_for_want_of_space_leaves_nothing(path: Path) -> None:
    with only(resource.RLIMIT_FSIZE, 5000), pytest.raises(LedgerLocked) as caught:
        Ledger.open(path)
    told(path, caught.value, "the ledger cannot be written (disk I/O error)", "report this")
    assert not isinstance(caught.value, LedgerDamaged)
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "ledger.sqlite"
    with pytest.raises(LedgerLocked) as caught:
        Ledger.open(path)
    way_out = "make file and folder writable, and some space on this disk"
    told(path, caught.value, "No such file or directory", way_out)


def test_what_lies_in_the_way_of_a_new_ledger_is_not_written_into(path: Path) -> None:
    other = path.with_name("other")
    other.write_text("mine")
    path.with_name(f"{path.name}.{os.getpid()}.new").symlink_to(other)
    with pytest.raises(FileExistsError):
        files.make(path)
    assert other.read_text(encoding="ascii") == "mine"
    files.make(path)  # it was removed
    assert path.exists()


def test_a_new_ledger_is_its_users_alone_from_the_first_byte_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: set[int] = set()

    def connect(where: str) -> sqlite3.Connection:
        modes.update(stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir())
        return connected(where)

    connected = files.connect
    monkeypatch.setattr(files, "connect", connect)
    files.make(path)
    assert modes == {0o600}


def test_a_slip_of_this_program_is_not_taken_for_damage(path: Path) -> None:
    """Nobody is told to put a sound ledger aside."""
    ledger = Ledger.open(path)
    ledger.close()
    with pytest.raises(LedgerLocked) as caught:
        ledger.past("Ann", Computer().now)
    told(path, caught.value, "this program used the ledger wrongly", "report this")
    assert not isinstance(caught.value, LedgerDamaged)


def test_a_ledger_in_memory_says_that_it_is_one() -> None:
    ledger = Ledger.in_memory()
    ledger.close()
    with pytest.raises(LedgerLocked, match=r"^the ledger in memory: this program used"):
        ledger.people()


def test_a_file_is_not_written_anew_while_another_program_writes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_S", 0.01)
    with closing(store.opened(path)) as kept, closing(store.opened(path)) as other:  # noqa: SIM117 - order
        with other.untimed(), pytest.raises(LedgerLocked) as caught:
            kept.scrub()
    told(path, caught.value, "another program is writing to the ledger", "wait until it ends")


def test_who_cannot_be_forgotten_yet_is_told_what_to_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BUSY_S", 0.01)
    with closing(store.opened(path)) as kept, closing(sqlite3.connect(path)) as reader:
        with kept.untimed() as db:
            db.execute("INSERT INTO body (forgotten_s) VALUES (NULL)")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM body").fetchall()
        with pytest.raises(LedgerLocked) as caught:
            kept.scrub()
    assert str(caught.value) == (
        f"{path}: another program reads the ledger, so its log keeps what was deleted\n"
        "end that program, and the log goes with it"
    )


class Stuck:
    """A database in which nothing can be undone any more."""

    in_transaction = True

    def execute(self, statement: str) -> None:
        if statement == "ROLLBACK":
            raise sqlite3.OperationalError("disk I/O error")


def test_what_went_wrong_is_told_even_where_it_cannot_be_undone() -> None:
    stuck: Any = Stuck()
    with pytest.raises(ZeroDivisionError), store.Store(stuck, "it").untimed():
        raise ZeroDivisionError
