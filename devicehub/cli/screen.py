"""Screen: pictures on a terminal, at most ten a second, gone without a trace after `close`."""

import time
from collections.abc import Callable
from typing import Protocol

from rich.console import Console, RenderableType
from rich.live import Live

_REDRAW_S = 0.1  # ten pictures a second: more is not seen


class Picture(Protocol):
    """Draws for a terminal of so many cells and rows."""

    def __call__(self, *, width: int, height: int) -> RenderableType:
        """Return the picture."""
        ...


class Screen:
    """The terminal while pictures are shown on it.

    It starts no thread: a picture is drawn inside `show`. All of it belongs to one thread.

    Args:
        console: Where to draw; None for the terminal of this process.
        clock: Monotonic seconds.
    """

    def __init__(
        self, console: Console | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console or Console()
        self._clock = clock
        self._live = Live(
            console=self._console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._drawn_s: float | None = None
        self._drawn_state: object = None

    @property
    def ascii_only(self) -> bool:
        """Whether it cannot show more than ASCII."""
        return not self._console.encoding.startswith("utf")

    def show(self, picture: Picture, state: object) -> None:
        """Draw, unless the last picture is younger than 0.1 s and of the same state."""
        at_s = self._clock()
        fresh = self._drawn_s is not None and at_s - self._drawn_s < _REDRAW_S
        if fresh and state is self._drawn_state:
            return
        if not self._live.is_started:
            self._live.start()
        self._drawn_s, self._drawn_state = at_s, state
        width, height = self._console.size
        self._live.update(picture(width=width, height=height), refresh=True)

    def close(self) -> None:
        """Give the terminal back as it was; may be called more than once."""
        self._live.stop()
