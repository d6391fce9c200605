"""Panel: a session on the terminal, drawn from snapshots. It knows nothing but what they say."""

import time
from collections.abc import Callable
from typing import Self

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel as Frame
from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli.panel_blocks import Block, Stage, blocks, device_line, escaped
from devicehub.messages import SessionState, Snapshot

__all__ = ["Panel", "Stage", "render"]

WIDTH_CELLS = 80
HEIGHT_ROWS = 24
_FRAME_CELLS, _FRAME_ROWS = 4, 2
_LARGE_ROWS = 18  # from here on large digits leave room for the rest
_REDRAW_S = 0.1  # ten pictures a second: more is not seen


def render(
    now: Snapshot,
    stage: Stage,
    said: str = "",
    width: int = WIDTH_CELLS,
    height: int = HEIGHT_ROWS,
) -> RenderableType:
    """Return the picture of `now`, for a terminal of `width` cells and `height` rows.

    Where there is no room the map goes first, then what explains; alarm, question, time, state and
    keys stay. `said` is the answer to the last key.
    """
    framed = width >= WIDTH_CELLS and height >= HEIGHT_ROWS
    inner = WIDTH_CELLS - _FRAME_CELLS if framed else width
    rows = height - _FRAME_ROWS if framed else height
    parts = _fitting(blocks(now, stage, said, inner, large=height >= _LARGE_ROWS), rows)
    for part in parts:
        part.no_wrap, part.overflow = True, "crop"
    if not framed:
        return Group(*parts)
    return Frame(
        Group(*parts),
        title=f"[bold]{escaped(now.title)}[/]",
        title_align="left",
        subtitle=device_line(now.devices[0]) if len(now.devices) == 1 else None,
        subtitle_align="right",
        box=box.ASCII if stage.ascii_only else box.ROUNDED,
        width=WIDTH_CELLS,
        border_style=g.QUIET,
    )


def _fitting(drawn: list[Block], rows: int) -> list[Text]:
    """Return the lines of as many blocks as fit, the most important ones."""
    while sum(len(block.lines) for block in drawn) > rows:
        least = max(drawn, key=lambda block: block.rank)
        if least.rank == 0:
            break
        drawn = [block for block in drawn if block is not least]
    return [line for block in drawn for line in block.lines]


class Panel:
    """The panel on a terminal, at most ten pictures a second, gone without a trace after `close`.

    It starts no thread: a picture is drawn inside `update`. All of it belongs to one thread.

    Args:
        stage: What does not change during the session.
        console: Where to draw; None for the terminal of this process.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        stage: Stage,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console or Console()
        ascii_only = stage.ascii_only or not self._console.encoding.startswith("utf")
        self._stage = Stage(stage.layouts, stage.simulated, ascii_only)
        self._clock = clock
        self._live = Live(
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._drawn_s: float | None = None
        self._drawn_state: SessionState | None = None

    def update(self, now: Snapshot, said: str = "") -> None:
        """Draw `now`, unless the last picture is younger than 0.1 s and in the same state."""
        at_s = self._clock()
        fresh = self._drawn_s is not None and at_s - self._drawn_s < _REDRAW_S
        if fresh and now.state is self._drawn_state:
            return
        if not self._live.is_started:
            self._live.start()
        self._drawn_s, self._drawn_state = at_s, now.state
        width, height = self._console.size
        self._live.update(render(now, self._stage, said, width, height), refresh=True)

    def close(self) -> None:
        """Give the terminal back as it was; may be called more than once."""
        self._live.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
