"""A link whose radio lives in the keeper: what it asks the keeper, and makes of the answers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from devicehub.errors import LinkLost, RadioError, SafetyRefusal
from devicehub.keeper.pipe import Pipe
from devicehub.keeper.protocol import (
    Agree,
    Alive,
    Close,
    Done,
    Failed,
    Frame,
    Message,
    Resume,
    Said,
    Stop,
    Stopped,
)
from devicehub.keeper.remote import ANSWER_TIMEOUT_S, RemoteLink
from devicehub.massagers.decode import Report
from devicehub.massagers.encode import raw
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import admit
from devicehub.massagers.wire import Encoded, Write
from devicehub.radio.link import WRITE_TIMEOUT_S
from devicehub.radio.port import StopOutcome, Terms
from devicehub.radio.stopping import rounds_limit_s, stop_limit_s
from tests.unit.keeper.far import Far
from tests.unit.radio.bench import CAPE, WAND, known, now_s

T = TypeVar("T")

BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
MASSAGER = known(CAPE)
STEPS = (7,) * 12
BYTES = raw(MASSAGER, STEPS)
UNCONFIRMED = StopOutcome(confirmed=False, took_s=None)


def encoded(massager: Massager, steps: tuple[int, ...]) -> Encoded:
    """Return a frame, as the last gate reads it from its bytes."""
    writes = [Write(write.char, write.data, write.response) for write in raw(massager, steps)]
    frame = admit(massager, writes, (0,) * len(steps), 9.5, heat=0)
    assert frame is not None
    return frame


ENCODED = encoded(MASSAGER, STEPS)


@dataclass
class Scene:
    """A link, and the far end of its pipe."""

    far: Far = field(default_factory=Far)

    def __post_init__(self) -> None:
        self.pipe = Pipe(self.far, lambda _: None, lambda: None)
        self.link = RemoteLink(self.pipe, "it", MASSAGER, "DH-CAPE", "C0:01")

    async def answered(self, asking: Awaitable[T], *answers: Message) -> T:
        """Have the keeper answer after a moment, and return what comes of it."""
        asyncio.get_running_loop().call_later(0.1, self.far.say, *answers)
        return await asking

    async def agree(self, terms: Terms | None = None) -> None:
        seq = len(self.far.told) + 1
        agreeing = self.link.agree(Terms(MASSAGER.steps) if terms is None else terms)
        await self.answered(agreeing, Done(seq, written=True))
        self.far.told.clear()


@pytest.fixture
async def scene() -> AsyncGenerator[Scene]:
    scene_ = Scene()
    yield scene_
    await scene_.pipe.close(at_once=True)


# ------------------------------------------------------------------------- what it is


async def test_it_answers_to_what_it_was_asked_for_by_and_its_own_names(scene: Scene) -> None:
    assert scene.link.called == ("it", "DH-CAPE", "C0:01", CAPE)
    assert scene.link.massager is MASSAGER


async def test_at_first_nothing_is_commanded(scene: Scene) -> None:
    assert (scene.link.steps, scene.link.not_after_s) == ((0,) * 12, 0.0)
    assert not scene.link.lost.is_set()


async def test_what_the_massager_says_is_read_and_what_is_no_hex_is_nothing(scene: Scene) -> None:
    heard: list[Report] = []
    scene.link.heard(Said("it", BATTERY, "50"))
    scene.link.heard(Said("it", BATTERY, "zz"))
    scene.link.listen(heard.append)
    scene.link.heard(Said("it", BATTERY, "4f"))
    assert [report.battery_percent for report in heard] == [80, 79]


# -------------------------------------------------------------------------- agreeing


async def test_the_terms_are_asked_of_the_keeper_word_for_word(scene: Scene) -> None:
    terms = Terms(STEPS, "rhomboid", person=True, heat=72)
    await scene.answered(scene.link.agree(terms), Done(1, written=True))
    assert scene.far.told == [Agree(1, "it", [7] * 12, "rhomboid", True, 72)]


async def test_nothing_passes_before_terms_were_agreed(scene: Scene) -> None:
    assert not await scene.link.send(ENCODED)
    asking = scene.answered(scene.link.agree(Terms(STEPS)), Failed(1, "SafetyRefusal", "it: no"))
    with pytest.raises(SafetyRefusal, match="it: no"):
        await asking
    assert not await scene.link.send(ENCODED)
    assert scene.link.steps == (0,) * 12
    assert scene.far.heard(Frame) == []


async def test_terms_that_nobody_answers_are_an_error(scene: Scene) -> None:
    with pytest.raises(RadioError, match="the keeper did not answer"):
        await scene.link.agree(Terms(STEPS))
    assert now_s() == ANSWER_TIMEOUT_S


# --------------------------------------------------------------------------- sending


async def test_a_frame_is_asked_of_the_keeper_byte_for_byte(scene: Scene) -> None:
    await scene.agree()
    assert await scene.answered(scene.link.send(ENCODED), Done(2, written=True))
    writes = [(write.char, write.data.hex(), write.response) for write in BYTES]
    assert scene.far.told == [Frame(2, "it", writes, [7] * 12, 9.5, 0)]


async def test_heartbeats_speak_of_a_frame_from_the_moment_it_is_asked_for(scene: Scene) -> None:
    await scene.agree()
    sending = asyncio.create_task(scene.link.send(ENCODED))
    await asyncio.sleep(0.01)
    assert (scene.link.steps, scene.link.not_after_s) == (STEPS, 9.5)
    scene.link.renew(9.9)
    assert scene.link.not_after_s == 9.9
    await scene.answered(sending, Done(2, written=True))


@pytest.mark.parametrize(
    "answer", [Done(2, written=False, why="stale"), Done(2, written=False), Stopped(2, True, 0.1)]
)
async def test_a_frame_that_came_too_late_was_not_written(answer: Message, scene: Scene) -> None:
    await scene.agree()
    assert await scene.answered(scene.link.send(ENCODED), answer) is False


async def test_a_frame_that_the_last_gate_refused_is_an_error(scene: Scene) -> None:
    await scene.agree()
    why = "above the ceiling"
    with pytest.raises(RadioError, match=r"^it: the keeper refused a frame: above the ceiling$"):
        await scene.answered(scene.link.send(ENCODED), Done(2, written=False, why=why))


async def test_a_frame_that_nobody_answers_is_an_error(scene: Scene) -> None:
    await scene.agree()
    begun_s = now_s()
    with pytest.raises(RadioError, match="the keeper did not answer"):
        await scene.link.send(ENCODED)
    assert now_s() == begun_s + ANSWER_TIMEOUT_S


async def test_a_frame_that_stops_is_waited_for_until_all_its_writes_had_their_time(
    scene: Scene,
) -> None:
    eight = known("nlr-hf8")
    scene.link = RemoteLink(scene.pipe, "it", eight)
    await scene.agree(Terms(eight.steps))
    begun_s = now_s()
    with pytest.raises(RadioError, match="the keeper did not answer"):
        await scene.link.send(encoded(eight, (0,) * 8))
    assert now_s() == begun_s + ANSWER_TIMEOUT_S + 8 * WRITE_TIMEOUT_S


async def test_its_address_is_what_was_told_last_or_what_it_was_asked_for_by(scene: Scene) -> None:
    assert scene.link.address == "C0:01"
    assert RemoteLink(scene.pipe, "it", MASSAGER, "DH-CAPE", "").address == "it"
    assert RemoteLink(scene.pipe, "it", MASSAGER).address == "it"


async def test_a_frame_that_the_link_has_lost_is_lost(scene: Scene) -> None:
    await scene.agree()
    with pytest.raises(LinkLost, match="gone"):
        await scene.answered(scene.link.send(ENCODED), Failed(2, "LinkLost", "gone"))


# -------------------------------------------------------------------------- stopping


async def test_stop_is_asked_for_at_once_and_its_answer_is_the_outcome(scene: Scene) -> None:
    stopping = scene.link.begin_stop()
    assert scene.far.told == [Stop(1, "it")]
    assert await scene.answered(stopping, Stopped(1, True, 0.25)) == StopOutcome(True, 0.25)


async def test_from_a_stop_on_nothing_is_commanded_and_no_frame_passes(scene: Scene) -> None:
    await scene.agree()
    await scene.answered(scene.link.send(ENCODED), Done(2, written=True))
    stopping = scene.link.begin_stop()
    assert scene.link.steps == (0,) * 12
    assert not await scene.link.send(ENCODED)
    assert scene.link.steps == (0,) * 12
    assert (await scene.answered(stopping, Stopped(3, True, 0.1))).confirmed


async def test_every_stop_is_told_and_counted(scene: Scene) -> None:
    await scene.agree()
    stops = [scene.link.begin_stop() for _ in range(3)]
    assert scene.far.told == [Stop(seq, "it") for seq in (2, 3, 4)]
    scene.far.say(*(Stopped(seq, True, 0.1) for seq in (2, 3, 4)))
    await asyncio.wait(stops)
    scene.link.rearm()
    await scene.answered(scene.link.send(ENCODED), Done(5, written=True))
    assert scene.far.told[3] == Resume("it", 3)
    assert [frame.epoch for frame in scene.far.heard(Frame)] == [3]


@pytest.mark.parametrize(
    "answer",
    [Failed(1, "RadioError", "no"), Done(1, written=True), Stopped(1, False, None)],
)
async def test_what_is_no_confirmed_stop_is_none(answer: Message, scene: Scene) -> None:
    assert await scene.answered(scene.link.begin_stop(), answer) == UNCONFIRMED


@pytest.mark.parametrize("model", [CAPE, WAND])
async def test_a_stop_is_waited_for_as_long_as_the_keeper_tries(model: str, scene: Scene) -> None:
    it = known(model)
    link = RemoteLink(scene.pipe, "it", it)
    assert await link.begin_stop() == UNCONFIRMED
    tries_s = stop_limit_s(it.stops[0].writes, it.min_gap_s)
    assert now_s() == pytest.approx(tries_s + ANSWER_TIMEOUT_S)


async def test_a_stop_of_a_keeper_that_is_gone_is_not_confirmed(scene: Scene) -> None:
    scene.far.end()
    await asyncio.sleep(0.01)
    assert await scene.link.begin_stop() == UNCONFIRMED


async def test_a_link_that_is_lost_is_not_opened_again(scene: Scene) -> None:
    await scene.agree()
    scene.link.lost.set()
    scene.link.rearm()
    assert not await scene.link.send(ENCODED)


# --------------------------------------------------------------------------- closing


async def test_closing_is_asked_of_the_keeper_and_no_frame_passes_meanwhile(scene: Scene) -> None:
    await scene.agree()
    closing = asyncio.create_task(scene.link.close())
    await asyncio.sleep(0.01)
    assert not await scene.link.send(ENCODED)
    assert scene.far.told == [Close(2, "it")]
    assert await scene.answered(closing, Stopped(2, True, 0.5)) == StopOutcome(True, 0.5)


@pytest.mark.parametrize("model", [CAPE, WAND])
async def test_closing_is_waited_for_as_long_as_the_keeper_tries(model: str, scene: Scene) -> None:
    it = known(model)
    link = RemoteLink(scene.pipe, "it", it)
    closing = asyncio.create_task(link.close())
    while not closing.done():
        await asyncio.sleep(0.5)
        scene.far.say(Alive(0.0))
        link.unanswered()
    assert await closing == UNCONFIRMED
    tries_s = rounds_limit_s(it.stops[0].writes, it.min_gap_s)
    assert now_s() == pytest.approx(tries_s + ANSWER_TIMEOUT_S, abs=0.5)


async def test_who_has_had_enough_of_closing_is_asked_after_each_stop(scene: Scene) -> None:
    asked: list[float] = []
    closing = asyncio.create_task(scene.link.close(lambda: bool(asked.append(1)) or len(asked) < 3))
    await asyncio.sleep(1.0)
    for _ in range(5):
        scene.link.unanswered()
    assert await closing == UNCONFIRMED
    assert (len(asked), now_s()) == (3, 1.0)


async def test_nobody_is_asked_before_closing_began_or_when_it_was_answered(scene: Scene) -> None:
    scene.link.unanswered()
    asked: list[int] = []
    closing = scene.link.close(lambda: bool(asked.append(1)))
    assert (await scene.answered(closing, Stopped(1, True, 0.1))).confirmed
    scene.link.unanswered()
    assert asked == []


async def test_closing_goes_on_when_its_caller_is_cancelled(scene: Scene) -> None:
    closing = asyncio.create_task(scene.link.close())
    await asyncio.sleep(0.1)
    closing.cancel()
    await asyncio.sleep(0.1)
    assert not closing.done()
    scene.far.say(Stopped(1, True, 0.1))
    with pytest.raises(asyncio.CancelledError):
        await closing
