"""The store of the ledger: its file, looked over at every opening and written synced.

One connection, one transaction a change, one writer at a time. The time of the ledger is kept
here too: with every change it moves on by what has surely passed since the last one.
"""

import math
import os
import sqlite3
import stat
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from devicehub.ledger.files import (
    APPLICATION_ID,
    VERSION,
    address,
    connect,
    lay_out,
    log_of,
    make,
    unfinished,
)
from devicehub.ledger.locked import LedgerLocked, damaged, in_words, unwritten
from devicehub.ledger.moment import Moment

_TABLES = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
_SAFE = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 100",  # pages: what is deleted does not linger in a long log
    "PRAGMA trusted_schema = OFF",
)


class Store:
    """An open ledger file, or one in memory.

    Attributes:
        where: The file, for messages.
    """

    def __init__(self, db: sqlite3.Connection, where: str) -> None:
        self._db = db
        self.where = where
        for pragma in _SAFE:
            db.execute(pragma)

    @contextmanager
    def change(self, now: Moment) -> Generator[tuple[sqlite3.Connection, float]]:
        """Yield the database in a transaction, and the ledger's time; synced when it returns.

        Raises:
            LedgerLocked: It could not be written; nothing of it was.
        """
        if not all(map(math.isfinite, (now.wall_s, now.boot_s))):
            raise LedgerLocked(f"{self.where}: the clock of this computer makes no sense: {now}")
        with self.untimed() as db:
            yield db, _advance(db, now)

    @contextmanager
    def untimed(self) -> Generator[sqlite3.Connection]:
        """Yield the database in a transaction that leaves the ledger's time as it is.

        Raises:
            LedgerLocked: It could not be written; nothing of it was.
        """
        with in_words(self.where):
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            finally:
                if self._db.in_transaction:
                    with suppress(sqlite3.Error):
                        self._db.execute("ROLLBACK")

    def scrub(self) -> None:
        """Write the file anew, so that nothing of what was deleted is left in it or its log.

        Raises:
            LedgerLocked: Another program uses the ledger, or it cannot be written.
        """
        with in_words(self.where):
            self._db.execute("VACUUM")
            busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LedgerLocked(
                f"{self.where}: another program reads the ledger, so its log keeps what was "
                "deleted\nend that program, and the log goes with it"
            )

    def close(self) -> None:
        """Close it; what was changed is on disk already."""
        self._db.close()


def in_memory() -> Store:
    """Return a store that ends with the process."""
    db = connect(":memory:")
    lay_out(db)
    return Store(db, "the ledger in memory")


def copied(path: Path) -> Store:
    """Return a store in memory with what the one in `path` holds, if there is one.

    Nothing is written, not even the files that the database keeps while it is open.

    Raises:
        LedgerLocked: The file is damaged, of somebody else, or cannot be read.
    """
    if not _whole(path):
        return in_memory()
    # Only with a log may somebody else be writing; without one the database would make it.
    mode = "ro" if log_of(path).exists() else "still"
    with in_words(str(path)), closing(connect(address(path, mode))) as kept:
        return _looked_over(connect(":memory:"), path, kept.backup)


def opened(path: Path) -> Store:
    """Return the store in `path`; one that is not there is made.

    Raises:
        LedgerLocked: The file is damaged, of somebody else, or cannot be opened.
    """
    try:
        if not _whole(path):
            make(path)
        if not stat.S_ISREG(path.lstat().st_mode):
            raise damaged(str(path), "it cannot be used: this is no ordinary file")
        path.chmod(0o600)
    except OSError as error:
        way_out = "make file and folder writable, and some space on this disk"
        raise unwritten(str(path), str(error.strerror), way_out) from error
    with in_words(str(path)):
        return _looked_over(connect(address(path)), path)


def _whole(path: Path) -> bool:
    """Say whether there is a ledger.

    Raises:
        LedgerLocked: There is a part of one.
    """
    if unfinished(path).exists():
        raise damaged(str(path), "a new ledger was begun here and not finished")
    if os.path.lexists(path):
        return True
    if log_of(path).exists():
        raise damaged(str(path), "the ledger is gone, and only its log is left")
    return False


def _looked_over(
    db: sqlite3.Connection,
    path: Path,
    fill: Callable[[sqlite3.Connection], None] = lambda _: None,
) -> Store:
    """Return the store in `db`, once it is filled, or close `db` if it cannot be trusted."""
    with ExitStack() as unless_sound:
        unless_sound.callback(db.close)
        fill(db)
        _check(db, path)
        kept = Store(db, str(path))
        unless_sound.pop_all()
        return kept


def _check(db: sqlite3.Connection, path: Path) -> None:
    application, version = _one(db, "PRAGMA application_id"), _one(db, "PRAGMA user_version")
    if application != APPLICATION_ID:
        raise damaged(str(path), "this file is not a ledger of devicehub")
    if version != VERSION:
        raise damaged(str(path), f"the ledger is of version {version}, must be {VERSION}")
    verdict = _one(db, "PRAGMA integrity_check(1)")
    if verdict != "ok":
        raise damaged(str(path), f"the ledger is damaged ({' '.join(str(verdict).split())})")
    with closing(connect(":memory:")) as right:
        lay_out(right)
        tables = right.execute(_TABLES).fetchall()
    if (
        db.execute(_TABLES).fetchall() != tables
        or db.execute("PRAGMA foreign_key_check").fetchone()
    ):
        raise damaged(str(path), "the ledger is damaged (its tables are not as they should be)")


def _one(db: sqlite3.Connection, query: str) -> object:
    (value,) = db.execute(query).fetchone()
    return value


def _advance(db: sqlite3.Connection, now: Moment) -> float:
    """Move the ledger's time on by what has surely passed; return it.

    A wall clock that had been wrong is forgotten with the first look after it was set right. The
    boot clock never goes back here, so no second counts twice.
    """
    found = db.execute("SELECT clock_s, wall_s, boot_s, boot_id FROM anchor").fetchone()
    if found is None:
        at = (now.wall_s, now.boot_s, now.boot_id)
        db.execute("INSERT INTO anchor VALUES (1, 0, ?, ?, ?, NULL)", at)
        return 0.0
    last = Moment(*found[1:])
    clock_s: float = found[0] + now.since(last)
    boot_s = max(now.boot_s, last.boot_s) if now.boot_id == last.boot_id else now.boot_s
    db.execute(
        "UPDATE anchor SET clock_s = ?, wall_s = ?, boot_s = ?, boot_id = ?",
        (clock_s, now.wall_s, boot_s, now.boot_id),
    )
    return clock_s
