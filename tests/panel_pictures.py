"""Draw the two panels that README and docs show, as they stand on a terminal.

    python -m tests.panel_pictures

writes docs/pictures/panel-cape.svg, a session on a simulated cape, and guide-hands.svg, hands that
are told what to do. A test fails when they have drifted.
"""

import asyncio
import io
import tempfile
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme

from devicehub.cli import panel
from devicehub.cli.guiding import panel as guide_panel
from devicehub.cli.guiding.session import GuideSession, Now
from devicehub.i18n.words import Words
from devicehub.massagers.library import load_library
from devicehub.messages import Command, CommandKind, Snapshot
from firmware_sim.clock import VirtualLoop
from profiles import catalogue, loader
from profiles.guiding import TOOLS, Guide, guide
from tests.shipped import ROOT
from tests.unit.radio.bench import CAPE
from tests.unit.session.stage import stage

FOLDER = ROOT / "docs" / "pictures"
AT_S = 20.0
GUIDE_AT_S = 21.0

T = TypeVar("T")
_INK, _GROUND, _SOFT = (227, 238, 236), (20, 32, 31), (144, 155, 154)
_ROSE, _GREEN, _AMBER, _BLUE = (255, 107, 125), (0, 175, 135), (255, 135, 0), (95, 135, 215)
_COLOURS = [_GROUND, _ROSE, _GREEN, _AMBER, _BLUE, _ROSE, _GREEN, _INK]
_THEME = TerminalTheme(_GROUND, _INK, _COLOURS, [_SOFT, *_COLOURS[1:]])
# As rich's own, but with fonts of the reader's computer: nothing is loaded from anywhere.
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def pictures() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each picture."""
    yield "panel-cape.svg", panel_picture()
    yield "guide-hands.svg", guide_picture()


def panel_picture() -> str:
    """Return the panel of a session."""
    layouts = {model: massager.layout for model, massager in load_library().items()}
    drawn = panel.render(_at(_played()), panel.Stage(layouts, simulated=True))
    return _svg(drawn, "panel", f"devicehub play taster --device sim:{CAPE}")


async def _played() -> Snapshot:
    """Return a session as it stands when it has played for a while."""
    profile = catalogue.path("taster").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder), [CAPE], profile=profile) as show:
            await asyncio.sleep(AT_S)
            now = show.snapshot()
    return replace(now, devices=tuple(replace(one, name=f"sim:{CAPE}") for one in now.devices))


def guide_picture() -> str:
    """Return the panel of a guide for bare hands."""
    told = guide(loader.load(catalogue.path("desk-break")), tool=TOOLS["hands"])
    scene = guide_panel.Scene(told, "hands", Words.of("en"))
    drawn = guide_panel.render(_at(_told(told)), scene)
    return _svg(drawn, "guide", "devicehub play desk-break --device guide")


async def _told(told: Guide) -> Now:
    """Return a guide as it stands when it has been told for a while."""
    session = GuideSession(told, lambda _, __: None, lambda _: None)
    telling = asyncio.create_task(session.run())
    await asyncio.sleep(GUIDE_AT_S)
    now = session.now()
    session.post(Command(CommandKind.STOP, "picture"))
    await telling
    return now


def _at(coroutine: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(coroutine)


def _svg(drawn: RenderableType, name: str, title: str) -> str:
    console = Console(
        file=io.StringIO(),
        width=80,
        height=24,
        record=True,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        _environ={},
    )
    console.print(drawn)
    picture = console.export_svg(title=title, theme=_THEME, code_format=_FORMAT, unique_id=name)
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


def main() -> None:
    """Write both."""
    for name, text in pictures():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
