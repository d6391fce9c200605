"""The list of supported massagers: written into the README and docs/massagers.md from their files.

    python -m tests.supported

writes both; a test of the house fails when they have drifted.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from devicehub.massagers.family import Family
from devicehub.massagers.library import load_library, load_text
from devicehub.massagers.model import Massager
from devicehub.massagers.refusing import Undriven, refusals, undriven
from devicehub.massagers.shelf import texts
from firmware_sim.catalogue import CABLED, MODELS
from tests.shipped import ROOT

README, PAGE = ROOT / "README.md", ROOT / "docs" / "massagers.md"
BEGIN, END = "<!-- massagers -->", "<!-- /massagers -->"
SIMULATED = {*MODELS, *CABLED}
CLASSES = {
    "surface_vibration": "cape, vest, seat",
    "handheld_vibration": "handheld",
    "percussive": "percussive",
    "rotating_nodes": "rollers",
    "diffuse_vibration": "bed",
}
UNTRIED = (
    "**None of these massagers has been tried on hardware by this project.** Their bytes come from "
    "public descriptions\nand are held against bytes of others; what they do is simulated."
)


def written() -> Mapping[Path, str]:
    """Return what the two files should be."""
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return {README: f"{before}{BEGIN}\n{_short()}{END}{after}", PAGE: _page()}


def _families() -> list[Family]:
    return [load_text(text, name) for name, text in texts()]


def _short() -> str:
    lines = ["", UNTRIED, "", "| massager | kind | motors | evidence |", "|---|---|---|---|"]
    lines += [_row(massager, family) for family in _families() for massager in _driven(family)]
    refused = [massager.title for massager in load_library().values() if massager.refused]
    lines += ["", f"Known and refused, each with its reason: {'; '.join(refused)}."]
    return "\n".join(lines) + "\n\n"


def _driven(family: Family) -> Iterator[Massager]:
    return (massager for massager in family.massagers.values() if massager.refused is None)


def _row(massager: Massager, family: Family, *, model: bool = False) -> str:
    cells = [f"`{massager.model}`"] if model else []
    cells += [massager.title, CLASSES[massager.stimulus_class], _motors(massager)]
    return f"| {' | '.join([*cells, _evidence(massager, family)])} |"


def _motors(massager: Massager) -> str:
    steps = " or ".join(map(str, sorted(set(massager.steps))))
    return f"{len(massager.steps)} x {steps} step{'s' * (steps != '1')}"


def _evidence(massager: Massager, family: Family) -> str:
    count = sum(vector.model == massager.model for vector in family.vectors)
    parts = [f"vectors: {count}"]
    parts += ["simulated"] if massager.model in SIMULATED else []
    tried = [line for line in massager.evidence if line.startswith("tried on hardware")]
    return ", ".join([*parts, *tried])


def _page() -> str:
    lines = ["# Massagers", "", UNTRIED, "", *_how_to_read(), "", "## Driven", ""]
    lines += ["| model | massager | kind | motors | evidence |", "|---|---|---|---|---|"]
    lines += [
        _row(massager, family, model=True) for family in _families() for massager in _driven(family)
    ]
    lines += _confirmed_by_a_read()
    lines += ["", "## Known and refused", "", "| massager | why |", "|---|---|"]
    lines += [f"| {m.title} | {m.refused} |" for m in load_library().values() if m.refused]
    lines += [f"| {each.title} | {each.why} |" for each in refusals()]
    lines += _listed("## Parts that are left alone", "part")
    lines += _listed("## No public protocol", "closed")
    return "\n".join(lines) + "\n"


def _confirmed_by_a_read() -> list[str]:
    rows = [
        f"| `{massager.model}` | {'its battery' if massager.battery else 'what it offers'} |"
        for massager in load_library().values()
        if massager.refused is None and massager.baud is None and not massager.answers_stop
    ]
    return [
        "",
        "## Stops that are confirmed by a read",
        "",
        "These take a stop without an answer and say nothing by themselves, so they are asked",
        "something after it: their battery, or the first two values that they let be read. BlueZ",
        "(Linux) hides a device's name, which every device has; one that offers nothing else is",
        "stopped all the same, and told as **not confirmed** (exit code 3): look at it. What real",
        "ones offer is not known for those without a battery here.",
        "",
        "| model | what is read |",
        "|---|---|",
        *rows,
    ]


def _how_to_read() -> list[str]:
    return [
        "This page is made by `python -m tests.supported`. *Vectors* are bytes in a massager's",
        "own file that this project's codec did not make; larger sets are in `tests/vectors`.",
        "*Simulated* means that a firmware, written apart from the codec, understands the bytes,",
        "and that a whole session on it was judged. `devicehub devices show MODEL` names every",
        "source, and what was assumed. If you drive one of them on hardware, please say so: the",
        "evidence of its file names who tried it, and when.",
    ]


def _listed(heading: str, kind: str) -> list[str]:
    those: list[Undriven] = [each for each in undriven() if each.kind == kind]
    rows = [f"| {each.title} | {each.why} |" for each in those]
    return ["", heading, "", "| what | why |", "|---|---|", *rows]


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
