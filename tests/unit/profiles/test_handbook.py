"""The handbook: packaged entries, read strictly."""

import pytest

from profiles.handbook import loader
from profiles.handbook.entries import Step

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


def test_every_step_is_in_both_languages() -> None:
    steps = loader.preparation().values()
    assert [step.id for step in steps if step.text.in_("ru") == step.text.in_("en")] == []


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
