"""The judge is judged: each violation, written by hand, is caught; what is legal passes."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from tests import oracle
from tests.limits import read_zones
from tests.tapes import Tape, parse_tape, stroke_direction

ZONES = read_zones()
CHAR = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
STOP = {"char": CHAR, "hex": "00", "response": True}
STEPS = 100
TICK_S = 0.05

Change = tuple[float, int, int]  # t, actuator, level


def massager(
    *zones: tuple[str, ...],
    stimulus: str = "surface_vibration",
    places: Iterable[tuple[float, float]] = (),
) -> dict[str, Any]:
    spots = [*places] or [(0.0, 0.0)] * len(zones)
    actuators = [
        {"index": i, "kind": "vibration", "steps": STEPS, "zones": z, "x_cm": x, "y_cm": y}
        for i, (z, (x, y)) in enumerate(zip(zones, spots, strict=True))
    ]
    return {"model": "bench", "class": stimulus, "actuators": actuators, "stop": [STOP]}


def tape(*changes: Change, first: str = "00", actuators: int = 2, end: bool = True) -> Tape:
    """A tape that connects at 0, writes `first`, moves as told and comes to rest."""
    moved = {actuator for _, actuator, _ in changes}
    last_s = max((t for t, _, _ in changes), default=0.0)
    rest = [(last_s + 1, actuator, 0) for actuator in moved] if end else []
    rows: list[dict[str, Any]] = [
        {"t": 0.0, "kind": "device", "model": "bench", "actuators": actuators},
        {"t": 0.0, "kind": "link", "state": "connected"},
        {"t": 0.0, "kind": "write", "char": CHAR, "hex": first, "response": True},
        *(
            {"t": round(t, 6), "kind": "motor", "actuator": a, "level": level, "of": STEPS}
            for t, a, level in (*changes, *rest)
        ),
    ]
    return parse_tape(json.dumps(row) for row in rows)


def climb(start_s: float, low: int, high: int, per_s: float, actuator: int = 0) -> list[Change]:
    """A rise from `low` to `high` steps at `per_s` of full level a second, a step at a time."""
    return [
        (start_s + (level - low) / (STEPS * per_s), actuator, level)
        for level in range(low + 1, high + 1)
    ]


def rules(judged: Tape, of: dict[str, Any]) -> set[str]:
    return {sentence.split(":")[0] for sentence in oracle.judge(judged, of, ZONES)}


MUSCLE = massager(("rhomboid",))  # cap 0.6, 0.1 a second, 4 Hz
SPINE = massager(("spine_thoracic",))  # cap 0.2, 0.03 a second, 1 Hz, peak limited


def test_a_legal_climb_passes() -> None:
    assert oracle.judge(tape(*climb(0, 0, 60, 0.1)), MUSCLE, ZONES) == []


def test_a_tape_on_which_nothing_moves_passes() -> None:
    assert oracle.judge(tape(), MUSCLE, ZONES) == []


def test_a_level_above_the_cap_is_caught() -> None:
    assert rules(tape(*climb(0, 0, 61, 0.1)), MUSCLE) == {"cap"}


def test_a_wide_motor_takes_the_strictest_of_its_zones() -> None:
    wide = massager(("rhomboid", "spine_thoracic"))
    assert rules(tape(*climb(0, 0, 21, 0.03)), wide) == {"cap"}


def test_a_motor_without_zones_counts_as_unknown() -> None:
    assert rules(tape(*climb(0, 0, 11, 0.02)), massager(())) == {"cap"}


def test_a_class_has_caps_of_its_own() -> None:
    handheld = massager(("spine_thoracic",), stimulus="handheld_vibration")
    assert rules(tape(*climb(0, 0, 11, 0.02)), handheld) == {"cap"}


def test_a_forbidden_zone_that_moves_is_caught() -> None:
    assert "forbidden" in rules(tape((50, 0, 1)), massager(("chest_anterior",)))


def test_motors_that_fill_a_joint_limit_pass() -> None:
    # Four neighbours at 0.5 with a coupling of 0.4: the root of 4 x 0.2^2 is the limit of 0.4.
    four = massager(*[("paraspinal_lumbar",)] * 4)
    climbs = sorted(change for i in range(4) for change in climb(0, 0, 50, 0.1, i))
    assert rules(tape(*climbs, actuators=4), four) == set()


def test_motors_that_are_legal_alone_and_too_much_together_are_caught() -> None:
    five = massager(*[("paraspinal_lumbar", "spine_lumbar")] * 5)
    climbs = sorted(change for i in range(5) for change in climb(0, 0, 20, 0.03, i))
    assert rules(tape(*climbs, actuators=5), five) == {"joint"}


def test_coupling_counts_also_where_only_the_neighbour_lists_it() -> None:
    # The muscle lists the flank with 0.3, the flank does not list the muscle; its limit is 0.4.
    eight = massager(*[("paraspinal_lumbar",)] * 8)
    climbs = sorted(change for i in range(8) for change in climb(0, 0, 50, 0.1, i))
    sentences = oracle.judge(tape(*climbs, actuators=8), eight, ZONES)
    assert any("flank_kidney" in sentence for sentence in sentences)


def test_a_start_faster_than_the_ramp_is_caught() -> None:
    assert rules(tape(*climb(0, 0, 30, 0.2)), MUSCLE) == {"ramp"}


def test_one_step_of_rounding_above_the_ramp_passes() -> None:
    early = [(t - 0.09, a, level) for t, a, level in climb(0.1, 0, 40, 0.1)]
    assert rules(tape(*early), MUSCLE) == set()


def test_a_jump_after_thirty_quiet_seconds_is_caught() -> None:
    quiet = [*climb(0, 0, 40, 0.1), (6, 0, 0)]
    assert rules(tape(*quiet, *climb(37, 0, 40, 2.0)), MUSCLE) == {"ramp"}


def test_a_level_used_in_the_last_thirty_seconds_may_come_back_at_once() -> None:
    used = [*climb(0, 0, 40, 0.1), (6, 0, 0)]
    assert rules(tape(*used, *climb(33, 0, 40, 2.0)), MUSCLE) == set()


def test_a_climb_after_thirty_quiet_seconds_passes_at_the_ramps_rate() -> None:
    used = [*climb(0, 0, 40, 0.1), (6, 0, 0)]
    assert rules(tape(*used, *climb(40, 0, 40, 0.1)), MUSCLE) == set()


def test_thirty_seconds_at_a_lower_level_lower_the_ramp_to_it() -> None:
    low = [*climb(0, 0, 40, 0.1), (6, 0, 15)]
    assert rules(tape(*low, *climb(38, 15, 40, 2.0)), MUSCLE) == {"ramp"}
    assert rules(tape(*low, *climb(38, 15, 40, 0.1)), MUSCLE) == set()


def test_a_new_link_starts_the_ramp_anew() -> None:
    before = [*climb(0, 0, 40, 0.1), (6, 0, 0)]
    judged = tape(*before, *climb(10, 0, 40, 2.0))
    assert rules(judged, MUSCLE) == set()
    assert "ramp" in {
        s.split(":")[0] for s in oracle.judge(judged, MUSCLE, ZONES, resumes_s=[10.0])
    }


def test_a_single_write_over_half_the_cap_is_caught() -> None:
    known = [*climb(0, 0, 50, 0.1), (6, 0, 0)]
    assert rules(tape(*known, (8, 0, 32)), MUSCLE) == {"edge"}
    assert rules(tape(*known, (8, 0, 30), (8.06, 0, 50)), MUSCLE) == set()


def test_a_knock_on_the_spine_is_caught_though_it_stays_under_the_cap() -> None:
    known = [*climb(0, 0, 20, 0.03), (8, 0, 0)]
    assert rules(tape(*known, *climb(10, 0, 20, 0.6)), SPINE) == {"edge"}
    assert rules(tape(*known, *climb(10, 0, 20, 0.25)), SPINE) == set()


def pulses(period_s: float, count: int = 5) -> list[Change]:
    """Pulses to 0.4 that the ramp and the edges allow, `period_s` apart."""
    return [
        change
        for n in range(count)
        for change in (
            *[(8 + n * period_s + i * TICK_S, 0, level) for i, level in enumerate((20, 40))],
            (8 + n * period_s + 0.1, 0, 0),
        )
    ]


@pytest.mark.parametrize(("period_s", "verdict"), [(0.25, set[str]()), (0.2, {"pattern"})])
def test_pulses_are_caught_when_they_come_faster_than_the_zone_allows(
    period_s: float, verdict: set[str]
) -> None:
    known = [*climb(0, 0, 40, 0.1), (6, 0, 0)]
    assert rules(tape(*known, *pulses(period_s)), MUSCLE) == verdict


def test_a_wobble_of_one_step_is_rounding_and_no_pattern() -> None:
    wobble = [(8 + n * TICK_S, 0, 40 - n % 2) for n in range(1, 40)]
    assert rules(tape(*climb(0, 0, 40, 0.1), *wobble), MUSCLE) == set()


def test_a_motor_left_on_is_caught() -> None:
    assert rules(tape(*climb(0, 0, 10, 0.1), end=False), MUSCLE) == {"stopped"}


def test_a_first_write_that_is_not_stop_is_caught() -> None:
    assert rules(tape(first="01aa"), MUSCLE) == {"stop first"}


GUARDED = massager(("spine_thoracic",))  # 60 s at a stretch, 60 s of rest, 180 s in all


def hum(*stretches: tuple[float, float]) -> Tape:
    """A motor at one step, from when to when."""
    return tape(*(x for a, b in stretches for x in ((a, 0, 1), (b, 0, 0))))


def test_a_zone_that_moves_as_long_as_it_may_passes() -> None:
    assert rules(hum((0, 60)), GUARDED) == set()


def test_a_zone_that_moves_longer_than_it_may_is_caught() -> None:
    assert rules(hum((0, 61)), GUARDED) == {"continuous"}


def test_short_breaks_take_back_no_more_than_they_last() -> None:
    assert rules(hum((0, 40), (50, 79)), GUARDED) == set()
    assert rules(hum((0, 40), (50, 81)), GUARDED) == {"continuous"}


def test_a_full_zone_that_moves_before_its_rest_is_over_is_caught() -> None:
    assert rules(hum((0, 60), (120, 121)), GUARDED) == set()
    assert rules(hum((0, 60), (115, 116)), GUARDED) == {"rest"}


def test_a_zone_has_so_many_seconds_in_a_session() -> None:
    thrice = [(n * 120.0, n * 120.0 + 60.0) for n in range(3)]
    assert rules(hum(*thrice), GUARDED) == set()
    assert rules(hum(*thrice, (480, 482)), GUARDED) == {"zone session"}


def test_two_motors_in_turn_move_one_zone() -> None:
    two = massager(("rhomboid",), ("rhomboid",), places=[(3.0, 50.0), (4.0, 50.0)])
    turns = [(0, 0, 1), (100, 0, 0), (100, 1, 1), (181, 1, 0)]
    assert rules(tape(*turns), two) == {"continuous"}


def test_each_side_counts_for_itself() -> None:
    two = massager(("rhomboid",), ("rhomboid",), places=[(-4.0, 50.0), (4.0, 50.0)])
    turns = [(0, 0, 1), (100, 0, 0), (100, 1, 1), (181, 1, 0)]
    assert rules(tape(*turns), two) == set()


def test_a_massager_that_moves_longer_than_its_class_may_is_caught() -> None:
    gun = massager(*[(z,) for z in ("gluteal", "rhomboid") * 3], stimulus="percussive")
    turns = [(n * 90.0 + at, n, level) for n in range(6) for at, level in ((0, 1), (85, 0))]
    found = rules(tape(*turns, actuators=6), gun)
    assert "active" in found


def test_a_place_that_has_more_than_its_day_is_caught() -> None:
    six = [(n * 120.0, n * 120.0 + 60.0) for n in range(6)]
    assert rules(hum(*six), GUARDED) == {"zone session"}
    assert rules(hum(*six, (720, 721)), GUARDED) == {"zone session", "zone day"}


def test_a_dose_of_more_than_a_day_is_caught() -> None:
    bed = massager(("spine_thoracic",), stimulus="diffuse_vibration")  # 0.35, 2700 s a day
    full_s = 0.35**2 * 2700
    assert "zone day" not in rules(tape((0, 0, 100), (full_s - 1, 0, 0)), bed)
    assert "zone day" in rules(tape((0, 0, 100), (full_s + 1, 0, 0)), bed)


def test_more_than_the_hours_of_a_day_is_caught() -> None:
    wand = massager(("gluteal",), stimulus="handheld_vibration")
    assert "day" not in rules(hum((0, 1800)), wand)
    assert "day" in rules(hum((0, 1801)), wand)
    assert "day" in rules(hum((0, 2701)), MUSCLE)


def test_a_strong_start_is_caught_by_who_knows_how_long_it_was_planned() -> None:
    strong = tape(*climb(0, 0, 31, 0.1), (20, 0, 0))
    assert rules(strong, MUSCLE) == set()
    told = oracle.judge(strong, MUSCLE, ZONES, planned_s=20.0)
    assert told == ["warm-up: at 3.1 s motor 0 is at 0.310, the warm-up allows 0.300"]
    assert oracle.judge(strong, MUSCLE, ZONES, planned_s=15.0) == []
    assert oracle.judge(tape(*climb(0, 0, 30, 0.1)), MUSCLE, ZONES, planned_s=900.0) == []


def warm(*heats: tuple[float, float, bool], stop_s: float | None = None) -> Tape:
    """A tape of a pad alone: when, how warm, whether on; a stop is written at `stop_s`."""
    rows: list[dict[str, Any]] = [
        {"t": 0.0, "kind": "device", "model": "bench", "actuators": 1},
        *({"t": t, "kind": "heat", "celsius": c, "on": on} for t, c, on in heats),
    ]
    if stop_s is not None:
        rows.append({"t": stop_s, "kind": "write", "char": CHAR, "hex": "00", "response": True})
    return parse_tape(json.dumps(row) for row in rows)


@pytest.mark.parametrize(
    ("heats", "verdict"),
    [
        ([(0, 24, True), (600, 40, False)], set[str]()),
        ([(0, 24, True), (600.4, 40, False)], {"heat time"}),
        ([(0, 24, True), (9, 30, False), (1209, 24, True), (1210, 24, False)], set[str]()),
        ([(0, 24, True), (9, 30, False), (1208, 24, True), (1210, 24, False)], {"heat rest"}),
        ([(0, 24, True), (300, 41.5, True), (302, 41.5, False)], set[str]()),
        ([(0, 24, True), (300, 41.5, True), (302.1, 42, False)], {"heat"}),
        ([(0, 24, True), (300, 41, True), (310, 41, False)], set[str]()),
        ([(0, 24, True)], {"heat off"}),
    ],
)
def test_a_pad_that_is_too_warm_or_on_too_long_is_caught(
    heats: list[tuple[float, float, bool]], verdict: set[str]
) -> None:
    assert rules(warm(*heats), MUSCLE) == verdict


def test_a_pad_that_outlives_a_stop_is_caught() -> None:
    assert rules(warm((0, 24, True), (9.3, 30, False), stop_s=9.0), MUSCLE) == set()
    assert rules(warm((0, 24, True), (9.4, 30, False), stop_s=9.0), MUSCLE) == {"heat off"}


def test_motors_of_one_write_count_as_one_instant() -> None:
    five = massager(*[("paraspinal_lumbar", "spine_lumbar")] * 5)
    on = sorted(change for i in range(4) for change in climb(0, 0, 20, 0.03, i))
    swap = [(20.0, 4, 1), (20.0004, 0, 19), (20.0008, 4, 2)]
    assert rules(tape(*on, *swap, actuators=5), five) == set()


def test_the_same_fault_is_told_once_with_its_number() -> None:
    told = oracle.judge(tape(*climb(0, 0, 64, 0.1)), MUSCLE, ZONES)
    assert told == ["cap: at 6.1 s motor 0 is at 61 of 100, its cap is 0.6 (4 times)"]


def test_a_tape_that_runs_backwards_is_caught() -> None:
    assert "time" in rules(tape((5, 0, 1), (4, 0, 0)), MUSCLE)


def test_a_stroke_is_seen_to_travel_up_and_down() -> None:
    rows = [(4.0, 20.0), (4.0, 30.0), (4.0, 40.0)]
    column = massager(*[("paraspinal_lumbar",)] * 3, places=rows)
    up = [(0, 0, 10), (3, 0, 0), (3, 1, 10), (6, 1, 0), (6, 2, 10)]
    down = [(9, 2, 0), (9, 1, 10), (12, 1, 0), (12, 0, 10)]
    stroke = tape(*up, *down, actuators=3)
    assert stroke_direction(stroke, column, 0, 8) == pytest.approx(10 / 3)
    assert stroke_direction(stroke, column, 8, 20) == pytest.approx(-10 / 3)
    assert stroke_direction(stroke, column, 0, 8, where=lambda x, _y: x < 0) == 0.0
