"""Panel: a session on the terminal, drawn from snapshots. It knows nothing but what they say."""

import textwrap
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel as Frame
from rich.text import Text

from devicehub.cli import backmap, text
from devicehub.cli import glyphs as g
from devicehub.messages import DeviceView, SessionState, Snapshot
from profiles.layout import Layout

WIDTH_CELLS = 80
_INNER_CELLS = WIDTH_CELLS - 4
_REDRAW_S = 0.1  # ten pictures a second: more is not seen and costs the loop
_CLOCK_CELLS = 22
_CUE_LINES = 2

_KEYS = (
    ("space", "pause"),
    ("s", "softer"),
    ("d", "discomfort"),
    ("h", "it hurts"),
    ("p", "I am here"),
    ("q", "stop"),
)
_STATES = {
    SessionState.CONNECTING: "connecting",
    SessionState.PAUSED: "PAUSED - press space to go on",
    SessionState.STOPPING: "STOPPING",
    SessionState.ENDED: "ended",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What the panel has to know besides the snapshot.

    Attributes:
        layouts: Where the motors sit, by model; a device without one is drawn without its map.
        simulated: No real massager is behind this session.
        ascii_only: The terminal cannot show more than ASCII.
    """

    layouts: Mapping[str, Layout] = field(default_factory=dict[str, Layout])
    simulated: bool = False
    ascii_only: bool = False

    @property
    def glyphs(self) -> g.Glyphs:
        """The characters to draw with."""
        return g.ASCII if self.ascii_only else g.UNICODE


def render(now: Snapshot, stage: Stage) -> RenderableType:
    """Return the picture of `now`; with one massager of up to five rows it fits 80x24."""
    parts: list[Text] = []
    if stage.simulated:
        parts.append(Text(" SIMULATED: nothing real moves ", "reverse"))
    parts += [*_head(now, stage.glyphs), *_cue(now, stage.glyphs)]
    for device in now.devices:
        parts += _device(device, stage, alone=len(now.devices) == 1)
    parts += [*_legend(now, stage.glyphs), _keys_line()]
    for (
        part
    ) in parts:  # in a terminal that is too narrow lines are cut, the picture keeps its shape
        part.no_wrap, part.overflow = True, "crop"
    return Frame(
        Group(*parts),
        title=f"[bold]{_escaped(now.title)}[/]",
        title_align="left",
        subtitle=_device_line(now.devices[0]) if len(now.devices) == 1 else None,
        subtitle_align="right",
        box=box.ASCII if stage.ascii_only else box.ROUNDED,
        width=WIDTH_CELLS,
        border_style=g.QUIET,
    )


def _escaped(words: str) -> str:
    return words.replace("[", r"\[")


def _head(now: Snapshot, glyphs: g.Glyphs) -> list[Text]:
    """The countdown, and beside it what is being done and where."""
    phase = f"Phase {now.passage + 1} of {now.passages}: {text.technique(now.technique)}"
    state = _STATES.get(now.state)
    beside = (
        Text(state or phase, "bold reverse" if state else "bold"),
        Text(text.zones_within(now.zones, _INNER_CELLS - _CLOCK_CELLS - 2), g.QUIET),
        Text.assemble(("ceiling ", g.QUIET), text.percent(now.ceiling)),
    )
    lines: list[Text] = []
    clock = g.big_rows(text.clock(now.remaining_s), glyphs)
    for large, words in zip(clock, beside, strict=True):
        line = Text(f"  {large:<{_CLOCK_CELLS}}", "bold")
        _cut(words, _INNER_CELLS - line.cell_len, glyphs)
        lines.append(Text.assemble(line, words))
    return [Text(), *lines, _progress(now, glyphs)]


def _cut(words: Text, most: int, glyphs: g.Glyphs) -> None:
    words.truncate(most, overflow="ellipsis" if glyphs.big else "crop")


def _progress(now: Snapshot, glyphs: g.Glyphs) -> Text:
    whole = now.elapsed_s + now.remaining_s
    played = now.elapsed_s / whole if whole > 0 else 0.0
    done = round(played * _INNER_CELLS)
    rail = "━" if glyphs.big else "="
    rest = "─" if glyphs.big else "-"
    return Text.assemble((rail * done, g.FILL), (rest * (_INNER_CELLS - done), g.QUIET))


def _cue(now: Snapshot, glyphs: g.Glyphs) -> list[Text]:
    """The cue in two lines; the space is kept when it needs less, so that nothing jumps."""
    words = textwrap.wrap(now.cue, _INNER_CELLS - 3, max_lines=_CUE_LINES, placeholder=" ...")
    starts = (f" {glyphs.cue} ", "   ")
    lines = [Text(start + line, "bold") for start, line in zip(starts, words, strict=False)]
    return lines + [Text()] * (_CUE_LINES - len(lines))


def _device(device: DeviceView, stage: Stage, *, alone: bool) -> list[Text]:
    layout = stage.layouts.get(device.model)
    drawn = [] if alone else [Text.from_markup(_device_line(device))]
    if layout is not None:
        drawn += backmap.lines(device, layout, _INNER_CELLS, stage.glyphs)
    if device.heat is not None and device.heat.asked:
        drawn.append(Text(text.heat(device.heat), g.QUIET))
    return drawn


def _device_line(device: DeviceView) -> str:
    """Name, link, battery; and the one thing that must not be overlooked."""
    link = device.link if device.link != "lost" else "[bold red]LINK LOST[/]"
    parts = [_escaped(device.name), link]
    if device.battery_percent is not None:
        parts.append(f"battery {device.battery_percent}%")
    if device.link == "lost" and device.may_be_running:
        parts.append("[bold red]MAY BE RUNNING[/]")
    return " - ".join(parts)


def _legend(now: Snapshot, glyphs: g.Glyphs) -> list[Text]:
    held = {view.held_by for device in now.devices for view in device.actuators}
    signs = Text.assemble(
        (glyphs.full, g.FILL),
        (" delivered  ", g.QUIET),
        (glyphs.held, g.HELD),
        (" asked, held back  ", g.QUIET),
        (glyphs.cap, g.CAP),
        (" cap", g.QUIET),
    )
    reasons = "; ".join(sorted(text.rule(rule) for rule in held if rule))
    why = Text.assemble((f"{glyphs.mark} held back: ", g.HELD), reasons) if reasons else Text()
    _cut(why, _INNER_CELLS, glyphs)
    return [signs, why]


def _keys_line() -> Text:
    line = Text()
    for key, does in _KEYS:
        line.append(key, "bold").append(f" {does}   ", g.QUIET)
    line.rstrip()
    return line


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

    def update(self, now: Snapshot) -> None:
        """Draw `now`, unless the last picture is younger than 0.1 s and in the same state."""
        at_s = self._clock()
        fresh = self._drawn_s is not None and at_s - self._drawn_s < _REDRAW_S
        if fresh and now.state is self._drawn_state:
            return
        if not self._live.is_started:
            self._live.start()
        self._drawn_s, self._drawn_state = at_s, now.state
        self._live.update(render(now, self._stage), refresh=True)

    def close(self) -> None:
        """Give the terminal back as it was; may be called more than once."""
        self._live.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
