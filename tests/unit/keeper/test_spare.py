"""The spare keeper: started once, taken awake, and no obstacle where it cannot be had."""

import asyncio
from dataclasses import dataclass, field

import pytest

from devicehub.keeper.pipe import Pipe
from devicehub.keeper.protocol import Alive, Beat
from devicehub.keeper.spare import START_S, WAKE_S, Spare
from tests.unit.keeper.far import Far
from tests.unit.radio.bench import now_s


@dataclass
class Shelf:
    """A spare, and every far end that was started for it."""

    starts_in_s: float = 0.0
    fars: list[Far] = field(default_factory=list[Far])

    def __post_init__(self) -> None:
        self.spare = Spare(self._start)

    async def _start(self) -> Pipe:
        far = Far()
        self.fars.append(far)
        await asyncio.sleep(self.starts_in_s)
        return Pipe(far, lambda _: None, lambda: None)


def answer_in(seconds: float, far: Far) -> None:
    asyncio.get_running_loop().call_later(seconds, far.say, Alive(0.0))


async def cannot() -> Pipe:
    raise FileNotFoundError


async def test_nobody_asked_for_one() -> None:
    spare = Spare(cannot)
    assert await spare.take() is None
    await spare.close()


async def test_one_that_cannot_be_started_is_none() -> None:
    spare = Spare(cannot)
    spare.begin()
    assert await spare.take() is None
    await spare.close()


async def test_one_that_could_not_be_started_is_tried_again() -> None:
    shelf, tries = Shelf(), list[int]()

    async def start() -> Pipe:
        tries.append(1)
        raise FileNotFoundError

    shelf.spare = Spare(start)
    for _ in range(2):
        shelf.spare.begin()
        assert await shelf.spare.take() is None
    assert len(tries) == 2


async def test_one_that_cannot_be_started_does_not_disturb_the_end() -> None:
    spare = Spare(cannot)
    spare.begin()
    await spare.close()


async def test_at_most_one_is_started() -> None:
    shelf = Shelf()
    shelf.spare.begin()
    shelf.spare.begin()
    await asyncio.sleep(0.1)
    assert len(shelf.fars) == 1
    await shelf.spare.close()


async def test_one_that_answers_is_taken_and_the_next_can_be_started() -> None:
    shelf = Shelf()
    shelf.spare.begin()
    await asyncio.sleep(START_S)
    answer_in(WAKE_S - 0.1, shelf.fars[0])
    taken = await shelf.spare.take()
    assert taken is not None
    assert shelf.fars[0].told == [Beat({}, {})]
    assert await shelf.spare.take() is None
    shelf.spare.begin()
    await asyncio.sleep(0.1)
    assert len(shelf.fars) == 2
    await shelf.spare.close()
    assert shelf.fars[0].killed_s is None  # it is somebody else's now
    await taken.close(at_once=True)


async def test_one_that_has_started_and_does_not_answer_soon_is_ended() -> None:
    shelf = Shelf()
    shelf.spare.begin()
    await asyncio.sleep(START_S)
    assert await shelf.spare.take() is None
    assert shelf.fars[0].killed_s == START_S + WAKE_S
    assert await shelf.spare.take() is None


@pytest.mark.parametrize("asked_s", [0.0, 2.0])
async def test_one_that_is_still_starting_is_given_the_rest_of_its_time(asked_s: float) -> None:
    await asyncio.sleep(10.0)
    shelf = Shelf()
    shelf.spare.begin()
    await asyncio.sleep(asked_s)
    assert await shelf.spare.take() is None
    assert now_s() == 10.0 + START_S
    assert shelf.fars[0].killed_s == 10.0 + START_S


async def test_the_start_of_one_is_waited_for() -> None:
    shelf = Shelf(starts_in_s=1.0)
    shelf.spare.begin()
    await asyncio.sleep(0.1)
    answer_in(1.0, shelf.fars[0])
    taken = await shelf.spare.take()
    assert taken is not None
    await taken.close(at_once=True)


async def test_closing_ends_it_at_once() -> None:
    shelf = Shelf()
    shelf.spare.begin()
    await asyncio.sleep(1.0)
    await shelf.spare.close()
    assert shelf.fars[0].killed_s == 1.0
    assert await shelf.spare.take() is None


async def test_who_is_cancelled_while_taking_it_leaves_it_to_the_end() -> None:
    shelf = Shelf()
    shelf.spare.begin()
    taking = asyncio.create_task(shelf.spare.take())
    await asyncio.sleep(1.0)
    taking.cancel()
    await asyncio.wait((taking,))
    await shelf.spare.close()
    assert shelf.fars[0].killed_s == 1.0


async def test_who_is_cancelled_while_it_starts_leaves_it_to_the_end() -> None:
    shelf = Shelf(starts_in_s=2.0)
    shelf.spare.begin()
    taking = asyncio.create_task(shelf.spare.take())
    await asyncio.sleep(1.0)
    taking.cancel()
    await asyncio.wait((taking,))
    await shelf.spare.close()
    assert shelf.fars[0].killed_s == 2.0
