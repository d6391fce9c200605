"""The live panel as an observer: it follows a session on a terminal, and ends in its summary."""

import io
import time
from collections.abc import Generator
from contextlib import AbstractContextManager
from typing import Protocol

from devicehub.cli import text
from devicehub.cli.output import Output
from devicehub.cli.request import Request
from devicehub.cli.terminal import BELL, CALLS, ascii_only, drawn, ended, listening
from devicehub.cli.wrapping import fitted
from devicehub.hub import Hub
from devicehub.messages import Event, Snapshot, Summary

# Long enough to be read twice.
_SAID_S = 6.0


def panelled(output: Output, request: Request, zone: str | None) -> Generator["Panelled"]:
    """Yield the panel for `request`, whose one handheld is held at `zone`."""
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import

    from devicehub.cli.panel import Panel, Stage  # noqa: PLC0415 - as above

    layouts = {
        model: (massager.held_at(zone) if massager.held and zone else massager).layout
        for model, massager in request.library.items()
    }
    sheet = io.StringIO()
    console = Console(file=sheet, force_terminal=True)
    panel = Panel(Stage(layouts, request.nothing_real, ascii_only(), request.language), console)
    try:
        yield Panelled(output, panel, sheet, request.speed or 1.0)
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


class Panelled:
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
        """Keep what stays to be read, ring, and answer."""
        if event.name == "connecting":
            self.output.say(lambda: text.event_line(event) + "\n")
        elif event.name in _KEPT:
            self._note(event)
        elif event.name in CALLS:
            self.output.say(lambda: BELL)
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
        """Draw it, with what has to be done by hand."""
        running = {device.name for device in snapshot.devices if device.may_be_running}
        by_hand = {name: do for name, do in self._by_hand.items() if name in running}
        said = self._said if time.monotonic() < self._said_until_s else ""
        if by_hand:
            alone = len(snapshot.devices) == 1
            said = " ".join(do if alone else f"{name}: {do}" for name, do in by_hand.items())
        self.output.show(lambda: drawn(lambda: self._panel.update(snapshot, said), self._sheet))

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        """Listen to the keyboard; a key that does nothing is told."""
        return listening(hub, lambda key: self._answer(f"{key} does nothing; q stops"))

    def summary(self, summary: Summary) -> None:
        """Take the picture away, and leave notes and summary."""
        self.output.say(lambda: drawn(self._panel.close, self._sheet))
        told = [device.advice for device in summary.devices if device.advice]
        for note in self._notes:
            if any(advice in note for advice in told):
                continue  # it stands at the end of what follows
            self.output.say(lambda note=note: fitted(f"note: {note}") + "\n")
        self.output.say(lambda: ended(summary))
