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
CAPE, VEST, WAND = (LIBRARY[m] for m in ("reference-cape", "bhaptics-x40", "lovense-domi"))


def profile(zone: str = "rhomboid") -> Profile:
    text = (
        'title = "Short"\nsummary = "One phase."\nposture = "seated"\nintent = "wellness"\n'
        f'[[phase]]\ntechnique = "vibration"\nzones = ["{zone}"]\nminutes = 1\nlevel = 0.3\n'
    )
    return loader.load_text(text, "short.toml")


def test_a_forbidden_zone_is_refused_by_name() -> None:
    with pytest.raises(SafetyRefusal, match=r"^Short: refused, it names abdomen: no massager"):
        Plan(profile("abdomen")).check(LIMITS)


def test_there_is_no_heat_while_walking() -> None:
    walking = profile().model_copy(update={"posture": "standing", "walking_safe": True})
    with pytest.raises(UsageError, match="--heat: Short is for walking, without heat; leave"):
        Plan(walking, heat=True).place(CAPE, LIMITS)


def test_every_bundled_profile_may_be_played() -> None:
    for name in catalogue.names():
        Plan(loader.load(catalogue.path(name))).check(LIMITS)


def test_a_handheld_needs_a_zone_and_is_told_which_there_are() -> None:
    with pytest.raises(UsageError, match="say where it is held, --zone with one of") as refusal:
        Plan(profile()).place(WAND, LIMITS)
    assert "\n  rhomboid            Rhomboids\n" in str(refusal.value)


def test_a_handheld_is_not_held_at_a_forbidden_zone() -> None:
    with pytest.raises(SafetyRefusal, match=r"--zone abdomen: refused") as refusal:
        Plan(profile(), zone="abdomen").place(WAND, LIMITS)
    assert "abdomen" not in str(refusal.value).partition("one of")[2]


def test_nothing_is_held_at_an_unknown_place() -> None:
    with pytest.raises(SafetyRefusal):
        Plan(profile(), zone="unknown").place(WAND, LIMITS)


def test_a_zone_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="--zone elbow: no such zone; one of\n  neck_posterior "):
        Plan(profile(), zone="elbow").place(WAND, LIMITS)


def test_a_misspelt_zone_is_told_its_neighbour() -> None:
    with pytest.raises(UsageError, match=r"--zone romboid: no such zone; did you mean rhomboid\?$"):
        Plan(profile(), zone="romboid").place(WAND, LIMITS)


def test_a_massager_with_places_takes_no_zone() -> None:
    with pytest.raises(UsageError, match="leave --zone out"):
        Plan(profile(), zone="rhomboid").place(CAPE, LIMITS)


def test_a_handheld_is_felt_where_it_is_held() -> None:
    held = Plan(profile(), zone="rhomboid").place(WAND, LIMITS)
    assert [place.zones for place in held.layout.places] == [("rhomboid",)]
    assert not held.needs_zone


def test_a_zone_is_for_the_handheld_among_several_massagers() -> None:
    placed = Plan(profile(), zone="gluteal").place_all({"c": CAPE, "v": VEST, "w": WAND}, LIMITS)
    assert (placed["c"], placed["v"]) == (CAPE, VEST)
    assert placed["w"] == WAND.held_at("gluteal")


def test_several_handhelds_are_told_apart_by_name() -> None:
    plan = Plan(profile(), zones={"left": "rhomboid", "right": "gluteal"})
    placed = plan.place_all({"left": WAND, "right": WAND}, LIMITS)
    assert placed == {"left": WAND.held_at("rhomboid"), "right": WAND.held_at("gluteal")}


def test_one_zone_for_two_handhelds_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="2 massagers are held by hand; say --zone left=ZONE"):
        Plan(profile(), zone="gluteal").place_all({"left": WAND, "right": WAND}, LIMITS)


def test_a_zone_said_by_name_leaves_the_other_handheld_open() -> None:
    plan = Plan(profile(), zone="gluteal", zones={"left": "rhomboid"})
    placed = plan.place_all({"left": WAND, "right": WAND}, LIMITS)
    assert placed["right"] == WAND.held_at("gluteal")
    with pytest.raises(UsageError, match="right: say where it is held"):
        Plan(profile(), zones={"left": "rhomboid"}).place_all({"left": WAND, "right": WAND}, LIMITS)


@pytest.mark.parametrize(
    ("name", "said"), [("cape", "knows where its motors are"), ("wnd", "not in this session; cape")]
)
def test_a_zone_by_name_is_for_a_handheld_of_the_session(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"--zone {name}=gluteal: .*{said}"):
        Plan(profile(), zones={name: "gluteal"}).place_all({"cape": CAPE}, LIMITS)


def test_minutes_stretch_the_score() -> None:
    assert Plan(profile(), minutes=3).score(CAPE, LIMITS).duration_s == pytest.approx(180)
