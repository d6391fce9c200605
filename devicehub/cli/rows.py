"""Rows: the motors of a massager in the rows and columns in which they sit on the back."""

from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.cli import text
from profiles.layout import Layout, Place

_ROW_CM = 6.0  # motors within this height of the row's highest one are drawn in one row
_HEIGHTS = (  # lower edge in cm above the coccyx, what people call it
    (57.0, "shoulders"),
    (50.0, "upper back"),
    (42.0, "shoulder blades"),
    (34.0, "mid back"),
    (26.0, "waist"),
    (17.0, "lower back"),
    (4.0, "hips"),
    (-5.0, "seat"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Motors at one height, left to right."""

    label: str
    places: tuple[Place, ...]


def rows_of(layout: Layout) -> tuple[Row, ...]:
    """Return the motors that have a place on the back, from the shoulders down.

    A massager whose motors have no place at all gets one row a motor, labelled with its zones.
    """
    placed = [place for place in layout.places if place.y_cm is not None]
    if not placed:
        alone = len(layout.places) == 1
        return tuple(Row(_held_label(place, alone=alone), (place,)) for place in layout.places)
    rows: list[list[Place]] = []
    for place in sorted(placed, key=_height, reverse=True):
        if rows and _height(rows[-1][0]) - _height(place) <= _ROW_CM:
            rows[-1].append(place)
        else:
            rows.append([place])
    return tuple(Row(_label(row), tuple(sorted(row, key=across_cm))) for row in rows)


def across_cm(place: Place) -> float:
    """Return how far right of the midline a motor sits; 0 if it has no place."""
    return place.x_cm or 0.0


def _held_label(place: Place, *, alone: bool) -> str:
    if place.zones:
        return text.zones(place.zones, most=1)
    return "motor" if alone else f"motor {place.index}"


def _label(row: Sequence[Place]) -> str:
    middle = sum(_height(place) for place in row) / len(row)
    return next((label for edge, label in _HEIGHTS if middle >= edge), "thighs")


def _height(place: Place) -> float:
    return place.y_cm or 0.0
