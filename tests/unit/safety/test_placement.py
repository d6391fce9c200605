"""Placement: what is refused before a session, and what is only said."""

import pytest

from devicehub.safety import placement
from devicehub.safety.limits import Limits


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
