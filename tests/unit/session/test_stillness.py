"""A massager of which nothing can move is refused, and what stays off says why."""

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.massagers.library import load_library
from devicehub.safety.limits import load
from devicehub.session.stillness import refuse_still, too_coarse
from tests.every import every

LIBRARY, LIMITS = load_library(), load()
HANDHELDS = [model for model, massager in LIBRARY.items() if massager.needs_zone]


@pytest.mark.parametrize(
    "model", [model for model, m in LIBRARY.items() if m.refused is None and not m.needs_zone]
)
def test_a_massager_with_places_is_not_refused(model: str) -> None:
    refuse_still("it", LIBRARY[model], LIMITS)


@every(HANDHELDS)
def test_a_handheld_is_not_refused_on_a_muscle(model: str) -> None:
    refuse_still("it", LIBRARY[model].held_at("trapezius_upper"), LIMITS)


@pytest.mark.parametrize("model", [model for model, m in LIBRARY.items() if m.refused])
def test_a_massager_that_is_never_driven_is_refused_with_its_sentence(model: str) -> None:
    with pytest.raises(SafetyRefusal, match=r"^it: .*\.$"):
        refuse_still("it", LIBRARY[model], LIMITS)


@pytest.mark.parametrize("zone", ["scapula_bony", "lower_ribs", "neck_posterior", "spine_lumbar"])
def test_three_steps_are_too_coarse_where_little_is_allowed(zone: str) -> None:
    held = LIBRARY["mymuse-link-plus"].held_at(zone)
    with pytest.raises(SafetyRefusal, match=r"its weakest step is 33% of .*, and .* takes 1"):
        refuse_still("wand", held, LIMITS)


def test_where_nothing_may_move_the_places_are_named() -> None:
    held = LIBRARY["mymuse-link-plus"].held_at("head_face")
    with pytest.raises(SafetyRefusal, match="wand: refused, nothing may move at head and face"):
        refuse_still("wand", held, LIMITS)


@pytest.mark.parametrize("model", ["bhaptics-x40", "richmat-discrete", "reference-cape"])
def test_what_is_forbidden_or_can_move_is_not_too_coarse(model: str) -> None:
    assert list(too_coarse(LIBRARY[model], LIMITS)) == []
