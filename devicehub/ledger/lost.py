"""A ledger that replaces a lost one: what the lost one knew counts as everything, for 24 h."""

import sqlite3
from types import MappingProxyType

from devicehub.ledger.forgetting import DAY_S
from devicehub.safety.limits import load
from devicehub.safety.past import Exposure, Past, Received

_BILATERAL = "bilateral"


def lost_ago_s(db: sqlite3.Connection, clock_s: float) -> float | None:
    """Return since when the ledger replaces a lost one; None if what that one held is too old."""
    (lost_s,) = db.execute("SELECT lost_s FROM anchor").fetchone()
    return None if lost_s is None or clock_s - lost_s >= DAY_S else clock_s - lost_s


def everything_used() -> Past:
    """Return the past of a body of which nothing is known: its day is used up, everywhere."""
    limits = load()
    full = Received(seconds=DAY_S, dose=DAY_S)
    places = {
        (zone.id, side): full
        for zone in limits.zones.values()
        for side in (("left", "right") if zone.side == _BILATERAL else (zone.side,))
    }
    return Past(
        exposure=Exposure(
            places=MappingProxyType(places),
            active_s=DAY_S,
            class_s=MappingProxyType(dict.fromkeys(limits.classes, DAY_S)),
            heat_s=DAY_S,
        ),
        sessions=int(DAY_S),
        last_ended_ago_s=0.0,
        last_active_s=DAY_S,
        heat_ended_ago_s=0.0,
    )
