"""The body map: zones as shapes, and what a motor's disc touches."""

import json
from math import nan
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import devicehub.safety
from profiles import body
from profiles.layout import Layout
from tests.unit.profiles.layouts import CAPE, X40, at

TABLE: list[dict[str, str]] = json.loads(
    (Path(devicehub.safety.__file__).parent / "zones.json").read_text(encoding="utf-8")
)["zones"]

cm = st.floats(-30.0, 80.0)


def touched(layout: Layout, index: int) -> tuple[str, ...]:
    return body.zones_touched(*at(layout, index), layout.places[index].footprint_cm)


def test_the_map_has_the_zones_of_the_table_of_limits_and_their_sides() -> None:
    drawn = {zone.id: zone.side for zone in body.ZONES}
    assert drawn == {zone["id"]: zone["side"] for zone in TABLE}
    assert len(drawn) == len(body.ZONES) == 26


def test_every_outline_runs_counter_clockwise_and_has_an_area() -> None:
    for zone in body.ZONES:
        corners = zip(zone.outline, (*zone.outline[1:], *zone.outline[:1]), strict=True)
        area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in corners)
        assert area > 0.0 or not zone.outline, zone.id


def test_bilateral_zones_are_drawn_on_the_right() -> None:
    for zone in body.ZONES:
        assert zone.side == "midline" or all(x > 0.0 for x, _ in zone.outline), zone.id


@pytest.mark.parametrize("index", [0, 2, 3, 5, 6, 8, 9, 11])
def test_side_motors_of_the_cape_touch_nothing_that_is_guarded(index: int) -> None:
    guarded = {zone["id"] for zone in TABLE if zone["tier"] != "muscle"}
    assert touched(CAPE, index)
    assert not guarded.intersection(touched(CAPE, index))


@pytest.mark.parametrize("index", [1, 4, 7, 10])
def test_middle_motors_of_the_cape_touch_the_spine_alone(index: int) -> None:
    assert touched(CAPE, index)
    assert all(zone.startswith("spine_") for zone in touched(CAPE, index))


@pytest.mark.parametrize("index", [*range(11, 20, 2), *range(20, 29, 2)])
def test_inner_motors_of_the_vest_touch_muscle_beside_the_spine(index: int) -> None:
    assert any(zone.startswith("paraspinal_") for zone in touched(X40, index))
    assert not any(zone.startswith("spine_") for zone in touched(X40, index))


@pytest.mark.parametrize(
    ("index", "zones"),
    [
        (21, ("scapula_bony", "trapezius_mid_low")),
        (23, ("scapula_bony", "teres_major")),
        (25, ("latissimus",)),
        (27, ("flank_kidney", "latissimus")),
        (29, ("flank_kidney", "latissimus")),
    ],
)
def test_outer_motors_of_the_vest_list_every_zone_under_them(
    index: int, zones: tuple[str, ...]
) -> None:
    assert touched(X40, index) == zones


@given(cm, cm, st.floats(0.0, 5.0))
def test_left_and_right_are_mirrors(x: float, y: float, radius: float) -> None:
    assert body.zones_touched(x, y, radius) == body.zones_touched(-x, y, radius)


@given(cm, cm, st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_a_wider_disc_touches_no_less(x: float, y: float, radius: float, more: float) -> None:
    narrow, wide = body.zones_touched(x, y, radius), body.zones_touched(x, y, radius + more)
    assert set(narrow) <= set(wide)


def test_an_edge_belongs_to_the_zone() -> None:
    assert body.zones_touched(1.5, 20.0, 0.0) == ("spine_lumbar", "paraspinal_lumbar")
    assert body.zones_touched(-6.0, 20.0, 0.0) == ("latissimus", "paraspinal_lumbar")


@pytest.mark.parametrize("place", [(0.0, 200.0), (nan, 20.0)])
def test_off_the_map_nothing_is_touched(place: tuple[float, float]) -> None:
    assert body.zones_touched(*place, 1.5) == ()


def test_zones_of_the_front_have_no_shape() -> None:
    assert body.zone("abdomen").outline == ()
    assert "abdomen" not in body.zones_touched(0.0, 30.0, 5.0)


def test_a_zone_is_found_by_its_id() -> None:
    assert body.zone("rhomboid").title == "Rhomboids"
    with pytest.raises(KeyError):
        body.zone("elbow")


def test_reach_is_from_the_lowest_to_the_highest_point() -> None:
    assert body.reach_cm(["paraspinal_lumbar", "paraspinal_thoracic"]) == 45.0
    assert body.reach_cm(["abdomen"]) == 0.0
