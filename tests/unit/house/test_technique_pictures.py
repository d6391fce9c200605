"""The pictures of docs/techniques.md are what the techniques do."""

import pytest

from devicehub.massagers.library import load_library
from profiles.techniques import TECHNIQUES
from tests.shipped import ROOT
from tests.technique_cells import SUBJECTS
from tests.technique_pictures import FOLDER, SHEET, picture, sheet

DRIFTED = "python -m tests.technique_pictures"
# Drawn by somebody else's tool: there is nothing to show of it.
IMPORTED = {"envelope"}
# The massagers that lie as another one does, motor for motor, or nearly so.
LIE_ALIKE = {
    "truegear-me02": "bhaptics-x40",
    "jensen-jmc": "reverie-110",
    "reverie-108": "reverie-110",
    "serta-motion": "leggett-gen2",
    "richmat-discrete": "leggett-gen2",
    "solace": "leggett-gen2",
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("technique", SUBJECTS)
def test_a_technique_is_drawn_as_it_is_played(technique: str) -> None:
    kept = (FOLDER / f"{technique}.svg").read_text(encoding="utf-8")
    assert kept == picture(technique), DRIFTED


@pytest.mark.thorough
@pytest.mark.exhaustive
def test_the_sheet_is_drawn_as_everything_is_played() -> None:
    assert (FOLDER / "sheet.svg").read_text(encoding="utf-8") == sheet(), DRIFTED


def test_every_technique_and_every_layout_has_its_picture() -> None:
    assert set(SUBJECTS) == set(TECHNIQUES) - IMPORTED
    driven = {m for m in load_library() if load_library()[m].refused is None}
    placed = {model for model in driven if not load_library()[model].held}
    assert placed == {m for m in SHEET if m in placed} | set(LIE_ALIKE)
    assert set(LIE_ALIKE.values()) <= set(SHEET)


@pytest.mark.parametrize("technique", SUBJECTS)
def test_the_page_shows_the_picture_of_a_technique(technique: str) -> None:
    page = (ROOT / "docs" / "techniques.md").read_text(encoding="utf-8")
    assert f"(pictures/techniques/{technique}.svg)" in page
