"""Sharing a point between motors: the energy model of apparent motion."""

from math import cos, isclose, pi, sin, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from profiles.phantom import Spot, ease, shares

cm = st.floats(-40.0, 80.0)
points = st.tuples(cm, cm)
scattered = st.lists(st.tuples(cm, cm), min_size=1, max_size=12).map(
    lambda places: [Spot(motor, x, y) for motor, (x, y) in enumerate(places)]
)


@pytest.mark.exhaustive
@given(points, scattered)
def test_energies_sum_up_to_one_and_none_is_negative(
    point: tuple[float, float], spots: list[Spot]
) -> None:
    found = shares(*point, spots)
    assert isclose(sum(part for _, part in found), 1.0)
    assert all(part > 0.0 for _, part in found)


@pytest.mark.exhaustive
@given(scattered)
def test_on_its_own_place_a_motor_is_alone(spots: list[Spot]) -> None:
    apart = min(
        (abs(a.x - b.x) + abs(a.y - b.y) for a in spots for b in spots if a is not b), default=1.0
    )
    assume(apart > 0.1)
    for spot in spots:
        assert dict(shares(spot.x, spot.y, spots))[spot.motor] > 1.0 - 1e-9


@pytest.mark.exhaustive
@given(points, scattered, st.floats(0.0, 2.0 * pi))
def test_a_small_step_changes_shares_a_little(
    point: tuple[float, float], spots: list[Spot], angle: float
) -> None:
    apart = min(
        (abs(a.x - b.x) + abs(a.y - b.y) for a in spots for b in spots if a is not b), default=1.0
    )
    assume(apart > 1.0)
    x, y = point
    here = dict(shares(x, y, spots))
    there = dict(shares(x + 0.01 * cos(angle), y + 0.01 * sin(angle), spots))
    assert all(abs(here.get(s.motor, 0.0) - there.get(s.motor, 0.0)) < 0.2 for s in spots)


@given(st.floats(0.0, 1.0))
def test_between_two_motors_levels_are_cosine_and_sine(part: float) -> None:
    column = [Spot(motor, 4.0, 8.0 * motor) for motor in range(4)]
    found = dict(shares(4.0, 8.0 + 8.0 * part, column))
    assert isclose(sqrt(found.get(1, 0.0)), cos(part * pi / 2.0), abs_tol=1e-7)
    assert isclose(sqrt(found.get(2, 0.0)), sin(part * pi / 2.0), abs_tol=1e-7)


def test_in_the_middle_of_four_motors_each_has_a_quarter() -> None:
    square = [
        Spot(2 * row + column, 7.0 * column, 8.0 * row) for row in (0, 1) for column in (0, 1)
    ]
    assert [round(part, 12) for _, part in shares(3.5, 4.0, square)] == [0.25] * 4


def test_motors_on_the_same_place_share_it_evenly() -> None:
    assert shares(1.0, 1.0, [Spot(0, 2.0, 2.0), Spot(1, 2.0, 2.0)]) == ((0, 0.5), (1, 0.5))


def test_beyond_the_last_motor_it_stays_alone() -> None:
    assert shares(0.0, 99.0, [Spot(0, 0.0, 10.0), Spot(1, 0.0, 20.0)]) == ((1, 1.0),)


@given(st.floats(-1.0, 2.0))
def test_easing_is_symmetric_and_stays_between_zero_and_one(part: float) -> None:
    assert 0.0 <= ease(part) <= 1.0
    assert isclose(ease(part) + ease(1.0 - part), 1.0, abs_tol=1e-12)
