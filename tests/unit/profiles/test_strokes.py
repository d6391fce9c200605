"""Stroking in depth: circles, direction, force and zones."""

from collections.abc import Mapping
from itertools import pairwise
from math import sqrt

import pytest

from profiles.layout import Layout
from profiles.stage import set_stage
from profiles.techniques import Stroking
from profiles.techniques.base import Shape
from profiles.track import SOFTER
from tests.unit.profiles.layouts import CAPE, X40, at, wand

SPINE_SIDES = ("paraspinal_lumbar", "paraspinal_thoracic")
SIDES = ("latissimus", "teres_major")


def stroke(
    layout: Layout = X40,
    zones: tuple[str, ...] = SPINE_SIDES,
    back: tuple[str, ...] = SIDES,
    hz: Mapping[str, float] | None = None,
    **keys: object,
) -> Shape:
    written = {"technique": "stroking", "zones": list(zones), "minutes": 2, "level": 0.3} | keys
    return Stroking.model_validate(written).shape(set_stage(layout, zones, back, hz or {}))


def middle(shape: Shape, t_s: float) -> tuple[float, float]:
    """Return the middle of what the right hand is felt at: x, and y in cm."""
    here = [(at(X40, m), e) for m, e in shape.at(t_s) if at(X40, m)[0] > 0]
    total = sum(e for _, e in here)
    x, y = (sum(e * place[axis] for place, e in here) / total for axis in (0, 1))
    return x, y


def circles(shape: Shape, seconds: float) -> int:
    """Return how many times a stroke comes round, up to twelve: the most that looks the same."""
    start = dict(shape.at(1.0))
    return max(n for n in range(1, 13) if dict(shape.at(1.0 + seconds / n)) == pytest.approx(start))


@pytest.mark.parametrize(
    ("minutes", "count"),
    [(1, 2), (2, 5), (2.5, 6), (3, 7), (4, 9)],
)
def test_whole_circles_come_nearest_to_the_best_speed(minutes: float, count: int) -> None:
    shape = stroke(minutes=minutes)
    assert shape.notes == ()
    assert circles(shape, 60.0 * minutes) == count


def test_alternating_direction_goes_up_over_the_sides_every_other_circle() -> None:
    shape = stroke(circles=4, alternate_direction=True)
    for t in (3.0, 6.0, 9.0):
        assert middle(shape, t) == pytest.approx(middle(shape, 60.0 - t))
    assert middle(shape, 33.0 + 4.0)[0] == pytest.approx(10.5, abs=0.1)
    assert middle(shape, 37.0)[1] < middle(shape, 40.0)[1]
    assert shape.at(0.0) == shape.at(60.0)


def test_alternating_force_is_softer_every_other_circle() -> None:
    shape = stroke(circles=4, alternate_force=True)
    hands = [sqrt(sum(e for _, e in shape.at(t)) / 2.0) for t in (5.0, 20.0, 35.0, 50.0, 65.0)]
    assert hands == pytest.approx([1.0, 1.0, SOFTER, SOFTER, 1.0])


def test_with_both_direction_changes_first_and_then_force() -> None:
    shape = stroke(circles=4, alternate_direction=True, alternate_force=True)
    forces = [sqrt(sum(e for _, e in shape.at(t)) / 2.0) for t in (15.0, 45.0, 75.0, 105.0)]
    assert forces == pytest.approx([1.0, 1.0, SOFTER, SOFTER])


def test_force_changes_without_a_jump() -> None:
    shape = stroke(circles=4, alternate_force=True)
    levels = [{m: sqrt(e) for m, e in shape.at(t / 20.0)} for t in range(1300)]
    steps = [
        abs(after.get(m, 0.0) - before.get(m, 0.0))
        for before, after in pairwise(levels)
        for m in before.keys() | after.keys()
    ]
    assert max(steps) < 0.1


@pytest.mark.exhaustive
def test_turning_round_no_motor_starts_more_often_than_its_zones_allow() -> None:
    hz: dict[str, float] = dict.fromkeys((*SPINE_SIDES, *SIDES, "trapezius_mid_low"), 0.2)
    hz |= dict.fromkeys(("rhomboid", "scapula_bony", "flank_kidney"), 0.2)
    shape = stroke(hz=hz, speed_cm_s=10.0, alternate_direction=True)
    for motor in range(20, 30):
        levels = [dict(shape.at(t / 20.0)).get(motor, 0.0) for t in range(6000)]
        starts = [
            t
            for t, (a, b, c) in enumerate(zip(levels, levels[1:], levels[2:], strict=False))
            if a >= b < c and c > 1e-6
        ]
        gaps = [after - before for before, after in pairwise(starts)]
        assert min(gaps, default=6000) / 20.0 > 1.0 / 0.2


def test_zone_after_zone_begins_at_the_collar_then_the_sides_then_the_back() -> None:
    zones = (*SPINE_SIDES, "latissimus", "trapezius_upper")
    shape = stroke(CAPE, zones, back=(), zonal=True)
    collar = {m for t in range(2, 28) for m, e in shape.at(float(t)) if e > 0.01}
    whole = {m for t in range(35, 110) for m, e in shape.at(float(t)) if e > 0.01}
    assert (collar, whole) == ({0, 2}, {0, 2, 3, 5, 6, 8, 9, 11})
    assert shape.notes[0].startswith("cannot go zone after zone")


def test_zones_of_a_wide_vest_are_all_there() -> None:
    shape = stroke(X40, (*SPINE_SIDES, "scapula_bony"), back=("latissimus",), zonal=True)
    sides = {abs(at(X40, m)[0]) for t in range(2, 28) for m, e in shape.at(float(t)) if e > 0.01}
    whole = {abs(at(X40, m)[0]) for t in range(35, 110) for m, e in shape.at(float(t)) if e > 0.01}
    assert (sides, whole) == ({10.5}, {3.5, 10.5})


def test_a_wand_is_told_the_order_of_the_zones() -> None:
    shape = stroke(wand("rhomboid"), back=(), zonal=True)
    assert shape.advice.startswith("Begin at the collar")
    assert max(e for t in range(100) for _, e in shape.at(float(t))) == pytest.approx(1.0)
