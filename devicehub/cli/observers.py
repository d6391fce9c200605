"""Observers of a session: the panel on a terminal, lines elsewhere, JSON for machines."""

import io
import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from devicehub.cli import text
from devicehub.cli.output import Output
from devicehub.cli.request import Request
from devicehub.errors import UsageError
from devicehub.hub import Hub
from devicehub.messages import Event, SessionState, Snapshot, Summary

_BELL = "\a"
_CALLS = ("presence_asked", "waiting")
# Long enough to be read twice.
_SAID_S = 6.0
# Terminals that know no cursor: the panel would be a heap of escape sequences on them.
_PLAIN_TERMINALS = ("", "dumb", "unknown")


class Observer(Protocol):
    """Somebody who watches a session; looks at it every `look_every_s` seconds of its time.

    None of this waits for whoever reads `output`.
    """

    output: Output
    look_every_s: float

    def event(self, event: Event) -> None:
        """Hear that something happened."""
        ...

    def look(self, snapshot: Snapshot) -> None:
        """See the session as it is now."""
        ...

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        """Listen to the keyboard meanwhile, if there is one to listen to."""
        ...

    def summary(self, summary: Summary) -> None:
        """Show what is left, after the session."""
        ...


@contextmanager
def observer_for(request: Request, zone: str | None) -> Generator[Observer]:
    """Yield the observer that fits where the output goes; it cleans up after itself.

    Raises:
        UsageError: There is no output at all.
    """
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison] - closed by the shell
        raise UsageError(
            "standard output is closed: nobody would see the session\n"
            "give it a terminal, a file or a pipe; /dev/null will do"
        )
    with Output(sys.stdout) as output:
        if request.as_json:
            yield _Json(output)
        elif request.virtual and request.speed is None:
            yield _Lines(output, quiet=True)
        elif has_cursor():
            yield from _panelled(output, request, zone)
        else:
            yield _Lines(output, quiet=False)


class _Json:
    """One object a line: events, a snapshot a second, the summary."""

    look_every_s = 1.0

    def __init__(self, output: Output) -> None:
        self.output = output

    def event(self, event: Event) -> None:
        self._say(event)

    def look(self, snapshot: Snapshot) -> None:
        self._say(snapshot)

    def keys(self, hub: Hub) -> AbstractContextManager[object]:  # noqa: ARG002 - an Observer's
        return nullcontext()

    def summary(self, summary: Summary) -> None:
        self._say(summary)

    def _say(self, message: Event | Snapshot | Summary) -> None:
        from devicehub.cli import events  # noqa: PLC0415 - for --json only

        self.output.say(lambda: events.line(message) + "\n")


class _Lines:
    """Plain lines for a file or a pipe; quiet at full speed, where a line would tell nothing."""

    look_every_s = 1.0

    def __init__(self, output: Output, *, quiet: bool) -> None:
        self.output = output
        self._quiet = quiet

    def event(self, event: Event) -> None:
        if not self._quiet or event.name == "warning":
            bell = _BELL if event.name in _CALLS and sys.stdout.isatty() else ""
            self.output.say(lambda: f"{bell}{text.event_line(event)}\n")

    def look(self, snapshot: Snapshot) -> None:
        pass

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        # In a pipe the keyboard may be the reader's: a pager's, for example.
        return _listening(hub) if sys.stdout.isatty() else nullcontext()

    def summary(self, summary: Summary) -> None:
        self.output.say(lambda: _summary(summary))


def _panelled(output: Output, request: Request, zone: str | None) -> Generator[Observer]:
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import

    from devicehub.cli.panel import Panel, Stage  # noqa: PLC0415 - as above

    layouts = {
        model: (massager.held_at(zone) if massager.held and zone else massager).layout
        for model, massager in request.library.items()
    }
    sheet = io.StringIO()
    console = Console(file=sheet, force_terminal=True)
    simulated = bool(request.models)  # behind --air only the far side knows
    panel = Panel(Stage(layouts, simulated, ascii_only(), request.language), console)
    try:
        yield _Panelled(output, panel, sheet, request.speed or 1.0)
    finally:
        output.say(lambda: drawn(panel.close, sheet))


class _Canvas(Protocol):
    """What a live panel can do."""

    def update(self, now: Snapshot, said: str = "") -> None:
        """Draw the session as it is now, and the answer to the last key."""
        ...

    def close(self) -> None:
        """Give the terminal back."""
        ...


_KEPT = ("warning", "lost", "returned", "rescuing", "rescued", "not_reloaded")


class _Panelled:
    """The live panel, then the summary on the ordinary screen."""

    def __init__(self, output: Output, panel: _Canvas, sheet: io.StringIO, speed: float) -> None:
        self.output = output
        self.look_every_s = 0.1 * speed
        self._panel = panel
        self._sheet = sheet
        self._notes: list[str] = []
        self._by_hand: dict[str, str] = {}
        self._said, self._said_until_s = "", 0.0

    def event(self, event: Event) -> None:
        if event.name == "connecting":
            self.output.say(lambda: text.event_line(event) + "\n")
        elif event.name in _KEPT:
            self._note(event)
        elif event.name in _CALLS:
            self.output.say(lambda: _BELL)
        if event.name == "resumed" and not self._said.startswith("paused"):
            return  # nobody was told of a pause: it was moved, and the picture says where to
        if said := text.answer(event):
            self._answer(said)

    def _answer(self, said: str) -> None:
        self._said, self._said_until_s = said, time.monotonic() + _SAID_S

    def _note(self, event: Event) -> None:
        """Keep what stays to be read, each once; and what to do by hand until it is confirmed."""
        note = f"{event.device}: {event.detail}" if event.device else event.detail
        if note not in self._notes:
            self._notes.append(note)
        if event.name in ("returned", "rescued"):
            self._by_hand.pop(event.device or "", None)
        elif event.name in ("lost", "rescuing"):
            self._by_hand[event.device or ""] = event.detail

    def look(self, snapshot: Snapshot) -> None:
        running = {device.name for device in snapshot.devices if device.may_be_running}
        by_hand = {name: do for name, do in self._by_hand.items() if name in running}
        said = self._said if time.monotonic() < self._said_until_s else ""
        if by_hand:
            alone = len(snapshot.devices) == 1
            said = " ".join(do if alone else f"{name}: {do}" for name, do in by_hand.items())
        self.output.show(lambda: drawn(lambda: self._panel.update(snapshot, said), self._sheet))

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        return _listening(hub, lambda key: self._answer(f"{key} does nothing; q stops"))

    def summary(self, summary: Summary) -> None:
        self.output.say(lambda: drawn(self._panel.close, self._sheet))
        told = [device.advice for device in summary.devices if device.advice]
        for note in self._notes:
            if any(advice in note for advice in told):
                continue  # it stands at the end of what follows
            self.output.say(lambda note=note: f"note: {note}\n")
        self.output.say(lambda: _summary(summary))


def drawn(draw: Callable[[], None], sheet: io.StringIO) -> str:
    """Return what `draw` writes on the sheet, and clear it."""
    draw()
    picture = sheet.getvalue()
    sheet.seek(0)
    sheet.truncate()
    return picture


def _listening(
    hub: Hub, unknown: Callable[[str], None] = lambda _: None
) -> AbstractContextManager[object]:
    from devicehub.cli.keys import listen  # noqa: PLC0415

    def paused() -> bool:
        return hub.session is not None and hub.session.state is SessionState.PAUSED

    return listen(hub.post, paused, unknown=unknown)


def has_cursor() -> bool:
    """Say whether standard output is a terminal on which pictures can be drawn."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in _PLAIN_TERMINALS


def ascii_only() -> bool:
    """Say whether standard output cannot show more than ASCII."""
    return not (sys.stdout.encoding or "").lower().startswith("utf")


def _summary(summary: Summary) -> str:
    from devicehub.cli import summary as end  # noqa: PLC0415 - rich is slow to import

    if not sys.stdout.isatty():
        return end.plain_summary(summary) + "\n"
    from rich.console import Console  # noqa: PLC0415

    console = Console(file=io.StringIO(), force_terminal=True)
    with console.capture() as captured:
        console.print(end.render_summary(summary, ascii_only=ascii_only()))
    return captured.get()
