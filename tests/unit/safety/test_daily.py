"""The rules of a day, on both sides of their limits; what came before the session counts."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.errors import SafetyRefusal
from devicehub.safety import limits as table
from devicehub.safety.governor import Governor, Mount
from devicehub.safety.limits import Limits
from devicehub.safety.past import Exposure, Past, Received
from tests.unit.safety.bench import TICK_S, Bench, mount
from tests.unit.safety.received import Received as Truth

LIMITS = table.load()
TAIL_S = 2.5
AT = ("gluteal", "left")
HANDHELD = "handheld_vibration"


def having(**exposure: Any) -> Past:
    return Past(exposure=Exposure(**exposure))


def moves_s(bench: Bench, most_s: float = 60.0) -> float:
    """Ask for everything until nothing moves that moved; return for how long it did."""
    began_s: float | None = None
    while bench.now_s < most_s:
        steps = bench.tick(1.0).steps[0]
        if steps and began_s is None:
            began_s = bench.now_s
        if began_s is not None and not steps:
            return bench.now_s - began_s
    return math.inf


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("past", "rule"),
    [
        (having(places={AT: Received(1800.0 - TAIL_S - 10.0, 0.0)}), "zone_day"),
        (having(active_s=2700.0 - TAIL_S - 10.0), "day"),
        (having(class_s={"surface_vibration": 7200.0 - TAIL_S - 10.0}), "whole_body"),
        (having(class_s={"diffuse_vibration": 7200.0 - TAIL_S - 10.0}), "whole_body"),
    ],
)
def test_what_is_left_of_a_day_may_be_used_but_for_the_tail(
    limits: Limits, past: Past, rule: str
) -> None:
    bench = Bench(limits, mount("gluteal", side="left"), past=past)
    assert moves_s(bench) == pytest.approx(10.0, abs=2 * TICK_S)
    assert bench.judge(1.0, TICK_S)[0].bound_by == (rule,)
    assert bench.governor.over == rule
    bench.governor.restart("cape", bench.now_s)
    assert bench.hold(1.0, 100.0).steps == (0,)


@pytest.mark.parametrize(
    ("left", "moves"), [(TAIL_S - 1e-3, False), (TAIL_S, False), (TAIL_S + 0.2, True)]
)
def test_with_the_tail_or_less_left_nothing_begins(
    limits: Limits, left: float, moves: bool
) -> None:
    bench = Bench(
        limits, mount("gluteal", side="left"), past=having(places={AT: Received(1800.0 - left)})
    )
    assert (moves_s(bench, 10.0) < math.inf) is moves


def test_a_dose_is_a_day_s_share_as_well(limits: Limits) -> None:
    budget = 0.7**2 * 1800.0
    past = having(places={AT: Received(0.0, budget - 0.49 * (TAIL_S + 10.0))})
    bench = Bench(limits, mount("gluteal", side="left"), past=past)
    assert 10.0 < moves_s(bench) < 10.0 + 7.0 + 0.1  # on its way up a ramp takes less
    assert bench.judge(1.0, TICK_S)[0].bound_by == ("zone_day",)


@pytest.mark.exhaustive
def test_a_soft_level_lasts_longer_than_a_strong_one(limits: Limits) -> None:
    budget = 0.7**2 * 1800.0
    past = having(places={AT: Received(0.0, budget - 0.49 * (TAIL_S + 10.0))})
    bench = Bench(limits, mount("gluteal", side="left"), past=past)
    assert bench.hold(0.1, 170.0).steps == (100,)


def test_a_place_that_has_had_its_day_leaves_the_others_alone(limits: Limits) -> None:
    past = having(places={AT: Received(1800.0, 0.0)})
    left, right = (mount("gluteal", side=side, device=side) for side in ("left", "right"))
    bench = Bench(limits, left, right, past=past)
    bench.hold(1.0, 10.0)
    assert [frame.steps for frame in bench.judge(1.0, TICK_S)] == [(0,), (700,)]
    assert bench.governor.over is None


def test_of_two_classes_in_one_place_the_stricter_day_counts(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class=HANDHELD, side="left")
    past = having(places={AT: Received(900.0 - TAIL_S - 5.0, 0.0)})
    bench = Bench(limits, mount("gluteal", side="left"), wand, past=past)
    assert moves_s(bench) == pytest.approx(5.0, abs=0.2)


def test_two_rules_may_take_the_last_places_together(limits: Limits) -> None:
    wand = mount("rhomboid", device="wand", stimulus_class=HANDHELD)
    past = having(places={AT: Received(1800.0, 0.0)}, class_s={HANDHELD: 1800.0})
    bench = Bench(limits, mount("gluteal", side="left"), wand, past=past)
    bench.tick(1.0)
    assert bench.governor.over is not None


@pytest.mark.exhaustive
@pytest.mark.parametrize(("a_m_s2", "left_s"), [(None, 10.0), (5.0, 40.0), (20.0, 2.5)])
def test_a_hand_takes_so_much_of_a_day(limits: Limits, a_m_s2: float | None, left_s: float) -> None:
    weight = 1.0 if a_m_s2 is None else (a_m_s2 / 10.0) ** 2
    past = having(class_s={HANDHELD: 1000.0, "percussive": 790.0 - TAIL_S * weight})
    wand = mount("gluteal", device="wand", stimulus_class=HANDHELD, a_m_s2=a_m_s2)
    bench = Bench(limits, wand, past=past)
    assert moves_s(bench) == pytest.approx(left_s, abs=2 * TICK_S)
    assert bench.judge(1.0, TICK_S)[0].bound_by == ("hand_arm",)


def test_two_handhelds_at_once_add_up(limits: Limits) -> None:
    wands = [mount("gluteal", device=name, stimulus_class=HANDHELD) for name in ("one", "two")]
    bench = Bench(limits, *wands, past=having(class_s={HANDHELD: 1800.0 - 2 * TAIL_S - 20.0}))
    assert moves_s(bench) == pytest.approx(10.0, abs=2 * TICK_S)


def test_what_is_not_held_does_not_shake_a_hand(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class=HANDHELD)
    past = having(class_s={HANDHELD: 1800.0})
    bench = Bench(limits, wand, mount("rhomboid"), past=past)
    bench.hold(1.0, 10.0)
    assert [frame.steps for frame in bench.judge(1.0, TICK_S)] == [(0,), (600,)]
    assert bench.governor.over is None


def test_rollers_shake_neither_a_hand_nor_a_body(limits: Limits) -> None:
    rollers = mount("gluteal", stimulus_class="rotating_nodes")
    past = having(class_s={"rotating_nodes": 1e6})
    assert Bench(limits, rollers, past=past).hold(1.0, 10.0).steps == (400,)


@pytest.mark.parametrize("a_m_s2", [0.0, -1.0, math.nan, math.inf, True, "5"])
def test_a_measured_vibration_that_makes_no_sense_is_refused(a_m_s2: Any) -> None:
    with pytest.raises(SafetyRefusal, match="a_m_s2 is"):
        mount("gluteal", a_m_s2=a_m_s2)


@pytest.mark.exhaustive
@settings(max_examples=40)
@given(
    st.floats(0.0, 1800.0),
    st.floats(0.0, 60.0),
    st.floats(0.0, 2700.0),
    st.floats(0.0, 1800.0),
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.2, 1.0]), st.floats(0.1, 40.0)), min_size=5, max_size=60
    ),
)
def test_no_walk_gives_more_than_a_day_s_share(
    seconds: float,
    dose_left: float,
    active_s: float,
    held_s: float,
    walk: list[tuple[float, float]],
) -> None:
    had = Exposure(
        {
            AT: Received(seconds, 0.36 * 900.0 - dose_left),
            ("spine_lumbar", "midline"): Received(min(seconds, 350.0), 0.0),
        },
        active_s,
        {HANDHELD: held_s, "surface_vibration": 2.0 * seconds},
    )
    mounts: list[Mount] = [
        mount("gluteal", "spine_lumbar", side="left", steps=10),
        mount("gluteal", device="wand", stimulus_class=HANDHELD, side="left", steps=10),
    ]
    governor, truth = Governor(LIMITS, mounts, past=Past(exposure=had)), Truth(mounts, had)
    governor.grant(math.inf)
    now_s = 0.0
    for level, gap_s in [(1.0, 0.06)] * 120 + walk:
        now_s += gap_s
        governor.present(now_s)
        frames = governor.judge([[level] * len(m.actuators) for m in mounts], now_s)
        truth.until(now_s)
        truth.nothing_beyond_the_day([frame.steps for frame in frames])
        for n, frame in enumerate(frames):
            truth.take(n, frame.steps, now_s)
            governor.sent(frame, now_s)
    assert governor.fault is None
