"""Observers of a guide: the picture on a terminal, lines elsewhere, JSON for machines."""

import io
import sys
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Protocol

from devicehub.cli import events, text
from devicehub.cli.guiding.lines import spoken_line
from devicehub.cli.guiding.panel import Scene, render
from devicehub.cli.guiding.session import GuideSession, Now
from devicehub.cli.output import Output
from devicehub.cli.terminal import drawn, has_cursor
from devicehub.messages import Event, Snapshot, Summary
from profiles.guiding import Instruction, Kind

_SAID_S = 6.0
_RUNG = (Kind.COUNT, Kind.PRESS, Kind.STEP)


class GuideObserver(Protocol):
    """Somebody who follows a guide; looks at it every `look_every_s` seconds of its time."""

    output: Output
    look_every_s: float

    def told(self, instruction: Instruction, at_s: float) -> None:
        """Hear an instruction, `at_s` seconds into the guide."""
        ...

    def event(self, event: Event) -> None:
        """Hear that something happened."""
        ...

    def look(self, now: Now) -> None:
        """See the guide as it is now."""
        ...

    def keys(self, session: GuideSession) -> AbstractContextManager[object]:
        """Listen to the keyboard meanwhile, if there is one to listen to."""
        ...

    def summary(self, summary: Summary) -> None:
        """Show what is left, after the end."""
        ...


@contextmanager
def observer_of(
    scene: Scene, speed: float | None, *, as_json: bool, bell: bool
) -> Generator[GuideObserver]:
    """Yield the observer that fits where the output goes; it cleans up after itself."""
    with Output(sys.stdout) as output:
        if as_json:
            yield _Json(output, scene)
        elif has_cursor() and speed is not None:
            panelled = _Panelled(output, scene, speed, bell=bell)
            try:
                yield panelled
            finally:
                panelled.close()
        else:
            yield _Lines(output, scene)


class _Json:
    """One object a line: instructions, events, a snapshot a second, the summary."""

    look_every_s = 1.0

    def __init__(self, output: Output, scene: Scene) -> None:
        self.output, self._scene = output, scene

    def told(self, instruction: Instruction, at_s: float) -> None:
        scene = self._scene
        technique = scene.guide.passages[instruction.phase].technique
        words = scene.words.say(instruction.phrase)
        row = events.instruction(
            instruction,
            at_s=at_s,
            technique=technique,
            text=words,
            language=scene.words.language,
        )
        self.output.say(lambda: events.as_line(row) + "\n")

    def event(self, event: Event) -> None:
        self.output.say(lambda: events.line(event) + "\n")

    def look(self, now: Now) -> None:
        snapshot = _snapshot(now, self._scene)
        self.output.say(lambda: events.line(snapshot) + "\n")

    def keys(self, session: GuideSession) -> AbstractContextManager[object]:  # noqa: ARG002
        return nullcontext()

    def summary(self, summary: Summary) -> None:
        self.output.say(lambda: events.line(summary) + "\n")


class _Lines:
    """Plain lines for a file or a pipe."""

    look_every_s = 1.0

    def __init__(self, output: Output, scene: Scene) -> None:
        self.output, self._scene = output, scene

    def told(self, instruction: Instruction, at_s: float) -> None:
        if instruction.spoken:
            self.output.say(lambda: spoken_line(instruction, at_s, self._scene) + "\n")

    def event(self, event: Event) -> None:
        if event.name in ("paused", "resumed"):
            self.output.say(lambda: text.event_line(event) + "\n")

    def look(self, now: Now) -> None:
        pass

    def keys(self, session: GuideSession) -> AbstractContextManager[object]:
        # In a pipe the keyboard may be the reader's: a pager's, for example.
        return _listening(session) if sys.stdout.isatty() else nullcontext()

    def summary(self, summary: Summary) -> None:
        self.output.say(lambda: _ended(summary, self._scene))


class _Panelled:
    """The picture, ten times a second, then one line on the ordinary screen."""

    def __init__(self, output: Output, scene: Scene, speed: float, *, bell: bool) -> None:
        from rich.console import Console  # noqa: PLC0415 - rich is slow to import

        from devicehub.cli.screen import Screen  # noqa: PLC0415 - as above

        self.output, self._bell = output, bell
        self.look_every_s = 0.1 * speed
        self._sheet = io.StringIO()
        self._screen = Screen(Console(file=self._sheet, force_terminal=True))
        plain = scene.ascii_only or self._screen.ascii_only
        self._scene = replace(scene, ascii_only=plain)
        self._said, self._said_until_s = "", 0.0

    def told(self, instruction: Instruction, at_s: float) -> None:
        del at_s
        if self._bell and instruction.kind in _RUNG:
            self.output.say(lambda: "\a")

    def event(self, event: Event) -> None:
        if event.name == "present":
            self._answer(self._scene.words.word("there"))

    def look(self, now: Now) -> None:
        said = self._said if time.monotonic() < self._said_until_s else ""
        picture = partial(render, now, self._scene, said)
        self.output.show(lambda: drawn(lambda: self._screen.show(picture, now.state), self._sheet))

    def keys(self, session: GuideSession) -> AbstractContextManager[object]:
        def unknown(key: str) -> None:
            self._answer(self._scene.words.word("unknown_key", name=key))

        return _listening(session, unknown)

    def summary(self, summary: Summary) -> None:
        self.close()
        self.output.say(lambda: _ended(summary, self._scene))

    def close(self) -> None:
        """Give the terminal back."""
        self.output.say(lambda: drawn(self._screen.close, self._sheet))

    def _answer(self, said: str) -> None:
        self._said, self._said_until_s = said, time.monotonic() + _SAID_S


def _listening(
    session: GuideSession, unknown: Callable[[str], None] = lambda _: None
) -> AbstractContextManager[object]:
    from devicehub.cli.keys import listen  # noqa: PLC0415 - termios, where there is a terminal

    return listen(session.post, lambda: session.paused, unknown=unknown)


def _ended(summary: Summary, scene: Scene) -> str:
    how = scene.words.word(f"ended_{summary.reason}", time=text.clock(summary.played_s))
    return f"{scene.words.text(scene.guide.title)}: {how}\n"


def _snapshot(now: Now, scene: Scene) -> Snapshot:
    """Return the guide as any session is seen: without massagers, and no level at all."""
    passages = scene.guide.passages
    begun = [each for each in passages if each.start_s <= now.position_s]
    passage = begun[-1] if begun else passages[0]
    return Snapshot(
        state=now.state,
        title=scene.guide.title,
        elapsed_s=now.position_s,
        remaining_s=scene.guide.duration_s - now.position_s,
        passage=passage.index,
        passages=len(passages),
        technique=passage.technique,
        zones=passage.zones,
        cue="" if now.told is None else scene.words.say(now.told.phrase),
        ceiling=0.0,
        presence_left_s=None,
        devices=(),
    )
