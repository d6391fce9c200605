"""The bundled profiles: written for people, in both languages, in the order of a massage."""

import re
from functools import cache

import pytest

from profiles import catalogue, loader
from profiles.handbook.loader import muscles
from profiles.model import SUITS, Profile
from profiles.text import LANGUAGES, Text
from tests.every import every

NAMES = catalogue.names()
MINUTES = {
    "taster": 1.5,
    "desk-break": 5.0,
    "whole-back": 15.0,
    "half-hour": 30.0,
    "gentle-quarter": 15.0,
}
WHOLE = ("whole-back", "half-hour")
WATCHED = "stop_in_reach"


@cache
def profile(name: str) -> Profile:
    return loader.load(catalogue.path(name))


def source(name: str) -> str:
    return catalogue.path(name).read_text(encoding="utf-8")


def texts(of: Profile) -> list[Text]:
    head = [of.title, of.summary, *([of.purpose] if of.purpose else [])]
    return [*head, *(phase.cue for phase in of.phases)]


def test_there_is_something_for_everything_that_massages() -> None:
    assert len(NAMES) >= 16
    assert {suit for name in NAMES for suit in profile(name).suits} == set(SUITS)


@every(NAMES)
def test_every_text_is_in_both_languages(name: str) -> None:
    said = texts(profile(name))
    assert len(said) == 3 + len(profile(name).phases)
    assert [str(text) for text in said if len(text.by_language) < len(LANGUAGES)] == []


@every(NAMES)
def test_russian_is_russian_and_english_is_english(name: str) -> None:
    for text in texts(profile(name)):
        assert not re.search(r"[\u0400-\u04ff]", text.in_("en"))
        assert not re.search(r"[a-z]", text.in_("ru"), re.IGNORECASE)


@every(NAMES)
def test_a_file_says_its_idea_first(name: str) -> None:
    assert source(name).startswith("# ")


@every(NAMES)
def test_a_massage_begins_with_strokes_and_is_prepared(name: str) -> None:
    assert profile(name).phases[0].technique == "stroking"
    assert len(profile(name).preparation) >= 3


@every(NAMES)
def test_whatever_has_a_motor_can_be_stopped(name: str) -> None:
    moved_by_hand = set(profile(name).suits) and set(profile(name).suits) <= {"roller", "hands"}
    assert moved_by_hand or WATCHED in profile(name).preparation


@every(NAMES)
def test_a_profile_neither_begins_nor_ends_with_a_pause(name: str) -> None:
    quiet = [phase.silent for phase in profile(name).phases]
    assert (quiet[0], quiet[-1]) == (False, False)
    assert sum(quiet) < len(quiet) / 2


@pytest.mark.parametrize("name", MINUTES)
def test_a_profile_lasts_as_long_as_it_says(name: str) -> None:
    assert profile(name).duration_s == MINUTES[name] * 60.0


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_back_is_both_layers_of_its_muscles(name: str) -> None:
    back = [each for each in muscles().values() if each.lines]
    assert [m.id for m in back if not set(m.zones).intersection(profile(name).zones)] == []


def test_the_guide_for_hands_has_every_technique_of_a_home_massage() -> None:
    assert {phase.technique for phase in profile("hands-guide").phases} == {
        *("stroking", "rubbing", "kneading", "pinching", "rolling", "hold", "vibration", "tapping")
    }


def test_soft_profiles_keep_the_promise() -> None:
    assert {name for name in NAMES if profile(name).gentle} == {
        *("after-exercise", "first-time", "gentle-quarter")
    }
    assert {name for name in NAMES if profile(name).walking_safe} == {"on-the-way"}
