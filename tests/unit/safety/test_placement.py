"""Placement: what is refused before a session, and what is only said."""

import pytest

from devicehub.safety import placement
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import mount


def test_forbidden_zones_are_found_once_and_in_order(limits: Limits) -> None:
    asked = ["gluteal", "neck_lateral", "abdomen", "neck_lateral"]
    assert placement.forbidden(asked, limits) == ("neck_lateral", "abdomen")


@pytest.mark.parametrize("zone", ["unknown", "elbow"])
def test_a_place_that_is_not_known_is_forbidden_in_a_profile(limits: Limits, zone: str) -> None:
    assert placement.forbidden([zone], limits) == (zone,)


def test_a_technique_that_a_zone_does_not_list_is_found(limits: Limits) -> None:
    zones = ["gluteal", "spine_lumbar", "flank_kidney"]
    assert placement.unsuited("kneading", zones, limits) == ("spine_lumbar", "flank_kidney")
    assert placement.unsuited("stroking", zones, limits) == ()


def test_a_hold_goes_by_its_name_in_the_table(limits: Limits) -> None:
    assert placement.unsuited("hold", ["gluteal"], limits) == ()


@pytest.mark.parametrize("zones", [(), ("unknown",), ("elbow",)])
def test_a_handheld_must_be_told_where_it_is(limits: Limits, zones: tuple[str, ...]) -> None:
    wand = mount(zones, device="wand", stimulus_class="handheld_vibration")
    assert placement.undeclared([wand, mount("gluteal")], limits) == ("wand",)


def test_a_cape_may_have_motors_at_unknown_places(limits: Limits) -> None:
    assert placement.undeclared([mount(())], limits) == ()


def test_a_handheld_that_was_told_may_start(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class="handheld_vibration")
    assert placement.undeclared([wand], limits) == ()
