"""What reached a massager: which frames are news, and who is told what of them."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from devicehub.safety.governor import Governor
from devicehub.safety.limits import Limits
from devicehub.safety.mount import Pad
from tests.unit.safety.bench import TICK_S, Bench, mount


class Witness:
    """A memory that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[list[int], list[float], list[int], float]] = []

    def sent(
        self, driven: Sequence[int], levels: Sequence[float], steps: Sequence[int], at_s: float
    ) -> None:
        self.told.append((list(driven), list(levels), list(steps), at_s))

    def restart(self, driven: Sequence[int], at_s: float) -> None:
        self.told.append((list(driven), [], [], at_s))


def witnessed(bench: Bench, asked: float = 0.0) -> Witness:
    """Return a witness in the place of all memories, after a last frame that they were told."""
    bench.tick(asked)
    return placed(bench)


def placed(bench: Bench) -> Witness:
    witness = Witness()
    inside: Any = bench.governor
    inside._arrivals._memories = (witness,)
    return witness


def test_the_first_frame_after_a_stop_is_news_and_the_last_before_it_is_not(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    witness = witnessed(bench)
    (before,) = bench.judge(1.0, TICK_S)
    bench.governor.restart("cape", 1.0)
    bench.governor.sent(before, 1.1)
    (after,) = bench.judge(1.0, 2.0)
    bench.governor.sent(after, 3.0)
    assert [row[-1] for row in witness.told] == [1.0, 3.0]


def test_before_anything_was_judged_no_frame_is_news(limits: Limits) -> None:
    of_another = Bench(limits, mount("gluteal")).tick(1.0)
    bench = Bench(limits, mount("gluteal"))
    witness = placed(bench)
    bench.governor.sent(of_another, 1.0)
    assert witness.told == []


def test_a_frame_may_be_told_again_and_an_older_one_may_not(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    witness = witnessed(bench)
    (first,), (second,) = bench.judge(1.0, TICK_S), bench.judge(1.0, TICK_S)
    for frame, at_s in ((second, 1.0), (second, 2.0), (first, 3.0)):
        bench.governor.sent(frame, at_s)
    assert [row[-1] for row in witness.told] == [1.0, 2.0]


def test_a_memory_is_told_of_the_motors_that_may_move_of_that_massager_alone(
    limits: Limits,
) -> None:
    pad = mount("gluteal", "abdomen", "latissimus", device="pad")
    bench = Bench(limits, mount("gluteal"), pad)
    witness = witnessed(bench)
    bench.hold(1.0, 5.0)
    witness.told.clear()
    _, frame = bench.judge(1.0, TICK_S)
    bench.governor.sent(frame, 9.0)
    bench.governor.restart("pad", 10.0)
    levels, steps = [frame.levels[0], frame.levels[2]], [frame.steps[0], frame.steps[2]]
    assert levels[0] != levels[1]
    assert witness.told == [([1, 3], levels, steps, 9.0), ([1, 3], [], [], 10.0)]


def test_nothing_arrives_before_it_was_judged(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal"))
    witness = witnessed(bench)
    (frame,) = bench.judge(1.0, 5.0)
    bench.governor.sent(frame, 1.0)
    assert witness.told[0][-1] == frame.judged_at_s == bench.now_s


def test_a_massager_on_its_way_is_at_the_steps_that_it_has_come_to(limits: Limits) -> None:
    bench = Bench(limits, mount("gluteal", "latissimus", steps=9))
    bench.hold(0.6, 10.0)
    witness = witnessed(bench, 0.6)
    (frame,) = bench.judge(0.6, TICK_S)
    assert (frame.steps, frame.levels) == ((5, 5), (0.6, 0.6))
    bench.governor.sent(frame, bench.now_s, (5, 2))
    assert witness.told == [([0, 1], [0.6, 2 / 9], [5, 2], bench.now_s)]


# -- the heat pad ---------------------------------------------------------------------------------


class Warmth:
    """A massager with a pad, and its governor."""

    def __init__(self, limits: Limits) -> None:
        pad = Pad(sensor=False, max_c=40.0)
        self.governor = Governor(limits, [replace(mount("gluteal"), pad=pad)])
        self.on = self.judge(0.0, granted=True)

    def judge(self, now_s: float, *, granted: bool) -> Any:
        self.governor.grant(math.inf if granted else -math.inf)
        (frame,) = self.governor.judge([[0.0]], now_s)
        assert (frame.heat_c is not None) is granted
        return frame

    def seconds(self) -> float:
        return self.governor.exposure(1e6).heat_s


def test_heat_lasts_until_its_off_has_arrived(limits: Limits) -> None:
    it = Warmth(limits)
    off = it.judge(10.0, granted=False)
    it.governor.sent(off, 12.0)
    assert it.seconds() == 12.0


def test_heat_that_is_on_counts_until_now(limits: Limits) -> None:
    assert Warmth(limits).governor.exposure(7.0).heat_s == 7.0


def test_an_off_arrives_no_sooner_than_it_was_judged(limits: Limits) -> None:
    it = Warmth(limits)
    it.governor.sent(it.judge(10.0, granted=False), 4.0)
    assert it.seconds() == 10.0


def test_a_frame_that_warms_ends_no_heat_however_late_it_is_told(limits: Limits) -> None:
    it = Warmth(limits)
    off = it.judge(10.0, granted=False)
    it.governor.sent(it.on, 11.0)
    it.governor.sent(off, 15.0)
    assert it.seconds() == 15.0


def test_a_stop_ends_the_heat_of_its_massager(limits: Limits) -> None:
    it = Warmth(limits)
    it.governor.restart("cape", 7.0)
    assert it.seconds() == 7.0
