"""Observers of a session: the panel on a terminal, lines elsewhere, JSON for machines."""

import sys
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

import click

from devicehub.cli import text
from devicehub.cli.request import Request
from devicehub.hub import Hub
from devicehub.massagers.library import load_library
from devicehub.messages import Event, SessionState, Snapshot, Summary


class Observer(Protocol):
    """Somebody who watches a session; looks at it every `look_every_s` seconds, None for never."""

    look_every_s: float | None

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
    """Yield the observer that fits where the output goes; it cleans up after itself."""
    if request.as_json:
        yield _Json()
    elif request.virtual and request.speed is None:
        yield _Lines(quiet=True)
    elif sys.stdout.isatty():
        yield from _panelled(zone)
    else:
        yield _Lines(quiet=False)


class _Json:
    """One object a line: events, a snapshot a second, the summary."""

    look_every_s: float | None = 1.0

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

        click.echo(events.line(message))


class _Lines:
    """Plain lines for a file or a pipe; quiet at full speed, where a line would tell nothing."""

    look_every_s: float | None = None

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def event(self, event: Event) -> None:
        if not self._quiet or event.name == "warning":
            click.echo(text.event_line(event))

    def look(self, snapshot: Snapshot) -> None:
        pass

    def keys(self, hub: Hub) -> AbstractContextManager[object]:  # noqa: ARG002 - an Observer's
        return nullcontext()

    def summary(self, summary: Summary) -> None:
        _show_summary(summary)


def _panelled(zone: str | None) -> Generator[Observer]:
    from devicehub.cli.panel import Panel, Stage  # noqa: PLC0415 - rich is slow to import

    layouts = {
        model: (massager.held_at(zone) if massager.held and zone else massager).layout
        for model, massager in load_library().items()
    }
    with Panel(Stage(layouts, simulated=True)) as panel:
        yield _Panelled(panel)


class _Canvas(Protocol):
    """What a live panel can do."""

    def update(self, now: Snapshot) -> None:
        """Draw the session as it is now."""
        ...

    def close(self) -> None:
        """Give the terminal back."""
        ...


class _Panelled:
    """The live panel, then the summary on the ordinary screen."""

    look_every_s: float | None = 0.1

    def __init__(self, panel: _Canvas) -> None:
        self._panel = panel
        self._notes: list[str] = []

    def event(self, event: Event) -> None:
        if event.name == "connecting":
            click.echo(text.event_line(event), err=True)
        elif event.name in ("warning", "lost"):
            self._notes.append(event.detail)

    def look(self, snapshot: Snapshot) -> None:
        self._panel.update(snapshot)

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        from devicehub.cli.keys import listen  # noqa: PLC0415

        def paused() -> bool:
            return hub.session is not None and hub.session.state is SessionState.PAUSED

        return listen(hub.post, paused)

    def summary(self, summary: Summary) -> None:
        self._panel.close()
        for note in self._notes:
            click.echo(f"note: {note}")
        _show_summary(summary)


def _show_summary(summary: Summary) -> None:
    from devicehub.cli import summary as end  # noqa: PLC0415 - rich is slow to import

    if not sys.stdout.isatty():
        click.echo(end.plain_summary(summary))
        return
    from rich.console import Console  # noqa: PLC0415

    console = Console()
    console.print(end.render_summary(summary, ascii_only=not console.encoding.startswith("utf")))
