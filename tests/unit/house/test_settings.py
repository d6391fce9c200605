"""The pages of the settings are what the model says."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.settings import BEGIN, END, PAGE, SCHEMA, SERVICE, written

pytestmark = pytest.mark.exhaustive  # it reads the model and runs none of it


@pytest.mark.parametrize("page", [PAGE, SCHEMA, SERVICE], ids=lambda page: page.name)
def test_the_pages_of_the_settings_have_not_drifted(page: Path) -> None:
    assert page.read_text("utf-8") == written()[page], "python -m tests.settings mends this"


def test_the_schema_of_the_settings_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text("utf-8")))


def test_the_page_has_one_table() -> None:
    page = PAGE.read_text("utf-8")
    assert (page.count(BEGIN), page.count(END)) == (1, 1)
