"""The profiles for people: docs/profile-library.md, the README's list and a picture of each.

    python -m tests.library_page             writes the pages
    python -m tests.library_page --pictures  draws the pictures as well, in some minutes

A test of the house fails when the pages have drifted; the pictures have one of their own.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from devicehub.cli import svg, text
from devicehub.cli.plot import Lane, compute
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from profiles import catalogue
from profiles.handbook.loader import exercises, muscles, oils, points, preparation
from profiles.model import Profile, Suit
from profiles.text import Text
from tests.on_layouts import FELT, LAYOUTS, held, profile
from tests.shipped import ROOT

README, PAGE, BOOK = ROOT / "README.md", ROOT / "docs/profile-library.md", ROOT / "docs/handbook.md"
PICTURES = ROOT / "docs" / "pictures" / "profiles"
BEGIN, END = "<!-- profiles -->", "<!-- /profiles -->"
MATRIX = ROOT / "tests" / "integration" / "matrix.toml"
COARSE = 5  # slices that share one value, so that a picture stays small
DRAWN_ON = {"surface": "cape", "seat": "seat", "bed": "bed", "handheld": "wand"}
MANY_MOTORS = {"vest-wave": "vest"}

FOR: Mapping[Suit, str] = {
    "surface": "cape, vest, satchel, seat pad",
    "seat": "seat pad",
    "handheld": "handheld",
    "bed": "bed",
    "pillow": "pillow with rollers",
    "roller": "roller moved by hand",
    "hands": "bare hands",
}
LAID = {
    "cape": "capes",
    "vest": "vests with many motors",
    "small-vest": "vests with few motors",
    "seat": "seat pads",
    "bed": "beds",
    "coarse-bed": "beds with three steps",
    "wand": "handhelds",
    "coarse-wand": "handhelds with three steps",
}
NO_OIL = "No oil on or under an electric massager, unless its maker allows it."
ALONE = "By oneself, with all motors off, in small portions."
BOTH = "The Russian stands below the English, as it is shown with `--language ru`."


def written() -> Mapping[Path, str]:
    """Return what the pages should be."""
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    listed = "\n".join(_short())
    return {
        README: f"{before}{BEGIN}\n{listed}\n{END}{after}",
        PAGE: "\n".join(_page()) + "\n",
        BOOK: "\n".join(_book()) + "\n",
    }


def picture(name: str) -> str:
    """Play a profile through a governor and draw it: some seconds of work."""
    layout, limits = drawn_on(name), load()
    plan = Plan(profile(name), held(layout, profile(name)))
    massager = plan.place(load_library()[LAYOUTS[layout]], limits)
    plot = compute(plan.score(massager, limits), massager, limits, svg.SLICES // COARSE)
    return svg.draw(replace(plot, lanes=tuple(map(_widened, plot.lanes))))


def drawn_on(name: str) -> str:
    """Return the layout on which a profile's picture shows it."""
    suits = profile(name).suits
    fits = (DRAWN_ON[suit] for suit in suits if suit in DRAWN_ON)
    return MANY_MOTORS.get(name) or next(fits, "cape")


def _widened(lane: Lane) -> Lane:
    asked, peaks, means = (
        tuple(level for level in row for _ in range(COARSE))
        for row in (lane.asked, lane.peaks, lane.means)
    )
    return Lane(lane.zone, lane.cap, asked, peaks, means)


def _short() -> Iterator[str]:
    yield from ("", "| profile | minutes | for | |", "|---|---|---|---|")
    for name in catalogue.names():
        of = profile(name)
        minutes = text.clock(of.duration_s)
        link = f"[`{name}`](docs/profile-library.md#{name})"
        yield f"| {link} | {minutes} | {_for(of)} | {of.summary} |"
    yield ""


def _for(of: Profile) -> str:
    return ", ".join(FOR[suit] for suit in of.suits) or "everything"


def _page() -> Iterator[str]:
    yield from (
        "# The bundled profiles",
        "",
        f"What each is for, how to prepare, and what it says while it plays. {BOTH}",
        "The thin line of a picture is what the profile asks, the area what the motors are given,",
        "the dashed line the cap. `python -m tests.library_page` writes this page.",
    )
    rows = tomllib.loads(MATRIX.read_text(encoding="utf-8"))["profiles"]
    for name in catalogue.names():
        yield from _chapter(name, profile(name), rows[name])


def _chapter(name: str, of: Profile, row: Mapping[str, str]) -> Iterator[str]:
    felt = ", ".join(LAID[layout] for layout, what in row.items() if what == FELT)
    length = text.duration(of.duration_s)
    yield from ("", f"## {name}", "", f"**{of.title}**, {length}, {of.posture}")
    yield from ("", f"{of.summary} {of.purpose or ''}".rstrip())
    yield from ("", f"*{of.title.in_('ru')}. {of.summary.in_('ru')}*", "")
    alternative = f"{of.title}: what is asked and what is felt, place by place"
    yield f"![{alternative}](pictures/profiles/{name}.svg)"
    yield from ("", f"Written for: {_for(of)}. Every phase is felt on {felt}.", "")
    promises = [key for key in ("gentle", "walking_safe") if getattr(of, key)]
    if promises:
        yield from (f"Keeps a promise that is checked: `{'`, `'.join(promises)}`.", "")
    steps = [preparation()[step] for step in of.preparation]
    yield from (f"* {step.text}" for step in steps if step.when == "before")
    yield from (f"* Afterwards: {step.text}" for step in steps if step.when == "after")
    yield from ("", "| | | how long | level | what is said |", "|---|---|---|---|---|")
    for number, phase in enumerate(of.phases, 1):
        technique = "a pause" if phase.silent else text.technique(phase.technique)
        low, high = (text.percent(level) for level in phase.level)
        level = low if low == high else f"{low} to {high}"
        said = f"{phase.cue}<br>*{phase.cue.in_('ru')}*"
        yield f"| {number} | {technique} | {text.duration(phase.duration_s)} | {level} | {said} |"


def _book() -> Iterator[str]:
    yield from (
        "# The handbook",
        "",
        f"Data that profiles and pages draw on: `profiles/handbook/`. {BOTH}",
        "",
        "## Preparation",
        "",
        "| step | when | |",
        "|---|---|---|",
    )
    yield from (f"| `{s.id}` | {s.when} | {_both(s.text)} |" for s in preparation().values())
    yield from ("", "## Oils", "", NO_OIL, "")
    yield from ("| oil | | leave it out |", "|---|---|---|")
    for oil in oils().values():
        caution = _both(oil.caution) if oil.caution else ""
        yield f"| {_both(oil.name)} | {_both(oil.note)} | {caution} |"
    yield from ("", "## Points", "", "Places only; what texts say that they do is kept out.", "")
    yield from ("| point | place | can it be played? |", "|---|---|---|")
    for point in points().values():
        why = f"no: {_both(point.unresolved)}" if point.unresolved else "yes, beside the spine"
        yield f"| `{point.id}` | {_both(point.claimed)} | {why} |"
    yield from ("", "## Muscles", "", "| muscle | layer | zones | |", "|---|---|---|---|")
    for muscle in muscles().values():
        zones = ", ".join(f"`{zone}`" for zone in muscle.zones)
        yield f"| {_both(muscle.name)} | {muscle.layer} | {zones} | {_both(muscle.note)} |"
    yield from ("", "## Warming up the neck", "", ALONE, "")
    yield from ("| seconds | |", "|---|---|")
    yield from (f"| {each.seconds} | {_both(each.text)} |" for each in exercises().values())


def _both(said: Text) -> str:
    return f"{said}<br>*{said.in_('ru')}*"


def main(words: Sequence[str]) -> int:
    """Write the pages, and with `--pictures` the pictures; return the exit code."""
    for path, content in written().items():
        path.write_text(content, encoding="utf-8")
    if "--pictures" in words:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name in catalogue.names():
            (PICTURES / f"{name}.svg").write_text(picture(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
