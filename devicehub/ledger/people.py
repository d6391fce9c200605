"""People: their names, answers and ceilings; kept apart from what their bodies received."""

import json
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.ledger.moment import Moment
from devicehub.ledger.store import Store

LONGEST_NAME = 40

_PERSON = "SELECT body, name, ceiling, language, own_limits, added_s FROM person"
_ANSWERS = (
    "SELECT answers, answered_wall_s, answered_boot_s, answered_boot_id FROM person "
    "WHERE body = ? AND answers IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the ledger knows.

    Attributes:
        body: Number of the rows that are theirs.
        name: Their own words.
        ceiling: The highest level that they ever want, 0..1.
        language: Of the words for them, or None.
        table: The text of their own limits, which only tighten, or None.
        added_s: The ledger's time at which they were added.
    """

    body: int
    name: str
    ceiling: float
    language: str | None
    table: str | None
    added_s: float


class People:
    """The part of the ledger that knows people."""

    def __init__(self, kept: Store) -> None:
        self._store = kept

    def add(
        self,
        name: str,
        ceiling: float = 1.0,
        language: str | None = None,
        table: str | None = None,
    ) -> None:
        """Add a person, who has received nothing but what forgotten people left.

        Args:
            name: Their own words, 1 to 40 printable characters; no two names may differ in case
                alone.
            ceiling: The highest level that they ever want, above 0, at most 1.
            language: Of the words for them.
            table: The text of their own limits, which was found to tighten only.

        Raises:
            UsageError: The name or the ceiling is not as it must be, or somebody has that name.
        """
        name = _fit(name)
        if not 0.0 < ceiling <= 1.0:
            raise UsageError(f"ceiling is {ceiling:g}: must be above 0 and at most 1")
        with self._store.untimed() as db:
            if _found(db, name) is not None:
                raise UsageError(f"{name}: somebody of that name is known; take another name")
            (clock_s,) = db.execute("SELECT COALESCE(MAX(clock_s), 0) FROM anchor").fetchone()
            body = db.execute("INSERT INTO body (forgotten_s) VALUES (NULL)").lastrowid
            db.execute(
                "INSERT INTO person (body, name, folded, ceiling, language, own_limits, added_s) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (body, name, folded(name), ceiling, language, table, clock_s),
            )

    def person(self, name: str) -> Person:
        """Return what is kept of a person, answers apart."""
        with self._store.untimed() as db:
            return known(db, name)

    def people(self) -> tuple[Person, ...]:
        """Return everybody who is known, by name."""
        with self._store.untimed() as db:
            found = db.execute(f"{_PERSON} ORDER BY folded")
            return tuple(Person(*row) for row in found)

    def ceiling(self, name: str) -> float:
        """Return the highest level that a person ever wants, 0..1."""
        return self.person(name).ceiling

    def table(self, name: str) -> str | None:
        """Return the text of a person's own limits, which only tighten; None if they have none."""
        return self.person(name).table

    def screen(self, name: str, answers: Mapping[str, str], now: Moment) -> None:
        """Keep a person's answers, all of them; they replace what was answered before."""
        with self._store.change(now) as (db, _):
            body = known(db, name).body
            db.execute(
                "UPDATE person SET answers = ?, answered_wall_s = ?, answered_boot_s = ?, "
                "answered_boot_id = ? WHERE body = ?",
                (json.dumps(dict(answers)), now.wall_s, now.boot_s, now.boot_id, body),
            )

    def answers(self, name: str) -> tuple[dict[str, str], Moment] | None:
        """Return what a person answered, and when; None if they never did.

        How old the answers may be is told by `Moment.perhaps_since`.
        """
        with self._store.untimed() as db:
            found = db.execute(_ANSWERS, (known(db, name).body,)).fetchone()
        return None if found is None else (json.loads(found[0]), Moment(*found[1:]))


def known(db: sqlite3.Connection, name: str) -> Person:
    """Return the person of that name.

    Raises:
        SafetyRefusal: Nobody of that name is known; whose body it is has to be.
    """
    found = _found(db, name)
    if found is None:
        raise SafetyRefusal(
            f"{name}: nobody of that name is known\ntry: devicehub person add NAME, or person list"
        )
    return found


def _found(db: sqlite3.Connection, name: str) -> Person | None:
    try:
        row = db.execute(f"{_PERSON} WHERE folded = ?", (folded(name),)).fetchone()
    except UnicodeEncodeError:  # bytes that are no text: nobody is called that
        return None
    return None if row is None else Person(*row)


def _fit(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()):
        raise UsageError(f"name {name!r}: must be 1 to {LONGEST_NAME} printable characters")
    return name


def folded(name: str) -> str:
    """Return a name as it is compared: neither case nor the spelling of an accent matters."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()
