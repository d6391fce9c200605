"""The ledger: what every person has received, written down and synced before it is used.

A session reserves what the next seconds may bring and says what it has used so far, both in one
transaction. Whatever ends a session without a word, the ledger holds at least as much as the body
got. Rows count for 24 h of the ledger's own time, which wrong clocks can only slow down.
"""

import sqlite3
from pathlib import Path
from typing import Self

from devicehub.errors import SafetyRefusal
from devicehub.ledger import folder, lost, people, store
from devicehub.ledger.forgetting import compact, forget
from devicehub.ledger.moment import Moment
from devicehub.ledger.remembering import past
from devicehub.ledger.rows import longest_s, rows
from devicehub.safety.past import Exposure, Past

_SLICE_S = 60.0  # what a session uses ages in slices of this length

_USED = """
INSERT INTO received VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds, dose = dose + excluded.dose,
    last_s = MAX(last_s, excluded.last_s)
"""
_SO_FAR = """
SELECT kind, name, side, SUM(seconds), SUM(dose) FROM received WHERE session = ?
GROUP BY kind, name, side
"""


class Ledger(people.People):
    """A ledger on disk, or in memory.

    Every change is on disk when its method returns. Methods may be called from any thread, one at
    a time. All of them raise LedgerLocked if the ledger cannot be trusted or written, and
    SafetyRefusal for a person that it does not know.
    """

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Open the ledger in `path`, or this user's; it is made if there is none.

        Raises:
            LedgerLocked: It is damaged or cannot be opened; the text says which file and the way
                out.
            OSError: The folder cannot be made.
        """
        return cls(store.opened(folder.ledger_path() if path is None else path))

    @classmethod
    def copied(cls) -> Self:
        """Return a copy in memory of this user's ledger, which is not touched by this.

        Raises:
            LedgerLocked: It is damaged or cannot be read; as in `open`.
        """
        return cls(store.copied(folder.ledger_place()))

    @classmethod
    def in_memory(cls) -> Self:
        """Return a new ledger that ends with the process."""
        return cls(store.in_memory())

    def __enter__(self) -> Self:
        """Return the ledger."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close it; there is nothing left to be written."""
        self._store.close()

    def locked_for_s(self, now: Moment) -> float:
        """Return for how long nobody plays yet, because this ledger replaces a lost one; else 0."""
        with self._store.change(now) as (db, clock_s):
            return lost.locked_for_s(db, clock_s)

    def refuse_lost(self, now: Moment) -> None:
        """Refuse as `begin` does while nobody plays because this ledger replaces a lost one."""
        self._refuse_lost(self.locked_for_s(now))

    def _refuse_lost(self, left_s: float) -> None:
        if left_s:
            raise lost.locked(self._store.where, left_s)

    def past(self, person: str, now: Moment) -> Past:
        """Return what `person` has received within 24 h, open reservations in full."""
        with self._store.change(now) as (db, clock_s):
            who = people.known(db, person)
            if lost.locked_for_s(db, clock_s):
                return lost.everything_used()
            return past(db, who.body, who.added_s, clock_s)

    def begin(self, person: str, now: Moment) -> int:
        """Write down that a session of `person` begins; return its number."""
        with self._store.change(now) as (db, clock_s):
            who = people.known(db, person)
            self._refuse_lost(lost.locked_for_s(db, clock_s))
            compact(db, clock_s)
            ((session,),) = db.execute(
                "INSERT INTO session (body, begun_s, last_s) VALUES (?, ?, ?) RETURNING id",
                (who.body, clock_s, clock_s),
            ).fetchall()
            return session

    def reserve(self, session: int, used: Exposure, ahead: Exposure, now: Moment) -> None:
        """Write down what a session has used in all until `now`, and what it may use next.

        Args:
            session: Its number.
            used: All of it since the session began. What the ledger holds already never shrinks.
            ahead: Replaces what was reserved before.
            now: Not before `used` was measured.

        Raises:
            LedgerLocked: It could not be written; nothing may be used.
            SafetyRefusal: The session is over.
        """
        with self._store.change(now) as (db, clock_s):
            until_s = clock_s + longest_s(ahead)
            _still_open(db, session, until_s, ended=False)
            _use(db, session, used, clock_s)
            db.execute("DELETE FROM reserved WHERE session = ?", (session,))
            db.executemany(
                "INSERT INTO reserved VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (session, *key, part.seconds, part.dose, until_s)
                    for key, part in rows(ahead)
                    if part.seconds or part.dose
                ],
            )

    def end(self, session: int, used: Exposure, now: Moment) -> None:
        """Write down what a session has used in all; what was reserved beyond it is free again."""
        with self._store.change(now) as (db, clock_s):
            _still_open(db, session, clock_s, ended=True)
            _use(db, session, used, clock_s)
            db.execute("DELETE FROM reserved WHERE session = ?", (session,))
            compact(db, clock_s)

    def discomfort(self, person: str, severe: bool, now: Moment) -> None:
        """Write down a report of discomfort; called for each one, mild ones too."""
        with self._store.change(now) as (db, clock_s):
            who = people.known(db, person)
            db.execute(
                "INSERT INTO report (body, session, severe, said_s) VALUES "
                "(:body, (SELECT MAX(id) FROM session WHERE body = :body), :severe, :said_s)",
                {"body": who.body, "severe": severe, "said_s": clock_s},
            )

    def acknowledge(self, person: str, now: Moment) -> None:
        """Write down that `person` has acknowledged all severe reports until `now`."""
        with self._store.change(now) as (db, _):
            who = people.known(db, person)
            db.execute(
                "UPDATE report SET acknowledged = 1 WHERE body IN "
                "(SELECT id FROM body WHERE id = ? OR forgotten_s <= ?)",
                (who.body, who.added_s),
            )

    def forget(self, name: str, now: Moment) -> None:
        """Erase a person for good; what their body received stays until its 24 h have passed.

        Nobody can tell any more whose that remainder is, so it counts for whoever is added next.

        Raises:
            LedgerLocked: They are forgotten, but another program keeps traces alive until it ends.
        """
        with self._store.change(now) as (db, clock_s):
            forget(db, people.known(db, name).body, clock_s)
            compact(db, clock_s)
        self._store.scrub()


def _still_open(db: sqlite3.Connection, session: int, last_s: float, *, ended: bool) -> None:
    changed = db.execute(
        "UPDATE session SET last_s = ?, ended = ? WHERE id = ? AND NOT ended",
        (last_s, ended, session),
    )
    if changed.rowcount != 1:
        raise SafetyRefusal(f"session {session} is over: nothing more can be reserved in it")


def _use(db: sqlite3.Connection, session: int, used: Exposure, clock_s: float) -> None:
    """Add what is new in `used` to the slice of this minute."""
    found = db.execute(_SO_FAR, (session,)).fetchall()
    so_far = {(kind, name, side): (seconds, dose) for kind, name, side, seconds, dose in found}
    for key, part in rows(used):
        seconds, dose = so_far.get(key, (0.0, 0.0))
        more_s, more = _more(part.seconds, seconds), _more(part.dose, dose)
        if more_s or more:
            db.execute(_USED, (session, clock_s // _SLICE_S, *key, more_s, more, clock_s))


def _more(whole: float, so_far: float) -> float:
    """Return what is new in `whole`."""
    return max(whole - so_far, 0.0)  # in this order no number stays none: the table refuses it
