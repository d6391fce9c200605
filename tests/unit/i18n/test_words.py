"""What is said, in English and in Russian: complete, and short enough for its time."""

import re
from itertools import product

import pytest

from devicehub.i18n.catalogue import table
from devicehub.i18n.words import Words
from profiles.body import ZONES
from profiles.guiding import Phrase, Side
from profiles.guiding.phrases import LETTERS_A_SECOND, SAY_S
from profiles.techniques import TECHNIQUES
from profiles.text import LANGUAGES, Language, Text
from tests.every import every_row

FIELD = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_in_every_language(language: Language) -> None:
    words = table(language)
    assert set(words["phrases"]) == set(SAY_S)
    assert set(words["zones"]) == {zone.id for zone in ZONES}
    assert set(words["techniques"]) >= set(TECHNIQUES)
    assert set(words["sides"]) == set(Side)
    assert {name: set(section) for name, section in words.items()} == {
        name: set(section) for name, section in table("en").items()
    }


def test_the_languages_fill_in_the_same_things() -> None:
    for section in ("phrases", "words"):
        for key, english in table("en")[section].items():
            assert set(FIELD.findall(table("ru")[section][key])) == set(FIELD.findall(english)), key


def test_english_zones_are_those_of_the_body_map() -> None:
    assert table("en")["zones"] == {zone.id: zone.title for zone in ZONES}


@every_row(product(SAY_S, LANGUAGES))
def test_every_phrase_is_said_in_its_time(key: str, language: Language) -> None:
    words = Words.of(language)
    zones, techniques = [zone.id for zone in ZONES], list(TECHNIQUES)
    longest_zone = max(zones, key=lambda each: len(words.zone(each)))
    longest_technique = max(techniques, key=lambda each: len(words.technique(each)))
    numbers = range(1, 4) if key == "count" else (20,)
    for side, number, speed in product((Side.LEFT, Side.RIGHT), numbers, (2.5, 10.0)):
        said = words.say(
            Phrase(key, longest_zone, longest_technique, side, number, of=20, speed=speed)
        )
        assert len(said) / LETTERS_A_SECOND <= SAY_S[key], said


@pytest.mark.parametrize(
    ("count", "en", "ru"),
    [
        (1.0, "1 centimetre", "1 сантиметра"),
        (2.4, "2.5 centimetres", "2,5 сантиметра"),
        (3.0, "3 centimetres", "3 сантиметров"),
        (10.0, "10 centimetres", "10 сантиметров"),
    ],
)
def test_a_length_agrees_with_its_number(count: float, en: str, ru: str) -> None:
    assert Words.of("en").centimetres(count) == en
    assert Words.of("ru").centimetres(count) == ru


def test_what_an_author_wrote_is_said_in_the_language_if_they_wrote_it() -> None:
    both, one = Text("Breathe.", "Дышите."), Text("Breathe.")
    assert Words.of("ru").say(Phrase("cue", text=both)) == "Дышите."
    assert Words.of("ru").say(Phrase("cue", text=one)) == "Breathe."
    assert Words.of("en").say(Phrase("cue", text=both)) == "Breathe."


def test_russian_is_written_in_cyrillic() -> None:
    latin = re.compile(r"[A-Za-z]")
    for section in ("phrases", "zones", "techniques", "sides", "counts", "units", "words"):
        for key, said in table("ru")[section].items():
            left = FIELD.sub("", said).replace(" n", "").replace("q - ", "")
            assert not latin.search(left), (key, said)
