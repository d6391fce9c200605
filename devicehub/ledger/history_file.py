"""The file of a history: made, opened, looked over, and put aside when it is damaged."""

import errno
import sqlite3
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

from devicehub.errors import HubError

APPLICATION_ID = 0x64684869  # "dhHi"
VERSION = 1
BUSY_S = 2.0  # so long another program may write
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR")

_SCHEMA = resources.files("devicehub.ledger").joinpath("history.sql").read_text(encoding="utf-8")


class _Damaged(sqlite3.DatabaseError):
    """It is a file, and no history."""


def opened(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Open the history in `path`, or make it; one that is damaged is put aside.

    Returns:
        The database, and where the damaged one is now, or None.

    Raises:
        HubError: It cannot be opened or made.
    """
    with in_words(str(path), "cannot be kept"):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _is_there(path)
        try:
            return _written_to(path), None
        except sqlite3.DatabaseError as error:
            if not _is_damaged(error):
                raise
        aside = _aside(path)
        return _written_to(path), aside


def glanced_at(path: Path) -> sqlite3.Connection:
    """Open a history to read it; one that is not there is empty.

    Raises:
        HubError: It cannot be read.
    """
    with in_words(str(path), "cannot be read"):
        if _is_there(path):
            return _sound(_connect(path, "ro"))
        db = sqlite3.connect(":memory:", isolation_level=None)
        _lay_out(db)
        return db


def _is_there(path: Path) -> bool:
    """Say whether there is a file. Raises OSError for what is none: a pipe would be waited for."""
    try:
        ordinary = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False
    if not ordinary:
        raise OSError(errno.EINVAL, "it must be an ordinary file", str(path))
    return True


@contextmanager
def in_words(where: str, what: str) -> Generator[None]:
    """Raise HubError for an error of the database or the disk: which file, what, why."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise HubError(f"{where}: the history {what}: {why}") from error


@contextmanager
def changing(db: sqlite3.Connection, where: str) -> Generator[None]:
    """Write all of it or nothing. Raises HubError where nothing was written."""
    with in_words(where, "cannot be kept"):
        try:
            db.execute("BEGIN IMMEDIATE")
            yield
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")


def _written_to(path: Path) -> sqlite3.Connection:
    db = _connect(path, "rwc")
    try:
        path.chmod(0o600)
        if db.execute("PRAGMA application_id").fetchone() == (0,) and not _tables(db):
            db.execute("PRAGMA journal_mode = WAL")
            _lay_out(db)
        db.execute("PRAGMA synchronous = NORMAL")
        return _sound(db)
    except BaseException:
        db.close()
        raise


def _lay_out(db: sqlite3.Connection) -> None:
    marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
    db.executescript(f"BEGIN; {marks} {_SCHEMA} COMMIT;")


def _sound(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return `db` if it is a history that is whole. Raises sqlite3.DatabaseError."""
    try:
        marks = [db.execute(f"PRAGMA {one}").fetchone() for one in _MARKS]
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()
    except BaseException:
        db.close()
        raise
    if marks != [(APPLICATION_ID,), (VERSION,)] or verdict != ("ok",):
        db.close()
        raise _Damaged("it is damaged, or of another program")
    return db


_MARKS = ("application_id", "user_version")


def _tables(db: sqlite3.Connection) -> int:
    (count,) = db.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    return count


def _is_damaged(error: sqlite3.DatabaseError) -> bool:
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    return isinstance(error, _Damaged) or name in _DAMAGED


def _aside(path: Path) -> Path:
    """Give a damaged history a name under which nobody looks for it, and return that."""
    number = 1
    while (name := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for end in ("-wal", "-shm"):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)
    return path.rename(name)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    db.text_factory = _readable
    return db


def _readable(text: bytes) -> str:
    """Return a text; the database keeps any bytes, and what is none hides no other row."""
    return text.decode("utf-8", "replace")
