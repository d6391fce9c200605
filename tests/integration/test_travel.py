"""What the motors did, measured on the tape, is what the profile says, within five per cent."""

from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.massagers.library import load_library
from tests.session_runs import play_in_memory, profile_file
from tests.travels import Reel, Touch, crossings, rate_hz

SPINE_SIDES = ["paraspinal_lumbar", "paraspinal_thoracic"]
WIDE = [*SPINE_SIDES, "latissimus", "teres_major"]
SITTING = ["thigh_posterior", "gluteal", *SPINE_SIDES]
CAPE, VEST, TRUEGEAR, SEAT = "reference-cape", "bhaptics-x40", "truegear-me02", "nlr-hf8"
LENGTH_S = 45.0
WARM_S = 0.2 * LENGTH_S  # the limits' warm-up and the composer's own are over
END_S = 0.8 * LENGTH_S
WITHIN = 0.05
# Rows of motors beside the spine, and half way between the two lowest and the two highest.
VEST_ROWS = (22.0, 30.0, 38.0, 46.0, 54.0)
ROWS = {
    CAPE: (21.0, 34.0, 46.0),
    VEST: VEST_ROWS,
    TRUEGEAR: VEST_ROWS,
    SEAT: (-16.0, 5.0, 24.0, 50.0),
}
LEAST_ROWS = (
    3  # between two rows a middle goes over one line, and nobody can tell a speed from that
)


def near(value: float) -> object:
    return pytest.approx(value, rel=WITHIN)


def play(tmp_path: Path, model: str, length_s: float = LENGTH_S, /, **phase: object) -> Reel:
    zones = SITTING if model == SEAT else SPINE_SIDES
    written = {"zones": zones, "seconds": length_s, "level": 0.25} | phase
    profile = profile_file(tmp_path, written)
    played = play_in_memory(profile, model, tmp_path / "tape.jsonl")
    assert (played.code, played.violations) == (0, [])
    begin_s, end_s = WARM_S * length_s / LENGTH_S, END_S * length_s / LENGTH_S
    return Reel(played.tape, played.massager, begin_s, end_s)


def test_every_bundled_layout_with_rows_enough_is_measured() -> None:
    rows = {
        model: {place.y_cm for place in massager.layout.places if place.y_cm is not None}
        for model, massager in load_library().items()
        if massager.refused is None and not massager.needs_zone
    }
    # The small vest has two rows, a bed a motor for the legs and one for the back.
    assert {model for model, at in rows.items() if len(at) >= LEAST_ROWS} == set(ROWS)


def right(x: float, _y: float) -> bool:
    return x > 1.0


def right_inner(x: float, _y: float) -> bool:
    return 1.0 < x < 6.0


def right_outer(x: float, _y: float) -> bool:
    return x > 6.0


def halves(model: str) -> tuple[float, float]:
    """Return the heights half way between the two lowest rows and the two highest ones."""
    rows = ROWS[model]
    return (rows[0] + rows[1]) / 2.0, (rows[-2] + rows[-1]) / 2.0


def on_right(reel: Reel, touches: list[Touch]) -> list[Touch]:
    return [touch for touch in touches if reel.at[touch.motor][0] > 0]


thorough = (pytest.mark.thorough, pytest.mark.exhaustive)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("model", "speed_cm_s"),
    [
        (VEST, 4.0),
        (SEAT, 8.0),
        *(
            pytest.param(model, speed, marks=thorough)
            for model in ROWS
            for speed in (3.0, 5.0, 6.0)
        ),
    ],
)
def test_a_stroke_climbs_beside_the_spine_and_comes_down_at_its_speed(
    model: str, speed_cm_s: float, tmp_path: Path
) -> None:
    # The flank takes a fifth: more than that would be held back there, and pull the middle aside.
    wide = model in (VEST, TRUEGEAR)
    back: dict[str, object] = (
        {"return_zones": ["latissimus", "teres_major"], "level": 0.2} if wide else {}
    )
    # From the thighs to the shoulders and back is more than twice as far as on the back alone.
    length_s = LENGTH_S if model != SEAT else 360.0 / speed_cm_s
    reel = play(tmp_path, model, length_s, technique="stroking", speed_cm_s=speed_cm_s, **back)
    low, high = halves(model)
    up = reel.middles(1, right if model == SEAT else right_inner)
    climbs = passages(crossings(up, low, rising=True), crossings(up, high, rising=True))
    assert climbs == [near((high - low) / speed_cm_s)] * len(climbs)
    assert climbs
    if wide:
        down = reel.middles(1, right_outer)
        falls = passages(crossings(down, 42.0, rising=False), crossings(down, 26.0, rising=False))
        assert falls == [near((42.0 - 26.0) / speed_cm_s)] * len(falls)
        assert falls


def passages(begun: list[float], ended: list[float]) -> list[float]:
    """Return how long each way took from one line to the other, in seconds."""
    after = [(t, next((end for end in ended if end > t), None)) for t in begun]
    return [end - t for t, end in after if end is not None]


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize("circles", [3, 5, 7])
def test_a_stroke_goes_round_as_often_as_written(circles: int, tmp_path: Path) -> None:
    reel = play(tmp_path, CAPE, technique="stroking", circles=circles)
    ups = crossings(reel.middles(1, right_inner), halves(CAPE)[0], rising=True)
    assert (ups[-1] - ups[0]) / (len(ups) - 1) == near(LENGTH_S / circles)


@pytest.mark.thorough
@pytest.mark.exhaustive
def test_every_other_circle_goes_the_other_way_round(tmp_path: Path) -> None:
    back = {"return_zones": ["latissimus", "teres_major"], "alternate_direction": True}
    reel = play(tmp_path, VEST, technique="stroking", circles=4, **back)
    inner, outer = reel.middles(1, right_inner), reel.middles(1, right_outer)
    rounds = {
        (rising, side): crossings(middles, 34.0, rising=rising)
        for rising in (True, False)
        for side, middles in (("inner", inner), ("outer", outer))
    }
    assert all(rounds.values())


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("model", "rate"),
    [
        (VEST, 0.4),
        *(pytest.param(model, 0.3, marks=thorough) for model in (VEST, TRUEGEAR)),
    ],
)
def test_rubs_go_inwards_in_counter_movement(model: str, rate: float, tmp_path: Path) -> None:
    reel = play(tmp_path, model, technique="rubbing", zones=WIDE, rate_hz=rate, level=0.18)
    touches = reel.touches()
    outer, inner = (
        [touch for touch in touches if reel.at[touch.motor][0] == x_cm] for x_cm in (10.5, 3.5)
    )
    assert rate_hz(inner) == near(rate)
    for touch in outer[1:-1]:
        after = next(t for t in inner if t.begin_s > touch.begin_s)
        assert reel.at[after.motor][1] == reel.at[touch.motor][1]
        assert 0.0 < after.begin_s - touch.begin_s < 0.6 / rate
    left = [touch for touch in touches if reel.at[touch.motor][0] == -3.5]
    apart_s = [
        next(t.begin_s for t in left if t.begin_s > i.begin_s) - i.begin_s for i in inner[:4]
    ]
    assert apart_s == [pytest.approx(0.5 / rate, abs=WITHIN / rate)] * len(apart_s)


@pytest.mark.thorough
@pytest.mark.exhaustive
@pytest.mark.parametrize("speed_cm_s", [2.0, 3.0, 5.0])
def test_a_roll_goes_sideways_at_its_speed(speed_cm_s: float, tmp_path: Path) -> None:
    keys = {"technique": "rolling", "zones": [*WIDE, "scapula_bony"], "rolls": 4, "level": 0.15}
    reel = play(tmp_path, VEST, speed_cm_s=speed_cm_s, **keys)
    middles = reel.middles(0, lambda x, _y: x > 1.0)
    turns = sorted([*crossings(middles, 7.0, rising=True), *crossings(middles, 7.0, rising=False)])
    # From side to side and back over the same line: one width of 7 cm; a new height takes longer.
    widths = sorted(after - before for before, after in pairwise(turns))
    assert widths[len(widths) // 2] == near(7.0 / speed_cm_s)


@pytest.mark.thorough
@pytest.mark.exhaustive
def test_a_hum_swells_as_written_and_is_never_off(tmp_path: Path) -> None:
    reel = play(tmp_path, CAPE, technique="vibration", level=0.25, swell_hz=0.1)
    levels = reel.levels(9)
    middle = (max(u for _, u in levels) + min(u for _, u in levels)) / 2.0
    assert (max(u for _, u in levels) - middle) / middle == pytest.approx(0.1, abs=0.03)
    ups = crossings(levels, middle, rising=True)
    assert (ups[-1] - ups[0]) / (len(ups) - 1) == pytest.approx(10.0, rel=WITHIN)


COUNTED = {
    "kneading": ({"rate_hz": 0.4, "presses": 2}, 0.4, 2),
    "pinching": ({"rate_hz": 1.0, "pinches": 2, "sides": "alternating"}, 0.5, None),
    "tapping": ({"rate_hz": 2.0, "touches": 4}, 1.0, 4),
    "rubbing": ({"rate_hz": 0.5, "rubs": 2}, 0.5, 2),
    "hold": ({"press_s": 6, "rest_s": 3}, 1.0 / 9.0, 1),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("technique", "model"),
    [
        ("tapping", CAPE),
        ("kneading", VEST),
        *(
            pytest.param(technique, model, marks=thorough)
            for model in ROWS
            for technique in COUNTED
        ),
    ],
)
def test_touches_come_as_often_as_written_and_so_many_on_a_place(
    technique: str, model: str, tmp_path: Path
) -> None:
    keys, hz, on_a_place = COUNTED[technique]
    reel = play(tmp_path, model, technique=technique, **keys)
    touches = [touch for touch in reel.touches() if reel.at[touch.motor][0] > 0]
    if on_a_place is None:
        # Thumb and finger: every second touch begins a pinch.
        assert rate_hz(touches[::2]) == near(hz)
        return
    assert rate_hz(touches) == near(hz)
    counts = [count for _, count in reel.places(touches)][1:-1]
    assert counts == [on_a_place] * len(counts)
