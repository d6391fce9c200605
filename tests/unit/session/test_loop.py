"""The core loop: its beats, and what ends it from inside."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.hub import Hub
from devicehub.messages import CommandKind, EndReason, Event, SessionState
from devicehub.session.loop import BEAT_S
from firmware_sim.clock import VirtualLoop
from profiles.score import Demand, Passage, Score
from tests.unit.radio.bench import CAPE, VEST
from tests.unit.session.stage import LENGTH_S, WARM_S, Stage, stage


@pytest.fixture
async def show(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as playing:
        yield playing


class Laptop(VirtualLoop):
    """A machine that can be suspended: time passes, and the loop does not turn."""

    asleep_s = 0.0

    def time(self) -> float:
        return super().time() + self.asleep_s


def stand_still(seconds: float) -> None:
    loop = asyncio.get_running_loop()
    if not isinstance(loop, Laptop):
        raise TypeError("only a laptop can be suspended")
    loop.asleep_s += seconds


def on_a_laptop(story: Callable[[Stage], Awaitable[None]]) -> Callable[[Path], None]:
    """Make a test of `story` that runs on a machine that can be suspended."""

    async def told(folder: Path) -> None:
        async with stage(folder) as show:
            await asyncio.sleep(WARM_S)
            await story(show)

    def test(tmp_path: Path) -> None:
        with asyncio.Runner(loop_factory=Laptop) as runner:
            runner.run(told(tmp_path))

    return test


@dataclass(frozen=True, slots=True)
class Broken:
    """A score that asks for something that is no level."""

    whole: Score
    level: float

    def at(self, t_s: float) -> Demand:
        demand = self.whole.at(t_s)
        return Demand((self.level, *demand.levels[1:]), demand.passage)

    @property
    def title(self) -> str:
        return self.whole.title

    @property
    def duration_s(self) -> float:
        return self.whole.duration_s

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.whole.passages

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.whole.warnings


async def test_a_beat_comes_every_twentieth_of_a_second(show: Stage) -> None:
    await asyncio.sleep(1.0)
    times = [move.t for move in show.here.tape().moves if move.actuator == 3]
    gaps = [b - a for a, b in pairwise(times)]
    assert gaps
    assert all(gap / BEAT_S == pytest.approx(round(gap / BEAT_S), abs=0.01) for gap in gaps)


@pytest.mark.exhaustive
async def test_a_flood_of_wishes_takes_no_beat_away(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    for _ in range(200):
        show.post(CommandKind.PRESENT)
        await asyncio.sleep(0.01)
    await asyncio.sleep(2.0)
    assert show.snapshot().state is SessionState.PLAYING
    assert show.snapshot().elapsed_s == pytest.approx(WARM_S + 4.0, abs=2 * BEAT_S)


@pytest.mark.exhaustive
@on_a_laptop
async def test_a_short_stall_is_made_up_for(show: Stage) -> None:
    stand_still(0.3)
    await asyncio.sleep(1.0)
    assert show.snapshot().elapsed_s == pytest.approx(WARM_S + 1.3, abs=2 * BEAT_S)


@on_a_laptop
async def test_the_beats_of_a_stall_are_skipped(show: Stage) -> None:
    (deck,) = show.session.decks
    before = deck.frame
    stand_still(1.0)
    await asyncio.sleep(BEAT_S)
    assert before is not None
    assert deck.frame is not None
    assert deck.frame.seq - before.seq <= 2


@on_a_laptop
async def test_a_long_stall_pauses_with_a_stop(show: Stage) -> None:
    stand_still(5.0)
    await asyncio.sleep(0.1)
    assert show.snapshot().state is SessionState.PAUSED
    assert show.said("paused") == ["interrupted for 5.0 s"]
    assert show.here.still()


@pytest.mark.exhaustive
@on_a_laptop
async def test_after_a_long_stall_it_can_be_resumed(show: Stage) -> None:
    stand_still(60.0)
    await show.after(0.1, CommandKind.RESUME)
    summary = await show.ended()
    assert summary.reason is EndReason.COMPLETED
    assert summary.played_s == pytest.approx(LENGTH_S)


@pytest.mark.exhaustive
async def test_a_lost_massager_ends_it(show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    show.here.device().go_out_of_range()
    summary = await show.ended()
    assert summary.reason is EndReason.LOST
    assert [end.stop_confirmed for end in summary.devices] == [False]


@pytest.mark.exhaustive
async def test_the_loss_of_one_massager_stops_the_other(tmp_path: Path) -> None:
    async with stage(tmp_path, [CAPE, VEST]) as show:
        await asyncio.sleep(WARM_S)
        show.here.device(CAPE).power_off()
        summary = await show.ended()
        assert {end.model: end.stop_confirmed for end in summary.devices} == {
            CAPE: False,
            VEST: True,
        }
        assert show.here.still(VEST)


async def test_a_massager_that_hangs_does_not_hold_up_the_other(tmp_path: Path) -> None:
    async with stage(tmp_path, [CAPE, VEST]) as show:
        await asyncio.sleep(1.0)
        show.here.device(CAPE).hang()
        before = len(show.here.tape(VEST).writes)
        await asyncio.sleep(0.4)
        show.here.device(CAPE).recover()
        await asyncio.sleep(0.1)
        assert len(show.here.tape(VEST).writes) > before
        assert show.snapshot().state is SessionState.PLAYING


async def test_a_massager_that_refuses_a_frame_ends_it(show: Stage) -> None:
    await asyncio.sleep(1.0)
    show.here.device().refuse(1)
    summary = await show.ended()
    assert summary.reason is EndReason.FAILED
    assert "a write failed" in summary.detail
    assert [end.stop_confirmed for end in summary.devices] == [True]


@pytest.mark.parametrize("level", [float("nan"), float("inf"), -1.0])
async def test_a_level_that_is_none_ends_it(level: float, show: Stage) -> None:
    await asyncio.sleep(WARM_S)
    (deck,) = show.session.decks
    deck.score = Broken(deck.score, level)
    summary = await show.ended()
    assert (summary.reason, summary.detail) == (
        EndReason.SAFETY,
        "the governor found a fault: finite",
    )
    assert show.here.still()


@pytest.mark.exhaustive
async def test_an_observer_that_fails_does_not_hold_up_the_session(tmp_path: Path) -> None:
    def fail(_hub: Hub, _event: Event) -> None:
        raise ZeroDivisionError

    async with stage(tmp_path, on_event=fail) as show:
        assert (await show.ended()).reason is EndReason.COMPLETED
        assert show.here.still()
