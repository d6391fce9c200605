"""The panel's blocks: each is a few lines that are drawn together or, without room, not at all."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.text import Text

from devicehub.cli import backmap, text
from devicehub.cli import glyphs as g
from devicehub.i18n.words import Words
from devicehub.messages import DeviceView, SessionState, Snapshot
from profiles.layout import Layout
from profiles.text import Language

_CLOCK_CELLS = 22
_LARGE_CELLS = 60  # from here on large digits leave room for words beside them
_MAP_CELLS = 60  # from here on a row of motors has bars that can be read
_LINES = 2  # of a cue, and of what is said
_URGENT_LINES = 4  # of what is to be done by hand
_GAP = "   "

_KEYS = (
    ("space", "pause"),
    ("s", "softer"),
    ("+", "stronger"),
    ("d", "discomfort"),
    ("h", "it hurts"),
    ("p", "I am here"),
    ("q", "stop"),
)
_KEYS_MOVING = (("n", "it is there"), *_KEYS[1:])
_KEYS_STOPPING = (("h", "it hurts"), ("q", "stop"))
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
        language: Of cues, and of what a handheld's user is to do by hand.
    """

    layouts: Mapping[str, Layout] = field(default_factory=dict[str, Layout])
    simulated: bool = False
    ascii_only: bool = False
    language: Language = "en"

    @property
    def glyphs(self) -> g.Glyphs:
        """The characters to draw with."""
        return g.ASCII if self.ascii_only else g.UNICODE


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; of several the highest `rank` is left out first, 0 never."""

    rank: int
    lines: list[Text]


def blocks(now: Snapshot, stage: Stage, said: str, width: int, *, large: bool) -> list[Block]:
    """Return the picture from top to bottom, for lines of `width` cells.

    Args:
        now: The session.
        stage: What does not change.
        said: The answer to the last key, or what is to be done by hand; may be empty.
        width: Cells in a line.
        large: Whether there is room for large digits.
    """
    glyphs = stage.glyphs
    head = _question(now, width, glyphs, large=large) or _head(now, width, stage, large=large)
    alarms, stopping = _alarms(now.devices, width), now.state is SessionState.STOPPING
    urgent = bool(alarms) or stopping
    drawn = [
        Block(0, alarms),
        Block(2, [Text(" SIMULATED: nothing real moves ", "reverse")] if stage.simulated else []),
        Block(0, head),
        Block(5, [_progress(now, width, glyphs)]),
        Block(4, [] if urgent else _cue(now, stage, width)),
    ]
    maps = [_device(d, stage, width, alone=len(now.devices) == 1) for d in now.devices]
    drawn += [Block(6 + index, lines) for index, lines in enumerate(maps)]
    if said:
        rank, most = (0, _URGENT_LINES) if urgent else (1, _LINES)
        drawn.append(Block(rank, _padded(_wrapped(said, width, " ", "bold reverse", most))))
    else:
        drawn.append(Block(4, _held_back(now, width, glyphs)))
        drawn.append(Block(5, [_signs(glyphs)]))
    keys = _KEYS_STOPPING if stopping else _KEYS_MOVING if now.places else _KEYS
    return [*drawn, Block(0, key_lines(keys, width))]


def device_line(device: DeviceView) -> str:
    """Return name, link and battery, with markup."""
    link = device.link if device.link == "connected" else "[bold red]LINK LOST[/]"
    parts = [escaped(device.name), link]
    if device.battery_percent is not None:
        parts.append(f"battery {device.battery_percent}%")
    return " - ".join(parts)


def escaped(words: str) -> str:
    """Return words in which nothing is markup."""
    return words.replace("[", r"\[")


def _alarms(devices: tuple[DeviceView, ...], width: int) -> list[Text]:
    """The one thing that must not be overlooked; a long name gets a line of its own."""
    said = "MAY BE RUNNING:"
    lines: list[str] = []
    for device in devices:
        if device.link != "connected" and device.may_be_running:
            fits = len(f" {said} {device.name} ") <= width
            lines += [f"{said} {device.name}"] if fits else [said, device.name]
    return [Text(f" {line} ", "bold white on red") for line in lines]


def _question(now: Snapshot, width: int, glyphs: g.Glyphs, *, large: bool) -> list[Text]:
    if now.presence_left_s is None or now.state is not SessionState.PLAYING:
        return []
    ask, loud = " ARE YOU THERE? press p ", "bold reverse"
    if not large or width < _LARGE_CELLS:
        left = text.duration(now.presence_left_s)
        return [Text(ask, loud), Text(f" {left} left, then everything stops", "bold")]
    beside = (Text(ask, loud), Text(), Text("then everything stops", "bold"))
    return _beside_clock(now.presence_left_s, beside, width, glyphs)


def _head(now: Snapshot, width: int, stage: Stage, *, large: bool) -> list[Text]:
    """The countdown, and beside it what is being done and where."""
    phase = f"Phase {now.passage + 1} of {now.passages}: {text.technique(now.technique)}"
    state = _awaited(now, stage.language) or _STATES.get(now.state)
    doing = Text(state or phase, "bold reverse" if state else "bold")
    ceiling = Text.assemble(("ceiling ", g.QUIET), text.percent(now.ceiling))
    if not large or width < _LARGE_CELLS:
        clock = Text.assemble((f"{text.clock(now.remaining_s)}  ", "bold"), doing)
        strongest = max((m.sent for d in now.devices for m in d.actuators), default=0.0)
        level = (f"now up to {text.percent(strongest)}, ", g.QUIET)
        return [clock, Text.assemble(level, ceiling)]
    where = Text(text.zones_within(now.zones, width - _CLOCK_CELLS - 2), g.QUIET)
    return _beside_clock(now.remaining_s, (doing, where, ceiling), width, stage.glyphs)


def _awaited(now: Snapshot, language: Language) -> str | None:
    """Say what has to be moved, or which massagers are looked for and for how long; else None."""
    if now.places:
        words, zone = Words.of(language), now.places[0].zones[0]
        return words.word("move_it", zone=words.within(zone))
    away = {d.name: left_s for d in now.devices if (left_s := d.returning_left_s) is not None}
    if now.state is not SessionState.PAUSED or not away:
        return None
    return f"PAUSED - looking for {', '.join(away)}, {text.duration(min(away.values()))} left"


def _beside_clock(
    seconds: float, words: tuple[Text, ...], width: int, glyphs: g.Glyphs
) -> list[Text]:
    lines = [Text()]
    for large, beside in zip(g.big_rows(text.clock(seconds), glyphs), words, strict=True):
        line = Text(f"  {large:<{_CLOCK_CELLS}}", "bold")
        _cut(beside, width - line.cell_len, glyphs)
        lines.append(Text.assemble(line, beside))
    return lines


def _cut(words: Text, most: int, glyphs: g.Glyphs) -> None:
    words.truncate(most, overflow="ellipsis" if glyphs.big else "crop")


def _progress(now: Snapshot, width: int, glyphs: g.Glyphs) -> Text:
    whole = now.elapsed_s + now.remaining_s
    played = now.elapsed_s / whole if whole > 0 else 0.0
    done = round(played * width)
    rail = "━" if glyphs.big else "="
    rest = "─" if glyphs.big else "-"
    return Text.assemble((rail * done, g.FILL), (rest * (width - done), g.QUIET))


def _cue(now: Snapshot, stage: Stage, width: int) -> list[Text]:
    cue = Words.of(stage.language).text(now.cue)
    return _padded(_wrapped(cue, width, f" {stage.glyphs.cue} ", "bold"))


def _padded(lines: list[Text]) -> list[Text]:
    """Keep the space when the words need less, so that nothing jumps."""
    return lines + [Text()] * (_LINES - len(lines))


def _wrapped(words: str, width: int, start: str, style: str, most: int = _LINES) -> list[Text]:
    lines = textwrap.wrap(words, width - len(start), max_lines=most, placeholder=" ...")
    starts = (start, *[" " * len(start)] * (most - 1))
    return [Text(begin + line, style) for begin, line in zip(starts, lines, strict=False)]


def _device(device: DeviceView, stage: Stage, width: int, *, alone: bool) -> list[Text]:
    layout = stage.layouts.get(device.model)
    drawn = [] if alone else [Text.from_markup(device_line(device))]
    if layout is not None and width >= _MAP_CELLS:
        drawn += backmap.lines(device, layout, width, stage.glyphs)
    if device.heat is not None and device.heat.asked:
        drawn.append(Text(text.heat(device.heat), g.QUIET))
    return drawn


def _signs(glyphs: g.Glyphs) -> Text:
    return Text.assemble(
        (glyphs.full, g.FILL),
        (" delivered  ", g.QUIET),
        (glyphs.held, g.HELD),
        (" asked, held back  ", g.QUIET),
        (glyphs.cap, g.CAP),
        (" cap", g.QUIET),
    )


def _held_back(now: Snapshot, width: int, glyphs: g.Glyphs) -> list[Text]:
    held = {view.held_by for device in now.devices for view in device.actuators}
    reasons = "; ".join(sorted(text.rule(rule) for rule in held if rule))
    why = Text.assemble((f"{glyphs.mark} held back: ", g.HELD), reasons) if reasons else Text()
    _cut(why, width, glyphs)
    return [why]


def key_lines(keys: Sequence[tuple[str, str]], width: int) -> list[Text]:
    """Return every key with what it does, in as many lines as it takes."""
    lines = [Text()]
    for key, does in keys:
        named = Text.assemble((key, "bold"), (f" {does}", g.QUIET))
        if lines[-1] and lines[-1].cell_len + len(_GAP) + named.cell_len > width:
            lines.append(Text())
        lines[-1].append(_GAP if lines[-1] else "").append_text(named)
    return lines
