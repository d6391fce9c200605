"""The highest steps that a keeper lets through, whatever its hub says."""

from dataclasses import replace

import pytest

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.keeper.highest import highest_steps, lowest
from devicehub.massagers.library import load_library
from devicehub.massagers.mounting import mount
from devicehub.safety.governor import Governor
from devicehub.safety.limits import load
from tests.unit.radio.bench import CAPE, WAND

CAPE_IT, WAND_IT = load_library()[CAPE], load_library()[WAND]


def test_motors_that_have_places_have_the_ceilings_of_their_places() -> None:
    governor = Governor(load(), [mount("it", CAPE_IT)])
    steps = highest_steps(CAPE_IT, None, load())
    assert steps == tuple(governor.ceiling_steps("it"))
    assert 0 < min(steps) < max(steps) < 100


@pytest.mark.parametrize(("zone", "most"), [("spine_lumbar", 2), ("rhomboid", 10)])
def test_a_wand_has_the_ceiling_of_the_zone_at_which_it_is_held(zone: str, most: int) -> None:
    cap = load().caps(zone, WAND_IT.stimulus_class).max_intensity
    assert highest_steps(WAND_IT, zone, load()) == (most,)
    assert most == int(cap * WAND_IT.steps[0])


def test_what_is_never_driven_is_refused_with_the_reason_in_its_file() -> None:
    never = replace(CAPE_IT, refused="It works with current.")
    with pytest.raises(SafetyRefusal, match=rf"^{CAPE}: It works with current\.$"):
        highest_steps(never, None, load())


def test_a_wand_that_is_held_nowhere_is_refused() -> None:
    with pytest.raises(SafetyRefusal, match=rf"^{WAND}: nobody said where it is held$"):
        highest_steps(WAND_IT, None, load())


@pytest.mark.parametrize("zone", ["neck_anterior", "unknown"])
def test_a_wand_is_refused_where_it_may_not_be_used(zone: str) -> None:
    with pytest.raises(SafetyRefusal, match=rf"^{WAND}: may not be used at {zone}$"):
        highest_steps(WAND_IT, zone, load())


def test_a_zone_that_does_not_exist_makes_no_sense() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        highest_steps(WAND_IT, "nowhere", load())


def test_a_massager_that_is_not_held_has_no_zone() -> None:
    with pytest.raises(UsageError):
        highest_steps(CAPE_IT, "rhomboid", load())


def test_of_several_ceilings_the_lowest_counts_for_each_actuator() -> None:
    steps = CAPE_IT.steps
    assert lowest(CAPE_IT, steps) == steps
    assert lowest(CAPE_IT, steps, (0, 100) * 6, (50, 50) * 6) == (0, 50) * 6


@pytest.mark.parametrize("length", [0, 11, 13])
def test_a_ceiling_has_one_step_for_each_actuator(length: int) -> None:
    with pytest.raises(SafetyRefusal, match=rf"^{CAPE}: 12 ceilings wanted$"):
        lowest(CAPE_IT, CAPE_IT.steps, (5,) * length)


@pytest.mark.parametrize("step", [-1, 101])
def test_a_ceiling_is_a_step_that_the_massager_has(step: int) -> None:
    with pytest.raises(SafetyRefusal, match=rf"^{CAPE}: a ceiling that it does not have$"):
        lowest(CAPE_IT, CAPE_IT.steps, (*[5] * 11, step))
