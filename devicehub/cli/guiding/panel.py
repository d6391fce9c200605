"""The picture of a guide: the back with the hands on it, and beside it what is said."""

import textwrap
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel as Frame
from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli import text
from devicehub.cli.guiding.backdrop import COLUMNS, ROWS, Backdrop
from devicehub.cli.guiding.hands import beat, hands
from devicehub.cli.guiding.session import Now
from devicehub.cli.panel_blocks import escaped, key_lines
from devicehub.i18n.words import Words
from devicehub.messages import SessionState
from profiles.guiding import Guide, Instruction, Kind, Side

WIDTH_CELLS, HEIGHT_ROWS = 80, 24
_INNER = WIDTH_CELLS - 4
_WORDS_CELLS = _INNER - COLUMNS - 3
_CLOCK_CELLS = 22
_KEYS = ("space", "n", "s", "d", "p", "h", "q")
BY_ONESELF = "self"
_TIMED = (Kind.PRESS, Kind.HOLD, Kind.RELEASE, Kind.STEP)


@dataclass(frozen=True, slots=True)
class Scene:
    """What does not change while a guide is told.

    Attributes:
        guide: What is told.
        tool: With what it is done.
        words: In which language.
        ascii_only: The terminal cannot show more than ASCII.
        to_hands: The author wrote for whoever's hands work, and not for who lies or sits.
    """

    guide: Guide
    tool: str
    words: Words
    ascii_only: bool = False
    to_hands: bool = False

    @property
    def glyphs(self) -> g.Glyphs:
        """The characters to draw with."""
        return g.ASCII if self.ascii_only else g.UNICODE

    @property
    def zones(self) -> frozenset[str]:
        """Every zone that is named."""
        return frozenset(zone for passage in self.guide.passages for zone in passage.zones)


def render(
    now: Now, scene: Scene, said: str = "", width: int = WIDTH_CELLS, height: int = HEIGHT_ROWS
) -> RenderableType:
    """Return the picture; a small terminal has the words alone. `said` answers the last key."""
    doing = now.doing or now.told or scene.guide.instructions[0]
    if width < WIDTH_CELLS or height < HEIGHT_ROWS:
        return Group(*_small(now, doing, scene, said, width, height))
    back = Backdrop(scene.zones, scene.glyphs).lines(doing, hands(doing, now.position_s))
    words = [*_words(now, doing, scene, _WORDS_CELLS), *[Text()] * ROWS][:ROWS]
    body = [Text.assemble(row, "   ", beside) for row, beside in zip(back, words, strict=True)]
    answer = Text(f" {said} ", "bold reverse") if said else Text()
    lines = [*_head(now, doing, scene), _progress(now, scene), *body, answer, *_keys(scene, _INNER)]
    for line in lines:
        line.no_wrap, line.overflow = True, "crop"
    tool = scene.words.word(scene.tool)
    return Frame(
        Group(*lines),
        title=f"[bold]{escaped(scene.words.text(scene.guide.title))}[/]",
        title_align="left",
        subtitle=tool,
        subtitle_align="right",
        box=box.ASCII if scene.ascii_only else box.ROUNDED,
        width=WIDTH_CELLS,
        border_style=g.QUIET,
    )


def _small(
    now: Now, doing: Instruction, scene: Scene, said: str, width: int, height: int
) -> list[Text]:
    """Without room for the back: time, phase, what is said, keys."""
    clock = Text(text.clock(scene.guide.duration_s - now.position_s) + "  ", "bold")
    lines = [Text.assemble(clock, _phase(now, scene)), *_words(now, doing, scene, width)]
    keys = _keys(scene, width)
    answer = [Text(said, "bold reverse")] if said else []
    return [*lines[: max(1, height - len(keys) - len(answer) - 1)], *answer, *keys]


def _head(now: Now, doing: Instruction, scene: Scene) -> list[Text]:
    """The countdown, and beside it the phase, where, and on which side."""
    zones = scene.words.zone(doing.zones[0]) if doing.zones else ""
    zones += f" +{len(doing.zones) - 1}" if len(doing.zones) > 1 else ""
    side = "" if doing.side is Side.BOTH else f", {scene.words.word(doing.side)}"
    beside = (_phase(now, scene), Text(zones + side, g.QUIET), Text())
    left = text.clock(scene.guide.duration_s - now.position_s)
    rows = g.big_rows(left, scene.glyphs)
    return [
        Text.assemble((f"  {large:<{_CLOCK_CELLS}}", "bold"), words)
        for large, words in zip(rows, beside, strict=True)
    ]


def _phase(now: Now, scene: Scene) -> Text:
    if now.state is SessionState.PAUSED:
        return Text(f" {scene.words.word('paused')} ", "bold reverse")
    passages = scene.guide.passages
    index = max((p.index for p in passages if p.start_s <= now.position_s), default=-1)
    if index < 0:
        return Text(scene.words.word("first_step"), "bold")
    technique = scene.words.technique(passages[index].technique)
    phase = scene.words.word("phase", number=index + 1, of=len(passages), technique=technique)
    return Text(phase, "bold")


def _progress(now: Now, scene: Scene) -> Text:
    done = round(min(1.0, now.position_s / scene.guide.duration_s) * _INNER)
    rail, rest = ("━", "─") if scene.glyphs.big else ("=", "-")
    return Text.assemble((rail * done, g.FILL), (rest * (_INNER - done), g.QUIET))


def _words(now: Now, doing: Instruction, scene: Scene, width: int) -> list[Text]:
    """What is told, the beat, the author's cue, and what comes next."""
    words = scene.words
    told = [] if now.told is None else _wrapped(words.say(now.told.phrase), width, 4, "bold")
    lines = [*told, *[Text()] * (4 - len(told)), _beat(now, doing, scene), Text()]
    if now.cue is not None:
        cue = f"{scene.glyphs.cue} {words.say(now.cue.phrase)}"
        lines += [*_wrapped(cue, width, 4, "italic"), Text()]
    elif now.doing is None:
        before = "before_exercises" if scene.tool == BY_ONESELF else "before"
        lines += [*_wrapped(words.word(before), width, 4, g.QUIET), Text()]
    if now.ahead is not None:
        left = words.word("in_s", number=max(0, round(now.ahead.t_s - now.position_s)))
        ahead = f"{words.word('then')}, {left}: {words.say(now.ahead.phrase)}"
        lines += _wrapped(ahead, width, 3, g.QUIET)
    return lines


def _beat(now: Now, doing: Instruction, scene: Scene) -> Text:
    """Counts, the parts of a press, the metronome, or the speed: whatever there is to keep to."""
    words = scene.words
    if now.counted:
        return Text(f"{now.counted} ", "bold reverse")
    if doing.kind in _TIMED and now.doing is not None:
        return Text(_part(now, doing, words), f"bold {g.FILL}")
    struck = beat(doing, now.position_s)
    if struck >= 0:
        full, hollow = ("●", "○") if scene.glyphs.big else ("#", ".")
        marks = " ".join(full if n == struck else hollow for n in range(4))
        return Text.assemble((marks, f"bold {g.FILL}"), (f"  {words.word('beat')}", g.QUIET))
    if doing.speed_cm_s and now.doing is not None:
        return Text(words.word("speed", speed=words.centimetres(doing.speed_cm_s)), g.FILL)
    return Text()


def _part(now: Now, doing: Instruction, words: Words) -> str:
    """Return what is done to a beat, or for how long still."""
    if doing.kind is not Kind.STEP:
        return words.say(doing.phrase)
    left_s = doing.t_s + doing.seconds - now.position_s
    return words.word("seconds", number=max(0, round(left_s)))


def _wrapped(words: str, width: int, most: int, style: str) -> list[Text]:
    lines = textwrap.wrap(words, width, max_lines=most, placeholder=" ...")
    return [Text(line, style) for line in lines]


def _keys(scene: Scene, width: int) -> list[Text]:
    word = scene.words.word
    named = [(word("space") if key == "space" else key, word(f"key_{key}")) for key in _KEYS]
    return key_lines(named, width)
