"""Who is named for holding back: whoever lowered something, and the first of equals."""

from devicehub.safety.allowance import ROUNDS_DOWN, Allowance
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import Bench, mount


def test_whoever_takes_nothing_away_is_not_named() -> None:
    left = Allowance([0.5], [10], [0])
    left.lower(0, 0.5, "zone")
    left.soften(0, 0.5, "edge")
    left.hold(0, 0.5, 5, "pattern")
    assert (left.levels, left.steps, left.bound_by) == ([0.5], [5], [None])


def test_a_held_motor_counts_with_what_its_step_can_be() -> None:
    left = Allowance([0.9], [10], [0])
    left.hold(0, 0.9, 3, "pattern")
    assert (left.levels, left.steps) == ([(3 + ROUNDS_DOWN) / 10], [3])
    assert left.bound_by == ["pattern"]


def test_of_two_caps_that_are_alike_the_zones_is_named(limits: Limits) -> None:
    cap = limits.caps("rhomboid", "surface_vibration").max_intensity
    bench = Bench(limits, mount("rhomboid", rating=cap))
    assert bench.hold(1.0, 30.0).bound_by == ("zone",)


def test_a_motor_that_may_never_move_is_held_back_only_when_it_is_asked_to(limits: Limits) -> None:
    bench = Bench(limits, mount("abdomen", "rhomboid"))
    assert bench.tick([[0.0, 0.3]]).bound_by[0] is None
    assert bench.tick([[0.1, 0.3]]).bound_by[0] == "zone"
