"""LedgerLocked: the ledger cannot be trusted or written, so nothing may be played on it."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from devicehub.errors import SafetyRefusal

NEW_LEDGER = "devicehub doctor --new-ledger"

_START_ANEW = (
    f"{NEW_LEDGER} keeps this file aside and starts a new one, on which nobody plays for 24 h"
)
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN", "SQLITE_ERROR")
_WORDS = {
    "SQLITE_FULL": ("no space is left for the ledger", "make some space on this disk"),
    "SQLITE_READONLY": ("the ledger cannot be written", "make file and folder writable"),
    "SQLITE_BUSY": ("another program is writing to the ledger", "wait until it ends"),
    "SQLITE_CONSTRAINT": ("what was to be written makes no sense", "report this"),
    "SQLITE_MISUSE": ("this program used the ledger wrongly", "report this"),
}


class LedgerLocked(SafetyRefusal):
    """The ledger cannot be trusted or written; nothing is played."""


class LedgerDamaged(LedgerLocked):
    """The ledger cannot be trusted; a new one has to take its place."""


def damaged(where: str, what: str) -> LedgerDamaged:
    """Return the refusal for a ledger that cannot be trusted: which file, what, the way out."""
    return LedgerDamaged(f"{where}: {what}\n{_START_ANEW}")


@contextmanager
def in_words(where: str) -> Generator[None]:
    """Raise LedgerLocked, which says what stands behind it, for an error of the database."""
    try:
        yield
    except sqlite3.Error as error:
        raise _told(error, where) from error


def _told(error: sqlite3.Error, where: str) -> LedgerLocked:
    name: str = getattr(error, "sqlite_errorname", "SQLITE_MISUSE")  # python itself gives none
    kind = "_".join(name.split("_")[:2])  # the rest of an extended name tells details
    if kind in _DAMAGED:
        return damaged(where, f"the ledger cannot be read ({error})")
    what, way_out = _WORDS.get(kind, (f"the ledger cannot be written ({error})", "report this"))
    return unwritten(where, what, way_out)


def unwritten(where: str, what: str, way_out: str) -> LedgerLocked:
    """Return the refusal for a ledger that cannot be written: which file, what, the way out."""
    return LedgerLocked(f"{where}: {what}, so nothing is played\n{way_out}, then try again")
