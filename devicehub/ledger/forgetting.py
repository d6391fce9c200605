"""Forgetting: what is older than a day, and what was a person's."""

import sqlite3

DAY_S = 86_400.0  # what a body receives counts for so long

_OLD = (
    "DELETE FROM session WHERE last_s <= :day_ago_s",  # and all of it
    "DELETE FROM report WHERE said_s <= :day_ago_s AND (NOT severe OR acknowledged)",
    "DELETE FROM body WHERE forgotten_s <= :day_ago_s",  # and whatever was reported of it
)


def compact(db: sqlite3.Connection, clock_s: float) -> None:
    """Remove what is older than 24 h, but for severe reports that nobody has acknowledged."""
    for statement in _OLD:
        db.execute(statement, {"day_ago_s": clock_s - DAY_S})


def forget(db: sqlite3.Connection, body: int, clock_s: float) -> None:
    """Erase a person; what their body received stays, as nobody's."""
    db.execute("DELETE FROM person WHERE body = ?", (body,))
    db.execute("UPDATE body SET forgotten_s = ? WHERE id = ?", (clock_s, body))
