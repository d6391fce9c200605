"""Panel: a session on the terminal, drawn from snapshots. It knows nothing but what they say."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Self

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel as Frame
from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli.panel_blocks import Block, Stage, blocks, device_line, escaped
from devicehub.cli.screen import Screen
from devicehub.messages import Snapshot

__all__ = ["Panel", "Stage", "render"]

WIDTH_CELLS = 80
HEIGHT_ROWS = 24
_FRAME_CELLS, _FRAME_ROWS = 4, 2
_LARGE_ROWS = 18  # from here on large digits leave room for the rest


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
    """The panel on a terminal, gone without a trace after `close`; see `Screen`.

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
        self._screen = Screen(console, clock)
        ascii_only = stage.ascii_only or self._screen.ascii_only
        self._stage = replace(stage, ascii_only=ascii_only)

    def update(self, now: Snapshot, said: str = "") -> None:
        """Draw `now`, unless the last picture is younger than 0.1 s and in the same state."""
        self._screen.show(partial(render, now, self._stage, said), now.state)

    def close(self) -> None:
        """Give the terminal back as it was; may be called more than once."""
        self._screen.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
