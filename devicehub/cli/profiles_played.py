"""Played through: what every rule holds back of a profile on one massager, and for how long."""

from collections.abc import Iterator
from itertools import groupby

from devicehub.cli import text
from devicehub.cli.plot import compute
from devicehub.cli.profiles_findings import Finding, weaker
from devicehub.massagers.model import Massager
from devicehub.safety.limits import Limits
from devicehub.session.plan import Plan
from devicehub.session.stillness import too_coarse
from devicehub.session.tally import Tally
from profiles.model import Profile

# Only peaks are read from the plot.
_SLICES = 200
_MOST_ZONES = 4
# Shorter than this nobody notices that something was held back.
_SHORTEST_S = 0.5


def on_massager(
    profile: Profile, massager: Massager, zone: str | None, limits: Limits
) -> tuple[Finding, ...]:
    """Return what the governor holds back of a profile on a massager, beat by beat to its end.

    Raises:
        SafetyRefusal, UsageError: See `Plan.place`.
    """
    plan = Plan(profile, zone=zone)
    placed = plan.place(massager, limits)
    score = plan.score(placed, limits)
    tally = Tally([place.zones for place in placed.layout.places])
    plot = compute(score, placed, limits, _SLICES, tally=tally)
    found = [("layout", warning) for warning in (*score.warnings, *too_coarse(placed, limits))]
    peaks = {lane.zone: (max(lane.asked), max(lane.peaks)) for lane in plot.lanes}
    found += [("cap", said) for said in weaker(peaks)]
    found += [("held", said) for said in _held(tally)]
    return tuple(Finding(kind, said, "", (massager.model,)) for kind, said in found)


def _held(tally: Tally) -> Iterator[str]:
    """Yield a sentence a rule and length of time, the longest first."""
    rows = [row for row in tally.held_back() if row.seconds >= _SHORTEST_S]
    for (rule, seconds), group in groupby(rows, lambda row: (row.rule, round(row.seconds))):
        zones = [row.zone for row in group]
        where = text.zones(zones, most=_MOST_ZONES)
        yield f"held back for {text.duration(seconds)} ({text.rule(rule)}): {where}"
