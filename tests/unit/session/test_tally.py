"""The tally: what was felt where, and what the rules held back."""

import math
from collections.abc import Iterable

from devicehub.messages import HeldBack, ZoneFelt
from devicehub.safety.governor import GovernedActuator, Governor, Mount
from devicehub.safety.limits import load
from devicehub.session.report import merge_felt, merge_held
from devicehub.session.tally import Tally

LEFT_AND_RIGHT = [("latissimus", "rhomboid"), ("rhomboid",)]


def felt(tally: Tally) -> dict[str, tuple[float, float]]:
    return {row.zone: (row.peak, row.seconds) for row in tally.zones_felt()}


def test_nothing_was_felt_before_anything_moved() -> None:
    tally = Tally(LEFT_AND_RIGHT)
    tally.felt((0, 0), (10, 10), 5.0)
    assert tally.zones_felt() == ()


def test_a_zone_feels_its_motors_for_as_long_as_one_of_them_moves() -> None:
    tally = Tally(LEFT_AND_RIGHT)
    tally.felt((3, 0), (10, 10), 1.0)
    tally.felt((0, 5), (10, 10), 1.0)
    tally.felt((2, 2), (10, 10), 1.0)
    tally.felt((0, 0), (10, 10), 1.0)
    assert felt(tally) == {"rhomboid": (0.5, 3.0), "latissimus": (0.3, 2.0)}
    assert tally.moved_s == 3.0


def test_levels_are_counted_in_the_steps_of_their_own_motor() -> None:
    tally = Tally(LEFT_AND_RIGHT)
    tally.felt((3, 3), (6, 30), 1.0)
    assert felt(tally) == {"rhomboid": (0.5, 1.0), "latissimus": (0.5, 1.0)}


def test_the_zone_that_was_felt_longest_comes_first() -> None:
    tally = Tally([("rhomboid",), ("latissimus",)])
    tally.felt((1, 1), (10, 10), 1.0)
    tally.felt((0, 1), (10, 10), 1.0)
    assert [row.zone for row in tally.zones_felt()] == ["latissimus", "rhomboid"]


def judged(asked: Iterable[float], at_s: float) -> Tally:
    """Return the tally of one second of a frame of a spine motor and a muscle motor."""
    actuators = (GovernedActuator(("spine_thoracic",), 100), GovernedActuator(("rhomboid",), 100))
    governor = Governor(load(), [Mount("it", "surface_vibration", actuators)])
    governor.grant(math.inf)
    demand = list(asked)
    (frame,) = governor.judge([demand], 0.0)
    for tick in range(1, round(at_s / 0.05)):
        (frame,) = governor.judge([demand], tick * 0.05)
        governor.sent(frame, tick * 0.05)
    tally = Tally([("spine_thoracic",), ("rhomboid",)])
    tally.held(demand, frame, 1.0)
    return tally


def test_what_a_rule_holds_back_is_counted_for_each_zone() -> None:
    held = judged((1.0, 0.2), 20.0).held_back()
    assert {(row.zone, row.seconds) for row in held} == {("spine_thoracic", 1.0)}


def test_what_was_let_through_was_not_held_back() -> None:
    assert judged((0.0, 0.2), 20.0).held_back() == ()


def test_rounding_is_no_rule() -> None:
    assert judged((0.0, 0.3049), 20.0).held_back() == ()


def test_massagers_at_the_same_zone_are_one_row() -> None:
    one = [ZoneFelt("rhomboid", 0.5, 3.0), ZoneFelt("latissimus", 0.1, 1.0)]
    other = [ZoneFelt("rhomboid", 0.2, 8.0)]
    assert merge_felt([one, other]) == (
        ZoneFelt("rhomboid", 0.5, 8.0),
        ZoneFelt("latissimus", 0.1, 1.0),
    )


def test_rules_that_held_two_massagers_back_are_one_row() -> None:
    one = [HeldBack("ramp", "rhomboid", 2.0)]
    other = [HeldBack("ramp", "rhomboid", 3.0), HeldBack("zone", "rhomboid", 9.0)]
    assert merge_held([one, other]) == (
        HeldBack("zone", "rhomboid", 9.0),
        HeldBack("ramp", "rhomboid", 3.0),
    )
