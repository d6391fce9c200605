"""Summary: what is left of a session, on one screen or as plain lines."""

from collections.abc import Iterable

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel as Frame
from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli import text
from devicehub.messages import EndReason, HeldBack, Summary

_WIDTH_CELLS = 80
_INNER_CELLS = _WIDTH_CELLS - 4
_ZONE_CELLS = 34
_BAR_CELLS = 24
_MOST_ZONES = 8
_MOST_RULES = 6
_NOTICEABLE_S = 0.5  # what is shorter rounds to "0 s" and says nothing


def render_summary(ended: Summary, *, ascii_only: bool = False) -> RenderableType:
    """Return the end of a session as one screen of 80x24 at most.

    Args:
        ended: What the session left.
        ascii_only: The terminal cannot show more than ASCII.
    """
    glyphs = g.ASCII if ascii_only else g.UNICODE
    parts = [Text(_headline(ended), "bold"), Text()]
    parts += _felt(ended, glyphs)
    parts += _held(ended)
    parts += [
        Text(text.device_end(device), _device_style(device.stop_confirmed))
        for device in ended.devices
    ]
    return Frame(
        Group(*parts),
        title=Text(ended.title, "bold"),
        title_align="left",
        box=box.ASCII if ascii_only else box.ROUNDED,
        width=_WIDTH_CELLS,
        border_style=g.QUIET,
    )


def plain_summary(ended: Summary) -> str:
    """Return the same as plain lines, for output that is not a terminal."""
    lines = [f"{ended.title}: {_headline(ended)}"]
    lines += [
        f"felt  {text.zone(row.zone)}: up to {text.percent(row.peak)}, {text.duration(row.seconds)}"
        for row in ended.felt
    ]
    lines += [f"held back  {words}" for words in _held_lines(ended.held_back)]
    lines += [text.device_end(device) for device in ended.devices]
    return "\n".join(lines)


def _headline(ended: Summary) -> str:
    how = text.end(ended.reason)
    why = f" ({ended.detail})" if ended.detail and ended.reason is not EndReason.COMPLETED else ""
    return f"{how[:1].upper()}{how[1:]} after {text.duration(ended.played_s)}{why}"


def _felt(ended: Summary, glyphs: g.Glyphs) -> list[Text]:
    if not ended.felt:
        return [Text("Nothing was felt."), Text()]
    lines = [Text("What was felt where", g.QUIET)]
    for row in ended.felt[:_MOST_ZONES]:
        line = Text.assemble(f"{text.zone(row.zone):<{_ZONE_CELLS}}"[:_ZONE_CELLS])
        line.append_text(g.bar(row.peak, row.peak, 1.0, _BAR_CELLS, glyphs))
        line.append(f"{text.percent(row.peak):>6}", "bold").append(f"{text.clock(row.seconds):>8}")
        lines.append(line)
    return [*lines, *_more(len(ended.felt) - _MOST_ZONES, "zones"), Text()]


def _held(ended: Summary) -> list[Text]:
    said = _held_lines(ended.held_back)
    if not said:
        return [Text("The caps held nothing back.", g.QUIET), Text()]
    lines = [Text("What the caps held back", g.QUIET)]
    lines += [Text(words[:_INNER_CELLS]) for words in said[:_MOST_RULES]]
    return [*lines, *_more(len(said) - _MOST_RULES, "rules"), Text()]


def _held_lines(rows: Iterable[HeldBack]) -> list[str]:
    """One line a rule, the longest first: its zones in words and its longest time."""
    by_rule: dict[str, list[HeldBack]] = {}
    for row in rows:
        if row.seconds >= _NOTICEABLE_S:
            by_rule.setdefault(text.rule(row.rule), []).append(row)
    longest = sorted(by_rule.items(), key=lambda item: -max(row.seconds for row in item[1]))
    return [
        f"{words}: {text.zones([row.zone for row in held], most=2)}, "
        f"{text.duration(max(row.seconds for row in held))}"
        for words, held in longest
    ]


def _more(number: int, things: str) -> list[Text]:
    return [Text(f"and {number} more {things}", g.QUIET)] if number > 0 else []


def _device_style(confirmed: bool) -> str:
    return "green" if confirmed else "bold red"
