"""Summary: what is left of a session, on one screen or as plain lines."""

from collections.abc import Iterable

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel as Frame
from rich.text import Text

from devicehub.cli import glyphs as g
from devicehub.cli import text
from devicehub.messages import EndReason, HeldBack, Summary, ZoneFelt
from devicehub.session.patience import NOBODY_WENT_ON

_WIDTH_CELLS = 80
_INNER_CELLS = _WIDTH_CELLS - 4
_ZONE_CELLS = 34
_RULE_CELLS = 31
_TIME_CELLS = 9
_BAR_CELLS = 24
_MOST_ZONES = 8
_MOST_RULES = 5
_HEIGHT_LINES = 21  # of 24: the frame takes two, the shell's next prompt one
_AROUND_ROWS = 3  # a title, how many more there are, an empty line
_NOTICEABLE_S = 0.5  # what is shorter rounds to "0 s" and says nothing


def render_summary(ended: Summary, *, ascii_only: bool = False) -> RenderableType:
    """Return the end of a session as one screen of 80x24 at most.

    Args:
        ended: What the session left.
        ascii_only: The terminal cannot show more than ASCII.
    """
    glyphs = g.ASCII if ascii_only else g.UNICODE
    head, tail = [Text(_headline(ended), "bold"), Text()], _tail(ended)
    zones, rules = _rows(ended, _HEIGHT_LINES - _lines([*head, *tail]))
    return Frame(
        Group(*head, *_felt(ended, glyphs, zones), *_held(ended, rules), *tail),
        title=Text(ended.title, "bold"),
        title_align="left",
        box=box.ASCII if ascii_only else box.ROUNDED,
        width=_WIDTH_CELLS,
        border_style=g.QUIET,
    )


def _tail(ended: Summary) -> list[Text]:
    left = [Text(text.heat_end(pad)) for pad in ended.heat]
    left += [
        Text(text.device_end(device), _device_style(device.stop_confirmed))
        for device in ended.devices
    ]
    return left + [Text(f"Another session: {reason}") for reason in ended.wait]


def _lines(parts: Iterable[Text]) -> int:
    console = Console(width=_INNER_CELLS)
    return sum(max(1, len(part.wrap(console, _INNER_CELLS))) for part in parts)


def _rows(ended: Summary, lines: int) -> tuple[int, int]:
    """Return how many zones and rules are named when all of it may take so many lines."""
    room = lines - 2 * _AROUND_ROWS
    rules = max(1, min(_MOST_RULES, len(_by_rule(ended.held_back)), room // 2))
    return max(1, min(_MOST_ZONES, room - rules)), rules


def plain_summary(ended: Summary) -> str:
    """Return the same as plain lines, for output that is not a terminal."""
    lines = [f"{ended.title}: {_headline(ended)}"]
    lines += [
        f"felt  {text.zones(zones, most=len(zones))}: up to {text.percent(peak)}, "
        f"{text.duration(seconds)}"
        for zones, peak, seconds in _together(ended.felt)
    ]
    lines += [
        f"held back  {rule}: {text.duration(seconds)}, {text.zones(zones)}"
        for rule, seconds, zones in _by_rule(ended.held_back)
    ]
    lines += [text.heat_end(pad) for pad in ended.heat]
    lines += [text.device_end(device) for device in ended.devices]
    lines += [f"another session  {reason}" for reason in ended.wait]
    return "\n".join(lines)


def _headline(ended: Summary) -> str:
    if ended.detail == text.IT_HURT:
        return f"Stopped because it hurt, after {text.duration(ended.played_s)}"
    if ended.detail == NOBODY_WENT_ON:
        return f"Stopped after {text.duration(ended.played_s)}: {NOBODY_WENT_ON}"
    how = text.end(ended.reason)
    why = (
        f" ({text.why(ended.detail)})"
        if ended.detail and ended.reason is not EndReason.COMPLETED
        else ""
    )
    return f"{how[:1].upper()}{how[1:]} after {text.duration(ended.played_s)}{why}"


def _felt(ended: Summary, glyphs: g.Glyphs, most: int) -> list[Text]:
    if not ended.felt:
        return [Text("Nothing was felt."), Text()]
    lines = [Text("What was felt where", g.QUIET)]
    rows = _together(ended.felt)
    for zones, peak, seconds in rows[:most]:
        where = text.zones_within(zones, _ZONE_CELLS - 1)
        line = Text.assemble(f"{where:<{_ZONE_CELLS}}"[:_ZONE_CELLS])
        line.append_text(g.bar(peak, peak, 1.0, _BAR_CELLS, glyphs))
        line.append(f"{text.percent(peak):>6}", "bold").append(f"{text.clock(seconds):>8}")
        lines.append(line)
    return [*lines, *_more(sum(len(zones) for zones, *_ in rows[most:]), "zones"), Text()]


def _together(rows: Iterable[ZoneFelt]) -> list[tuple[list[str], float, float]]:
    """Return zones, level and seconds; zones of which the same is told share a row.

    One motor of a bed is felt in a dozen of them.
    """
    together: dict[tuple[str, str], tuple[list[str], float, float]] = {}
    for row in rows:
        told = text.percent(row.peak), text.duration(row.seconds)
        together.setdefault(told, ([], row.peak, row.seconds))[0].append(row.zone)
    return list(together.values())


def _held(ended: Summary, most: int) -> list[Text]:
    rows = _by_rule(ended.held_back)
    if not rows:
        return [Text("The caps held nothing back.", g.QUIET), Text()]
    lines = [Text("What the caps held back", g.QUIET)]
    for rule, seconds, zones in rows[:most]:
        where = text.zones_within(zones, _INNER_CELLS - _RULE_CELLS - _TIME_CELLS - 2)
        line = f"{rule:<{_RULE_CELLS}}{text.duration(seconds):>{_TIME_CELLS}}  {where}"
        lines.append(Text(line[:_INNER_CELLS]))
    return [*lines, *_more(len(rows) - most, "rules"), Text()]


def _by_rule(rows: Iterable[HeldBack]) -> list[tuple[str, float, list[str]]]:
    """Return each rule in words, its longest time in seconds and its zones; the longest first."""
    by_rule: dict[str, list[HeldBack]] = {}
    for row in rows:
        if row.seconds >= _NOTICEABLE_S:
            by_rule.setdefault(text.rule(row.rule), []).append(row)
    spoken = [
        (rule, max(row.seconds for row in held), [row.zone for row in held])
        for rule, held in by_rule.items()
    ]
    return sorted(spoken, key=lambda row: -row[1])


def _more(number: int, things: str) -> list[Text]:
    return [Text(f"and {number} more {things}", g.QUIET)] if number > 0 else []


def _device_style(confirmed: bool) -> str:
    return "green" if confirmed else "bold red"
