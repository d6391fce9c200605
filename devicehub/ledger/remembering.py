"""Remembering: what the rows of the ledger say of one body, as a Past."""

import sqlite3

from devicehub.ledger.forgetting import DAY_S
from devicehub.ledger.rows import HEAT, Row, exposure
from devicehub.safety.past import Past, Received

_OURS = "(SELECT id FROM body WHERE id = :body OR forgotten_s <= :added_s)"
_ROWS = f"""
WITH ours AS (SELECT id FROM session WHERE body IN {_OURS})
SELECT session, kind, name, side, seconds, dose, last_s FROM received
WHERE session IN ours AND last_s > :day_ago_s
UNION ALL
SELECT session, kind, name, side, seconds, dose, last_s FROM reserved
WHERE session IN ours AND last_s > :day_ago_s
"""  # noqa: S608 - put together from constants
_EXPOSURE = f"SELECT kind, name, side, SUM(seconds), SUM(dose) FROM ({_ROWS}) GROUP BY 1, 2, 3"  # noqa: S608 - constants
_HEAT = f"SELECT MAX(last_s) FROM ({_ROWS}) WHERE kind = '{HEAT[0]}'"  # noqa: S608 - constants
_BEGUN = f"SELECT COUNT(*) FROM session WHERE body IN {_OURS} AND begun_s > :day_ago_s"  # noqa: S608 - constants
_LAST = f"SELECT id, last_s FROM session WHERE body IN {_OURS} ORDER BY last_s DESC, id DESC"  # noqa: S608 - constants
_FORGOTTEN = f"""
SELECT id, last_s FROM session AS one WHERE body <> :body AND body IN {_OURS} AND NOT EXISTS (
    SELECT 1 FROM session AS other
    WHERE other.body = one.body AND (other.last_s, other.id) > (one.last_s, one.id)
)
"""  # noqa: S608 - constants
_ACTIVE = f"SELECT SUM(seconds) FROM ({_ROWS}) WHERE kind = 'active' AND session = :session"  # noqa: S608 - constants
_MILD = f"""
SELECT MAX(said_s) FROM (
    SELECT said_s, ROW_NUMBER() OVER (PARTITION BY session ORDER BY id) AS nth FROM report
    WHERE body IN {_OURS} AND NOT severe AND session IS NOT NULL
) WHERE nth >= 2
"""  # noqa: S608 - constants
_SEVERE = f"""
SELECT said_s, acknowledged FROM report WHERE body IN {_OURS} AND severe ORDER BY id DESC
"""  # noqa: S608 - constants


def past(db: sqlite3.Connection, body: int, added_s: float, clock_s: float) -> Past:
    """Return what is known of a body, with what is nobody's since before it was added.

    Args:
        db: The ledger, within a transaction.
        body: Whose past.
        added_s: The ledger's time at which its person was added.
        clock_s: The ledger's time.
    """
    about = {"body": body, "added_s": added_s, "day_ago_s": clock_s - DAY_S}

    def ago(said_s: float | None) -> float | None:
        return None if said_s is None else max(0.0, clock_s - said_s)

    def active_s(session: int | None) -> float:
        (seconds,) = db.execute(_ACTIVE, about | {"session": session}).fetchone()
        return seconds or 0.0

    (heat_s,) = db.execute(_HEAT, about).fetchone()
    (sessions,) = db.execute(_BEGUN, about).fetchone()
    session, last_s = db.execute(_LAST, about).fetchone() or (None, None)
    forgotten = db.execute(_FORGOTTEN, about).fetchall()
    (mild_s,) = db.execute(_MILD, about).fetchone()
    severe = db.execute(_SEVERE, about).fetchall()
    return Past(
        exposure=exposure(map(_row, db.execute(_EXPOSURE, about))),
        sessions=sessions,
        last_ended_ago_s=ago(last_s),
        last_active_s=active_s(session),
        forgotten=tuple((max(0.0, clock_s - end_s), active_s(each)) for each, end_s in forgotten),
        heat_ended_ago_s=ago(heat_s),
        mild_ended_ago_s=ago(mild_s),
        severe_ago_s=tuple(clock_s - said_s for said_s, _ in severe if clock_s - said_s < DAY_S),
        severe_acknowledged=all(acknowledged for _, acknowledged in severe),
    )


def _row(found: tuple[str, str, str, float, float]) -> Row:
    kind, name, side, seconds, dose = found
    return (kind, name, side), Received(seconds, dose)
