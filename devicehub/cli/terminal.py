"""Terminal: what one can show, and what every observer does on one."""

import io
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from devicehub.hub import Hub
from devicehub.messages import SessionState, Summary

BELL = "\a"
CALLS = ("presence_asked", "waiting")
"""The events that ring it: somebody has to do something, or the session ends."""
# Terminals that know no cursor: the panel would be a heap of escape sequences on them.
_PLAIN_TERMINALS = ("", "dumb", "unknown")


def has_cursor() -> bool:
    """Say whether standard output is a terminal on which pictures can be drawn."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in _PLAIN_TERMINALS


def ascii_only() -> bool:
    """Say whether standard output cannot show more than ASCII."""
    return not (sys.stdout.encoding or "").lower().startswith("utf")


def drawn(draw: Callable[[], None], sheet: io.StringIO) -> str:
    """Return what `draw` writes on the sheet, and clear it."""
    draw()
    picture = sheet.getvalue()
    sheet.seek(0)
    sheet.truncate()
    return picture


def listening(
    hub: Hub, unknown: Callable[[str], None] = lambda _: None
) -> AbstractContextManager[object]:
    """Listen to the keyboard for a session; `unknown` hears of keys that do nothing."""
    from devicehub.cli.keys import listen  # noqa: PLC0415

    def paused() -> bool:
        return hub.session is not None and hub.session.state is SessionState.PAUSED

    return listen(hub.post, paused, unknown=unknown)


def ended(summary: Summary) -> str:
    """Return the end of a session: a screen on a terminal, else plain lines."""
    from devicehub.cli import summary as end  # noqa: PLC0415 - rich is slow to import

    if not sys.stdout.isatty():
        return end.plain_summary(summary) + "\n"
    from rich.console import Console  # noqa: PLC0415

    console = Console(file=io.StringIO(), force_terminal=True)
    with console.capture() as captured:
        console.print(end.render_summary(summary, ascii_only=ascii_only()))
    return captured.get()
