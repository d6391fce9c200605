"""The hub's end of a pipe: questions with answers, and a keeper that hangs, dies or raves."""

import asyncio
import gc
import weakref
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from devicehub.errors import DeviceNotFound, HubError, LinkLost, RadioError, SafetyRefusal
from devicehub.keeper.keeper import HEARTBEAT_LIMIT_S, HEARTBEAT_S
from devicehub.keeper.pipe import EXIT_SILENCE_S, GONE, Pipe
from devicehub.keeper.protocol import Alive, Beat, Done, Failed, Lost, Message, Stop, to_line
from tests.unit.keeper.far import Far
from tests.unit.radio.bench import now_s

ALIVE = Alive(1.0)
DONE = Done(1, written=True)
STOP = Stop(1, "it")
LOST = Lost("it")
LIMIT_S = 2.0


@dataclass
class Line:
    """A pipe, and what comes out at both ends."""

    far: Far = field(default_factory=Far)
    said: list[Message] = field(default_factory=list[Message])
    gone: list[float] = field(default_factory=list[float])

    def __post_init__(self) -> None:
        self.pipe = Pipe(self.far, self.said.append, lambda: self.gone.append(now_s()))

    async def looks_for(self, seconds: float, look_s: float = 0.05) -> None:
        """Let time pass while the hub looks again and again, as it does."""
        for _ in range(round(seconds / look_s)):
            await asyncio.sleep(look_s)
            self.pipe.look()


@asynccontextmanager
async def drawn() -> AsyncGenerator[Line]:
    line = Line()
    yield line
    await line.pipe.close(at_once=True)


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    async with drawn() as line_:
        yield line_


async def settle() -> None:
    """Let whatever was said be read."""
    await asyncio.sleep(0.0)
    await asyncio.sleep(0.0)


# ------------------------------------------------------------ questions and answers


async def test_a_question_is_told_and_its_answer_comes_back(line: Line) -> None:
    asking = asyncio.create_task(line.pipe.answered(STOP, LIMIT_S))
    await settle()
    assert line.far.told == [STOP]
    line.far.say(DONE)
    assert await asking == DONE
    assert line.said == []


async def test_no_two_questions_have_one_number(line: Line) -> None:
    assert [line.pipe.next_seq() for _ in range(3)] == [1, 2, 3]


async def test_each_answer_finds_its_question(line: Line) -> None:
    first, second = (line.pipe.ask(Stop(seq, "it")) for seq in (1, 2))
    line.far.say(Done(2, written=False), Done(1, written=True))
    assert await first == Done(1, written=True)
    assert await second == Done(2, written=False)


async def test_what_is_not_answered_in_time_is_an_error(line: Line) -> None:
    with pytest.raises(RadioError, match=r"^the keeper did not answer$"):
        await line.pipe.answered(STOP, LIMIT_S)
    assert now_s() == LIMIT_S


async def test_an_answer_that_comes_too_late_is_no_answer_to_the_next_question(line: Line) -> None:
    with pytest.raises(RadioError):
        await line.pipe.answered(STOP, LIMIT_S)
    answer = line.pipe.ask(Stop(2, "it"))
    line.far.say(DONE)
    await settle()
    assert not answer.done()
    assert line.said == []


async def test_what_was_answered_is_kept_no_longer(line: Line) -> None:
    """A session asks twenty times a second."""
    answer = line.pipe.ask(STOP)
    kept = weakref.ref(answer)
    line.far.say(DONE)
    assert await answer == DONE
    del answer
    await settle()
    gc.collect()
    assert kept() is None


async def test_a_question_of_the_keeper_is_no_answer(line: Line) -> None:
    answer = line.pipe.ask(STOP)
    line.far.say(STOP)
    await settle()
    assert not answer.done()
    assert line.said == [STOP]


async def test_a_second_answer_to_one_question_does_no_harm(line: Line) -> None:
    answer = line.pipe.ask(STOP)
    line.far.say(DONE, Done(1, written=False))
    await settle()
    assert await answer == DONE
    assert not line.pipe.silent


async def test_what_is_said_unasked_is_passed_on_but_for_signs_of_life(line: Line) -> None:
    line.far.say(ALIVE, LOST, ALIVE)
    await settle()
    assert line.said == [LOST]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("DeviceNotFound", DeviceNotFound),
        ("SafetyRefusal", SafetyRefusal),
        ("HubError", HubError),
        ("NoSuchError", RadioError),
        ("__name__", LinkLost),
        ("__loader__", LinkLost),
    ],
)
async def test_a_failure_is_raised_as_the_error_that_the_keeper_names(
    name: str, error: type[HubError], line: Line
) -> None:
    line.far.say(Failed(1, name, "it: no"))
    with pytest.raises(HubError, match=r"^it: no$") as caught:
        await line.pipe.answered(STOP, LIMIT_S)
    assert type(caught.value) is error


# --------------------------------------------------------------- a keeper that is gone

ENDS = [b"", b"nonsense\n", b"x" * 200_000, to_line(STOP)[:-2]]


@pytest.mark.parametrize("end", ENDS)
async def test_who_waits_for_a_keeper_that_ends_or_raves_is_told(end: bytes, line: Line) -> None:
    asking = asyncio.create_task(line.pipe.answered(STOP, LIMIT_S))
    await settle()
    line.far.lines.feed_data(end)
    line.far.lines.feed_eof()
    with pytest.raises(LinkLost, match=r"^the keeper is gone$"):
        await asking
    assert now_s() == 0.0
    assert line.gone == [0.0]
    assert line.pipe.silent


async def test_a_pipe_that_breaks_is_the_end_of_it(line: Line) -> None:
    line.far.lines.set_exception(ConnectionResetError())
    await settle()
    assert (line.gone, line.pipe.silent) == ([0.0], True)


async def test_a_keeper_that_raves_hears_no_heartbeat_any_more(line: Line) -> None:
    """So it stops what it has: nobody knows what it makes of what it is told."""
    line.far.lines.feed_data(b"nonsense\n")
    await settle()
    line.pipe.tell(Beat({}, {}))
    assert line.far.told == []


async def test_what_was_answered_before_the_keeper_was_gone_stays_answered(line: Line) -> None:
    answer, other = line.pipe.ask(STOP), line.pipe.ask(Stop(2, "it"))
    line.far.say(DONE)
    line.far.lines.feed_eof()
    await settle()
    assert (await answer, await other) == (DONE, Failed(2, "LinkLost", GONE))


async def test_who_asks_a_keeper_that_is_gone_knows_at_once(line: Line) -> None:
    line.far.lines.feed_eof()
    await settle()
    answer = line.pipe.ask(STOP)
    assert answer.done()
    assert await answer == Failed(1, "LinkLost", GONE)


# ------------------------------------------------------------------- a keeper that hangs


async def test_a_keeper_that_never_spoke_is_still_starting(line: Line) -> None:
    await line.looks_for(10 * HEARTBEAT_LIMIT_S)
    assert not line.pipe.silent


async def test_a_keeper_that_was_quiet_for_longer_than_the_limit_is_silent(line: Line) -> None:
    line.far.say(ALIVE)
    await settle()
    await line.looks_for(HEARTBEAT_LIMIT_S, HEARTBEAT_S)
    assert not line.pipe.silent
    await line.looks_for(HEARTBEAT_S, HEARTBEAT_S)
    assert line.pipe.silent
    assert line.gone == []


async def test_a_word_ends_the_silence(line: Line) -> None:
    line.far.say(ALIVE)
    await settle()
    await line.looks_for(HEARTBEAT_LIMIT_S, HEARTBEAT_S)
    line.far.say(ALIVE)
    await settle()
    await line.looks_for(HEARTBEAT_LIMIT_S, HEARTBEAT_S)
    assert not line.pipe.silent


async def test_time_in_which_the_hub_stood_still_is_one_heartbeat_of_silence(line: Line) -> None:
    line.far.say(ALIVE)
    await settle()
    for _ in range(4):
        await line.looks_for(100.0, 100.0)
        assert not line.pipe.silent
    await line.looks_for(0.001, 0.001)
    assert line.pipe.silent


async def test_looking_often_does_not_make_the_silence_longer(line: Line) -> None:
    line.far.say(ALIVE)
    await settle()
    await line.looks_for(HEARTBEAT_LIMIT_S - 0.01, 0.01)
    assert not line.pipe.silent
    await line.looks_for(0.02, 0.01)
    assert line.pipe.silent


async def test_a_keeper_that_hangs_is_told_all_the_same(line: Line) -> None:
    """Who wakes up again shall write the stop that was asked for meanwhile."""
    line.far.say(ALIVE)
    await settle()
    await line.looks_for(HEARTBEAT_LIMIT_S + HEARTBEAT_S)
    assert await line.pipe.ask(STOP) == Failed(1, "LinkLost", GONE)
    assert line.far.told == [STOP]


async def test_who_waits_for_one_that_was_given_up_is_told(line: Line) -> None:
    answer = line.pipe.ask(STOP)
    line.pipe.give_up()
    assert await answer == Failed(1, "LinkLost", GONE)
    line.pipe.give_up()


# ---------------------------------------------------------------------------- the end


async def test_closing_waits_for_a_keeper_while_it_says_that_it_lives() -> None:
    line = Line()
    closing = asyncio.create_task(line.pipe.close())
    for _ in range(100):
        await asyncio.sleep(1.0)
        line.far.say(ALIVE)
    assert line.far.closed
    assert not closing.done()
    line.far.end()
    await closing
    assert (now_s(), line.far.killed_s) == (100.0, None)


async def test_closing_ends_a_keeper_that_says_nothing_for_too_long() -> None:
    line = Line()
    await asyncio.sleep(3.0)
    line.far.say(ALIVE)
    await settle()
    await line.pipe.close()
    assert line.far.killed_s == 3.0 + EXIT_SILENCE_S


async def test_closing_counts_the_silence_from_the_last_word() -> None:
    line = Line()
    asyncio.get_running_loop().call_later(0.5, line.far.say, ALIVE)
    await line.pipe.close()
    assert line.far.killed_s == 0.5 + EXIT_SILENCE_S


async def test_closing_at_once_waits_for_nobody() -> None:
    line = Line()
    await line.pipe.close(at_once=True)
    assert (line.far.closed, line.far.killed_s) == (True, 0.0)


async def test_a_keeper_that_ended_is_not_ended_again() -> None:
    line = Line()
    line.far.end()
    await line.pipe.close()
    assert (now_s(), line.far.killed_s, line.gone) == (0.0, None, [0.0])


async def test_closing_leaves_no_reader_behind() -> None:
    line = Line()
    far, far.ended = line.far, asyncio.Event()
    far.ended.set()  # the process is gone before the last that it said was read
    asyncio.get_running_loop().call_later(0.5, far.lines.feed_eof)
    await line.pipe.close()
    assert (now_s(), line.gone) == (0.5, [0.5])


# ----------------------------------------------------------------------- a spare wakes


async def test_a_spare_that_answers_a_first_word_is_awake(line: Line) -> None:
    asyncio.get_running_loop().call_later(0.3, line.far.say, ALIVE)
    assert await line.pipe.wakes(0.5)
    assert now_s() == 0.3
    assert line.far.told == [Beat({}, {})]


async def test_a_spare_that_does_not_answer_in_time_is_not_awake(line: Line) -> None:
    asyncio.get_running_loop().call_later(0.6, line.far.say, ALIVE)
    assert not await line.pipe.wakes(0.5)
    assert now_s() == 0.5


async def test_a_spare_that_ends_is_not_awake(line: Line) -> None:
    asyncio.get_running_loop().call_later(0.3, line.far.end)
    assert not await line.pipe.wakes(0.5)
    assert now_s() == 0.3


async def test_a_spare_may_take_its_time_to_open_its_air(line: Line) -> None:
    line.far.say(ALIVE)
    assert await line.pipe.wakes(0.5)
    await line.looks_for(10 * HEARTBEAT_LIMIT_S)
    assert not line.pipe.silent
    line.far.say(ALIVE)
    await settle()
    await line.looks_for(HEARTBEAT_LIMIT_S + HEARTBEAT_S)
    assert line.pipe.silent
