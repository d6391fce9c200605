"""Birth: Home Assistant says that it has started, and a while later is told everything anew.

It hears what is retained by itself; this is for a broker that lost that while Home Assistant was
away, and for a Home Assistant that began to listen at the wrong moment.
"""

import asyncio
from typing import Protocol

from devicehub.publish import homeassistant
from devicehub.publish.line import Heard, Subscription
from devicehub.publish.settings import MqttSettings
from devicehub.publish.shelf import Shelf
from devicehub.publish.topics import Topics

_STARTED = b"online"


class Telling(Protocol):
    """What is told: the board, as far as it matters here."""

    shelf: Shelf
    topics: Topics
    changed: asyncio.Event


class Birth:
    """What is done when Home Assistant starts; nothing where it is not told of this hub."""

    def __init__(self, settings: MqttSettings, board: Telling) -> None:
        self._board = board
        self._prefix = settings.discovery_prefix
        self._topic = homeassistant.status_topic(self._prefix) if settings.discovery else None
        self._born = asyncio.Event()

    @property
    def subscriptions(self) -> list[Subscription]:
        """Where it says so."""
        return [] if self._topic is None else [Subscription(self._topic)]

    def hear(self, heard: Heard) -> None:
        """Take note of what it says."""
        if heard.topic == self._topic and heard.payload == _STARTED:
            self._born.set()

    async def run(self) -> None:
        """Tell everything anew at each birth, after a while, once for births in a row."""
        while True:
            await self._born.wait()
            await asyncio.sleep(homeassistant.after_birth_s(self._board.topics.hub))
            self._born.clear()
            self._board.shelf.all_unsent()
            self._board.changed.set()
