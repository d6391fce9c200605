"""The handbook: packaged entries, read strictly."""

import pytest

from devicehub.safety.limits import load
from profiles.body import POINTS
from profiles.handbook import loader
from profiles.handbook.entries import Entry, Step
from profiles.text import LANGUAGES, Text
from tests.every import every

STEP = """
[[entry]]
id = "one"
text.en = "Do it."
text.ru = "Сделайте это."
"""


def test_a_packaged_step_is_read_in_both_languages() -> None:
    step = loader.preparation()["shin_cushion"]
    assert step.lines == (10,)
    assert "5 to 7 cm" in step.text
    assert "5-7 см" in step.text.in_("ru")


BOOKS = (loader.preparation, loader.oils, loader.points, loader.muscles, loader.exercises)
ENTRIES = [entry for book in BOOKS for entry in book().values()]


def texts(entry: Entry) -> list[Text]:
    return [value for _, value in entry if isinstance(value, Text)]


@every(ENTRIES, lambda entry: entry.id)
def test_every_text_is_in_both_languages(entry: Entry) -> None:
    assert texts(entry)
    assert [str(text) for text in texts(entry) if len(text.by_language) != len(LANGUAGES)] == []


def test_every_line_of_the_article_about_these_things_has_an_entry() -> None:
    lines = {line for entry in ENTRIES for line in entry.lines}
    assert lines >= {9, 10, 11, 30, 42, 105, 123, 130}
    assert lines >= {*range(22, 29), *range(36, 41), *range(62, 67), *range(125, 129)}


def test_what_a_point_is_said_to_do_stands_nowhere() -> None:
    assert {name for point in loader.points().values() for name, _ in point} == {
        *("id", "lines", "claimed", "unresolved")
    }


def test_the_points_that_can_be_found_lie_on_the_body_map() -> None:
    found = {point.id for point in loader.points().values() if point.unresolved is None}
    assert found == set(POINTS)
    assert all(point.x_cm > 1.5 for point in POINTS.values())  # beside the spine, never on it


def test_the_muscles_of_the_back_lie_in_two_layers() -> None:
    muscles = loader.muscles().values()
    deep = {zone for muscle in muscles if muscle.layer == "deep" for zone in muscle.zones}
    assert deep == {"paraspinal_thoracic", "paraspinal_lumbar"}
    assert {zone for muscle in muscles for zone in muscle.zones} == {
        zone for zone, limits in load().zones.items() if limits.tier == "muscle"
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (STEP * 2, "same id"),
        (STEP + "colour = 1", "Extra inputs"),
        (STEP.replace("one", "One"), "pattern"),
        (STEP + "lines = [176]", "less than or equal to 175"),
    ],
)
def test_a_mistake_in_a_file_is_an_error(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        loader.read(text, Step)
