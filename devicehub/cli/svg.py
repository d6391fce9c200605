"""The plot as SVG: one file, light and dark, readable in a page about 900 px wide."""

from collections.abc import Sequence
from html import escape

from devicehub.cli import text
from devicehub.cli.plot import Lane, Plot

WIDTH = 960
SLICES = 690  # one a pixel of the time axis
_LEFT, _TOP, _LANE, _LEVELS = 204, 108, 48, 36
_FOOT = 44
_LABEL_PX = 7.0  # width of a letter, about: labels that do not fit are left out
_AXIS_STEPS_S = (10, 15, 30, 60, 120, 180, 300, 600)
_MOST_TICKS = 10

_STYLE = """
svg{--bg:#fffdf8;--ink:#1f2f2e;--soft:#6a7876;--rule:#e4ded2;--fill:#1d7a74;--ask:#30403f;--cap:#b3001b}
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}
.h{font-size:20px;font-weight:600}.s{fill:var(--soft);font-size:12px}.c{fill:var(--cap);font-size:11px}
.bg{fill:var(--bg)}.r{stroke:var(--rule)}.p{fill:var(--fill);fill-opacity:.38}.m{fill:var(--fill)}
.a{fill:none;stroke:var(--ask);stroke-width:.9;stroke-opacity:.75}
.k{stroke:var(--cap);stroke-width:1.2;stroke-dasharray:5 4}.b{fill-opacity:.2}.t{font-weight:600}
.e{text-anchor:middle}
.stroking{fill:#1d7a74}.kneading{fill:#c07a12}.vibration{fill:#6b54a8}.rubbing{fill:#b5532f}
.tapping{fill:#2f6fb0}.rolling{fill:#4d7d2a}.pinching{fill:#a8457c}.hold{fill:#7b6a55}.envelope{fill:#5b6b8c}
@media(prefers-color-scheme:dark){svg{--bg:#14201f;--ink:#e3eeec;--soft:#93a5a2;--rule:#2b3b39;
--fill:#4fbdb2;--ask:#dfe9e7;--cap:#ff6b7d}.b{fill-opacity:.38}}
""".strip()


def draw(plot: Plot) -> str:
    """Return the plot as one SVG document: asked as a thin line, delivered filled, caps dashed."""
    lanes_end = _TOP + _LANE * len(plot.lanes)
    height = lanes_end + _FOOT
    described = (
        f"{len(plot.passages)} phases in {text.duration(plot.duration_s)} on {plot.model}: "
        "asked and delivered level of each zone over time, with its cap."
    )
    top = max((max(lane.cap, *lane.asked) for lane in plot.lanes), default=1.0)
    parts = [
        _open(plot, height, described),
        f'<rect class="bg" width="{WIDTH}" height="{height}" rx="12"/>',
        _text("h", 20, 36, plot.title),
        _text("s", 20, 56, f"{plot.model}, {text.duration(plot.duration_s)}"),
        *_legend(36),
        *_phases(plot, lanes_end),
        *_axis(plot.duration_s, lanes_end),
    ]
    for number, lane in enumerate(plot.lanes):
        parts += _lane(lane, _TOP + _LANE * (number + 1) - 6, top)
    parts.append("</svg>\n")
    return "\n".join(parts)


def _open(plot: Plot, height: int, described: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="t d"><title id="t">{escape(plot.title)}</title>'
        f'<desc id="d">{escape(described)}</desc><style>{_STYLE}</style>'
    )


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def _legend(y: int) -> list[str]:
    return [
        f'<path class="a" d="M560 {y - 4}h26"/>',
        _text("s", 592, y, "asked"),
        f'<rect class="p" x="648" y="{y - 12}" width="26" height="14"/>',
        f'<rect class="m" x="648" y="{y - 5}" width="26" height="7"/>',
        _text("s", 680, y, "delivered: peak, mean"),
        f'<path class="k" d="M832 {y - 4}h26"/>',
        _text("s", 864, y, "cap"),
    ]


def _phases(plot: Plot, lanes_end: int) -> list[str]:
    parts: list[str] = []
    for passage in plot.passages:
        x0, x1 = (_x(at_s, plot.duration_s) for at_s in (passage.start_s, passage.end_s))
        name = text.technique(passage.technique)
        parts.append(
            f'<rect class="b {escape(passage.technique)}" x="{x0:.1f}" y="{_TOP - 28}" '
            f'width="{x1 - x0 - 1.5:.1f}" height="22" rx="4">'
            f"<title>{escape(name)}: {escape(text.zones(passage.zones))}</title></rect>"
        )
        parts.append(f'<path class="r" d="M{x0:.1f} {_TOP - 2}V{lanes_end}"/>')
        if len(name) * _LABEL_PX < x1 - x0 - 8:
            parts.append(_text("s t", round(x0 + 7, 1), _TOP - 12, name))
    return parts


def _axis(duration_s: float, y: int) -> list[str]:
    step = next((s for s in _AXIS_STEPS_S if duration_s / s <= _MOST_TICKS), _AXIS_STEPS_S[-1])
    parts = [f'<path class="r" d="M{_LEFT} {y + 4}h{SLICES}"/>']
    for at_s in range(0, int(duration_s) + 1, step):
        x = _x(at_s, duration_s)
        parts.append(f'<path class="r" d="M{x:.1f} {y + 4}v5"/>')
        parts.append(_text("s e", round(x, 1), y + 24, text.clock(at_s)))
    return parts


def _lane(lane: Lane, base: int, top: float) -> list[str]:
    scale = _LEVELS / top
    cap_y = base - lane.cap * scale
    return [
        _text("z", 20, base - 16, text.zone(lane.zone)),
        _text("s", 20, base, f"up to {text.percent(max(lane.peaks))}"),
        f'<path class="r" d="M{_LEFT} {base + 0.5}h{SLICES}"/>',
        f'<path class="p" d="{_area(lane.peaks, base, scale)}"/>',
        f'<path class="m" d="{_area(lane.means, base, scale)}"/>',
        f'<path class="a" d="{_line(lane.asked, base, scale)}"/>',
        f'<path class="k" d="M{_LEFT} {cap_y:.1f}h{SLICES}"/>',
        _text("c", _LEFT + SLICES + 6, round(cap_y + 4, 1), f"cap {text.percent(lane.cap)}"),
    ]


def _area(levels: Sequence[float], base: int, scale: float) -> str:
    return f"M{_LEFT} {base}{_steps(levels, scale)}V{base}z"


def _line(levels: Sequence[float], base: int, scale: float) -> str:
    return f"M{_LEFT} {base}{_steps(levels, scale)}"


def _steps(levels: Sequence[float], scale: float) -> str:
    """One relative line a slice, in tenths of a pixel, level runs joined: a third of the size."""
    drawn: list[str] = []
    before, run = 0, 0
    for level in levels:
        height = round(level * scale * 10)
        if height == before:
            run += 1
            continue
        drawn.append(f"h{run}" if run else "")
        drawn.append(f"l1{_tenths(before - height)}")
        before, run = height, 0
    drawn.append(f"h{run}" if run else "")
    return "".join(drawn)


def _tenths(delta: int) -> str:
    """A signed number that needs no separator before a minus."""
    value = f"{delta / 10:g}"
    return value if value.startswith("-") else f" {value}"


def _x(at_s: float, duration_s: float) -> float:
    return _LEFT + SLICES * at_s / duration_s
