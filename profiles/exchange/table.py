"""Envelopes as CSV: a column of seconds, and columns of levels from 0 to 1."""

import csv
import io
import math
from collections.abc import Sequence

from profiles.curve import Point
from profiles.errors import ProfileError
from profiles.exchange.drawing import LONGEST_VALUE, MOST_MISTAKES, Drawing, drawn
from profiles.exchange.sampling import Samples

TIME = "t_s"
MIXED = "mixed"
# Half an hour at 200 rows a second.
MOST_ROWS = 400_000


def write(samples: Samples) -> str:
    """Return a score as CSV: ``t_s``, ``mixed`` (the strongest), and a column an actuator."""
    mixed = samples.mixed()
    names = [f"motor_{number}" for number in range(len(samples.actuators))]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([TIME, MIXED, *names])
    for t_s, strongest, *levels in zip(
        samples.times_s, mixed.levels, *samples.actuators, strict=True
    ):
        rows.writerow([f"{t_s:.2f}", *(f"{level:.4f}" for level in (strongest, *levels))])
    return out.getvalue()


def read(text: str, source: str, column: str | None = None) -> Drawing:
    """Return one column of a CSV file with ``t_s``: `column`, or ``mixed``, or the only one.

    Raises:
        ProfileError: With every mistake, or why it cannot be a phase.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True, skipinitialspace=True))
    except csv.Error as error:
        raise ProfileError(f"{source}: is not CSV: {error}") from error
    if len(rows) > MOST_ROWS:
        raise ProfileError(f"{source}: has {len(rows)} lines; give {MOST_ROWS} at most")
    header = _header(rows[0] if rows else (), source)
    chosen = _chosen(header, column, source)
    at = header.index(TIME), header.index(chosen)
    points, mistakes = _points(rows, at, source)
    if mistakes:
        more = [f"{source}: has more mistakes; mend these first"]
        shown = mistakes[:MOST_MISTAKES]
        raise ProfileError("\n".join(shown + more * (len(mistakes) > len(shown))))
    if not points:
        raise ProfileError(f"{source}: has no line of numbers; give two at least")
    others = [name for name in header if name not in {TIME, chosen}]
    notes = [f"of its columns {chosen} is read"] if others else []
    return drawn(points, source, "", notes)


def _header(row: Sequence[str], source: str) -> list[str]:
    """Return the names of the columns, spaces around them aside.

    Raises:
        ProfileError: None is the time, or two are called the same.
    """
    header = [name.strip() for name in row]
    if TIME not in header:
        there = ", ".join(filter(None, header)) or "nothing"
        raise ProfileError(
            f"{source}:1: the columns are {there[:LONGEST_VALUE]}; the first line must name them, "
            f"{TIME} (seconds) among them"
        )
    for name in filter(None, header):
        at = [number for number, each in enumerate(header, 1) if each == name]
        if len(at) > 1:
            which = " and ".join(map(str, at[:2]))
            raise ProfileError(
                f"{source}:1: columns {which} are both called {name}; give each its own name"
            )
    return header


def _chosen(header: Sequence[str], column: str | None, source: str) -> str:
    names = [name for name in header if name != TIME]
    if column is None:
        column = MIXED if MIXED in names else names[0] if len(names) == 1 else None
    if column is None or column not in names:
        asked = "which column?" if column is None else f"has no column {column}:"
        there = ", ".join(names) or "none"
        raise ProfileError(f"{source}: {asked} give --column with one of {there}")
    return column


def _points(
    rows: Sequence[Sequence[str]], at: tuple[int, int], source: str
) -> tuple[list[Point], list[str]]:
    points: list[Point] = []
    mistakes: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        t_s, level = (_number(row[column] if column < len(row) else "") for column in at)
        if not 0.0 <= t_s < math.inf:
            mistakes.append(f"{source}:{number}: {TIME} must be a number of seconds from 0 on")
        elif not 0.0 <= level <= 1.0:
            mistakes.append(f"{source}:{number}: a level must be a number from 0 to 1")
        else:
            points.append((t_s, level))
    return points, mistakes


def _number(text: str) -> float:
    """Return a number, or one that is in no range."""
    try:
        return float(text)
    except ValueError:
        return math.nan
