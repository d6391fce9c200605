"""Written: a drawing as the text of a profile."""

import json
from collections.abc import Iterator, Sequence

from profiles.curve import Point
from profiles.exchange.drawing import Drawing, repeats

_A_LINE = 6


def profile_text(
    drawing: Drawing,
    *,
    source: str,
    title: str,
    zones: Sequence[str],
    posture: str,
    level: float,
) -> str:
    """Return a profile of one phase that plays `drawing` on `zones`, with a word about each key.

    Args:
        drawing: What was read.
        source: The name of the file that it was read from.
        title: What the profile is called, at most 80 characters.
        zones: Where it is played.
        posture: As in a profile.
        level: How strong its strongest may be, 0..1.
    """
    summary = f"A curve from {source}, played on {_count(zones)}."
    seconds = round(drawing.curve.end_s * repeats(drawing.curve), 3)
    notes = "".join(f"# {note}\n" for note in drawing.notes)
    return f"""\
# Made from {plain(source)} by devicehub profiles import.
{notes}
title = {quoted(title)}
summary = {quoted(summary)}
posture = "{posture}"
intent = "wellness"

[[phase]]
technique = "envelope"
zones = [{", ".join(map(quoted, zones))}]
seconds = {seconds:.7g}
level = {level:g}  # how strong a 1 in the points is; caps hold whatever is written here
points = [  # [seconds, level]
{"".join(_lines(drawing.curve.points))}]
"""


def plain(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return "".join(c if c.isprintable() else " " for c in text)


def quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(plain(text), ensure_ascii=False)


def _count(zones: Sequence[str]) -> str:
    return f"{len(zones)} zones" if len(zones) > 1 else "one zone"


def _lines(points: Sequence[Point]) -> Iterator[str]:
    for first in range(0, len(points), _A_LINE):
        part = points[first : first + _A_LINE]
        yield "    " + " ".join(f"[{t_s:.7g}, {level:.4g}]," for t_s, level in part) + "\n"
