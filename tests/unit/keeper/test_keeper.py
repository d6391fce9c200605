"""The keeper: serves a hub over a pipe, and stops what nobody commands any more."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from devicehub.keeper.awake import SUSPEND_GAP_S
from devicehub.keeper.gate import FRAME_TTL_S
from devicehub.keeper.keeper import HEARTBEAT_LIMIT_S, HEARTBEAT_S, WATCH_S, Keeper
from devicehub.keeper.kept import DISAGREEMENTS
from devicehub.keeper.protocol import (
    Agree,
    Alive,
    Beat,
    Close,
    Connect,
    Connected,
    Done,
    Failed,
    Frame,
    Lost,
    Message,
    Resume,
    Said,
    Stop,
    Stopped,
    Unanswered,
    from_line,
    to_line,
)
from devicehub.keeper.standing import standing
from devicehub.massagers.encode import raw
from devicehub.safety.limits import load
from tests.unit.radio.bench import CAPE, VEST, WAND, Bench, bench, known, now_s

Kind = TypeVar("Kind", bound=Message)
# As high as the spine may be moved.
LEVELS = {CAPE: [20] * 12, VEST: [0] * 10 + [3] * 20 + [0] * 10, WAND: [10]}
SOON_S = 0.1  # a question is answered within


@dataclass
class Office:
    """A keeper at work, and this end of its pipe."""

    here: Bench
    simulated: bool = True
    slept_s: float = 0.0
    pipe: asyncio.StreamReader = field(default_factory=asyncio.StreamReader)
    said: list[Message] = field(default_factory=list[Message])
    seq: int = 0
    epoch: int = 0

    def __post_init__(self) -> None:
        self.keeper = Keeper(
            self.here.connector, "unix:/air", lambda line: self.said.append(from_line(line)),
            simulated=self.simulated, limits=load(), boot_s=lambda: now_s() + self.slept_s,
        )  # fmt: skip
        self.serving = asyncio.create_task(self.keeper.serve(self.pipe))

    def tell(self, message: Message) -> None:
        self.epoch += isinstance(message, Stop)
        self.pipe.feed_data(to_line(message))

    def next(self) -> int:
        self.seq += 1
        return self.seq

    async def ask(self, message: Message, within_s: float = SOON_S) -> Message:
        """Say something that has `self.seq`, and return the answer."""
        self.tell(message)
        async with asyncio.timeout(within_s):
            while True:
                for said in self.said:
                    if getattr(said, "seq", None) == self.seq:
                        return said
                await asyncio.sleep(0.001)

    def heard(self, kind: type[Kind]) -> list[Kind]:
        return [said for said in self.said if isinstance(said, kind)]

    async def connect(self, model: str = CAPE) -> Message:
        return await self.ask(Connect(self.next(), self.here.sim.addresses[model], 1.0), 5.0)

    async def agree(self, model: str = CAPE, ceiling: Sequence[int] = ()) -> Message:
        steps = list(ceiling or known(model).steps)
        return await self.ask(Agree(self.next(), self.here.sim.addresses[model], steps))

    def frame(self, model: str = CAPE, levels: list[int] | None = None) -> Frame:
        levels = LEVELS[model] if levels is None else levels
        writes = [(w.char, w.data.hex(), w.response) for w in raw(known(model), levels)]
        address = self.here.sim.addresses[model]
        return Frame(self.next(), address, writes, levels, now_s() + FRAME_TTL_S, self.epoch)

    async def move(self, model: str = CAPE, levels: list[int] | None = None) -> Message:
        return await self.ask(self.frame(model, levels))

    async def beat(self, seconds: float, levels: list[int] | None = None) -> None:
        """Live for a while, as a hub does that goes on commanding."""
        end_s = now_s() + seconds
        steps = {self.here.sim.addresses[m]: levels or LEVELS[m] for m in self.here.tapes}
        while now_s() < end_s:
            self.tell(Beat(steps, dict.fromkeys(steps, now_s() + FRAME_TTL_S)))
            await asyncio.sleep(HEARTBEAT_S)

    async def leave(self) -> bool:
        self.pipe.feed_eof()
        return await self.serving


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@asynccontextmanager
async def office(
    folder: Path,
    models: Sequence[str] = (CAPE,),
    faults: Sequence[str] = (),
    *,
    simulated: bool = True,
) -> AsyncGenerator[Office]:
    async with bench(folder, models, faults) as here:
        office = Office(here, simulated)
        yield office
        if not office.serving.done():
            await office.leave()
        elif not office.serving.cancelled():
            office.serving.result()  # whatever it stumbled over


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Office]:
    """A keeper with a cape that may be driven."""
    async with office(tmp_path) as office_:
        await office_.connect()
        await office_.agree()
        yield office_


# --------------------------------------------------------------------- serving


async def test_it_connects_with_a_stop(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        address = desk.here.sim.addresses[CAPE]
        assert await desk.connect() == Connected(1, CAPE, True, "DH-CAPE", address)
        assert desk.here.stops() >= 1


async def test_what_is_not_there_is_told_by_the_name_of_its_error(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        answer = await desk.ask(Connect(desk.next(), "nobody", 1.0), 5.0)
        assert isinstance(answer, Failed)
        assert (answer.error, "nobody: not found" in answer.text) == ("DeviceNotFound", True)


async def test_a_frame_is_written_and_confirmed(desk: Office) -> None:
    assert await desk.move() == Done(desk.seq, written=True)
    assert desk.here.levels() == LEVELS[CAPE]


async def test_what_the_massager_says_comes_through(desk: Office) -> None:
    await desk.move()
    await asyncio.sleep(0.2)
    chars = {said.char[:8] for said in desk.heard(Said)}
    assert chars == {"00002a19", "7d3c0003"}  # battery, status


async def test_it_says_that_it_lives(desk: Office) -> None:
    before = len(desk.heard(Alive))
    await asyncio.sleep(2.0)
    assert len(desk.heard(Alive)) - before == pytest.approx(2.0 / HEARTBEAT_S, abs=1)


@pytest.mark.parametrize("kind", [Agree, Stop, Close, Frame])
async def test_a_massager_that_is_not_connected_is_told(kind: type, tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        seq = desk.next()
        messages = {
            Agree: Agree(seq, "x", []),
            Stop: Stop(seq, "x"),
            Close: Close(seq, "x"),
            Frame: Frame(seq, "x", [], [], 1.0),
        }
        why = Done(seq, False, "not connected")
        failed = Failed(seq, "RadioError", "x: not connected")
        assert await desk.ask(messages[kind]) == (why if kind is Frame else failed)


# ---------------------------------------------------------------- the last gate


async def test_nothing_passes_before_a_ceiling_was_agreed(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await desk.connect()
        assert await desk.move() == Done(desk.seq, written=False, why="not agreed")
        assert desk.here.still()


async def test_a_ceiling_that_is_agreed_again_can_only_be_lower(desk: Office) -> None:
    assert isinstance(await desk.agree(ceiling=[10] * 12), Done)
    assert isinstance(await desk.agree(ceiling=[20] * 12), Done)
    assert await desk.move(levels=[11] * 12) == Done(desk.seq, False, "above the ceiling")
    assert await desk.move(levels=[10] * 12) == Done(desk.seq, written=True)


async def test_a_ceiling_outlives_the_link(desk: Office) -> None:
    await desk.agree(ceiling=[10] * 12)
    await desk.ask(Close(desk.next(), desk.here.sim.addresses[CAPE]))
    await desk.connect()
    await desk.agree()
    assert await desk.move(levels=[11] * 12) == Done(desk.seq, False, "above the ceiling")


async def test_who_agrees_is_told_that_it_is_done(desk: Office) -> None:
    assert await desk.agree() == Done(desk.seq, written=True)


async def test_what_the_tables_forbid_no_hub_can_agree(desk: Office) -> None:
    """The second motor of the cape lies on the spine: 20 of 100."""
    assert await desk.move(levels=[0, 21, *[0] * 10]) == Done(desk.seq, False, "above the ceiling")
    assert await desk.move(levels=[60, 20, *[0] * 10]) == Done(desk.seq, written=True)
    assert await desk.move(levels=[61, 20, *[0] * 10]) == Done(desk.seq, False, "above the ceiling")


async def test_a_wand_has_the_ceiling_of_where_it_is_held(tmp_path: Path) -> None:
    async with office(tmp_path, [WAND]) as desk:
        await desk.connect(WAND)
        for zone in ("neck_anterior", "spine_cervical", "unknown", "nowhere"):
            address = desk.here.sim.addresses[WAND]
            assert isinstance(await desk.ask(Agree(desk.next(), address, [20], zone)), Failed)
            assert await desk.move(WAND) == Done(desk.seq, written=False, why="not agreed")
        await desk.ask(Agree(desk.next(), address, [20], "spine_lumbar"))
        assert await desk.move(WAND, [3]) == Done(desk.seq, False, "above the ceiling")
        assert await desk.move(WAND, [2]) == Done(desk.seq, written=True)


@pytest.mark.parametrize("person", [True, False])
async def test_a_real_massager_moves_only_for_a_person(person: bool, tmp_path: Path) -> None:
    async with office(tmp_path, simulated=False) as desk:
        await desk.connect()
        address = desk.here.sim.addresses[CAPE]
        answer = await desk.ask(Agree(desk.next(), address, [20] * 12, None, person))
        assert isinstance(answer, Done if person else Failed)
        moved = await desk.move()
        assert moved == Done(desk.seq, person, "" if person else "not agreed")
        assert desk.here.still() != person


async def test_a_ceiling_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await desk.connect()
        assert isinstance(await desk.agree(ceiling=[5]), Failed)
        assert await desk.move() == Done(desk.seq, written=False, why="not agreed")


async def test_a_frame_above_the_ceiling_does_not_pass(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await desk.connect()
        await desk.agree(ceiling=[19] * 12)
        assert await desk.move() == Done(desk.seq, written=False, why="above the ceiling")
        assert desk.here.still()


async def test_a_stale_frame_does_not_pass(desk: Office) -> None:
    frame = desk.frame()
    await asyncio.sleep(FRAME_TTL_S + 0.1)
    assert await desk.ask(frame) == Done(desk.seq, written=False, why="stale")


# --------------------------------------------------------------- standing stops


async def test_the_stop_is_kept_before_the_first_motion_and_not_before(desk: Office) -> None:
    await desk.move(levels=[0] * 12)
    assert standing() == []
    await desk.move()
    (kept,) = standing()
    assert (kept.name, kept.address, kept.model, kept.air) == (
        "DH-CAPE",
        desk.here.sim.addresses[CAPE],
        CAPE,
        "unix:/air",
    )
    assert [data for _, data, _ in kept.writes] == ["00"]


async def test_a_confirmed_stop_is_no_longer_kept(desk: Office) -> None:
    await desk.move()
    answer = await desk.ask(Stop(desk.next(), desk.here.sim.addresses[CAPE]))
    assert answer == Stopped(desk.seq, confirmed=True, took_s=0.0)  # within one instant
    assert standing() == []


async def test_a_stop_that_nobody_confirmed_is_kept(desk: Office) -> None:
    await desk.move()
    desk.here.device().hang()
    answer = await desk.ask(Stop(desk.next(), desk.here.sim.addresses[CAPE]), 10.0)
    assert answer == Stopped(desk.seq, confirmed=False, took_s=None)
    assert len(standing()) == 1
    desk.here.device().recover()


async def test_nothing_moves_whose_stop_cannot_be_kept(
    desk: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    answer = await desk.move()
    assert isinstance(answer, Done)
    assert "stop bytes not kept" in answer.why
    assert desk.here.still()


# ------------------------------------------------------------------------ stop


async def test_a_stop_is_written_before_a_frame_that_waits(desk: Office) -> None:
    desk.tell(desk.frame())
    desk.tell(Stop(desk.next(), desk.here.sim.addresses[CAPE]))
    await asyncio.sleep(0.1)
    assert desk.here.still()


async def test_after_a_stop_nothing_moves_before_somebody_wants_it(desk: Office) -> None:
    address = desk.here.sim.addresses[CAPE]
    await desk.move()
    await desk.ask(Stop(desk.next(), address))
    assert await desk.move() == Done(desk.seq, written=False, why="stopped")
    desk.tell(Resume(address, desk.epoch))
    assert await desk.move() == Done(desk.seq, written=True)
    assert len(standing()) == 1


async def test_a_frame_that_was_made_before_a_stop_is_stale_for_ever(desk: Office) -> None:
    address = desk.here.sim.addresses[CAPE]
    late = desk.frame()
    await desk.ask(Stop(desk.next(), address))
    desk.tell(Resume(address, desk.epoch))
    desk.tell(late)
    await asyncio.sleep(SOON_S)
    assert desk.heard(Done)[-1] == Done(late.seq, written=False, why="stale")
    assert desk.here.still()


async def test_every_stop_ends_an_epoch(desk: Office) -> None:
    address = desk.here.sim.addresses[CAPE]
    for _ in range(2):
        await desk.ask(Stop(desk.next(), address))
    desk.tell(Resume(address, 1))
    assert await desk.move() == Done(desk.seq, written=False, why="stopped")
    desk.tell(Resume(address, 2))
    assert await desk.move() == Done(desk.seq, written=True)


async def test_a_wish_for_one_that_is_not_connected_opens_nothing_else(desk: Office) -> None:
    await desk.ask(Stop(desk.next(), desk.here.sim.addresses[CAPE]))
    desk.tell(Resume("nobody", desk.epoch))
    assert await desk.move() == Done(desk.seq, written=False, why="stopped")


@pytest.mark.parametrize("epoch", [0, 2, -1])
async def test_a_wish_of_another_epoch_opens_nothing(epoch: int, desk: Office) -> None:
    await desk.ask(Stop(desk.next(), desk.here.sim.addresses[CAPE]))
    desk.tell(Resume(desk.here.sim.addresses[CAPE], epoch))
    assert await desk.move() == Done(desk.seq, written=False, why="stopped")


@pytest.mark.parametrize("again", [Resume, Agree])
async def test_nothing_opens_while_a_stop_is_under_way(again: type, desk: Office) -> None:
    address = desk.here.sim.addresses[CAPE]
    await desk.move()
    desk.here.device().hang()
    desk.tell(Stop(desk.next(), address))
    wish = Resume(address, 1) if again is Resume else Agree(desk.next(), address, [20] * 12)
    desk.tell(wish)
    assert await desk.move() == Done(desk.seq, written=False, why="stopped")
    desk.here.device().recover()
    await desk.beat(2.0, [0] * 12)
    assert await desk.move() == Done(desk.seq, written=False, why="stopped")
    desk.tell(Resume(address, 1))
    assert await desk.move() == Done(desk.seq, written=True)


async def test_nothing_opens_after_a_stop_without_an_answer(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        address = desk.here.sim.addresses[CAPE]
        await desk.connect()
        await desk.agree()
        desk.here.device().refuse(4)
        await desk.ask(Stop(desk.next(), address))
        desk.tell(Resume(address, 1))
        assert await desk.move() == Done(desk.seq, written=False, why="stopped")


async def test_what_was_done_is_kept_no_longer(desk: Office) -> None:
    for level in range(1, 4):
        await desk.move(levels=[level] * 12)
    await asyncio.sleep(0.0)
    assert desk.keeper._work == set()  # pyright: ignore[reportPrivateUsage] - no word of it outside


async def test_one_frame_at_a_time(desk: Office) -> None:
    first, second = desk.frame(), desk.frame(levels=[10] * 12)
    desk.tell(first)
    desk.tell(second)
    await asyncio.sleep(SOON_S)
    assert Done(second.seq, False, "another is being written") in desk.heard(Done)
    assert Done(first.seq, written=True) in desk.heard(Done)
    assert await desk.move() == Done(desk.seq, written=True)


async def test_every_stop_is_written_that_of_a_closing_link_too(desk: Office) -> None:
    """However the massager is believed to be: a write after the last request."""
    address = desk.here.sim.addresses[CAPE]
    for stops in range(1, 6):
        before = desk.here.stops()
        for _ in range(stops):
            desk.tell(Stop(desk.next(), address))
        await asyncio.sleep(SOON_S)
        assert desk.here.stops() >= before + stops
    before = desk.here.stops()
    desk.tell(Close(desk.next(), address))
    desk.tell(Stop(desk.next(), address))
    await asyncio.sleep(SOON_S)
    assert desk.here.stops() >= before + 2


@pytest.mark.exhaustive
async def test_closing_goes_on_until_the_massager_answers(tmp_path: Path) -> None:
    async with office(tmp_path, [VEST]) as desk:
        await desk.connect(VEST)
        await desk.agree(VEST)
        await desk.move(VEST)
        desk.here.device(VEST).hang()
        asking = asyncio.create_task(
            desk.ask(Close(desk.next(), desk.here.sim.addresses[VEST]), 60.0)
        )
        await desk.beat(30.0, [0] * 40)
        assert desk.heard(Unanswered)
        assert not asking.done()
        desk.here.device(VEST).recover()
        answer = await asking
        assert isinstance(answer, Stopped)
        assert answer.confirmed
        assert desk.here.still(VEST)
        assert standing() == []


async def test_a_link_that_is_being_closed_can_be_connected_again_after_it(desk: Office) -> None:
    address = desk.here.sim.addresses[CAPE]
    why = f"{address}: connected already"
    assert await desk.connect() == Failed(desk.seq, "RadioError", why)
    desk.tell(Close(desk.next(), desk.here.sim.addresses[CAPE]))
    assert isinstance(await desk.connect(), Connected)


async def test_closing_writes_stop_and_disconnects(desk: Office) -> None:
    await desk.move()
    answer = await desk.ask(Close(desk.next(), desk.here.sim.addresses[CAPE]))
    assert answer == Stopped(desk.seq, confirmed=True, took_s=0.0)
    assert desk.here.still()
    assert desk.here.tape().links[-1][1] == "closed"
    assert standing() == []


# --------------------------------------------------------------- a hub that ends


async def test_a_hub_that_is_gone_leaves_everything_stopped(tmp_path: Path) -> None:
    async with office(tmp_path, [CAPE, VEST]) as desk:
        for model in (CAPE, VEST):
            await desk.connect(model)
            await desk.agree(model)
            await desk.move(model)
        assert await desk.leave()
        for model in (CAPE, VEST):
            assert desk.here.still(model)
            assert desk.here.tape(model).links[-1][1] == "closed"
        assert standing() == []


async def test_a_massager_that_hangs_does_not_hold_up_the_stop_of_another(tmp_path: Path) -> None:
    async with office(tmp_path, [CAPE, VEST]) as desk:
        for model in (CAPE, VEST):
            await desk.connect(model)
            await desk.agree(model)
            await desk.move(model)
        desk.here.device(CAPE).hang()
        desk.pipe.feed_eof()
        await asyncio.sleep(0.1)
        assert desk.here.still(VEST)
        desk.here.device(CAPE).recover()
        assert await desk.serving
        assert desk.here.still(CAPE)


async def test_a_stop_is_repeated_until_the_massager_answers(tmp_path: Path) -> None:
    async with office(tmp_path, [VEST]) as desk:
        await desk.connect(VEST)
        await desk.agree(VEST)
        await desk.move(VEST)
        desk.here.device(VEST).hang()
        desk.pipe.feed_eof()
        await asyncio.sleep(30.0)
        assert len(standing()) == 1
        desk.here.device(VEST).recover()
        assert await desk.serving
        assert desk.here.still(VEST)
        assert standing() == []


@pytest.mark.exhaustive
async def test_a_massager_that_never_answers_leaves_the_alarm(
    desk: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    await desk.move()
    desk.here.device().hang()
    assert not await desk.leave()
    assert "did not confirm stop. The cape stops by itself" in capsys.readouterr().err
    assert len(standing()) == 1


async def test_a_stop_of_the_hub_that_nobody_answers_is_the_keepers_from_then_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with office(tmp_path, [VEST]) as desk:
        await desk.connect(VEST)
        await desk.agree(VEST)
        await desk.move(VEST)
        desk.here.device(VEST).hang()
        desk.tell(Stop(desk.next(), desk.here.sim.addresses[VEST]))
        await desk.beat(10.0, [0] * 40)  # a hub whose loop stands, but not its heart
        assert "did not confirm stop. The vest may keep running" in capsys.readouterr().err
        desk.here.device(VEST).recover()
        await desk.beat(2.0, [0] * 40)
        assert desk.here.still(VEST)
        assert standing() == []
        assert await desk.leave()


async def test_nonsense_is_taken_for_a_hub_that_is_gone(desk: Office) -> None:
    await desk.move()
    desk.pipe.feed_data(b"nonsense\n")
    assert await desk.serving
    assert desk.here.still()


async def test_a_word_of_its_own_is_nonsense_too(desk: Office) -> None:
    await desk.move()
    desk.tell(Alive(1.0))
    assert await desk.serving
    assert desk.here.still()


async def test_a_line_without_end_is_nonsense_too(desk: Office) -> None:
    await desk.move()
    desk.pipe.feed_data(b"x" * 200_000)
    assert await desk.serving
    assert desk.here.still()


async def test_a_hub_that_goes_while_a_massager_connects_leaves_it_closed(tmp_path: Path) -> None:
    async with office(tmp_path, faults=["hang@0+0.5"]) as desk:
        desk.tell(Connect(desk.next(), desk.here.sim.addresses[CAPE], 1.0))
        await asyncio.sleep(0.4)
        assert desk.here.tape().links[-1][1] == "connected"
        assert await desk.leave()
        assert desk.here.tape().links[-1][1] == "closed"


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_a_cancelled_keeper_stops_everything_first(times: int, desk: Office) -> None:
    await desk.move()
    desk.here.device().hang()
    for _ in range(times):
        await asyncio.sleep(0.1)
        desk.serving.cancel()
    await asyncio.sleep(0.1)
    desk.here.device().recover()
    with pytest.raises(asyncio.CancelledError):
        await desk.serving
    assert desk.here.still()


# ------------------------------------------------------ a hub that says nothing


async def test_a_hub_that_beats_keeps_the_motors_moving(desk: Office) -> None:
    await desk.move()
    await desk.beat(1.5)  # the lease of the cape is longer
    assert desk.here.levels() == LEVELS[CAPE]


async def test_a_frame_that_nobody_renews_is_stopped(desk: Office) -> None:
    await desk.move()
    await asyncio.sleep(FRAME_TTL_S)
    assert not desk.here.still()
    await asyncio.sleep(2 * WATCH_S)
    assert desk.here.still()
    assert desk.heard(Lost) == [Lost(desk.here.sim.addresses[CAPE])]
    assert desk.here.tape().links[-1][1] == "closed"
    assert standing() == []


async def test_a_beat_cannot_renew_for_longer_than_a_frame_lives(desk: Office) -> None:
    await desk.move()
    address = desk.here.sim.addresses[CAPE]
    desk.tell(Beat({address: LEVELS[CAPE]}, {address: now_s() + 1000.0}))
    await asyncio.sleep(FRAME_TTL_S + 2 * WATCH_S)
    assert desk.here.still()


async def test_a_beat_that_does_not_say_until_when_renews_nothing(desk: Office) -> None:
    assert now_s() + FRAME_TTL_S < 0.9  # early on the loop's clock, where a small number is soon
    await desk.move()
    for _ in range(4):
        await asyncio.sleep(FRAME_TTL_S / 4)
        desk.tell(Beat({desk.here.sim.addresses[CAPE]: LEVELS[CAPE]}, {}))
    await asyncio.sleep(2 * WATCH_S)
    assert desk.here.still()


async def test_a_silent_hub_loses_a_massager_whose_stop_was_not_confirmed(desk: Office) -> None:
    await desk.move()
    desk.here.device().refuse(100)
    await desk.ask(Stop(desk.next(), desk.here.sim.addresses[CAPE]))
    desk.here.device().refuse(0)
    await asyncio.sleep(HEARTBEAT_LIMIT_S + 2 * WATCH_S)
    assert desk.here.still()
    assert desk.heard(Lost)


async def test_a_hub_that_falls_silent_after_it_asked_for_0_leaves_a_stop(desk: Office) -> None:
    """The massager may not have understood the 0: only a confirmed stop is the end."""
    await desk.move()
    await desk.move(levels=[0] * 12)
    await desk.beat(2.0, [0] * 12)
    assert (desk.heard(Lost), len(standing())) == ([], 1)
    await asyncio.sleep(HEARTBEAT_LIMIT_S + 2 * WATCH_S)
    assert desk.heard(Lost) == [Lost(desk.here.sim.addresses[CAPE])]
    assert standing() == []


async def test_beats_that_say_something_else_stop_the_motors(desk: Office) -> None:
    await desk.move()
    address = desk.here.sim.addresses[CAPE]
    other = Beat({address: [31] * 12}, {address: now_s() + FRAME_TTL_S})
    for _ in range(DISAGREEMENTS - 1):
        desk.tell(other)
    await asyncio.sleep(2 * WATCH_S)
    assert not desk.here.still()  # that may have been a frame on its way
    desk.tell(other)
    await asyncio.sleep(2 * WATCH_S)
    assert desk.here.still()


async def test_beats_that_leave_a_massager_out_stop_it(desk: Office) -> None:
    await desk.move()
    for _ in range(DISAGREEMENTS):
        desk.tell(Beat({}, {}))
    await asyncio.sleep(2 * WATCH_S)
    assert desk.here.still()
    assert not desk.serving.done()


async def test_a_long_wait_before_the_first_motion_is_no_disagreement(desk: Office) -> None:
    await desk.beat(3.0, [0] * 12)
    await desk.move()
    await asyncio.sleep(2 * WATCH_S)
    assert desk.here.levels() == LEVELS[CAPE]


async def test_a_silent_hub_may_be_silent_while_nothing_moves(desk: Office) -> None:
    await asyncio.sleep(10 * HEARTBEAT_LIMIT_S)
    assert desk.heard(Lost) == []
    assert await desk.move() == Done(desk.seq, written=True)


async def test_a_trip_goes_on_when_the_hub_ends_meanwhile(desk: Office) -> None:
    await desk.move()
    desk.here.device().hang()
    await asyncio.sleep(FRAME_TTL_S + 0.1)
    assert desk.heard(Lost)
    desk.pipe.feed_eof()
    await asyncio.sleep(0.1)
    desk.here.device().recover()
    assert await desk.serving
    assert desk.here.still()


async def test_a_trip_does_not_silence_the_keeper(desk: Office) -> None:
    await desk.move()
    desk.here.device().hang()
    await asyncio.sleep(FRAME_TTL_S + 0.1)
    before = len(desk.heard(Alive))
    await asyncio.sleep(2.0)
    assert len(desk.heard(Alive)) > before + 4
    desk.here.device().recover()


# ----------------------------------------------------------- a machine that sleeps


async def test_after_a_sleep_what_moved_is_stopped(desk: Office) -> None:
    await desk.move()
    desk.slept_s += SUSPEND_GAP_S + 0.1
    await asyncio.sleep(2 * WATCH_S)
    assert desk.here.still()
    assert desk.heard(Lost)
    assert standing() == []


async def test_a_nap_is_no_sleep(desk: Office) -> None:
    await desk.move()
    desk.slept_s += SUSPEND_GAP_S - 0.1
    await asyncio.sleep(2 * WATCH_S)
    assert not desk.here.still()


@pytest.mark.parametrize("noticed_in_s", [0.0, 2 * WATCH_S])
async def test_a_frame_from_before_a_sleep_is_stale_and_one_from_after_is_not(
    noticed_in_s: float, desk: Office
) -> None:
    early = desk.frame()
    desk.slept_s += SUSPEND_GAP_S + 0.1
    await asyncio.sleep(noticed_in_s)
    assert await desk.ask(early) == Done(desk.seq, written=False, why="stale")
    await asyncio.sleep(WATCH_S)
    assert await desk.move() == Done(desk.seq, written=True)


# ------------------------------------------------------------------- link loss


async def test_a_lost_massager_is_told_and_its_stop_is_kept(desk: Office) -> None:
    await desk.move()
    desk.here.device().go_out_of_range()
    await desk.beat(1.5)
    assert desk.heard(Lost) == [Lost(desk.here.sim.addresses[CAPE])]
    assert len(standing()) == 1
    assert not await desk.leave()


async def test_a_frame_that_the_massager_refuses_is_told(desk: Office) -> None:
    desk.here.device().refuse(1)
    answer = await desk.move()
    assert isinstance(answer, Failed)
    assert answer.error == "RadioError"
