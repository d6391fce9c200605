"""Random massagers, random demands, a link that loses frames and a clock that stalls."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devicehub.safety import limits as table
from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import GovernedActuator, Governor, Mount
from devicehub.safety.mount import SIDES
from tests.unit.safety.oracle import ZONES, Oracle, joint_caps_hold
from tests.unit.safety.seconds import Seconds, gentle

pytestmark = pytest.mark.exhaustive  # hundreds of walks: the tracer would double them

LIMITS = table.load()
NEAR_THE_SPINE = [
    "spine_thoracic",
    "spine_lumbar",
    "paraspinal_lumbar",
    "paraspinal_thoracic",
    "flank_kidney",
    "unknown",
]

levels = st.one_of(
    st.sampled_from([0.0, 0.0, 1.0, 1.0, 0.1, 0.5]), st.floats(0.0, 1.0, allow_nan=False)
)
gaps_s = st.one_of(
    st.just(0.05),
    st.sampled_from([0.0, 0.001, 0.0599, 0.0601, 0.25, 0.2501, 1.0, 29.0, 31.0]),
    st.floats(0.0, 2.0, allow_nan=False),
)
zones = st.lists(
    st.one_of(st.sampled_from(NEAR_THE_SPINE), st.sampled_from([*ZONES, "elbow"])), max_size=2
)
actuators = st.builds(
    GovernedActuator,
    zones=zones.map(tuple),
    steps=st.sampled_from([1, 2, 3, 10, 15, 20, 100, 255]),
    rating=st.sampled_from([1.0, 1.0, 0.35]),
    side=st.sampled_from(SIDES),
)


@st.composite
def bodies(draw: st.DrawFn) -> list[Mount]:
    return [
        Mount(f"device-{n}", draw(st.sampled_from(LIMITS.classes)), tuple(row))
        for n, row in enumerate(
            draw(st.lists(st.lists(actuators, min_size=1, max_size=6), min_size=1, max_size=2))
        )
    ]


ORDERS = [1, 3, 7, 15]
"""Some orders of the sixteen rules that judge levels: every so manieth, cyclically."""


class Walk:
    """A governor and an oracle for each actuator, on the same walk."""

    def __init__(self, mounts: list[Mount], ceiling: float, duration_s: float) -> None:
        self.mounts = mounts
        self.governor = Governor(LIMITS, mounts, ceiling=ceiling, duration_s=duration_s)
        self.governor.grant(math.inf)
        self.watch = [
            [Oracle(mount.stimulus_class, actuator, ceiling) for actuator in mount.actuators]
            for mount in mounts
        ]
        self.seconds = Seconds(mounts, [oracle.cap for row in self.watch for oracle in row])
        self.live = {n for n, row in enumerate(self.watch) if any(o.cap > 0.0 for o in row)}
        self.stopped: set[int] = set()
        self.duration_s = duration_s
        self.now_s = self.judged_s = self.played_s = 0.0
        self.governor.judge([[0.0] * len(row) for row in self.watch], 0.0)
        for n in range(len(mounts)):
            self.restart(n)

    def restart(self, n: int) -> None:
        self.governor.restart(self.mounts[n].device, self.now_s)
        self.stopped.add(n)
        self.seconds.take(n, (0,) * len(self.watch[n]), self.now_s)
        for oracle in self.watch[n]:
            oracle.restart(self.now_s)

    def warm_up(self, ticks: int) -> None:
        """Use the ramps up to the caps, so that the other rules have something to do."""
        for _ in range(ticks):
            frames = self.step([[1.0] * len(row) for row in self.watch], 0.06)
            self.arrive(frames, [False] * len(frames), 0.0)

    def step(self, demand: list[list[float]], gap_s: float) -> list[CappedFrame]:
        self.now_s += gap_s
        if not self.stopped >= self.live:
            self.played_s += self.now_s - self.judged_s
        self.judged_s = self.now_s
        self.stopped.clear()
        self.governor.present(self.now_s)
        frames = list(self.governor.judge(demand, self.now_s))
        joint_caps_hold(self.mounts, frames)
        self.seconds.judge(frames, self.now_s)
        part = gentle(self.played_s, self.duration_s) + 1e-9
        for asked, row, frame in zip(demand, self.watch, frames, strict=True):
            for i, oracle in enumerate(row):
                oracle.judge(asked[i], frame.levels[i], frame.steps[i], self.now_s)
                assert frame.levels[i] <= oracle.own * part
                assert frame.steps[i] / frame.of[i] <= oracle.own * part
        return frames

    def arrive(self, frames: list[CappedFrame], lost: list[bool], late_s: float) -> None:
        self.now_s += late_s
        for n, (row, frame, is_lost) in enumerate(zip(self.watch, frames, lost, strict=True)):
            if not is_lost:
                self.seconds.take(n, frame.steps, self.now_s)
                self.governor.sent(frame, self.now_s)
                for i, oracle in enumerate(row):
                    oracle.take(frame, i, self.now_s)


@pytest.mark.timeout(360)  # a failure takes Hypothesis minutes to shrink, then it is worth them
@settings(max_examples=60)
@given(bodies(), st.sampled_from([1.0, 0.3]), st.sampled_from([12.0, 100.0, 1800.0]), st.data())
def test_no_walk_leads_past_a_limit(
    mounts: list[Mount], ceiling: float, duration_s: float, data: st.DataObject
) -> None:
    walk = Walk(mounts, ceiling, duration_s)
    walk.warm_up(data.draw(st.sampled_from([0, 130])))
    losses = st.lists(
        st.sampled_from([False, False, True]), min_size=len(mounts), max_size=len(mounts)
    )
    for _ in range(data.draw(st.integers(1, 12))):
        demand = [[data.draw(levels) for _ in row] for row in walk.watch]
        for gap_s in data.draw(st.lists(gaps_s, min_size=1, max_size=8)):
            frames = walk.step(demand, gap_s)
            walk.arrive(frames, data.draw(losses), data.draw(st.sampled_from([0.0, 0.01, 0.2])))
        if data.draw(st.sampled_from([False] * 5 + [True])):
            walk.restart(0)
    assert walk.governor.fault is None
    for row in walk.watch:
        for oracle in row:
            oracle.edges_keep_their_distance()


@settings(max_examples=25)
@given(bodies(), st.lists(st.tuples(levels, st.floats(0.1, 40.0)), min_size=5, max_size=60))
def test_no_long_walk_leads_past_its_seconds(
    mounts: list[Mount], stretches: list[tuple[float, float]]
) -> None:
    walk = Walk(mounts, 1.0, 1800.0)
    walk.warm_up(40)
    for level, gap_s in stretches:
        demand = [[level] * len(row) for row in walk.watch]
        walk.arrive(walk.step(demand, gap_s), [False] * len(mounts), 0.01)
    assert walk.governor.fault is None


@settings(max_examples=10)
@given(st.lists(st.lists(levels, min_size=6, max_size=6), min_size=5, max_size=40))
def test_the_order_of_the_rules_does_not_matter(rows: list[list[float]]) -> None:
    places = [("spine_lumbar",), ("paraspinal_lumbar",), ("flank_kidney",)] * 2
    mount = Mount("cape", "surface_vibration", tuple(GovernedActuator(p, 15) for p in places))
    one = Governor(LIMITS, [mount])
    results: set[Any] = set()
    for stride in ORDERS:
        governor: Any = Governor(LIMITS, [mount], duration_s=120.0)
        governor.grant(math.inf)
        *rules, pattern, recheck = governor._rules
        assert (pattern.id, recheck.id, len(rules)) == ("pattern", "recheck", 17)
        ordered = [rules[n * stride % len(rules)] for n in range(len(rules))]
        governor._rules = (*ordered, pattern, recheck)
        tape: list[Any] = []
        for n, row in enumerate([[1.0] * 6] * 100 + rows):
            (frame,) = governor.judge([row], n * 0.5)
            governor.sent(frame, n * 0.5)
            tape.append((frame.steps, frame.levels))
        results.add(tuple(tape))
    assert one.fault is None
    assert len(results) == 1


@given(st.lists(st.sampled_from(list(ZONES)), min_size=1, max_size=4), st.data())
def test_another_zone_never_raises_a_cap(places: list[str], data: st.DataObject) -> None:
    stimulus_class = data.draw(st.sampled_from(LIMITS.classes))
    caps = [
        Governor(
            LIMITS, [Mount("m", stimulus_class, (GovernedActuator(tuple(places[: n + 1]), 9),))]
        ).caps("m")[0]
        for n in range(len(places))
    ]
    assert caps == sorted(caps, reverse=True)


@given(st.lists(st.one_of(levels, st.sampled_from([float("nan"), 2.0, -0.5])), max_size=40))
def test_whatever_is_asked_the_frame_is_sound(asked: list[float]) -> None:
    governor = Governor(
        LIMITS, [Mount("m", "surface_vibration", (GovernedActuator(("gluteal",), 15),))]
    )
    governor.grant(math.inf)
    for n, level in enumerate(asked):
        (frame,) = governor.judge([[level]], n * 0.05)
        governor.sent(frame, n * 0.05)
        assert 0.0 <= frame.levels[0] <= 0.7
        assert governor.fault is None or frame.steps == (0,)


@given(st.lists(st.floats(-10.0, 10.0), min_size=2, max_size=20))
def test_a_clock_that_runs_backwards_ends_in_silence(times: list[float]) -> None:
    governor = Governor(
        LIMITS, [Mount("m", "surface_vibration", (GovernedActuator(("gluteal",), 15),))]
    )
    governor.grant(math.inf)
    frames = [governor.judge([[1.0]], now_s)[0] for now_s in times]
    for now_s, before_s, frame in zip(times[1:], times, frames[1:], strict=False):
        if now_s < before_s:
            assert governor.fault == "clock"
            assert frame.steps == (0,)
