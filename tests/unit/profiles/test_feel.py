"""Feel: what a level becomes on different motors."""

import pytest

from profiles.compose import compose
from profiles.feel import feel
from profiles.layout import Layout
from profiles.model import Profile
from tests.unit.profiles.layouts import CAPE, wand


def profile(**keys: object) -> Profile:
    phase = {"technique": "hold", "zones": ["rhomboid"], "seconds": 100, "level": 0.3} | keys
    head = {"title": "T", "summary": "S", "posture": "seated", "intent": "wellness"}
    return Profile.model_validate({**head, "phase": [phase]})


def asked(layout: Layout, steps: int, motor: str | None, **keys: object) -> float:
    """Return the strongest level that is asked, twenty seconds of sixty to eighty."""
    count = len(layout.places)
    driven = feel("surface_vibration", (steps,) * count, (motor,) * count)
    score = compose(profile(**keys), layout, feel=driven)
    return max(max(score.at(40.0 + t / 10.0).levels) for t in range(200))


def test_a_level_is_what_a_turning_mass_is_driven_with() -> None:
    assert asked(CAPE, 100, None) == asked(CAPE, 100, "erm") == pytest.approx(0.3)


def test_a_linear_motor_shakes_as_much_with_less() -> None:
    assert asked(CAPE, 100, "lra") == pytest.approx(0.3**2)


def test_a_massager_of_three_steps_plays_its_softest_for_less() -> None:
    for motor in ("erm", "lra"):
        assert round(3 * asked(CAPE, 3, motor, level=0.1)) == 1
    assert asked(CAPE, 3, None, level=0.5) == pytest.approx(0.5)


def test_a_motor_is_at_its_softest_while_it_has_half_of_a_touch() -> None:
    driven = feel("surface_vibration", (3,) * 12, (None,) * 12)
    beside = ["paraspinal_lumbar", "paraspinal_thoracic"]
    strokes = profile(technique="stroking", zones=beside, level=0.1)
    score, whole = compose(strokes, CAPE, feel=driven), compose(strokes, CAPE)
    for t in range(200, 400):
        for level, own in zip(score.at(t / 5).levels, whole.at(t / 5).levels, strict=True):
            if abs(own**2 / 0.01 - 0.5) > 0.05:
                assert round(3 * level) == (own**2 / 0.01 > 0.5)


def test_two_phases_that_cross_are_not_lifted_twice() -> None:
    first = {"technique": "hold", "zones": ["rhomboid"], "seconds": 100, "level": 0.1}
    head = {"title": "T", "summary": "S", "posture": "seated", "intent": "wellness"}
    both = Profile.model_validate({**head, "phase": [first, first]})
    driven = feel("surface_vibration", (3,) * 12, (None,) * 12)
    score = compose(both, CAPE, feel=driven)
    assert max(max(score.at(98.0 + t / 20).levels) for t in range(80)) == 1 / 3


def test_what_is_lifted_is_the_whole_of_a_step_so_that_the_soft_start_lets_it_through() -> None:
    assert asked(CAPE, 3, None, level=0.1) == 1 / 3


def test_a_level_of_nothing_stays_nothing() -> None:
    assert asked(CAPE, 3, None, level=0.0) == 0.0


def test_what_is_lifted_is_told() -> None:
    score = compose(
        profile(level=0.1), CAPE, feel=feel("surface_vibration", (3,) * 12, (None,) * 12)
    )
    assert score.warnings == (
        "Phase 1 (hold): reference-cape has nothing softer than 33%, and plays that for 10%.",
    )


def test_a_tap_stays_for_as_long_as_the_motor_needs_to_get_going() -> None:
    lasts: dict[str, int] = {}
    for motor, half in (("erm", 0.15), ("lra", 0.15**2)):
        driven = feel("handheld_vibration", (100,), (motor,))
        tapping = profile(technique="tapping", rate_hz=1, seconds=100)
        score = compose(tapping, wand("rhomboid"), feel=driven)
        lasts[motor] = sum(score.at(50.0 + t / 100.0).levels[0] > half for t in range(100))
    assert lasts["erm"] - lasts["lra"] == pytest.approx(7, abs=1)
