"""The last days as SVG: a row a zone, a column a day, the darker the longer. Light and dark."""

from collections.abc import Iterator
from html import escape

from devicehub.cli import text
from devicehub.cli.reporting import Day, Report
from devicehub.session.holding import from_the_head

_WIDTH, _LEFT, _TOP, _ROW, _FOOT = 960, 240, 92, 24, 58
_DAYS_WIDTH = _WIDTH - _LEFT - 24
_WIDEST = 96.0  # few days need not fill the page
_NARROWEST_NUMBER, _NARROWEST_DATE = 26.0, 40.0  # a cell that has no room for its words has none
_MINUTE_S = 60.0
_DARKEST = 0.92
_LIGHT_WORDS = 0.62  # from so dark on words are light

_STYLE = """
svg{--bg:#fffdf8;--ink:#1f2f2e;--soft:#6a7876;--rule:#efe9dc;--fill:#1d7a74;--on:#fffdf8}
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}
.h{font-size:20px;font-weight:600}.s{fill:var(--soft);font-size:12px}.e{text-anchor:middle}
.n{font-size:11px;text-anchor:middle}.o{fill:var(--on)}.bg{fill:var(--bg)}
.r{fill:var(--rule)}.f{fill:var(--fill)}
@media(prefers-color-scheme:dark){svg{--bg:#14201f;--ink:#e3eeec;--soft:#93a5a2;--rule:#1e2d2b;
--fill:#4fbdb2;--on:#14201f}}
""".strip()


def draw(found: Report) -> str:
    """Return minutes by day and zone as one SVG document; zones from the head down."""
    zones = from_the_head(one.zone for one in found.zones)
    height = _TOP + _ROW * len(zones) + _FOOT
    span = f"{found.days[0].day} to {found.days[-1].day}"
    title = "Minutes by day and zone"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="t d"><title id="t">{title}, {span}</title>'
        f'<desc id="d">{escape(_described(found))}</desc><style>{_STYLE}</style>'
    )
    parts = [
        head,
        f'<rect class="bg" width="{_WIDTH}" height="{height}" rx="12"/>',
        _text("h", 20, 36, title),
        _text("s", 20, 56, f"{span}. {_described(found)}"),
    ]
    most_s = max((s for day in found.days for s in day.zones.values()), default=0.0)
    wide = min(_WIDEST, _DAYS_WIDTH / len(found.days))
    for number, zone in enumerate(zones):
        y = _TOP + _ROW * number
        parts.append(_text("z", 20, y + 16, text.zone(zone)))
        for column, day in enumerate(found.days):
            parts += _cell(day, zone, _LEFT + column * wide, y, wide, most_s)
    parts += _foot(found, _TOP + _ROW * len(zones), wide)
    return "\n".join([*parts, "</svg>\n"])


def _described(found: Report) -> str:
    count = "1 session" if found.sessions == 1 else f"{found.sessions} sessions"
    return f"{count}, {text.duration(found.played_s)} played; a motor may be felt in several zones."


def _cell(day: Day, zone: str, x: float, y: int, wide: float, most_s: float) -> Iterator[str]:
    """Yield one day of one zone: a field, its minutes where there is room, a note for a mouse."""
    seconds = day.zones.get(zone, 0.0)
    box = f'x="{x:.1f}" y="{y}" width="{max(1.0, wide - 2):.1f}" height="{_ROW - 2}" rx="3"'
    yield f'<rect class="r" {box}/>'
    if not seconds:
        return
    dark = _DARKEST * (0.15 + 0.85 * seconds / most_s)
    note = f"{text.zone(zone)}, {day.day}: {text.duration(seconds)}"
    yield f'<rect class="f" {box} fill-opacity="{dark:.2f}"><title>{escape(note)}</title></rect>'
    if wide >= _NARROWEST_NUMBER:
        kind = "n o" if dark > _LIGHT_WORDS else "n"
        yield _text(kind, x + wide / 2 - 1, y + 15, f"{seconds / _MINUTE_S:.0f}")


def _foot(found: Report, y: int, wide: float) -> Iterator[str]:
    """Yield the days, and what was played on each."""
    every = max(1, -int(-_NARROWEST_DATE // wide))
    yield _text("s", 20, y + 20, "day")
    yield _text("s", 20, y + 38, "minutes played")
    for column, day in enumerate(found.days):
        middle = _LEFT + (column + 0.5) * wide - 1
        if column % every == 0:
            yield _text("s e", middle, y + 20, f"{day.day:%d.%m.}")
            yield _text("s e", middle, y + 38, f"{day.played_s / _MINUTE_S:.0f}")


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'
