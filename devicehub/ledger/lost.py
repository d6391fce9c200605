"""A ledger that replaces a lost one: what the lost one knew counts as everything, for 24 h."""

import sqlite3
from types import MappingProxyType

from devicehub.ledger.forgetting import DAY_S
from devicehub.ledger.locked import LedgerLocked
from devicehub.safety.limits import load
from devicehub.safety.past import Exposure, Past, Received

_BILATERAL = "bilateral"


def locked_for_s(db: sqlite3.Connection, clock_s: float) -> float:
    """Return for how long nobody plays yet on a ledger that replaces a lost one; 0 if it is not."""
    (lost_s,) = db.execute("SELECT lost_s FROM anchor").fetchone()
    return 0.0 if lost_s is None else max(0.0, DAY_S - (clock_s - lost_s))


def locked(where: str, left_s: float) -> LedgerLocked:
    """Return the refusal for a ledger on which nobody plays for another `left_s`."""
    return LedgerLocked(
        f"{where}: replaces one that was lost, and what that one knew is not known\n"
        f"nobody plays for another {left_s / 3600:.1f} h"
    )


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
