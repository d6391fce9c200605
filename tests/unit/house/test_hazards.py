"""docs/hazards.md: every hazard has its control, its place in the code, and tests that show it."""

import ast
import csv
import re
from dataclasses import dataclass

import pytest

from tests.every import every
from tests.shipped import ROOT, tree

pytestmark = pytest.mark.exhaustive  # it reads the code and runs none of it

PAGE = ROOT / "docs" / "hazards.md"
FACTS = ROOT / "docs" / "hazards.csv"

SECTION = re.compile(r"^## (HZ-\d\d) (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
PART = re.compile(
    r"^\* (Control|Place|Tests|Not covered): (.+?)(?=^\* |\Z)", re.MULTILINE | re.DOTALL
)
QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Row:
    """What the page says of one hazard."""

    hazard: str
    told: str
    parts: dict[str, str]

    def quoted(self, part: str) -> list[str]:
        """Return what stands between backticks in a part."""
        return QUOTED.findall(self.parts.get(part, ""))


def rows() -> dict[str, Row]:
    said = PAGE.read_text(encoding="utf-8")
    return {
        hazard_id: Row(hazard, " ".join(body.split()), dict(PART.findall(body)))
        for hazard_id, hazard, body in SECTION.findall(said)
    }


def facts() -> dict[str, dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {fact["id"]: fact for fact in csv.DictReader(file)}


ROWS = rows()
IDS = [f"HZ-{number:02}" for number in range(1, 43)]


def symbols(node: ast.Module | ast.ClassDef) -> set[str]:
    """Return what a file or a class defines, names within a class with a dot."""
    found: set[str] = set()
    for child in node.body:
        if isinstance(child, ast.ClassDef):
            found |= {child.name, *(f"{child.name}.{inner}" for inner in symbols(child))}
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(child.name)
        elif isinstance(child, ast.Assign):
            found |= {target.id for target in child.targets if isinstance(target, ast.Name)}
        elif isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name):
            found.add(child.target.id)
    return found


def missing(place: str, mark: str) -> bool:
    """Say whether `path<mark>symbol` leads nowhere; a path alone is a file."""
    path, _, symbol = place.partition(mark)
    file = ROOT / path
    return not file.is_file() or bool(symbol and symbol not in symbols(tree(file)))


def test_every_hazard_is_there_and_in_order() -> None:
    assert list(facts()) == [f"HZ-{number:02}" for number in range(1, 43)]
    assert list(ROWS) == IDS


@every(IDS)
def test_a_row_says_what_the_hazard_is_and_how_bad(hazard: str) -> None:
    fact, row = facts()[hazard], ROWS[hazard]
    assert row.hazard == fact["hazard"]
    assert f"{fact['situation']}: {fact['harm']}. Severity {fact['severity']}." in row.told
    assert int(fact["severity"]) in range(1, 6)


@every(IDS)
def test_a_row_has_a_control_a_place_and_what_it_does_not_cover(hazard: str) -> None:
    row = ROWS[hazard]
    assert list(row.parts) == ["Control", "Place", "Tests", "Not covered"]
    assert row.quoted("Place")
    assert [place for place in row.quoted("Place") if missing(place, ":")] == []


@every(IDS)
def test_a_row_names_tests_and_all_of_them_exist(hazard: str) -> None:
    named = ROWS[hazard].quoted("Tests")
    assert named
    assert [
        test for test in named if not re.fullmatch(r"tests/[\w/]+/test_\w+\.py::test_\w+", test)
    ] == []
    assert [test for test in named if missing(test, "::")] == []
