"""The pages and pictures of the bundled profiles are what the profiles say."""

import re
from xml.etree import ElementTree as ET

import pytest

from devicehub.cli import text
from profiles import catalogue
from tests.every import every
from tests.library_page import BEGIN, END, PAGE, PICTURES, README, drawn_on, picture, written
from tests.on_layouts import LAYOUTS, profile

LARGEST_BYTES = 32 * 1024  # a bed is felt in fourteen zones
SHORT = "taster"


@pytest.mark.parametrize("page", written(), ids=lambda page: page.name)
def test_the_page_has_not_drifted(page: object) -> None:
    (path,) = [path for path in written() if path == page]
    assert path.read_text("utf-8") == written()[path], "python -m tests.library_page mends this"


def test_the_readme_has_one_list() -> None:
    readme = README.read_text("utf-8")
    assert (readme.count(BEGIN), readme.count(END)) == (1, 1)


def test_every_profile_has_its_chapter_and_its_picture_and_nothing_else_has() -> None:
    chapters = re.findall(r"^## (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert tuple(chapters) == catalogue.names()
    assert sorted(file.stem for file in PICTURES.iterdir()) == sorted(catalogue.names())


@every(catalogue.names())
def test_a_picture_is_small_and_shows_this_profile(name: str) -> None:
    drawn = (PICTURES / f"{name}.svg").read_text("utf-8")
    of, root = profile(name), ET.fromstring(drawn)  # noqa: S314  our own file
    said = [(each.text or "") for each in root.iter() if each.tag.endswith("title")]
    assert len(drawn.encode()) < LARGEST_BYTES
    assert said[0] == of.title
    assert [each.partition(":")[0] for each in said[1:]] == [
        text.technique(phase.technique) for phase in of.phases
    ]
    assert f"{text.duration(of.duration_s)} on {LAYOUTS[drawn_on(name)]}" in drawn


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name",
    [n if n == SHORT else pytest.param(n, marks=pytest.mark.thorough) for n in catalogue.names()],
)
def test_a_picture_is_what_is_played_today(name: str) -> None:
    drawn = (PICTURES / f"{name}.svg").read_text("utf-8")
    assert drawn == picture(name), "python -m tests.library_page --pictures mends this"
