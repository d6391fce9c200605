"""The three techniques on their own: what a person would feel where, and when."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isclose, sqrt

import pytest

from profiles.layout import Layout, Place
from profiles.phantom import Share
from profiles.stage import Stage, set_stage
from profiles.techniques import Kneading, Stroking, Vibration
from profiles.techniques.base import PhaseBase, Shape
from profiles.track import SOFTER
from tests.every import every
from tests.unit.profiles.layouts import CAPE, X40, at, wand

SPINE_SIDES = ("paraspinal_lumbar", "paraspinal_thoracic")


def stage(
    layout: Layout,
    zones: tuple[str, ...] = SPINE_SIDES,
    back: tuple[str, ...] = (),
    hz: Mapping[str, float] | None = None,
) -> Stage:
    return set_stage(layout, zones, back, hz or {})


def phase(kind: type[PhaseBase], **keys: object) -> PhaseBase:
    written: dict[str, object] = {"zones": list(SPINE_SIDES), "minutes": 2, "level": 0.3} | keys
    return kind.model_validate({"technique": kind.__name__.lower(), **written})


def stroke(
    layout: Layout = X40,
    back: tuple[str, ...] = ("latissimus", "teres_major"),
    hz: Mapping[str, float] | None = None,
    zones: tuple[str, ...] = SPINE_SIDES,
    **keys: object,
) -> Shape:
    return phase(Stroking, **keys).shape(stage(layout, zones, back, hz))


def height(layout: Layout, shares: Sequence[Share]) -> float:
    """Return the centre of what is felt, weighted by energy."""
    total = sum(energy for _, energy in shares)
    return sum(energy * at(layout, motor)[1] for motor, energy in shares) / total


def strongest(shares: Sequence[Share]) -> int:
    return max(shares, key=lambda share: share[1])[0]


def test_a_stroke_goes_up_beside_the_spine_and_down_over_the_sides() -> None:
    shape = stroke()
    places = [at(X40, strongest(shape.at(0.25 * step))) for step in range(96)]
    visited = [place for place, after in pairwise([*places, places[0]]) if place != after]
    inner = [y for x, y in visited if abs(x) == 3.5]
    outer = [y for x, y in visited if abs(x) == 10.5]
    assert sorted(set(inner)) == inner[:5] == [22.0, 30.0, 38.0, 46.0, 54.0]
    assert outer == [46.0, 38.0, 30.0, 22.0]


@pytest.mark.exhaustive
@every(range(0, 60, 3))
def test_both_hands_of_a_stroke_move_alike(t_s: float) -> None:
    energies = {at(X40, m)[0]: e for m, e in stroke().at(float(t_s)) if e > 1e-9}
    assert all(isclose(energies[-x_cm], energy) for x_cm, energy in energies.items())


@pytest.mark.exhaustive
@every(range(0, 60, 3))
def test_along_a_stroke_the_energy_of_each_hand_is_constant(t_s: float) -> None:
    shares = stroke().at(t_s + 0.7)
    for side in (-1, 1):
        assert isclose(sum(e for m, e in shares if at(X40, m)[0] * side > 0), 1.0)


def test_a_stroke_travels_as_fast_as_it_says() -> None:
    shape = stroke(speed_cm_s=2.0)
    way_cm = height(X40, shape.at(12.0)) - height(X40, shape.at(4.0))
    assert way_cm == pytest.approx(16.0, abs=1.0)


def test_circles_divide_the_phase() -> None:
    shape = stroke(minutes=2, circles=5)
    assert shape.at(0.0) == shape.at(24.0)
    assert shape.notes == ()


def test_circles_that_would_race_are_slowed_and_told() -> None:
    (note,) = stroke(minutes=1, circles=50).notes
    assert note.startswith("moves at 10 cm/s, not")


def test_circles_that_would_creep_are_hurried_and_told() -> None:
    (note,) = stroke(minutes=10, circles=1).notes
    assert note.startswith("moves at 1 cm/s, not")


def test_a_stroke_without_motors_on_the_way_back_returns_softly_over_the_same_ones() -> None:
    shape = stroke(CAPE, speed_cm_s=3.0)
    circle_s = 2.0 * (25.0 + 3.0) / 3.0
    up, down = shape.at(12.5 / 3.0), shape.at(circle_s - 3.0 / 3.0 - 12.5 / 3.0)
    assert sum(e for _, e in up) == pytest.approx(2.0)
    assert sum(e for _, e in down) == pytest.approx(2.0 * SOFTER**2)
    assert [m for m, e in up if e > 0.01] == [m for m, e in down if e > 0.01]
    assert shape.notes == (
        "has no motors of its own on the way back, and returns softly over the same ones",
    )


def test_a_stroke_that_names_no_way_back_returns_without_a_note() -> None:
    assert stroke(X40, back=()).notes == ()


def test_a_stroke_slows_until_no_zone_is_crossed_too_often() -> None:
    # Twice over the same motor in a circle; the second highest has the shortest pause.
    hz: dict[str, float] = dict.fromkeys(SPINE_SIDES, 0.1)
    shape = stroke(CAPE, back=(), hz=hz, speed_cm_s=10.0)
    (note,) = shape.notes
    assert "not 10" in note
    for motor in (5, 8, 11):
        levels = [dict(shape.at(0.05 * step)).get(motor, 0.0) for step in range(8000)]
        starts = [
            step
            for step, (a, b, c) in enumerate(zip(levels, levels[1:], levels[2:], strict=False))
            if a >= b < c
        ]
        assert min(after - before for before, after in pairwise(starts)) * 0.05 > 1.0 / 0.1


def test_a_stroke_over_one_place_swells_and_softens() -> None:
    shape = stroke(CAPE, back=(), zones=("trapezius_upper",))
    levels = [sqrt(dict(shape.at(0.5 * step))[2]) for step in range(200)]
    assert max(levels) == pytest.approx(1.0)
    assert min(levels) == pytest.approx(SOFTER)


def test_a_stroke_up_the_middle_comes_down_both_sides() -> None:
    shape = stroke(CAPE, zones=("spine_lumbar", "spine_thoracic"), back=("paraspinal_lumbar",))
    lanes = [{at(CAPE, m)[0] for m, e in shape.at(0.5 * s) if e > 0.01} for s in range(60)]
    assert {0.0} in lanes
    assert {-4.2, 4.2} in lanes


def test_motors_of_one_row_share_the_stroke() -> None:
    row = Layout(
        "pad",
        tuple(
            Place(index, "vibration", ("paraspinal_lumbar",), x_cm, y_cm)
            for index, (x_cm, y_cm) in enumerate([(2.0, 20.0), (4.0, 21.0), (3.0, 28.0)])
        ),
    )
    assert dict(stroke(row, back=()).at(0.0)) == pytest.approx({0: 0.5, 1: 0.5, 2: 0.0}, abs=0.1)


def test_a_wand_plays_the_envelope_of_a_stroke_and_tells_how_to_move() -> None:
    shape = stroke(wand("trapezius_upper"), back=(), speed_cm_s=3.0)
    levels = [sqrt(dict(shape.at(float(second)))[0]) for second in range(30)]
    assert min(levels) == pytest.approx(SOFTER)
    assert max(levels) == pytest.approx(1.0)
    assert shape.advice == "Glide slowly up and down, about 3 cm a second."


def windows(shape: Shape, layout: Layout, seconds: float) -> list[tuple[float, ...]]:
    """Return where it is pressed, one after the other: sides, then height."""
    found: list[tuple[float, ...]] = []
    for tick in range(round(seconds / 0.05)):
        held = [at(layout, motor) for motor, e in shape.at(0.05 * tick) if e > 0.5]
        window = (*(x for x, _ in held), *(y for _, y in held[:1]))
        if window and (not found or found[-1] != window):
            found.append(window)
    return found


def test_kneading_moves_from_place_to_place_and_back() -> None:
    shape = phase(Kneading, rate_hz=0.5, presses=1).shape(stage(CAPE))
    heights = [window[-1] for window in windows(shape, CAPE, 12.0)]
    assert heights == [21.0, 34.0, 46.0, 34.0, 21.0, 34.0]


def test_kneading_presses_both_sides_together() -> None:
    shape = phase(Kneading).shape(stage(CAPE))
    assert {window[:-1] for window in windows(shape, CAPE, 30.0)} == {(-4.2, 4.2)}


def test_alternating_kneading_presses_one_side_at_a_time() -> None:
    shape = phase(Kneading, sides="alternating", presses=1).shape(stage(CAPE))
    sides = [window[0] for window in windows(shape, CAPE, 20.0)]
    assert sides == [-4.2, 4.2, -4.2, 4.2, -4.2, 4.2]


def test_a_press_rises_holds_and_releases_to_nothing() -> None:
    shape = phase(Kneading, rate_hz=0.25).shape(stage(CAPE))
    levels = [sqrt(shape.at(0.1 * tenth)[0][1]) for tenth in range(40)]
    assert levels[0] == 0.0
    assert levels[14:26] == pytest.approx([1.0] * 12)
    assert levels[:20] == pytest.approx([levels[0], *levels[:20:-1]], abs=0.05)


def test_kneading_slows_to_what_its_zones_allow() -> None:
    shape = phase(Kneading, rate_hz=0.5).shape(stage(CAPE, hz=dict.fromkeys(SPINE_SIDES, 0.2)))
    assert shape.notes == ("presses at 0.15 Hz, not 0.5, to keep its zones calm",)


def test_alternating_kneading_may_go_twice_as_fast() -> None:
    hz: dict[str, float] = dict.fromkeys(SPINE_SIDES, 0.2)
    shape = phase(Kneading, rate_hz=0.3, sides="alternating").shape(stage(CAPE, hz=hz))
    assert shape.notes == ()


def test_kneading_by_hand_presses_in_place() -> None:
    shape = phase(Kneading, rate_hz=0.5).shape(stage(wand("rhomboid")))
    assert [round(shape.at(t)[0][1], 6) for t in (0.0, 1.0, 2.0, 3.0)] == [0.0, 1.0, 0.0, 1.0]
    assert "move on" in shape.advice


def test_vibration_is_never_lifted_off_and_swells_by_a_tenth() -> None:
    shape = phase(Vibration).shape(stage(CAPE))
    levels = [sqrt(shape.at(0.1 * tenth)[0][1]) for tenth in range(400)]
    middle = (max(levels) + min(levels)) / 2.0
    assert max(levels) == pytest.approx(1.0, abs=1e-3)
    assert (max(levels) - middle) / middle == pytest.approx(0.1, abs=1e-3)


def test_vibration_moves_every_motor_of_its_zones_alike() -> None:
    shares = phase(Vibration).shape(stage(CAPE)).at(3.0)
    assert {motor for motor, _ in shares} == {3, 5, 6, 8, 9, 11}
    assert len({energy for _, energy in shares}) == 1


def test_vibration_swells_as_slowly_as_its_zones_need() -> None:
    shape = phase(Vibration, swell_hz=0.1).shape(stage(CAPE, hz=dict.fromkeys(SPINE_SIDES, 0.1)))
    assert shape.notes == ("swells at 0.075 Hz, not 0.1, to keep its zones calm",)
    assert "without lifting" in shape.advice


def test_only_the_strictest_zone_of_the_motors_that_move_sets_the_tempo() -> None:
    hz = {"paraspinal_lumbar": 4.0, "latissimus": 1.0, "spine_lumbar": 0.1, "abdomen": 0.0}
    assert stage(CAPE, ("paraspinal_lumbar",), hz=hz).max_rate_hz == 0.75
    # A zone that the table does not know counts as its slowest; one at 0 Hz is never driven.
    assert stage(CAPE, ("rhomboid",), hz=hz).max_rate_hz == pytest.approx(0.075)
    assert stage(X40, ("abdomen",), hz=hz).max_rate_hz == float("inf")


def test_a_motor_without_zones_is_felt_in_unknown() -> None:
    lost = Layout("lost", (Place(0, "vibration", (), 0.0, 20.0),))
    assert stage(lost, ("unknown",)).actuators == (0,)
    assert stage(lost).empty
