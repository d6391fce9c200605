"""The plot in block characters, for a terminal: one line a zone, one character a slice of time."""

from devicehub.cli import text
from devicehub.cli.plot import Plot

LABEL_CELLS = 28
TAIL_CELLS = 6
_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII_BLOCKS = " .:-=+*#"


def draw(plot: Plot, *, ascii_only: bool = False) -> str:
    """Return phases, delivered peaks by zone and time; the highest block is the highest cap.

    Args:
        plot: What to draw.
        ascii_only: The terminal cannot show more than ASCII.
    """
    ramp = _ASCII_BLOCKS if ascii_only else _BLOCKS
    top = max((lane.cap for lane in plot.lanes), default=1.0)
    slices = len(plot.lanes[0].peaks) if plot.lanes else 0
    lines = [f"{plot.title} on {plot.model}: what is delivered; at the right the cap", ""]
    lines.append(" " * LABEL_CELLS + _phases(plot, slices, "|" if ascii_only else "▏"))
    for lane in plot.lanes:
        label = f"{text.zone(lane.zone)[: LABEL_CELLS - 1]:<{LABEL_CELLS}}"
        bars = "".join(_block(level / top, ramp) for level in lane.peaks)
        lines.append(f"{label}{bars}{text.percent(lane.cap):>{TAIL_CELLS}}")
    end = text.clock(plot.duration_s)
    lines.append(f"{'':{LABEL_CELLS}}{'0:00':<{max(slices - len(end), 0)}}{end}")
    return "\n".join(lines)


def _block(height: float, ramp: str) -> str:
    """Anything above nothing is seen."""
    if height <= 0.0:
        return ramp[0]
    return ramp[max(1, min(round(height * (len(ramp) - 1)), len(ramp) - 1))]


def _phases(plot: Plot, slices: int, border: str) -> str:
    line = ""
    for passage in plot.passages:
        end = round(passage.end_s / plot.duration_s * slices)
        room = end - len(line)
        line += f"{border}{text.technique(passage.technique)}"[:room].ljust(room)
    return line
