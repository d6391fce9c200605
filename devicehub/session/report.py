"""Several massagers' tallies as one."""

from collections.abc import Iterable

from devicehub.messages import HeldBack, ZoneFelt


def merge_felt(tallies: Iterable[Iterable[ZoneFelt]]) -> tuple[ZoneFelt, ...]:
    """Return one row a zone: the strongest peak, the longest time."""
    rows: dict[str, ZoneFelt] = {}
    for tally in tallies:
        for row in tally:
            old = rows.get(row.zone, row)
            rows[row.zone] = ZoneFelt(
                row.zone, max(old.peak, row.peak), max(old.seconds, row.seconds)
            )
    return tuple(sorted(rows.values(), key=lambda row: (-row.seconds, row.zone)))


def merge_held(tallies: Iterable[Iterable[HeldBack]]) -> tuple[HeldBack, ...]:
    """Return one row a rule and zone: the longest time."""
    rows: dict[tuple[str, str], HeldBack] = {}
    for tally in tallies:
        for row in tally:
            old = rows.get((row.rule, row.zone), row)
            rows[row.rule, row.zone] = HeldBack(row.rule, row.zone, max(old.seconds, row.seconds))
    return tuple(sorted(rows.values(), key=lambda row: (-row.seconds, row.rule, row.zone)))
