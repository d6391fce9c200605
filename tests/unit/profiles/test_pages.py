"""The pages about profiles say what is so."""

import re
from pathlib import Path

import pytest

from profiles.body import ZONES
from profiles.errors import ProfileError
from profiles.loader import load_text
from profiles.model import Profile
from profiles.techniques import TECHNIQUES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "profiles.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the first block of that language on the page."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_profile_on_the_page_is_one() -> None:
    assert load_text(block("toml"), "page").duration_s == 360.0


def test_the_mistakes_on_the_page_are_told_so() -> None:
    wrong = block("toml").replace('"stroking"', '"stroke"').replace("0.25", "1.7")
    with pytest.raises(ProfileError) as told:
        load_text(wrong.replace('"gluteal"', '"gluteals"'), "garden.toml")
    assert str(told.value) == block("text").strip()


def test_the_python_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block("python"), "page", "exec"), {})  # noqa: S102  our own page
    assert capsys.readouterr().out.startswith("(0.")


@pytest.mark.parametrize("technique", sorted(TECHNIQUES))
def test_the_page_names_every_key_of_a_technique(technique: str) -> None:
    missing = [key for key in TECHNIQUES[technique].model_fields if f"`{key}`" not in PAGE]
    assert missing == []


def test_the_page_names_every_key_of_a_profile() -> None:
    keys = [field.alias or name for name, field in Profile.model_fields.items()]
    assert [key for key in keys if f"`{key}`" not in PAGE and f"[[{key}]]" not in PAGE] == []


def test_the_page_names_every_zone() -> None:
    assert [zone.id for zone in ZONES if f"`{zone.id}`" not in PAGE] == []


def test_every_technique_has_its_chapter() -> None:
    page = (DOCS / "techniques.md").read_text(encoding="utf-8")
    assert [name for name in TECHNIQUES if f"## {name.capitalize()}" not in page] == []
