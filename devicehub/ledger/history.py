"""History: events and sessions of the past, in a file of its own. Nothing that moves waits for it.

It is no ledger: what is allowed never depends on it, so a history that is damaged is put aside and
begun anew. It holds no person. It is bounded: by days, and by how many events there are. A row that
makes no sense hides no others.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import platformdirs

from devicehub.ledger import history_file, history_rows
from devicehub.ledger.history_file import changing, in_words
from devicehub.ledger.history_rows import Kept, Past
from devicehub.outside import Happening

T = TypeVar("T")

DAY_S = 86_400.0
# A session has some ten events, and may go before they do.
EVENTS_A_SESSION = 10

_EVENT = "SELECT boot, seq, wall_s, session, device, severity, t_s, name, detail FROM event"
_SESSION = (
    "SELECT id, boot, started_s, ended_s, origin, profile, devices, reason, summary FROM session"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept: days, and events in all."""

    days: int = 90
    events: int = 20_000


def place() -> Path:
    """Return where the history of this user is, or would be; nothing is made."""
    return platformdirs.user_state_path("devicehub", appauthor=False) / "history" / "history.sqlite"


class History:
    """An open history. Methods may be called from any thread, one at a time.

    Attributes:
        skipped: A line for each row that was to be read and makes no sense: file, row, what is
            wrong; each once, in the order in which they were met.
    """

    def __init__(self, db: sqlite3.Connection, where: str) -> None:
        self._db, self._where = db, where
        self.skipped: dict[str, None] = {}

    @classmethod
    def open(cls, path: Path) -> tuple[Self, Path | None]:
        """Open the history in `path`, or make it; one that is damaged is put aside.

        Returns:
            The history, and where the damaged one is now, or None.

        Raises:
            HubError: It cannot be opened or made.
        """
        db, aside = history_file.opened(path)
        return cls(db, str(path)), aside

    @classmethod
    def glanced_at(cls, path: Path) -> Self:
        """Open a history to read it; one that is not there is empty.

        Raises:
            HubError: It cannot be read.
        """
        return cls(history_file.glanced_at(path), str(path))

    def close(self) -> None:
        """Close it."""
        self._db.close()

    def keep(self, boot: str, happened: Iterable[Happening], ended: Iterable[Past] = ()) -> None:
        """Keep events of the run `boot`, and sessions, in one transaction.

        Raises:
            HubError: Nothing of it was kept.
        """
        events = [
            (
                boot,
                one.seq,
                one.wall_s,
                one.severity.value,
                one.session,
                one.device,
                one.event.t_s,
                one.event.name,
                one.event.detail,
            )
            for one in happened
        ]
        sessions = [
            (
                one.id,
                one.boot,
                one.started_s,
                one.ended_s,
                one.origin,
                one.profile,
                json.dumps(one.devices),
                one.reason,
                json.dumps(one.summary),
            )
            for one in ended
        ]
        with changing(self._db, self._where):
            self._db.executemany(
                "INSERT OR IGNORE INTO event (boot, seq, wall_s, severity, session, device, t_s, "
                "name, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                events,
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", sessions
            )

    def trim(self, bounds: Bounds, now_s: float) -> None:
        """Remove what is beyond the bounds, the oldest first; `now_s` is seconds since 1970."""
        oldest_s = now_s - bounds.days * DAY_S
        most = bounds.events // EVENTS_A_SESSION
        with changing(self._db, self._where):
            self._db.execute("DELETE FROM event WHERE wall_s < ?", (oldest_s,))
            self._db.execute("DELETE FROM session WHERE started_s < ?", (oldest_s,))
            self._db.execute(_BEYOND_EVENTS, (bounds.events,))
            self._db.execute(_BEYOND_SESSIONS, (most,))

    def since(self, boot: str, seq: int, most: int = 10_000) -> Sequence[Happening]:
        """Return what happened in the run `boot` after number `seq`, in order, at most so many."""
        query = f"{_EVENT} WHERE boot = ? AND seq > ? ORDER BY seq LIMIT ?"
        return tuple(one.happening for one in self._events(query, (boot, seq, most)))

    def events(self, session: str | None = None) -> Sequence[Kept]:
        """Return all events, or those of a session, in the order in which they happened."""
        where, values = ("", ()) if session is None else (" WHERE session = ?", (session,))
        query = f"{_EVENT}{where} ORDER BY wall_s, boot, seq"
        return tuple(self._events(query, values))

    def sessions(self, most: int = 1_000_000) -> Sequence[Past]:
        """Return the latest sessions, the newest first."""
        query = f"{_SESSION} ORDER BY started_s DESC, id LIMIT ?"
        return tuple(self._sound(query, (most,), history_rows.past, history_rows.session_name))

    def _events(self, query: str, values: Sequence[object]) -> list[Kept]:
        return self._sound(query, values, history_rows.kept, history_rows.event_name)

    def _sound(
        self,
        query: str,
        values: Sequence[object],
        read: Callable[[Any], T],
        name: Callable[[Any], str],
    ) -> list[T]:
        """Return the rows that make sense, and take note of the others."""
        with in_words(self._where, "cannot be read"):
            rows = self._db.execute(query, values).fetchall()
        found: list[T] = []
        for row in rows:
            try:
                found.append(read(row))
            except ValueError as error:
                self.skipped[f"{self._where}: {name(row)} is left out: {error}"] = None
        return found


_BEYOND_EVENTS = """
DELETE FROM event WHERE (boot, seq) IN
(SELECT boot, seq FROM event ORDER BY wall_s DESC, seq DESC LIMIT -1 OFFSET ?)
"""
_BEYOND_SESSIONS = """
DELETE FROM session WHERE id IN
(SELECT id FROM session ORDER BY started_s DESC, id LIMIT -1 OFFSET ?)
"""
