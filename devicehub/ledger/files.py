"""The files of a ledger: what they are called, and how a new one is made, whole or not at all."""

import os
import sqlite3
from contextlib import closing, suppress
from importlib import resources
from pathlib import Path

from devicehub.ledger.locked import in_words
from devicehub.ledger.moment import Moment

APPLICATION_ID = 0x64684C67  # "dhLg"
VERSION = 1
BUSY_S = 2.0  # so long another program may write; a change takes milliseconds

_SCHEMA = resources.files("devicehub.ledger").joinpath("schema.sql").read_text(encoding="utf-8")


def make(path: Path, lost_at: Moment | None = None) -> None:
    """Make a new ledger, synced; it appears under its name when it is whole.

    Args:
        path: Where. If another program has just made it, that one stays.
        lost_at: The instant, if it replaces a ledger that was lost.

    Raises:
        OSError: There is no space or no right to.
        LedgerLocked: The database could not be written.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL, 0o600))
        with in_words(str(path)), closing(connect(address(fresh))) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            lay_out(db, lost_at)
        sync(fresh)
        _name(fresh, path)
    finally:
        for file in leftovers(fresh):
            file.unlink()
    sync(path.parent)


def _name(fresh: Path, path: Path) -> None:
    """Give the new file its name, unless another program was faster."""
    with suppress(FileExistsError):
        os.link(fresh, path)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on disk when it returns."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def log_of(path: Path) -> Path:
    """Return where the database writes ahead."""
    return path.with_name(f"{path.name}-wal")


def unfinished(path: Path) -> Path:
    """Return the mark of a new ledger that is being made in place of a lost one."""
    return path.with_name(f"{path.name}.unfinished")


def leftovers(path: Path) -> tuple[Path, ...]:
    """Return every file there is of a ledger."""
    every = (path, log_of(path), path.with_name(f"{path.name}-shm"), unfinished(path))
    return tuple(file for file in every if os.path.lexists(file))


def connect(where: str) -> sqlite3.Connection:
    """Connect; the ledger may be used from another thread, one call at a time."""
    return sqlite3.connect(
        where,
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def address(path: Path, mode: str = "rw") -> str:
    """Return how the database is told a file that is there.

    Args:
        path: The file.
        mode: "rw"; "ro" only reads; "still" only reads, and nobody writes meanwhile.
    """
    how = "immutable=1&mode=ro" if mode == "still" else f"mode={mode}"
    return f"{path.absolute().as_uri()}?{how}"


def lay_out(db: sqlite3.Connection, lost_at: Moment | None = None) -> None:
    """Write tables, marks and, after a loss, when that was, in one transaction."""
    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
    db.executescript(f"BEGIN; {marks} {_SCHEMA} COMMIT;")
    if lost_at is not None:
        at = (lost_at.wall_s, lost_at.boot_s, lost_at.boot_id)
        db.execute("INSERT INTO anchor VALUES (1, 0, ?, ?, ?, 0)", at)
