"""Exposure: what a session has delivered at most; never less than what was received."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.safety import limits as table
from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import Governor, Mount
from devicehub.safety.limits import Limits
from tests.unit.safety.bench import TICK_S, Bench, mount
from tests.unit.safety.received import Received

LIMITS = table.load()


def test_before_anything_moves_nothing_was_received(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.0, 5.0)
    exposure = bench.governor.exposure(100.0)
    assert (dict(exposure.places), exposure.active_s) == ({}, 0.0)


def test_a_steady_level_adds_its_square(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", side="left"))
    bench.hold(0.5, 10.0)
    before = bench.governor.exposure(bench.now_s)
    bench.hold(0.5, 10.0)
    after = bench.governor.exposure(bench.now_s)
    at = ("gluteal", "left")
    assert after.places[at].seconds - before.places[at].seconds == pytest.approx(10.0)
    assert after.places[at].dose - before.places[at].dose == pytest.approx(2.5)
    assert after.active_s - before.active_s == pytest.approx(10.0)


def test_the_strongest_motor_of_a_place_counts(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "gluteal", side="left"))
    bench.hold([[0.5, 0.2]], 10.0)
    before = bench.governor.exposure(bench.now_s).places["gluteal", "left"]
    bench.hold([[0.5, 0.2]], 10.0)
    after = bench.governor.exposure(bench.now_s).places["gluteal", "left"]
    assert after.dose - before.dose == pytest.approx(2.5)


def test_a_motor_over_the_midline_counts_on_both_sides(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "spine_lumbar", side="middle"))
    bench.hold(0.2, 10.0)
    places = bench.governor.exposure(bench.now_s).places
    assert set(places) == {("gluteal", "left"), ("gluteal", "right"), ("spine_lumbar", "midline")}
    assert places["gluteal", "left"] == places["gluteal", "right"]


def test_a_frame_that_nobody_confirmed_counts_until_a_later_one_is(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.5, 10.0)
    bench.hold(0.0, 1.0)
    quiet = bench.governor.exposure(bench.now_s).active_s
    bench.judge(0.5, TICK_S)
    bench.judge(0.0, TICK_S)
    bench.judge(0.0, 10.0)
    assert bench.governor.exposure(bench.now_s).active_s - quiet == pytest.approx(10.05)
    bench.tick(0.0)
    bench.tick(0.0)
    over = bench.governor.exposure(bench.now_s).active_s
    assert bench.governor.exposure(bench.now_s + 60.0).active_s == over


def test_a_frame_confirmed_late_ends_nothing_that_came_after_it(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.5, 10.0)
    bench.hold(0.0, 1.0)
    (old,) = bench.judge(0.0, TICK_S)
    bench.judge(0.5, TICK_S)
    bench.judge(0.0, TICK_S)
    before = bench.governor.exposure(bench.now_s).active_s
    bench.governor.sent(old, bench.now_s)
    bench.judge(0.0, TICK_S)
    bench.judge(0.0, 10.0)
    assert bench.governor.exposure(bench.now_s).active_s - before == pytest.approx(10.05)


def test_a_confirmed_stop_ends_it_at_once(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.5, 10.0)
    bench.governor.restart("cape", bench.now_s + 0.01)
    stopped = bench.governor.exposure(bench.now_s + 0.01)
    assert bench.governor.exposure(bench.now_s + 100.0) == stopped


def test_until_a_stop_is_confirmed_it_goes_on(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    bench.hold(0.5, 10.0)
    before = bench.governor.exposure(bench.now_s).active_s
    assert bench.governor.exposure(bench.now_s + 7.0).active_s - before == pytest.approx(7.0)


def test_classes_add_their_massagers_up(limits: Limits) -> None:
    wands = [
        mount("gluteal", device=name, stimulus_class="handheld_vibration", a_m_s2=a)
        for name, a in (("one", None), ("two", 5.0))
    ]
    bench = Bench(limits, *wands, mount("gluteal"))
    bench.hold(0.5, 10.0)
    before = bench.governor.exposure(bench.now_s)
    bench.hold(0.5, 10.0)
    after = bench.governor.exposure(bench.now_s)
    handheld = after.class_s["handheld_vibration"] - before.class_s["handheld_vibration"]
    assert handheld == pytest.approx(12.5)
    assert after.class_s["surface_vibration"] - before.class_s["surface_vibration"] == (
        pytest.approx(10.0)
    )


def test_what_is_to_be_reserved_is_everything_at_its_cap(limits: Limits) -> None:
    wand = mount("gluteal", device="wand", stimulus_class="handheld_vibration", side="left")
    governor = Bench(limits, wand, mount("gluteal", side="left"), ceiling=0.1).governor
    most = governor.most_within(10.0)
    assert most.places["gluteal", "left"].seconds == 10.0
    assert most.places["gluteal", "left"].dose == pytest.approx(4.9)
    assert (most.active_s, dict(most.class_s)) == (
        10.0,
        {"handheld_vibration": 10.0, "surface_vibration": 10.0},
    )


FATES = ["told", "told", "told", "unnoticed", "lost", "late"]


@pytest.mark.exhaustive
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.3, 1.0]),
            st.sampled_from([0.0, 0.2, 1.0]),
            st.sampled_from([0.05, 0.05, 0.5, 7.0]),
            st.sampled_from(FATES),
            st.sampled_from([False, False, False, False, True]),
        ),
        min_size=5,
        max_size=60,
    )
)
def test_it_is_never_less_than_what_was_received(
    walk: list[tuple[float, float, float, str, bool]],
) -> None:
    cape = mount("gluteal", ("gluteal", "spine_sacral"), steps=10, side="left")
    governor = Governor(LIMITS, [cape])
    governor.grant(math.inf)
    truth = Received([cape])
    now_s = 0.0
    for _ in range(100):
        governor.present(now_s)
        (frame,) = governor.judge([[1.0, 1.0]], now_s)
        truth.take(0, frame.steps, now_s)
        governor.sent(frame, now_s)
        now_s += 0.1
    late: list[CappedFrame] = []
    for one, two, gap_s, fate, stops in walk:
        now_s += gap_s
        for each in late:
            governor.sent(each, now_s)
        late.clear()
        governor.present(now_s)
        (frame,) = governor.judge([[one, two]], now_s)
        now_s += 0.02
        if fate != "lost":
            truth.take(0, frame.steps, now_s)
        if fate == "told":
            governor.sent(frame, now_s)
        elif fate == "late":
            late.append(frame)
        if stops:
            now_s += 0.01
            truth.take(0, (0, 0), now_s)
            governor.restart("cape", now_s)
            late.clear()
        truth.no_more_than(governor.exposure(now_s), now_s)
    assert governor.fault is None


def test_the_places_are_those_of_the_table(limits: Limits) -> None:
    bodies: list[Mount] = [mount(*limits.zones, steps=9)]
    most = Governor(limits, bodies).most_within(1.0)
    assert set(most.places) == set(Received(bodies).places)
