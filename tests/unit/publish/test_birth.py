"""Home Assistant's birth: everything is told anew, a while later, once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from devicehub.publish.birth import Birth
from devicehub.publish.homeassistant import after_birth_s
from devicehub.publish.line import Heard
from devicehub.publish.settings import MqttSettings
from devicehub.publish.shelf import Shelf
from devicehub.publish.topics import Topics

TOPICS = Topics("devicehub", "home", "hub-1")
STATUS = "homeassistant/status"


class Told:
    """As much of a board as is asked here: its shelf, its tree, whether something has changed."""

    def __init__(self) -> None:
        self.shelf, self.topics, self.changed = Shelf(), TOPICS, asyncio.Event()
        self.shelf.put_raw("a", b"1")
        self.sent()

    def sent(self) -> int:
        """Send what waits, and return how much that was."""
        count = 0
        while (message := self.shelf.unsent()) is not None:
            self.shelf.sent(message)
            count += 1
        return count


@asynccontextmanager
async def born(told: Told, *, discovery: bool = True) -> AsyncGenerator[Birth]:
    birth = Birth(MqttSettings(url="mqtt://localhost", discovery=discovery), told)
    running = asyncio.create_task(birth.run())
    try:
        yield birth
    finally:
        running.cancel()
        await asyncio.wait((running,))


async def test_everything_is_told_anew_a_while_after_it_has_started() -> None:
    told = Told()
    async with born(told) as birth:
        birth.hear(Heard(STATUS, b"online", retained=False))
        await asyncio.sleep(after_birth_s("hub-1") - 0.1)
        assert told.sent() == 0
        await asyncio.sleep(0.2)
        assert told.sent() == 1
        assert told.changed.is_set()


async def test_births_in_a_row_are_answered_once() -> None:
    told = Told()
    async with born(told) as birth:
        for _ in range(3):
            birth.hear(Heard(STATUS, b"online", retained=False))
            await asyncio.sleep(0.1)
        await asyncio.sleep(30)
        assert told.sent() == 1


async def test_its_end_and_other_topics_tell_nothing() -> None:
    told = Told()
    async with born(told) as birth:
        birth.hear(Heard(STATUS, b"offline", retained=False))
        birth.hear(Heard("elsewhere", b"online", retained=False))
        await asyncio.sleep(30)
        assert told.sent() == 0


async def test_a_hub_that_tells_it_nothing_does_not_listen_to_it() -> None:
    told = Told()
    async with born(told, discovery=False) as birth:
        assert birth.subscriptions == []
    async with born(told) as birth:
        assert [each.topic for each in birth.subscriptions] == [STATUS]
