"""The outbox: the newest frame wins, one write at a time, and silence stops what moves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.errors import RadioError
from devicehub.radio.link import Link
from devicehub.radio.outbox import FRAME_TTL_S, Outbox
from devicehub.safety.frame import CappedFrame
from tests.unit.radio.bench import CAPE, VEST, Bench, Judge, bench, now_s

REFRESH_S = 1.0  # of the cape and the vest
VEST_GAP_S = 0.02
LIVE_S = 0.25  # frames come at least this often in these tests


@dataclass
class Sender:
    """An outbox at work, and what it told the governor."""

    here: Bench
    link: Link
    outbox: Outbox
    judge: Judge
    told: list[tuple[float, CappedFrame]]
    model: str

    def put(self, level: float) -> CappedFrame:
        frame = self.judge.frame(level)
        self.outbox.put(frame)
        return frame

    async def hold(self, level: float, seconds: float) -> None:
        """Ask for the same for a while, as a session does."""
        end_s = now_s() + seconds
        while now_s() < end_s:
            self.put(level)
            await asyncio.sleep(LIVE_S)

    def frames(self) -> list[tuple[float, str]]:
        """Return time and bytes of every frame that reached the massager, stops left out."""
        stop = self.link.massager.stops[0].writes[0].data.hex()
        return [(t, data) for t, _, data in self.here.tape(self.model).writes if data != stop]


@asynccontextmanager
async def sending(folder: Path, model: str = CAPE) -> AsyncGenerator[Sender]:
    async with bench(folder, [model]) as here:
        link = await here.link(model)
        told: list[tuple[float, CappedFrame]] = []
        outbox = Outbox(link, lambda frame, at_s, _steps: told.append((at_s, frame)))
        run = asyncio.create_task(outbox.run())
        yield Sender(here, link, outbox, Judge(link.massager), told, model)
        run.cancel()
        await asyncio.wait((run,))
        if not run.cancelled():
            run.result()
        await link.close()


@pytest.fixture
async def cape(tmp_path: Path) -> AsyncIterator[Sender]:
    async with sending(tmp_path) as sender:
        yield sender


@pytest.mark.exhaustive
async def test_a_frame_goes_out_at_once(cape: Sender) -> None:
    frame = cape.put(0.3)
    await asyncio.sleep(0.001)
    assert cape.here.levels() == list(frame.steps)
    assert cape.told == [(now_s() - 0.001, frame)]


@pytest.mark.exhaustive
async def test_the_newest_frame_wins(cape: Sender) -> None:
    cape.here.device().hang()
    first = cape.put(0.3)
    await asyncio.sleep(0.01)
    for level in (0.25, 0.2, 0.15):
        last = cape.put(level)
    cape.here.device().recover()
    await asyncio.sleep(0.01)
    assert [frame for _, frame in cape.told] == [first, last]
    assert len(cape.frames()) == 2


async def test_a_rise_that_was_judged_before_a_fall_arrived_is_dropped(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0.01)
    cape.here.device().hang()
    lower = cape.put(0.1)
    await asyncio.sleep(0.01)
    cape.put(0.2)  # from 0.3, where it was when this was judged, it is no rise
    cape.here.device().recover()
    await asyncio.sleep(0.01)
    assert cape.told[-1][1] is lower
    after = cape.put(0.2)
    await asyncio.sleep(0.01)
    assert cape.told[-1][1] is after


@pytest.mark.exhaustive
async def test_a_further_fall_is_not_dropped(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0.01)
    cape.here.device().hang()
    cape.put(0.2)
    await asyncio.sleep(0.01)
    lowest = cape.put(0.1)
    cape.here.device().recover()
    await asyncio.sleep(0.01)
    assert cape.told[-1][1] is lowest


@pytest.mark.exhaustive
async def test_one_write_is_in_flight_at_most(cape: Sender) -> None:
    cape.here.device().hang()
    for level in (0.3, 0.25, 0.2):
        cape.put(level)
        await asyncio.sleep(0.05)
    assert cape.told == []
    cape.here.device().recover()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(cape.frames()) == 1


@pytest.mark.exhaustive
async def test_an_unchanged_frame_is_not_written_again(cape: Sender) -> None:
    await cape.hold(0.3, REFRESH_S - LIVE_S)
    assert len(cape.frames()) == 1


@pytest.mark.exhaustive
async def test_the_governor_hears_of_an_unchanged_frame_too(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(LIVE_S)
    again = cape.put(0.3)
    await asyncio.sleep(0)
    assert cape.told[-1] == (now_s(), again)


@pytest.mark.exhaustive
async def test_an_unchanged_frame_is_refreshed(cape: Sender) -> None:
    await cape.hold(0.3, 3.5 * REFRESH_S)
    times = [t for t, _ in cape.frames()]
    assert len(times) == 4
    assert all(b - a == pytest.approx(REFRESH_S, abs=LIVE_S) for a, b in pairwise(times))


@pytest.mark.exhaustive
async def test_a_frame_that_waited_too_long_is_dropped(cape: Sender) -> None:
    old = cape.judge.frame(0.3)
    await asyncio.sleep(FRAME_TTL_S + 0.01)
    cape.outbox.put(old)
    await asyncio.sleep(0.01)
    assert cape.frames() == []
    assert cape.told == []


async def test_frames_keep_their_distance(tmp_path: Path) -> None:
    async with sending(tmp_path, VEST) as vest:
        for step in range(40):
            vest.put(0.4 - step * 0.01)
            await asyncio.sleep(0.005)
        times = [t for t, _ in vest.frames()]
        assert len(times) > 5
        assert min(b - a for a, b in pairwise(times)) >= VEST_GAP_S - 1e-6


@pytest.mark.exhaustive
async def test_a_slow_write_counts_from_its_end(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0)
    cape.here.device().hang()
    begun_s = now_s()
    cape.put(0.2)
    await asyncio.sleep(0.3)
    cape.here.device().recover()
    await asyncio.sleep(0.01)
    at_s, _ = cape.told[-1]
    assert at_s == pytest.approx(begun_s + 0.3)


# --------------------------------------------------------------------- silence


@pytest.mark.exhaustive
async def test_motors_that_move_are_stopped_when_no_frame_comes(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(FRAME_TTL_S - 0.01)
    assert not cape.here.still()
    await asyncio.sleep(0.02)
    assert cape.here.still()
    assert "stood still" in str(cape.outbox.failed)


async def test_a_refresh_of_a_frame_that_grew_old_is_a_stop(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(FRAME_TTL_S - 0.1)
    old = cape.put(0.3)
    await asyncio.sleep(FRAME_TTL_S - 0.1)
    cape.put(0.3)
    await asyncio.sleep(0.2)
    assert not cape.here.still()
    frames = len(cape.frames())
    cape.outbox.put(old)
    await asyncio.sleep(0.01)
    assert cape.here.still()
    assert len(cape.frames()) == frames
    assert "stood still" in str(cape.outbox.failed)


@pytest.mark.exhaustive
async def test_motors_that_may_move_are_stopped_too(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0.01)
    cape.link.begin_stop()  # the gate is closed without the outbox's knowledge
    cape.put(0.2)
    await asyncio.sleep(FRAME_TTL_S + 0.01)
    assert cape.outbox.failed is not None


@pytest.mark.exhaustive
async def test_silence_is_right_when_nothing_moves(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0.1)
    cape.put(0.0)
    await asyncio.sleep(10 * FRAME_TTL_S)
    assert cape.outbox.failed is None


@pytest.mark.exhaustive
async def test_silence_is_right_after_a_stop(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0.1)
    cape.link.begin_stop()
    cape.outbox.forget()
    await asyncio.sleep(10 * FRAME_TTL_S)
    assert cape.outbox.failed is None


# ---------------------------------------------------------------------- forget


@pytest.mark.exhaustive
async def test_after_a_stop_the_same_frame_is_written_again(cape: Sender) -> None:
    cape.put(0.3)
    await asyncio.sleep(0.01)
    await cape.link.begin_stop()
    cape.outbox.forget()
    cape.link.rearm()
    frame = cape.put(0.3)
    await asyncio.sleep(0.01)
    assert cape.here.levels() == list(frame.steps)


@pytest.mark.exhaustive
async def test_a_frame_that_waits_is_forgotten(cape: Sender) -> None:
    cape.put(0.3)
    cape.outbox.forget()
    await asyncio.sleep(0.1)
    assert cape.frames() == []


@pytest.mark.exhaustive
async def test_a_write_in_flight_does_not_bring_back_what_was_forgotten(cape: Sender) -> None:
    cape.here.device().hang()
    cape.put(0.3)
    await asyncio.sleep(0.01)
    cape.link.begin_stop()
    cape.outbox.forget()
    cape.here.device().recover()
    await asyncio.sleep(0.01)
    assert cape.told == []
    cape.link.rearm()
    frame = cape.put(0.3)
    await asyncio.sleep(0.01)
    assert cape.here.levels() == list(frame.steps)


# -------------------------------------------------------------------- failures


@pytest.mark.exhaustive
async def test_a_write_that_fails_ends_it(cape: Sender) -> None:
    cape.here.device().refuse(1)
    cape.put(0.3)
    await asyncio.sleep(0.01)
    assert isinstance(cape.outbox.failed, RadioError)
    assert cape.told == []
    cape.put(0.3)
    await asyncio.sleep(0.1)
    assert cape.here.still()


@pytest.mark.exhaustive
async def test_a_closed_gate_is_no_failure(cape: Sender) -> None:
    cape.link.begin_stop()
    cape.put(0.0)
    await asyncio.sleep(0.1)
    assert (cape.outbox.failed, cape.told) == (None, [])


async def test_while_a_frame_of_several_writes_is_under_way_each_motor_counts_as_the_higher(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, ["lovense-dual"]) as here:
        link = await here.link("lovense-dual")
        judge, told = Judge(link.massager), list[tuple[float, tuple[int, ...]]]()
        outbox = Outbox(link, lambda _frame, at_s, steps: told.append((at_s, steps)))
        run = asyncio.create_task(outbox.run())
        for level in (0.3, 0.0):
            outbox.put(judge.frame(level))
            await asyncio.sleep(0.3)
        run.cancel()
        await asyncio.wait((run,))
        await link.close()
        (_, high), (begun_s, between), (ended_s, low) = told
        assert min(high) > 0
        assert (between, low) == (high, (0, 0))
        assert ended_s - begun_s == pytest.approx(link.massager.min_gap_s)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("model", "keeps"), [(VEST, True), (CAPE, False)])
async def test_a_frame_that_waits_for_the_gap_keeps_alive_what_was_written(
    model: str, keeps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sending(tmp_path, model) as sender:
        renewed: list[float] = []
        monkeypatch.setattr(sender.link, "renew", renewed.append)
        sender.put(0.2)
        await asyncio.sleep(VEST_GAP_S / 2)
        waiting = sender.put(0.3)
        assert renewed == ([waiting.not_after_s] if keeps else [])
