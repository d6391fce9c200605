"""A bed that knows only more and less, on the air: the outbox walks, the gate counts."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.keeper.gate import Gate
from devicehub.keeper.kept import Kept
from devicehub.keeper.protocol import Frame
from devicehub.massagers.wire import Encoded, Write
from devicehub.radio.link import Link
from devicehub.radio.local import LocalConnector
from devicehub.radio.outbox import FRAME_TTL_S, Outbox
from devicehub.radio.port import Terms
from devicehub.radio.stopping import Stopping
from tests.unit.radio.bench import Bench, Judge, bench, known, now_s
from tests.unit.radio.walked import BED, bed

GAP_S = 0.1
SERTA = "serta-motion"  # its stop is six presses


@dataclass
class Walk:
    """An outbox at work on the bed, and what the governor hears."""

    here: Bench
    link: Link
    outbox: Outbox
    judge: Judge
    told: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])

    async def hold(self, level: float, seconds: float) -> tuple[int, ...]:
        """Ask for the same for a while, as a session does; return what is asked."""
        end_s = now_s() + seconds
        frame = self.judge.frame(level)
        while now_s() < end_s:
            frame = self.judge.frame(level)
            self.outbox.put(frame)
            await asyncio.sleep(0.05)
        return frame.steps

    @property
    def pressed(self) -> list[tuple[float, str]]:
        return [(t, data[16:18]) for t, _, data in self.here.tape(BED).writes]


@asynccontextmanager
async def walking(folder: Path) -> AsyncGenerator[Walk]:
    async with bench(folder, [BED]) as here:
        connector = LocalConnector(here.air, {BED: bed()})
        link = await connector.connect(here.sim.addresses[BED], 2.0)
        await link.agree(Terms(link.massager.steps))
        walk = Walk(here, link, Outbox(link, lambda _f, _at, s: walk.told.append(s)), Judge(bed()))
        run = asyncio.create_task(walk.outbox.run())
        yield walk
        run.cancel()
        await asyncio.wait((run,))
        await link.close()


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncGenerator[Walk]:
    async with walking(tmp_path) as walk_:
        yield walk_


async def test_the_bed_is_walked_to_the_level_and_the_governor_hears_of_each_step(
    walk: Walk,
) -> None:
    wanted = await walk.hold(1.0, 3.0)
    assert max(wanted) > 1
    assert walk.here.levels(BED) == list(wanted)
    way = list(dict.fromkeys(walk.told))
    assert way[:3] == [(0, 0), (1, 1), (2, 2)]
    assert way[-1] == wanted


async def test_there_is_a_gap_between_two_presses(walk: Walk) -> None:
    await walk.hold(1.0, 2.0)
    times = [t for t, _ in walk.pressed][2:]  # the stops of connecting are as they come
    assert len(times) > 4
    assert all(b - a >= GAP_S - 1e-6 for a, b in pairwise(times))


async def test_nothing_is_pressed_while_the_level_stays(walk: Walk) -> None:
    await walk.hold(1.0, 2.0)
    before = len(walk.pressed)
    await walk.hold(1.0, 3.0)
    assert len(walk.pressed) == before


async def test_to_0_it_goes_by_the_stop(walk: Walk) -> None:
    await walk.hold(1.0, 2.0)
    await walk.hold(0.0, 0.5)
    assert walk.pressed[-1][1] == "1c"
    assert walk.here.still(BED)


SLOW_S, LEFT_S = 0.3, 0.03


async def crawls(here: Bench, model: str) -> None:
    """Let every write to it wait for a third of a second."""
    while True:
        here.device(model).hang()
        await asyncio.sleep(SLOW_S)
        here.device(model).recover()
        await asyncio.sleep(LEFT_S)


async def test_a_stop_of_many_presses_is_walked_to_its_end_on_a_slow_link(tmp_path: Path) -> None:
    async with bench(tmp_path, [SERTA]) as here:
        link = await here.link(SERTA)
        before = len(here.tape(SERTA).writes)
        crawling = asyncio.create_task(crawls(here, SERTA))
        begun_s = now_s()
        assert await link.send(Judge(link.massager).encoded(0.0))
        assert now_s() - begun_s > FRAME_TTL_S
        pressed = [data for _, _, data in here.tape(SERTA).writes[before:]]
        assert pressed == [write.data.hex() for write in known(SERTA).stops[0].writes]
        crawling.cancel()
        here.device(SERTA).recover()
        await link.close()


@pytest.mark.exhaustive
async def test_a_bed_on_a_slow_link_leaves_0(tmp_path: Path) -> None:
    async with bench(tmp_path, [SERTA]) as here:
        link = await here.link(SERTA)
        judge, outbox = Judge(link.massager), Outbox(link, lambda _frame, _at_s, _steps: None)
        run = asyncio.create_task(outbox.run())
        crawling = asyncio.create_task(crawls(here, SERTA))
        await Walk(here, link, outbox, judge).hold(1.0, 20.0)
        assert not here.still(SERTA)
        assert outbox.failed is None
        for task in (crawling, run):
            task.cancel()
            await asyncio.wait((task,))
        here.device(SERTA).recover()
        await link.close()


async def test_after_a_stop_in_between_it_begins_at_the_stop_again(walk: Walk) -> None:
    await walk.hold(1.0, 0.3)
    await walk.link.begin_stop()
    walk.outbox.forget()
    walk.link.rearm()
    before = len(walk.pressed)
    await walk.hold(1.0, 2.0)
    assert walk.pressed[before][1] == "1c"
    assert walk.here.levels(BED) == list(walk.told[-1])


def test_the_last_gate_never_lets_the_count_pass_the_ceiling() -> None:
    subject = bed()
    up = subject.codec.presses
    assert up is not None
    gate = Gate(subject, (1, 3))
    head = [(w.char, w.data.hex(), w.response) for w in up.up[:1]]
    assert isinstance(gate.judge(Frame(1, BED, head, [], 0.4), 0.0), Encoded)
    assert gate.judge(Frame(2, BED, head, [], 0.4), 0.0) == "above the ceiling"


def test_after_a_frame_that_was_written_in_part_only_the_stop_passes() -> None:
    subject = bed()
    assert subject.codec.presses is not None
    gate = Gate(subject, (3, 3))
    press = [(w.char, w.data.hex(), w.response) for w in subject.codec.presses.up]
    stop = [(w.char, w.data.hex(), w.response) for w in subject.stops[0].writes]
    gate.unsure()
    assert gate.judge(Frame(1, BED, press, [], 0.4), 0.0) == "not on the whitelist"
    assert isinstance(gate.judge(Frame(2, BED, stop, [], 0.4), 0.0), Encoded)
    assert isinstance(gate.judge(Frame(3, BED, press, [], 0.4), 0.0), Encoded)


async def test_a_press_that_never_went_out_leaves_the_keeper_only_the_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with bench(tmp_path, [BED]) as here:
        link = await LocalConnector(here.air, {BED: bed()}).connect(here.sim.addresses[BED], 2.0)
        kept = Kept.of(link, "Bluetooth")
        await kept.agree(Terms((3, 3)))
        passed = kept.admit(_frame(presses_up()), now_s())
        assert isinstance(passed, Encoded)
        stop = link.begin_stop()
        assert not await kept.write(passed)
        await stop
        kept.resume(kept.epoch)
        assert kept.admit(_frame(presses_up()), now_s()) == "not on the whitelist"
        assert isinstance(kept.admit(_frame(link.massager.stops[0].writes), now_s()), Encoded)
        await kept.leave(lambda: False)


def presses_up() -> Sequence[Write]:
    presses = bed().codec.presses
    assert presses is not None
    return presses.up


def _frame(writes: Sequence[Write]) -> Frame:
    said = [(write.char, write.data.hex(), write.response) for write in writes]
    return Frame(1, BED, said, [], now_s() + 0.4)


async def test_the_frames_of_a_stop_keep_their_distance_where_they_go_to_one_place() -> None:
    times: list[float] = []

    async def write(_item: Write, _timeout_s: float) -> None:
        times.append(now_s())

    motors, pad = Write("motors", b"\x00", response=True), Write("pad", b"\x00", response=True)
    begun_s = now_s()
    outcome = await Stopping([[motors, motors, pad]], GAP_S, write).to_an_answer()
    assert outcome.confirmed
    assert [round(at - begun_s, 6) for at in times] == [0.0, GAP_S, GAP_S]
