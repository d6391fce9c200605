"""The plan: what may not be played is refused before anything is looked for."""

import pytest

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from profiles import catalogue, loader
from profiles.model import Profile

LIMITS = load()
LIBRARY = load_library()
CAPE, WAND = LIBRARY["reference-cape"], LIBRARY["lovense-domi"]


def profile(zone: str = "rhomboid") -> Profile:
    text = (
        'title = "Short"\nsummary = "One phase."\nposture = "seated"\nintent = "wellness"\n'
        f'[[phase]]\ntechnique = "vibration"\nzones = ["{zone}"]\nminutes = 1\nlevel = 0.3\n'
    )
    return loader.load_text(text, "short.toml")


def test_a_forbidden_zone_is_refused_by_name() -> None:
    with pytest.raises(SafetyRefusal, match=r"^Short: refused, it names abdomen: no massager"):
        Plan(profile("abdomen")).check(LIMITS)


def test_every_bundled_profile_may_be_played() -> None:
    for name in catalogue.names():
        Plan(loader.load(catalogue.path(name))).check(LIMITS)


def test_a_handheld_needs_a_zone() -> None:
    with pytest.raises(SafetyRefusal, match=r"say where it is held, --zone with one of .*rhomboid"):
        Plan(profile()).place(WAND, LIMITS)


def test_a_handheld_is_not_held_at_a_forbidden_zone() -> None:
    with pytest.raises(SafetyRefusal, match=r"--zone abdomen: refused") as refusal:
        Plan(profile(), zone="abdomen").place(WAND, LIMITS)
    assert "abdomen" not in str(refusal.value).partition("one of")[2]


def test_nothing_is_held_at_an_unknown_place() -> None:
    with pytest.raises(SafetyRefusal):
        Plan(profile(), zone="unknown").place(WAND, LIMITS)


def test_a_zone_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r"--zone elbow: no such zone; one of "):
        Plan(profile(), zone="elbow").place(WAND, LIMITS)


def test_a_massager_with_places_takes_no_zone() -> None:
    with pytest.raises(UsageError, match="leave --zone out"):
        Plan(profile(), zone="rhomboid").place(CAPE, LIMITS)


def test_a_handheld_is_felt_where_it_is_held() -> None:
    held = Plan(profile(), zone="rhomboid").place(WAND, LIMITS)
    assert [place.zones for place in held.layout.places] == [("rhomboid",)]
    assert not held.needs_zone


def test_minutes_stretch_the_score() -> None:
    assert Plan(profile(), minutes=3).score(CAPE, LIMITS).duration_s == pytest.approx(180)
