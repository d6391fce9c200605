"""The plot as a map of the back: what every place received in all, as one SVG."""

from collections.abc import Collection, Iterator, Sequence
from html import escape

from devicehub.cli import text
from devicehub.cli.plot import Motor, Plot
from profiles.body import ZONES, Point

WIDTH, HEIGHT = 760, 700
_STYLE = """
svg{--bg:#fffdf8;--ink:#1f2f2e;--soft:#6a7876;--rule:#d9d2c4;--skin:#f0e3d3;--edge:#d8c5ae;
--heat:#c2410c;--on:#fff;--cap:#b3001b}
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}
.h{font-size:20px;font-weight:600}.s{fill:var(--soft);font-size:12px}.bg{fill:var(--bg)}
.skin{fill:var(--skin);stroke:var(--edge);stroke-width:1.5}.z{fill:none;stroke:var(--edge)}
.k{fill:none;stroke:var(--cap);stroke-width:1.3;stroke-dasharray:4 4}.halo{fill:url(#g)}
.d{fill:var(--heat)}.r{fill:none;stroke:var(--heat);stroke-width:1.4}.o{fill:none;stroke:var(--soft)}
.n{text-anchor:middle;font-size:11px;font-weight:600}.w{fill:var(--on)}.e{text-anchor:end}
.t{fill:var(--rule)}.m{text-anchor:middle}
@media(prefers-color-scheme:dark){svg{--bg:#14201f;--ink:#e3eeec;--soft:#93a5a2;--rule:#2b3b39;
--skin:#22322f;--edge:#3c504c;--heat:#f59e5b;--on:#1b1206;--cap:#ff6b7d}}
""".strip()
_STOPS = '<stop stop-color="var(--heat)" offset="{}" stop-opacity="{}"/>'
_GRADIENTS = (
    '<defs><radialGradient id="g">'
    f"{_STOPS.format(0, 0.75)}{_STOPS.format(1, 0)}</radialGradient>"
    f'<linearGradient id="s">{_STOPS.format(0, 0)}{_STOPS.format(1, 1)}</linearGradient></defs>'
)

_SCALE = 7.4  # pixels a cm
_MIDDLE_PX = 205
_HEAD_CM = 73.0
_TOP_PX = 84
_SEAT_CM, _KNEE_CM = -7.0, -40.0  # where the picture ends, without and with motors at the thighs
# Half of a back, from the neck down: an engineering choice beside the zones of profiles/body.py.
_NECK: Sequence[Point] = ((5.6, 71.0), (5.8, 66.0))
_SIDE = "C{0},64 {1},62 {2},60 C{3},59 {4},55 {5},48 C{6},40 {7},34 {8},28 C{9},20 {10},14 {11},4"
_SIDE_X = (7.5, 14.0, 18.0, 21.5, 22.0, 20.0, 18.5, 15.5, 15.5, 15.5, 18.5, 19.0)
_DISC_CM, _HALO_CM = 1.9, 5.5
_GUARDED = ("spine_", "coccyx")
_PANEL_PX, _PANEL_END_PX = 428, 736
_TENTHS_S = 10.0  # below it a dose is written with a tenth
_MOST_ROWS = 12
_ROW_PX = 34
_DARK = 0.45  # from this part of the scale on a disc is dark enough for letters of the ground


def draw(plot: Plot, kind: str) -> str:
    """Return where a profile is felt, on a back seen from behind.

    Args:
        plot: What was played.
        kind: ``"dose"`` (seconds at full strength) or ``"peak"`` (the highest level).
    """
    placed = [motor for motor in plot.motors if _spots(motor)]
    most = max((_value(motor, kind) for motor in placed), default=0.0)
    lowest_cm = min((y for motor in placed for _, y in _spots(motor)), default=0.0)
    end_cm = _KNEE_CM if lowest_cm < _SEAT_CM else _SEAT_CM
    height = max(HEIGHT, int(_y(end_cm)) + 24)
    what = "dose" if kind == "dose" else "peak"
    described = f"{what} of every motor of {plot.model} on the back, seen from behind"
    opened = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="t d"><title id="t">{escape(plot.title)}</title>'
        f'<desc id="d">{escape(described)}</desc><style>{_STYLE}</style>{_GRADIENTS}'
    )
    parts = [
        opened,
        f'<rect class="bg" width="{WIDTH}" height="{height}" rx="12"/>',
        _text("h", 20, 36, plot.title),
        _text("s", 20, 56, f"{plot.model}, {text.duration(plot.duration_s)}, from behind"),
        *_back(end_cm, {lane.zone for lane in plot.lanes}),
        *_heat(placed, kind, most),
        _text("s m", _MIDDLE_PX - 150, 96, "left"),
        _text("s m", _MIDDLE_PX + 150, 96, "right"),
        *_panel(plot, kind, most),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _back(end_cm: float, named: Collection[str]) -> Iterator[str]:
    for side in (1, -1):
        yield f'<path class="skin" d="{_half(side, end_cm)}"/>'
    for zone in ZONES:
        guarded = zone.id.startswith(_GUARDED)
        inside = zone.outline and all(y >= end_cm for _, y in zone.outline)
        if inside and (guarded or zone.id in named):
            for side in (1,) if zone.side == "midline" else (1, -1):
                points = " ".join(f"{_x(x * side):.1f},{_y(y):.1f}" for x, y in zone.outline)
                yield (
                    f'<polygon class="{"k" if guarded else "z"}" points="{points}">'
                    f"<title>{escape(zone.title)}</title></polygon>"
                )


def _half(side: int, end_cm: float) -> str:
    """Return one half of the outline, from the midline at the neck to the midline at the end."""
    (neck_x, top), (_, base) = _NECK
    curve = _SIDE.format(*(f"{_x(x * side):.1f}" for x in _SIDE_X))
    pairs = (pair.split(",") for pair in curve.replace("C", " ").split())
    bends = [f"{x},{_y(float(y)):.1f}" for x, y in pairs]
    curves = " ".join(f"C{' '.join(bends[at : at + 3])}" for at in range(0, len(bends), 3))
    neck = f"{_x(neck_x * side):.1f}"
    return (
        f"M{_MIDDLE_PX},{_y(top):.1f}H{neck}V{_y(base):.1f}{curves}V{_y(end_cm):.1f}H{_MIDDLE_PX}"
    )


def _heat(motors: Sequence[Motor], kind: str, most: float) -> Iterator[str]:
    for motor in motors:
        part = _value(motor, kind) / most if most else 0.0
        for x, y in _spots(motor):
            if part:
                radius_cm = max(_HALO_CM, motor.place.footprint_cm)
                yield _circle("halo", x, y, radius_cm, f' opacity="{0.25 + 0.75 * part:.2f}"')
    for motor in motors:
        value = _value(motor, kind)
        part = value / most if most else 0.0
        named = f"motor {motor.place.index}: {_said(value, kind)}, {text.zones(motor.place.zones)}"
        for x, y in _spots(motor):
            yield "<g>" + f"<title>{escape(named)}</title>"
            if part:
                yield _circle("d", x, y, _DISC_CM, f' fill-opacity="{part:.2f}"')
            yield _circle("r" if part else "o", x, y, _DISC_CM)
            if part:
                letters = "n w" if part > _DARK else "n"
                yield _text(letters, round(_x(x), 1), round(_y(y) + 4, 1), _number(value, kind))
            yield "</g>"


def _panel(plot: Plot, kind: str, most: float) -> Iterator[str]:
    what = "dose: seconds at full strength" if kind == "dose" else "peak: highest level delivered"
    yield _text("s", _PANEL_PX, 100, what)
    full = _PANEL_END_PX - _PANEL_PX
    yield f'<rect fill="url(#s)" x="{_PANEL_PX}" y="110" width="{full}" height="12" rx="2"/>'
    yield _text("s", _PANEL_PX, 140, "0")
    yield _text("s e", _PANEL_END_PX, 140, _said(most, kind))
    y = 178
    for zone, value in _by_zone(plot, kind)[:_MOST_ROWS]:
        width = full * (value / most if most else 0.0)
        yield _text("", _PANEL_PX, y, text.zone(zone))
        yield _text("s e", _PANEL_END_PX, y, _said(value, kind))
        yield f'<rect class="t" x="{_PANEL_PX}" y="{y + 6}" width="{full}" height="5" rx="2"/>'
        yield f'<rect class="d" x="{_PANEL_PX}" y="{y + 6}" width="{width:.1f}" height="5" rx="2"/>'
        y += _ROW_PX
    elsewhere = sum(not _spots(motor) for motor in plot.motors)
    y += 8
    yield f'<path class="k" d="M{_PANEL_PX} {y - 4}h26"/>'
    yield _text("s", _PANEL_PX + 34, y, "spine: lowest caps")
    if elsewhere:
        yield _text("s", _PANEL_PX, y + 22, f"{elsewhere} motors are not on the back, and rest")


def _by_zone(plot: Plot, kind: str) -> list[tuple[str, float]]:
    """Return the strongest motor of every zone that is felt, the most first."""
    values: dict[str, float] = {}
    for motor in plot.motors:
        for zone in motor.place.zones:
            values[zone] = max(values.get(zone, 0.0), _value(motor, kind))
    return sorted(((z, v) for z, v in values.items() if v), key=lambda row: (-row[1], row[0]))


def _spots(motor: Motor) -> list[Point]:
    """Return where a motor is drawn: one that is held in the hand, amid its zone on both sides."""
    place = motor.place
    if place.x_cm is not None and place.y_cm is not None:
        return [(place.x_cm, place.y_cm)]
    outlines = {zone.id: zone.outline for zone in ZONES}
    outline = next((outlines[zone] for zone in place.zones if outlines.get(zone)), ())
    if not outline:
        return []
    x = sum(x for x, _ in outline) / len(outline)
    y = sum(y for _, y in outline) / len(outline)
    return [(x, y), (-x, y)] if x else [(x, y)]


def _value(motor: Motor, kind: str) -> float:
    return motor.dose_s if kind == "dose" else motor.peak


def _said(value: float, kind: str) -> str:
    return f"{value:.1f} s" if kind == "dose" else text.percent(value)


def _number(value: float, kind: str) -> str:
    if kind == "peak":
        return f"{value * 100:.0f}"
    return f"{value:.1f}" if value < _TENTHS_S else f"{value:.0f}"


def _circle(kind: str, x: float, y: float, radius_cm: float, more: str = "") -> str:
    return (
        f'<circle class="{kind}" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{radius_cm * _SCALE:.1f}"'
        f"{more}/>"
    )


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def _x(x_cm: float) -> float:
    return _MIDDLE_PX + x_cm * _SCALE


def _y(y_cm: float) -> float:
    return _TOP_PX + (_HEAD_CM - y_cm) * _SCALE
