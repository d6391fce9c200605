"""Draw every technique as docs/techniques.md shows it.

    python -m tests.technique_pictures

writes docs/pictures/techniques/: a picture of each technique, on the cape and on the vest, and a
sheet of all techniques on every layout that a bundled massager has. A test fails when they have
drifted.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.shipped import ROOT
from tests.technique_cells import SUBJECTS, cell

FOLDER = ROOT / "docs" / "pictures" / "techniques"
LARGE = ("reference-cape", "bhaptics-x40")
# One massager for each way in which motors lie; the others lie as one of these.
SHEET = {
    "reference-cape": "cape, 12 motors",
    "bhaptics-x40": "vest, 20 on the back",
    "bhaptics-x16": "vest, 8 on the back",
    "nlr-hf8": "seat, 8",
    "reverie-110": "bed, 2",
    "leggett-gen2": "bed, 2, of three steps",
    "lovense-domi": "wand, 1",
}
CELL_PX, ROW_PX = 228, 112
_SIDE_PX, _HEAD_PX = 92, 64

_STYLE = """
svg{--bg:#fffdf8;--ink:#1f2f2e;--soft:#6a7876;--rule:#e4ded2;--skin:#f3e9db;--edge:#dccbb6}
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:var(--ink)}
.h{font-size:20px;font-weight:600}.s{fill:var(--soft);font-size:12px}.t{font-weight:600}
.n{font-size:7px;fill:var(--soft)}.e{text-anchor:end}.m{text-anchor:middle}.bg{fill:var(--bg)}
.skin{fill:var(--skin);stroke:var(--edge);stroke-width:.8}
.spine{stroke:var(--edge);stroke-dasharray:2 2}
.on{fill:var(--c)}.off{fill:none;stroke:var(--soft);stroke-width:.6}
.wide{fill:var(--c);fill-opacity:.13}
.way{fill:none;stroke:var(--c);stroke-width:1.1;stroke-linejoin:round}
.head{fill:var(--c)}.hop{fill:none;stroke:var(--c);stroke-width:.7;stroke-dasharray:1.5 1.5}
.curve{fill:var(--c);fill-opacity:.72}.row{stroke:var(--rule);stroke-width:.5}
.between{stroke:var(--soft);stroke-width:.5;stroke-dasharray:2 2}
.stroking{--c:#1d7a74}.rubbing{--c:#b5532f}.kneading{--c:#b06d0c}.pinching{--c:#a8457c}
.rolling{--c:#4d7d2a}.hold{--c:#7b6a55}.vibration{--c:#6b54a8}.tapping{--c:#2f6fb0}
@media(prefers-color-scheme:dark){svg{--bg:#14201f;--ink:#e3eeec;--soft:#93a5a2;--rule:#2b3b39;
--skin:#22322f;--edge:#3c504c}.stroking{--c:#4fbdb2}.rubbing{--c:#e98a66}.kneading{--c:#e5a44a}
.pinching{--c:#e184b6}.rolling{--c:#8fc265}.hold{--c:#c3ad90}.vibration{--c:#a791e6}
.tapping{--c:#6fb0ee}}
""".strip()


def pictures() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every picture of one technique."""
    for technique in SUBJECTS:
        yield f"{technique}.svg", picture(technique)


def picture(technique: str) -> str:
    """Return a technique on the cape and on the vest."""
    scale = 2.0
    width = int(2 * CELL_PX * scale)
    parts = [*_open(width, 262, f"{technique} on a cape and on a vest")]
    for number, model in enumerate(LARGE):
        x = number * CELL_PX * scale
        parts.append(f'<text class="s" x="{x + 24:g}" y="26">{SHEET[model]}</text>')
        parts += cell(technique, model, x + 4, 40.0, scale)
    return "\n".join([*parts, "</svg>\n"])


def sheet() -> str:
    """Return all techniques on all layouts."""
    width, height = _SIDE_PX + CELL_PX * len(SHEET), _HEAD_PX + ROW_PX * len(SUBJECTS) + 8
    parts = [
        *_open(width, height, "every technique on every layout"),
        '<text class="h" x="16" y="28">Every technique on every layout</text>',
    ]
    for column, words in enumerate(SHEET.values()):
        x, y = _SIDE_PX + column * CELL_PX + 14, _HEAD_PX - 8
        parts.append(f'<text class="s" x="{x}" y="{y}">{words}</text>')
    for row, technique in enumerate(SUBJECTS):
        y = _HEAD_PX + row * ROW_PX
        parts.append(f'<text class="t" x="16" y="{y + 54}">{technique}</text>')
        for column, model in enumerate(SHEET):
            parts += cell(technique, model, _SIDE_PX + column * CELL_PX, y, 1.0)
    return "\n".join([*parts, "</svg>\n"])


def _open(width: int, height: int, title: str) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="t d"><title id="t">{title}</title><desc id="d">'
        "Left the way of both hands over the back, seen from behind; right the levels of the "
        "motors over time.</desc>"
        f"<style>{_STYLE}</style>"
    )
    yield f'<rect class="bg" width="{width}" height="{height}" rx="12"/>'


def main(_words: Sequence[str], folder: Path = FOLDER) -> int:
    """Write all pictures; return the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawn in (*pictures(), ("sheet.svg", sheet())):
        (folder / name).write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
