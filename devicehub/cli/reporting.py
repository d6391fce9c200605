"""Reporting: sessions of the past as a summary of the last days. From values to values.

Several zones may be felt from one motor, so the minutes of zones do not add up to those played.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from devicehub.cli.past import is_simulated
from devicehub.ledger.history_rows import Kept, Past
from devicehub.messages import EndReason

MILD = "discomfort"
"""The event of a report that something is uncomfortable; worse ends its session."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was played on one day of the calendar; `zones` are seconds by zone id."""

    day: date
    sessions: int
    played_s: float
    zones: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Zone:
    """What one zone received: seconds, the strongest level 0..1, in how many sessions."""

    zone: str
    seconds: float
    peak: float
    sessions: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions ended for one reason, and who or what stood behind it."""

    reason: str
    detail: str
    sessions: int


@dataclass(frozen=True, slots=True)
class Report:
    """The last days.

    Attributes:
        days: One for each day of the calendar, the oldest first.
        zones: By seconds, the longest first.
        ends: By sessions, the most frequent first.
        mild: Reports that something was uncomfortable.
        discomfort: Sessions that ended because it was, or because it hurt.
        unconfirmed: Sessions of which a massager did not confirm its stop.
        simulated: Sessions that are known to have been played on a simulated massager.
    """

    days: tuple[Day, ...]
    zones: tuple[Zone, ...]
    ends: tuple[Ended, ...]
    mild: int
    discomfort: int
    unconfirmed: int
    simulated: int = 0

    @property
    def sessions(self) -> int:
        """How many sessions there were."""
        return sum(day.sessions for day in self.days)

    @property
    def played_s(self) -> float:
        """For how many seconds anything was played."""
        return sum(day.played_s for day in self.days)


def report_of(
    sessions: Iterable[Past], happened: Iterable[Kept], days: int, now_s: float
) -> Report:
    """Return the report of the last `days` days of the calendar; `now_s` is seconds since 1970."""
    last = _day(now_s)
    span = [last - timedelta(days=ago) for ago in range(days - 1, -1, -1)]
    within = [one for one in sessions if span[0] <= _day(one.started_s) <= last]
    mild = sum(
        one.happening.event.name == MILD and span[0] <= _day(one.happening.wall_s) <= last
        for one in happened
    )
    return Report(
        days=tuple(
            _of_day(day, [one for one in within if _day(one.started_s) == day]) for day in span
        ),
        zones=_zones(within),
        ends=_ends(within),
        mild=mild,
        discomfort=sum(one.reason == EndReason.DISCOMFORT for one in within),
        unconfirmed=sum(not _confirmed(one) for one in within),
        simulated=sum(map(is_simulated, within)),
    )


def _of_day(day: date, sessions: Sequence[Past]) -> Day:
    zones: dict[str, float] = {}
    for one in sessions:
        for zone, seconds, _ in _felt(one):
            zones[zone] = zones.get(zone, 0.0) + seconds
    return Day(day, len(sessions), sum(map(_played_s, sessions)), zones)


def _zones(sessions: Iterable[Past]) -> tuple[Zone, ...]:
    found: dict[str, Zone] = {}
    for one in sessions:
        for zone, seconds, peak in _felt(one):
            so_far = found.get(zone, Zone(zone, 0.0, 0.0, 0))
            found[zone] = Zone(
                zone, so_far.seconds + seconds, max(so_far.peak, peak), so_far.sessions + 1
            )
    return tuple(sorted(found.values(), key=lambda one: (-one.seconds, one.zone)))


def _ends(sessions: Iterable[Past]) -> tuple[Ended, ...]:
    counted: dict[tuple[str, str], int] = {}
    for one in sessions:
        why = one.reason, str(one.summary.get("detail", ""))
        counted[why] = counted.get(why, 0) + 1
    ended = [Ended(reason, detail, count) for (reason, detail), count in counted.items()]
    return tuple(sorted(ended, key=lambda one: (-one.sessions, one.reason, one.detail)))


def _felt(one: Past) -> list[tuple[str, float, float]]:
    rows = cast("list[dict[str, Any]]", one.summary.get("felt", []))
    return [(str(row["zone"]), float(row["seconds"]), float(row["peak"])) for row in rows]


def _confirmed(one: Past) -> bool:
    rows = cast("list[dict[str, Any]]", one.summary.get("devices", []))
    return all(row.get("stop_confirmed") is True for row in rows)


def _played_s(one: Past) -> float:
    return float(one.summary.get("played_s", 0.0))


def _day(wall_s: float) -> date:
    """Return the day of an instant, where this computer is."""
    return datetime.fromtimestamp(wall_s).astimezone().date()
