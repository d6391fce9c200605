"""Texts in two languages: strings for everybody who does not ask for one."""

import pickle
from typing import Annotated, Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from profiles.text import LANGUAGES, Longest, Text

BOTH = {"en": "Let go.", "ru": "Отпустите."}


class Card(BaseModel, strict=True):
    words: Annotated[Text, Longest(12)]


def test_a_text_is_a_string_in_english_and_tells_its_russian_when_asked() -> None:
    text = Text(**BOTH)
    assert (f"{text}", text.in_("en"), text.in_("ru")) == ("Let go.", "Let go.", "Отпустите.")


def test_what_nobody_translated_is_english_everywhere() -> None:
    assert [Text("Let go.").in_(language) for language in LANGUAGES] == ["Let go.", "Let go."]


@pytest.mark.parametrize("written", ["Let go.", BOTH])
def test_it_is_written_back_as_it_was_read(written: object) -> None:
    card = Card.model_validate({"words": written})
    assert card.model_dump(mode="json") == {"words": written}
    assert Card.model_validate(card.model_dump()).words.by_language == card.words.by_language


def test_it_keeps_its_russian_between_processes() -> None:
    assert pickle.loads(pickle.dumps(Text(**BOTH))).in_("ru") == "Отпустите."  # noqa: S301


WRONG: list[object] = [
    "",
    "x" * 13,
    3,
    [],
    {},
    {"ru": "Да"},
    {"en": "Yes", "de": "Ja"},
    {"en": "Yes", "ru": ""},
]


@pytest.mark.parametrize("written", WRONG)
def test_the_schema_for_editors_refuses_what_the_model_refuses(written: object) -> None:
    with pytest.raises(ValidationError):
        Card.model_validate({"words": written})
    assert not schema().is_valid({"words": written})


def test_the_schema_for_editors_takes_both_ways_of_writing() -> None:
    assert schema().is_valid({"words": "Let go."})
    assert schema().is_valid({"words": BOTH})


def schema() -> Any:
    return Draft202012Validator(Card.model_json_schema())
