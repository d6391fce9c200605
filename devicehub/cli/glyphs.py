"""Glyphs: what bars, marks and big digits are drawn with, in Unicode and in plain ASCII."""

from dataclasses import dataclass

from rich.text import Text

FILL = "dark_cyan"
HELD = "dark_orange"
CAP = "red"
QUIET = "dim"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of characters; every meaning has its own shape, so that nothing hangs on colour."""

    full: str
    parts: str  # a cell filled by 1/n, 2/n ...; empty if cells are whole
    held: str
    empty: str
    cap: str
    mark: str
    spine: str
    cue: str
    big: bool


UNICODE = Glyphs("█", "▏▎▍▌▋▊▉", "▒", "·", "┃", "▾", "┊", "»", big=True)
ASCII = Glyphs("#", "", "=", ".", "|", "!", ":", ">", big=False)

_FONT = {
    "0": ("111", "101", "101", "101", "111"),
    "1": ("110", "010", "010", "010", "111"),
    "2": ("111", "001", "111", "100", "111"),
    "3": ("111", "001", "111", "001", "111"),
    "4": ("101", "101", "111", "001", "001"),
    "5": ("111", "100", "111", "001", "111"),
    "6": ("111", "100", "111", "101", "111"),
    "7": ("111", "001", "001", "001", "001"),
    "8": ("111", "101", "111", "101", "111"),
    "9": ("111", "101", "111", "001", "111"),
    ":": ("0", "1", "0", "1", "0"),
}
_BLANK_ROW = "0"
_HALVES = {("0", "0"): " ", ("1", "0"): "▀", ("0", "1"): "▄", ("1", "1"): "█"}


def bar(level: float, asked: float, cap: float, width: int, glyphs: Glyphs) -> Text:
    """Return a bar of `width` cells for 0..1: delivered, what was held back, and the cap's mark."""
    cells = _cells(level, asked, width, glyphs)
    if cap < 1.0:
        cells[min(int(cap * width), width - 1)] = (glyphs.cap, CAP)
    return Text.assemble(*cells)


def _cells(level: float, asked: float, width: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    whole = int(level * width)
    cells = [(glyphs.full, FILL)] * whole
    part = int((level * width - whole) * (len(glyphs.parts) + 1))
    if part:
        cells.append((glyphs.parts[part - 1], FILL))
    if asked > level:
        cells += [(glyphs.held, HELD)] * (round(asked * width) - len(cells))
    cells += [(glyphs.empty, QUIET)] * (width - len(cells))
    return cells[:width]


def big_rows(text: str, glyphs: Glyphs) -> tuple[str, str, str]:
    """Return digits and colons as three rows of large characters; plain ASCII keeps them small."""
    if not glyphs.big:
        return "", " ".join(text), ""
    pixels = [" ".join(_FONT[character][row] for character in text) for row in range(5)]
    pixels = [row.replace(" ", _BLANK_ROW) for row in pixels]
    pixels.append(_BLANK_ROW * len(pixels[0]))
    top, middle, bottom = (
        "".join(_HALVES[pair] for pair in zip(pixels[row], pixels[row + 1], strict=True))
        for row in (0, 2, 4)
    )
    return top, middle, bottom
