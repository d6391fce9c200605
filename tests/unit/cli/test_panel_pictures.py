"""The pictures of the panels in the docs: what a terminal shows today."""

import html
import re

import pytest

from devicehub.cli import panel_blocks
from profiles import catalogue, loader
from tests import panel_pictures as pictures

ANEW = "python -m tests.panel_pictures draws it anew"


def shown(name: str) -> str:
    return (pictures.FOLDER / name).read_text(encoding="utf-8")


def test_the_guide_in_the_docs_is_what_a_terminal_shows() -> None:
    assert pictures.guide_picture() == shown("guide-hands.svg"), ANEW


@pytest.mark.thorough
def test_the_panel_in_the_docs_is_what_a_terminal_shows() -> None:
    assert pictures.panel_picture() == shown("panel-cape.svg"), ANEW


def test_the_panel_in_the_docs_has_the_keys_and_the_words_of_today() -> None:
    told = html.unescape(re.sub(r"<[^>]*>", " ", shown("panel-cape.svg"))).split()
    taster = loader.load(catalogue.path("taster"))
    first = taster.phases[0]
    keys = " ".join(f"{key} {word}" for key, word in panel_blocks._KEYS)  # pyright: ignore[reportPrivateUsage] - what the picture is to show
    wanted = f"1 of {len(taster.phases)}: {first.technique} {first.cue} {keys} cap"
    assert [word for word in wanted.split() if word not in told] == [], ANEW
