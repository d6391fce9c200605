"""Back map: motors as bars, in the rows and columns in which they sit on the back."""

from collections.abc import Sequence

from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli import text
from devicehub.cli.rows import Row, across_cm, rows_of
from devicehub.messages import ActuatorView, DeviceView
from profiles.layout import Layout, Place

_SPINE_CM = 1.5  # half the width of the midline zones
_LABEL_CELLS = 16
_WIDE_LABEL_CELLS = 30  # where one bar a line leaves room for a zone's name
_TAIL_CELLS = 6  # " 100%" and the mark
_MOST_BAR_CELLS = 24
_MOST_ROWS = 9


def lines(device: DeviceView, layout: Layout, width: int, glyphs: g.Glyphs) -> list[Text]:
    """Return the map of one device as lines of at most `width` cells."""
    rows = rows_of(layout)
    columns = max((len(row.places) for row in rows), default=0)
    if not columns or max(place.index for place in layout.places) >= len(device.actuators):
        return []
    label_cells = _LABEL_CELLS if columns > 1 else _WIDE_LABEL_CELLS
    cell = (width - label_cells) // columns
    bar_cells = min(cell - _TAIL_CELLS - 2, _MOST_BAR_CELLS)
    drawn = [_header(rows[0], bar_cells + _TAIL_CELLS + 2, glyphs)] if columns > 1 else []
    for row in rows:
        line = Text.assemble((f"{row.label:<{label_cells}}"[:label_cells], g.QUIET))
        drawn.append(line.append_text(_bars(row, device.actuators, bar_cells, glyphs)))
        if len(rows) * 2 <= _MOST_ROWS:
            drawn.append(_row_gap(row, bar_cells, glyphs))
    return drawn


def _bars(row: Row, actuators: Sequence[ActuatorView], bar_cells: int, glyphs: g.Glyphs) -> Text:
    line = Text()
    for at, place in enumerate(row.places):
        line.append(_spine_mark(row, at, glyphs), g.CAP)
        line.append_text(_cell(actuators[place.index], bar_cells, glyphs))
    return line


def _cell(view: ActuatorView, bar_cells: int, glyphs: g.Glyphs) -> Text:
    drawn = g.bar(view.sent, view.asked, view.cap, bar_cells, glyphs)
    drawn.append(f"{text.percent(view.sent):>5}", "bold" if view.sent else g.QUIET)
    drawn.append(glyphs.mark if view.held_by else " ", g.HELD)
    return drawn


def _row_gap(row: Row, bar_cells: int, glyphs: g.Glyphs) -> Text:
    """A line of nothing but the spine, so that it reads as one line down the back."""
    line = Text(" " * _LABEL_CELLS)
    for at, _ in enumerate(row.places):
        line.append(_spine_mark(row, at, glyphs), g.CAP)
        line.append(" " * (bar_cells + _TAIL_CELLS))
    return line


def _spine_mark(row: Row, at: int, glyphs: g.Glyphs) -> str:
    """The midline is drawn left of a motor that sits on it, else between left and right."""
    here = across_cm(row.places[at])
    before = across_cm(row.places[at - 1]) if at else -_SPINE_CM
    on_it = abs(here) < _SPINE_CM and len(row.places) > 1
    crossed = at > 0 and before <= -_SPINE_CM and here >= _SPINE_CM
    return f"{glyphs.spine} " if on_it or crossed else "  "


def _header(row: Row, cell: int, glyphs: g.Glyphs) -> Text:
    line = Text(" " * _LABEL_CELLS)
    said = ""
    for at, place in enumerate(row.places):
        side = _side(place)
        line.append(_spine_mark(row, at, glyphs), g.CAP)
        line.append(f"{side if side != said else '':<{cell - 2}}", g.QUIET)
        said = side
    return line


def _side(place: Place) -> str:
    if abs(across_cm(place)) < _SPINE_CM:
        return "spine"
    return "left" if across_cm(place) < 0 else "right"
