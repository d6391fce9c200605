"""Backdrop: a back from behind, in characters, with zones, the way of the hands, and the hands."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

from rich.text import Text

from devicehub.cli import glyphs as g
from profiles.body import Point, zones_touched
from profiles.guiding import Instruction, Side
from profiles.guiding.ground import along, length_cm

COLUMNS = 35  # odd: the spine has a column of its own
ROWS = 15
_HALF_CM = 19.0
_TOP_CM = 73.0
_BOTTOM_CM = -5.0
_LOWEST_CM = -39.0  # with thighs
_STEP_CM = 0.5

_OUTLINE: tuple[Point, ...] = (
    (4.5, 73.0),
    (4.8, 66.0),
    (10.0, 63.0),
    (17.5, 58.5),
    (18.2, 50.0),
    (17.0, 42.0),
    (14.5, 33.0),
    (14.2, 26.0),
    (17.0, 12.0),
    (17.8, 2.0),
    (17.0, -5.0),
    (15.5, -39.0),
)
_ARROWS = {"up": "↑", "down": "↓", "right": "→", "left": "←", "hand": "●", "off": "○"}
_ASCII_ARROWS = {"up": "^", "down": "v", "right": ">", "left": "<", "hand": "O", "off": "o"}
_EDGES = {"straight": "│", "out": "╲", "in": "\u2571", "level": "─"}
_ASCII_EDGES = {"straight": "|", "out": "\\", "in": "/", "level": "-"}

Cells = dict[tuple[int, int], tuple[str, str]]


class Backdrop:
    """Draws one back; `zones` are all that the guide names, so that nothing moves during it."""

    def __init__(self, zones: Iterable[str], glyphs: g.Glyphs) -> None:
        """Make it."""
        self._bottom = _LOWEST_CM if "thigh_posterior" in zones else _BOTTOM_CM
        self._arrows = _ARROWS if glyphs.big else _ASCII_ARROWS
        self._edges = _EDGES if glyphs.big else _ASCII_EDGES
        self._shade = "░" if glyphs.big else "."
        self._spine = glyphs.spine

    def lines(self, doing: Instruction, hands: Sequence[tuple[Point, bool]]) -> list[Text]:
        """Return the picture, `ROWS` lines of `COLUMNS` cells.

        Args:
            doing: What the hands do: its zones are shaded, its way is drawn.
            hands: Where each hand is on the map, and whether it touches.
        """
        cells = self._ground(doing)
        for way in ways(doing):
            self._draw_way(cells, way)
        for point, touching in hands:
            cells[self._cell(point)] = (self._arrows["hand" if touching else "off"], "bold")
        return [
            Text.assemble(*(cells.get((row, column), " ") for column in range(COLUMNS)))
            for row in range(ROWS)
        ]

    def _ground(self, doing: Instruction) -> Cells:
        """Draw the outline, the spine, and the zones."""
        cells: Cells = {}
        middle = COLUMNS // 2
        for row in range(ROWS):
            edge = self._column(_outline_cm(self._height_cm(row)))
            for column in range(middle, edge):
                x, y = self._x_cm(column), self._height_cm(row)
                if not set(doing.zones).isdisjoint(zones_touched(x, y, 0.5)):
                    if doing.side is not Side.LEFT:
                        cells[row, column] = (self._shade, g.FILL)
                    if doing.side is not Side.RIGHT:
                        cells[row, 2 * middle - column] = (self._shade, g.FILL)
            cells[row, middle] = (self._spine, g.CAP)
            self._draw_edge(cells, row, edge)
        return cells

    def _draw_edge(self, cells: Cells, row: int, edge: int) -> None:
        above = self._column(_outline_cm(self._height_cm(row - 1))) if row else edge
        kind = "straight" if edge == above else "out" if edge > above else "in"
        mirrored = {"out": "in", "in": "out"}.get(kind, kind)
        left = COLUMNS - 1 - edge
        cells[row, edge] = (self._edges[kind], g.QUIET)
        cells[row, left] = (self._edges[mirrored], g.QUIET)
        for column in range(above + 1, edge):  # a shoulder
            cells[row, column] = cells[row, COLUMNS - 1 - column] = (self._edges["level"], g.QUIET)

    def _draw_way(self, cells: Cells, way: Sequence[Point]) -> None:
        steps = max(1, int(length_cm(way) / _STEP_CM))
        points = [along(way, step / steps) for step in range(steps + 1)]
        for before, after in pairwise(points):
            dx, dy = after[0] - before[0], after[1] - before[1]
            if hypot(dx, dy) == 0.0:
                continue
            if abs(dx) > abs(dy):
                arrow = "right" if dx > 0 else "left"
            else:
                arrow = "up" if dy > 0 else "down"
            cells[self._cell(after)] = (self._arrows[arrow], f"bold {g.FILL}")

    def _cell(self, point: Point) -> tuple[int, int]:
        rows = (_TOP_CM - point[1]) / (_TOP_CM - self._bottom) * (ROWS - 1)
        return min(ROWS - 1, max(0, round(rows))), self._column(point[0])

    def _column(self, x_cm: float) -> int:
        middle = COLUMNS // 2
        return min(COLUMNS - 1, max(0, middle + round(x_cm / _HALF_CM * middle)))

    def _x_cm(self, column: int) -> float:
        middle = COLUMNS // 2
        return (column - middle) / middle * _HALF_CM

    def _height_cm(self, row: int) -> float:
        return _TOP_CM - row * (_TOP_CM - self._bottom) / (ROWS - 1)


def ways(doing: Instruction) -> list[tuple[Point, ...]]:
    """Return the way of each hand; none while they are nowhere."""
    if not doing.path:
        return []
    left = tuple((-x, y) for x, y in doing.path)
    return {
        Side.RIGHT: [doing.path],
        Side.LEFT: [left],
        Side.BOTH: [doing.path, left],
    }[doing.side]


def _outline_cm(y: float) -> float:
    for (x1, y1), (x0, y0) in pairwise(_OUTLINE):
        if y0 <= y <= y1:
            return x0 + (x1 - x0) * (y - y0) / (y1 - y0)
    return _OUTLINE[-1][0]
