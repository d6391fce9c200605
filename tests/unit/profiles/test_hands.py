"""The techniques of hands: what a person would feel where, and when."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt

import pytest

from profiles.layout import Layout, Place
from profiles.phantom import Share
from profiles.stage import Stage, set_stage
from profiles.techniques import (
    TECHNIQUES,
    Envelope,
    Hold,
    Kneading,
    Pinching,
    Rolling,
    Rubbing,
    Tapping,
)
from profiles.techniques.base import PhaseBase, Shape
from tests.unit.profiles.layouts import CAPE, X40, at, wand

BACK = ("paraspinal_lumbar", "paraspinal_thoracic")
WIDE = (*BACK, "latissimus", "teres_major")
SPINE = ("spine_lumbar", "spine_thoracic")
HANDS = (Hold, Kneading, Pinching, Rolling, Rubbing, Tapping)
BED = Layout(
    "bed",
    (
        Place(0, "vibration", BACK, 0.0, 38.0, 17.0),
        Place(1, "vibration", ("gluteal",), 0.0, -20.0, 17.0),
    ),
)


def stage(
    layout: Layout, zones: tuple[str, ...] = BACK, hz: Mapping[str, float] | None = None
) -> Stage:
    return set_stage(layout, zones, (), hz or {})


def phase(kind: type[PhaseBase], **keys: object) -> PhaseBase:
    written: dict[str, object] = {"zones": list(BACK), "minutes": 2, "level": 0.3} | keys
    return kind.model_validate({"technique": kind.__name__.lower(), **written})


def across(layout: Layout, shares: Sequence[Share], side: int) -> float | None:
    """Return how far from the spine one side is touched, or None if it is not."""
    here = [(m, e) for m, e in shares if at(layout, m)[0] * side > 0 and e > 0.01]
    total = sum(e for _, e in here)
    return sum(e * abs(at(layout, m)[0]) for m, e in here) / total if here else None


def peaks(shape: Shape, seconds: float) -> list[tuple[float, frozenset[int]]]:
    """Return when something begins to be pressed by more than a half, and the motors."""
    found: list[tuple[float, frozenset[int]]] = []
    before: frozenset[int] = frozenset()
    for tick in range(round(seconds / 0.02)):
        pressed = frozenset(m for m, e in shape.at(0.02 * tick) if e > 0.25)
        begun = pressed - before
        if begun:
            found.append((0.02 * tick, begun))
        before = pressed
    return found


def test_rubbing_goes_from_the_side_to_the_centre() -> None:
    shape = phase(Rubbing).shape(stage(X40, WIDE))
    way = [across(X40, shape.at(2.5 * part), 1) for part in (0.55, 0.65, 0.8, 0.95)]
    assert way == sorted(filter(None, way), reverse=True)
    assert way[0] == pytest.approx(10.5, abs=1.0)
    assert way[-1] == pytest.approx(3.5, abs=1.6)


def test_rubbing_hands_move_in_counter_movement() -> None:
    shape = phase(Rubbing).shape(stage(X40, WIDE))
    for part in (0.1, 0.3, 0.45):
        left, right = across(X40, shape.at(25.0 + 2.5 * part), -1), None
        right = across(X40, shape.at(25.0 + 2.5 * (part + 0.5)), 1)
        assert left == pytest.approx(right)


def test_rubbing_rubs_so_often_on_each_height() -> None:
    shape = phase(Rubbing, rubs=2, rate_hz=0.5).shape(stage(CAPE))
    assert [at(CAPE, min(motors))[1] for _, motors in peaks(shape, 16.0)[::2]] == [
        21.0, 21.0, 34.0, 34.0, 46.0, 46.0, 34.0, 34.0,
    ]  # fmt: skip
    assert shape.notes == (
        "has one motor at each height of a side, and swells there instead of moving inwards",
    )


@pytest.mark.parametrize("kind", HANDS)
def test_no_hand_works_on_the_spine(kind: type[PhaseBase]) -> None:
    shape = phase(kind).shape(stage(CAPE, (*BACK, *SPINE)))
    moved = {motor for tick in range(1200) for motor, _ in shape.at(0.05 * tick)}
    assert moved == {3, 5, 6, 8, 9, 11}
    assert "leaves its motors over the spine out, where no hand works" in shape.notes


@pytest.mark.parametrize("kind", HANDS)
def test_over_the_spine_alone_a_hand_rests_and_says_so(kind: type[PhaseBase]) -> None:
    shape = phase(kind).shape(stage(CAPE, SPINE))
    assert not any(shape.at(0.1 * tick) for tick in range(300))
    assert shape.notes == ("has motors only over the spine there, where no hand works, and rests",)


@pytest.mark.parametrize("kind", HANDS)
def test_a_bed_is_felt_on_both_sides_and_plays(kind: type[PhaseBase]) -> None:
    shape = phase(kind).shape(stage(BED))
    assert max(e for tick in range(300) for _, e in shape.at(0.1 * tick)) > 0.9


@pytest.mark.parametrize("kind", HANDS)
def test_a_wand_plays_in_place_and_tells_what_to_do(kind: type[PhaseBase]) -> None:
    shape = phase(kind).shape(stage(wand("rhomboid")))
    assert max(e for tick in range(300) for _, e in shape.at(0.1 * tick)) > 0.9
    assert shape.advice


PACED = [kind for kind in TECHNIQUES.values() if kind is not Envelope]  # it keeps its drawn time


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", PACED)
def test_no_motor_starts_more_often_than_its_zones_allow(kind: type[PhaseBase]) -> None:
    hz: dict[str, float] = dict.fromkeys((*WIDE, "trapezius_mid_low", "rhomboid"), 0.2)
    hz |= dict.fromkeys(("scapula_bony", "flank_kidney"), 0.2)
    shape = phase(kind).shape(stage(X40, WIDE, hz))
    for motor in range(10, 30):
        levels = [sqrt(dict(shape.at(0.05 * tick)).get(motor, 0.0)) for tick in range(2400)]
        starts = [
            tick
            for tick, (a, b, c) in enumerate(zip(levels, levels[1:], levels[2:], strict=False))
            if a >= b < c
        ]
        gaps = [after - before for before, after in pairwise(starts)]
        assert min(gaps, default=1e9) * 0.05 > 1.0 / 0.2


def test_tapping_alternates_and_wanders() -> None:
    shape = phase(Tapping, touches=2).shape(stage(CAPE))
    taps = peaks(shape, 6.0)
    assert [at(CAPE, min(motors)) for _, motors in taps[:6]] == [
        (-4.2, 21.0), (4.2, 21.0), (-4.2, 21.0), (4.2, 21.0), (-4.2, 34.0), (4.2, 34.0),
    ]  # fmt: skip
    assert taps[10][0] - taps[0][0] == pytest.approx(5.0, abs=0.021)


def test_a_tap_takes_a_quarter_of_a_second() -> None:
    shape = phase(Tapping, sides="together").shape(stage(CAPE))
    felt = [tick for tick in range(50) if any(e > 0.001 for _, e in shape.at(0.01 * tick))]
    assert (felt[0], felt[-1]) == (2, 24)


def test_taps_that_would_run_together_are_slowed_and_told() -> None:
    shape = phase(Tapping, rate_hz=4, sides="together").shape(stage(CAPE))
    assert shape.notes == ("taps at 2.5 Hz, not 4, to keep its zones calm",)


def test_a_pinch_takes_two_neighbours_one_just_after_the_other() -> None:
    shape = phase(Pinching, pinches=1).shape(stage(X40, WIDE))
    began = [
        (t, {at(X40, m) for m in motors if at(X40, m)[0] > 0}) for t, motors in peaks(shape, 4.0)
    ]
    thumb, finger, next_thumb, next_finger = began
    assert (thumb[1], finger[1]) == ({(3.5, 22.0)}, {(10.5, 22.0)})
    assert (next_thumb[1], next_finger[1]) == ({(3.5, 30.0)}, {(10.5, 30.0)})
    assert finger[0] - thumb[0] == pytest.approx(0.4)


def test_without_neighbours_beside_it_a_pinch_takes_the_one_above() -> None:
    shape = phase(Pinching, pinches=1).shape(stage(CAPE))
    right = [at(CAPE, max(motors))[1] for _, motors in peaks(shape, 4.0)]
    assert right == [21.0, 34.0, 34.0, 46.0]


def test_rolling_goes_sideways_at_its_speed_with_constant_energy() -> None:
    shape = phase(Rolling, speed_cm_s=2.0, rolls=1).shape(stage(X40, WIDE))
    assert [across(X40, shape.at(t_s), 1) for t_s in (0.0, 3.5)] == pytest.approx([10.5, 3.5])
    for tick in range(100):
        assert sum(e for m, e in shape.at(0.3 * tick) if at(X40, m)[0] > 0) == pytest.approx(1.0)


def test_rolling_on_one_column_goes_up_and_down_and_says_so() -> None:
    shape = phase(Rolling).shape(stage(CAPE))
    assert shape.notes == ("has one motor at each height of a side, and rolls up and down there",)


def test_a_hold_presses_steadily_and_rests() -> None:
    shape = phase(Hold).shape(stage(CAPE))
    levels = [max(sqrt(e) for _, e in shape.at(0.1 * tick)) for tick in range(200)]
    assert levels[15:135] == pytest.approx([1.0] * 120)
    assert levels[150:] == pytest.approx([0.0] * 50)


def test_a_hold_goes_from_place_to_place_nearest_to_the_spine() -> None:
    shape = phase(Hold, press_s=5, rest_s=2).shape(stage(X40, WIDE))
    assert [{at(X40, m) for m in motors} for _, motors in peaks(shape, 14.0)] == [
        {(-3.5, 22.0), (3.5, 22.0)}, {(-3.5, 30.0), (3.5, 30.0)},
    ]  # fmt: skip


def test_a_hold_on_a_point_stays_there() -> None:
    shape = phase(Hold, press_s=5, rest_s=2, point="l4").shape(stage(CAPE))
    assert {m for _, motors in peaks(shape, 28.0) for m in motors} == {9, 11}
    assert shape.notes == ()


def test_a_point_that_no_motor_is_near_is_told() -> None:
    shape = phase(Hold, point="s2").shape(stage(CAPE))
    assert shape.notes == (
        "has no motor beside the 2nd sacral vertebra, and presses 10 cm away from there",
    )
