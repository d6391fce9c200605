"""Allowance: rounding, exhaustively, and that nothing goes up."""

import math
from bisect import bisect_right
from itertools import permutations

import pytest

from devicehub.safety.allowance import Allowance, step_below, step_nearest
from devicehub.safety.limits import Limits


def allowance(asked: float, of: int) -> Allowance:
    return Allowance([asked], [of], [0])


def all_caps(limits: Limits) -> list[float]:
    caps = {c.max_intensity for zone in limits.zones.values() for c in zone.caps.values()}
    return sorted(caps | {cap * limits.mild_discomfort_factor for cap in caps})


EVERY_DEVICE = range(1, 256)


def fractions(of: int, limits: Limits) -> list[float]:
    """Return levels that matter on a device of so many steps: on its steps and a hair beside."""
    steps = sorted({k for k in (0, 1, 2, of // 10, of // 3, of // 2, of - 1, of) if k <= of})
    near = [math.nextafter(k / of, way) for k in steps for way in (0.0, 1.0)]
    between = [(k + part) / of for k in steps[:-1] for part in (0.49, 0.51)]
    return [*(k / of for k in steps), *near, *between, *all_caps(limits)]


@pytest.mark.exhaustive
def test_whatever_is_asked_of_any_device_the_step_is_the_nearest_that_the_cap_allows(
    limits: Limits,
) -> None:
    for of in EVERY_DEVICE:
        grid = [k / of for k in range(of + 1)]
        halves = [(k + 0.5) / of for k in range(of)]
        caps = [level for level in fractions(of, limits) if level <= 1.0]
        asked = [level for level in caps if abs(level * of % 1.0 - 0.5) > 1e-9]  # not on a half
        nearest = [bisect_right(halves, level) for level in asked]
        for cap in caps:
            allowed = bisect_right(grid, cap) - 1
            left = Allowance(asked, [of] * len(asked), list(range(len(asked))))
            for i in left.moving:
                left.lower(i, cap, "zone")
            assert left.steps == [min(step, allowed) for step in nearest], (of, cap)


def test_no_step_of_any_device_lies_above_any_cap_and_no_device_is_dead(limits: Limits) -> None:
    for of in EVERY_DEVICE:
        for cap in fractions(of, limits):
            step = step_below(cap, of)
            assert 0 <= step / of <= cap
            assert step == of or (step + 1) / of > cap
            assert (step > 0) is (cap >= 1 / of)


def test_a_cap_that_falls_on_a_step_allows_that_step() -> None:
    assert step_below(0.29, 100) == 29
    assert step_below(0.7, 10) == 7


def test_a_cap_a_hair_below_a_step_does_not_allow_it() -> None:
    assert step_below(math.nextafter(0.3, 0.0), 10) == 2


def test_a_cap_below_the_lowest_step_means_off() -> None:
    assert step_below(0.33, 3) == 0


@pytest.mark.parametrize(("level", "step"), [(0.49, 0), (0.5, 1), (0.51, 1)])
def test_a_demand_goes_to_the_nearest_step_and_a_half_goes_up(level: float, step: int) -> None:
    assert step_nearest(level, 1) == step
    assert allowance(level, 1).steps == [step]


def test_a_demand_below_its_limit_is_not_floored() -> None:
    left = allowance(0.25, 15)
    left.lower(0, 0.5, "zone")
    assert left.steps == [4]
    assert left.bound_by == [None]


def test_a_limit_just_above_the_demand_still_decides_the_step() -> None:
    left = allowance(0.5, 15)
    left.lower(0, 0.52, "zone")
    assert left.steps == [7]
    assert left.levels == [0.5]
    assert left.bound_by == ["zone"]


@pytest.mark.parametrize("bound", [math.nan, -1.0, -math.inf, 0.0])
def test_a_bound_that_is_no_level_means_off(bound: float) -> None:
    for narrow in (Allowance.lower, Allowance.soften):
        left = allowance(1.0, 10)
        narrow(left, 0, bound, "rule")
        assert (left.steps, left.levels, left.bound_by) == ([0], [0.0], ["rule"])


def test_whoever_lowers_a_level_within_its_step_is_named() -> None:
    left = allowance(0.104, 10)
    left.lower(0, 0.102, "edge")
    assert (left.steps, left.levels, left.bound_by) == ([1], [0.102], ["edge"])


def test_a_looser_bound_changes_nothing() -> None:
    left = allowance(0.5, 10)
    left.lower(0, 0.3, "first")
    left.lower(0, 0.9, "second")
    left.soften(0, math.inf, "third")
    left.hold(0, 1.0, 10, "fourth")
    assert (left.levels, left.steps, left.bound_by) == ([0.3], [3], ["first"])


def test_a_soft_bound_rounds_like_a_demand() -> None:
    left = allowance(1.0, 3)
    left.soften(0, 0.17, "edge")
    assert left.steps == [1]


def test_the_order_of_bounds_does_not_matter() -> None:
    bounds = [("lower", 0.34), ("lower", 0.41), ("soften", 0.36), ("lower", 0.99)]
    results: set[tuple[float, int]] = set()
    for order in permutations(bounds):
        left = allowance(0.7, 15)
        for kind, bound in order:
            getattr(left, kind)(0, bound, "rule")
        results.add((left.levels[0], left.steps[0]))
    assert results == {(0.34, 5)}


def test_actuators_that_may_not_move_stay_at_zero() -> None:
    left = Allowance([1.0, 1.0], [10, 10], [1])
    assert (left.levels, left.steps) == ([0.0, 1.0], [0, 10])
