"""Observers of a session: the panel on a terminal, lines elsewhere, JSON for machines."""

import sys
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Protocol

from devicehub.cli import text
from devicehub.cli.output import Output
from devicehub.cli.request import Request
from devicehub.cli.terminal import BELL, CALLS, ended, has_cursor, listening
from devicehub.errors import UsageError
from devicehub.hub import Hub
from devicehub.messages import Event, Snapshot, Summary


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
            from devicehub.cli.panelled import panelled  # noqa: PLC0415 - for a terminal only

            yield from panelled(output, request, zone)
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
        self._told: set[str] = set()

    def event(self, event: Event) -> None:
        if not self._quiet or event.name == "warning":
            bell = BELL if event.name in CALLS and sys.stdout.isatty() else ""
            told = self._once(event)
            self.output.say(lambda: f"{bell}{text.event_line(told)}\n")

    def _once(self, event: Event) -> Event:
        """Return it without what is to be done by hand, where a line above has said that."""
        if event.name not in ("lost", "rescuing"):
            return event
        if event.detail in self._told:
            return replace(event, detail="see above what to do by hand")
        self._told.add(event.detail)
        return event

    def look(self, snapshot: Snapshot) -> None:
        pass

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        # In a pipe the keyboard may be the reader's: a pager's, for example.
        return listening(hub) if sys.stdout.isatty() else nullcontext()

    def summary(self, summary: Summary) -> None:
        self.output.say(lambda: ended(summary))
