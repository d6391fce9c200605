"""Publisher: a hub over MQTT, on two lines to one broker: one for everything, one for stop.

The hub's side only ever puts: nothing in it waits for a broker, so a session does not feel whether
there is one. What is to be sent waits on the shelf (the last of everything that is retained) or in
the outbox (events, in order); progress waits nowhere, the next one makes up for it.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from devicehub.ledger import clock
from devicehub.publish import manifest, mqtt
from devicehub.publish.backoff import LONGEST_S
from devicehub.publish.board import Board
from devicehub.publish.doorman import Clocks
from devicehub.publish.line import BrokerLost, Line
from devicehub.publish.mainline import MainLine
from devicehub.publish.port import HubPort
from devicehub.publish.settings import MqttSettings
from devicehub.publish.steady import Fate, Role, Steady
from devicehub.publish.stopline import StopLine
from devicehub.publish.tls import context

FAREWELL_S = 2.0
_AGAIN_S = 0.2


def _wall_s() -> float:
    return time.time()  # noqa: TID251 - the border at which wall time comes in


class Publisher:
    """A hub over MQTT, from `async with` to its end; it never raises because of the broker."""

    def __init__(
        self,
        port: HubPort,
        settings: MqttSettings,
        note: Callable[[str], None] = lambda _: None,
        clocks: Clocks | None = None,
        kept_in: Path | None = None,
    ) -> None:
        """Make it.

        Args:
            port: The hub.
            settings: Where the broker is, and what others may do.
            note: Told in a line, for people, when the broker comes and goes.
            clocks: The clocks of this computer; None for the real ones.
            kept_in: The folder that remembers from run to run what is retained at the broker.
        """
        clocks = clocks or Clocks(_wall_s, clock.boot_s)
        self._port = port
        self._settings = settings
        self._note = note
        self._said: dict[str, str] = {}
        topics = settings.topics(port.identity.hub)
        file = None if kept_in is None else manifest.file_for(kept_in, settings.shown)
        listed = manifest.Manifest(file, note)
        self.board = Board(port, settings, topics, clocks.wall_s, listed)
        self._main = MainLine(port, settings, self.board, clocks)
        stop = StopLine(port, self.board)
        connect = partial(mqtt.connected, settings)
        main_role = Role(
            self._main.terms,
            self._main.hear,
            self._main.work,
            self._main.beat,
            lambda: None,
            partial(self._fate, "main"),
        )
        stop_role = Role(
            stop.terms, stop.hear, stop.work, stop.beat, stop.alive, partial(self._fate, "stop")
        )
        self._lines = (
            Steady(main_role, connect, settings.protocol),
            Steady(stop_role, connect, settings.protocol),
        )
        self._main.on_rival = self._leave_it_to_others
        self._tasks: list[asyncio.Task[None]] = []
        self._mistake: Exception | None = None
        self._unlisten: Callable[[], None] = lambda: None

    @property
    def online(self) -> bool:
        """Whether the main line stands."""
        return self.board.live

    @property
    def line(self) -> Line | None:
        """The main line, while it stands."""
        return self._main.line

    @property
    def commands(self) -> int:
        """How many commands came in this run, stop not counted."""
        return self._main.commands

    async def __aenter__(self) -> Self:
        """Begin. Raises UsageError when a file that the settings name cannot be used."""
        self._settings.secret()
        context(self._settings)
        self._unlisten = self._port.listen(self.board.hear)
        self._tasks = [asyncio.create_task(self._run(line)) for line in self._lines]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send what waits, say good-bye, leave nothing behind; 2 s at the most where it is slow.

        Raises what was a mistake of ours meanwhile, after all of that.
        """
        self._unlisten()
        with suppress(BrokerLost, TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await self._main.farewell()
        await self._main.leave()
        while any(not task.done() for task in self._tasks):
            for task in self._tasks:
                task.cancel()  # a group whose line is lost in this instant swallows one
            await asyncio.wait(self._tasks, timeout=_AGAIN_S)
        if self._mistake is not None:
            raise self._mistake

    def _leave_it_to_others(self) -> None:
        for line in self._lines:
            line.rival()

    async def _run(self, line: Steady) -> None:
        """Hold a line; a mistake of ours takes it down, but not for good, and not the other one."""
        while True:
            try:
                await line.run()
            except Exception as error:  # noqa: BLE001 - told, tried again, and raised at the end
                self._mistake = self._mistake or error
                self._note(f"MQTT: a mistake of ours, {type(error).__name__}; trying again")
                await asyncio.sleep(LONGEST_S)

    def _fate(self, line: str, fate: Fate, why: str) -> None:
        """Take note of what became of a line; people are told of changes only."""
        if fate == "taken_over":
            self.board.raised("taken_over", "another client connected with this hub's id")
        if line == "stop":
            if fate == "up":
                self.board.cleared("stop_line_lost")
            elif fate != "denied":
                self.board.raised("stop_line_lost", "stop over MQTT does not get through")
        said = _SAID[fate]
        if self._said.get(line) != said:
            self._said[line] = said
            what = "MQTT, the line for stop" if line == "stop" else "MQTT"
            self._note(f"{what}: {said.format(url=self._settings.shown, why=why)}")


_SAID: dict[Fate, str] = {
    "up": "connected to {url}",
    "lost": "lost {url} ({why}); trying again",
    "unreachable": "{url} does not answer ({why}); trying again",
    "taken_over": "another client has taken this hub's id at {url}; trying again later",
    "denied": "{url} forbids something: {why}",
}
