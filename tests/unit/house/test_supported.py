"""The list of supported massagers is what their files say, and says loudly what it is not."""

import pytest

from devicehub.massagers.library import load_library
from tests.supported import BEGIN, END, PAGE, README, UNTRIED, written


@pytest.mark.parametrize("page", [README, PAGE], ids=lambda page: page.name)
def test_the_list_has_not_drifted(page: object) -> None:
    (path,) = [path for path in written() if path == page]
    assert path.read_text("utf-8") == written()[path], "python -m tests.supported mends this"


def test_every_model_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for model, massager in load_library().items():
        assert (massager.title if massager.refused else f"`{model}`") in page


def test_the_readme_has_one_list() -> None:
    readme = README.read_text("utf-8")
    assert (readme.count(BEGIN), readme.count(END)) == (1, 1)


def test_nothing_is_tried_and_both_say_so_loudly() -> None:
    """When somebody has tried one, `status` of its file says so and this sentence must change."""
    assert {massager.status for massager in load_library().values()} == {"simulated"}
    for page in (README, PAGE):
        assert UNTRIED in page.read_text("utf-8")
    assert UNTRIED.startswith("**None of these")
