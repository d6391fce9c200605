"""Curves: straight lines between points, and fewer points that draw nearly the same."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.curve import Curve

LEVELS = st.floats(0.0, 1.0)
STEPS_S = st.floats(0.01, 100.0)
POINTS = st.lists(st.tuples(STEPS_S, LEVELS), min_size=2, max_size=40).map(
    lambda steps: [
        *zip(accumulate(step for step, _ in steps), [level for _, level in steps], strict=True)
    ]
)


def test_a_curve_is_straight_between_its_points() -> None:
    curve = Curve.through([(0.0, 0.0), (2.0, 1.0), (4.0, 0.5)])
    assert [curve.at(t_s) for t_s in (0.0, 0.5, 2.0, 3.0, 4.0)] == [0.0, 0.25, 1.0, 0.75, 0.5]


def test_before_and_after_a_curve_its_ends_hold() -> None:
    curve = Curve.through([(1.0, 0.25), (2.0, 0.5)])
    assert (curve.at(-1.0), curve.at(9.0)) == (0.25, 0.5)


@pytest.mark.exhaustive
@given(POINTS, st.floats(0.0, 0.5))
def test_what_is_left_out_is_within_the_tolerance(
    points: list[tuple[float, float]], tolerance: float
) -> None:
    thin = Curve.through(points).thinned(tolerance)
    assert all(abs(thin.at(t_s) - level) <= tolerance + 1e-9 for t_s, level in points)
    assert set(thin.points) <= set(points)
    assert (thin.points[0], thin.points[-1]) == (points[0], points[-1])


@pytest.mark.parametrize("tolerance", [1e-9, 0.1])
def test_a_straight_line_needs_two_points(tolerance: float) -> None:
    line = Curve.through([(float(t), t / 100.0) for t in range(100)])
    assert len(line.thinned(tolerance).times_s) == 2
