"""A massager in memory, a hub and a person, moved step by step on virtual time."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from devicehub.errors import RadioError
from devicehub.hub import Hub, Wanted
from devicehub.massagers.library import load_library
from devicehub.messages import Command, CommandKind, Event, Summary
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.safety.limits import Limits, parse
from devicehub.session.plan import Plan
from firmware_sim.faults import parse as fault
from firmware_sim.faults import schedule
from firmware_sim.memory import simulate_in_memory
from profiles import loader
from profiles.score import Demand
from tests.integration.fault_scene import WAND, WAND_ZONE, StandingLoop
from tests.integration.fault_strikes import NotANumber
from tests.limits import ZONES_FILE
from tests.people import hub_of

FASTER = {
    "max_continuous_s": 1 / 20,
    "min_rest_s": 1 / 20,
    "max_session_s": 1 / 60,
    "max_daily_s": 1 / 60,
    "max_rise_per_s": 5.0,
}
"""What the numbers of a zone are multiplied with, so that a walk of seconds meets each of them."""
FIND_S = 5.0
TRIES = 5
STEADY_S = 4.0
FLICKERS_HZ = 5.0

GREEDY = """
title = "Greedy"
summary = "All that there is, everywhere, for as long as one lets it."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "stroking"
zones = ["paraspinal_lumbar", "paraspinal_thoracic", "trapezius_mid_low"]
minutes = 0.1
level = 1.0
[[phase]]
technique = "vibration"
zones = ["rhomboid", "paraspinal_thoracic", "spine_thoracic", "paraspinal_lumbar"]
minutes = 0.4
level = 1.0
"""

T = TypeVar("T")


class Flickering(NotANumber):
    """A score that asks for all there is, and for nothing, in turn: faster than any pattern may."""

    def at(self, t_s: float) -> Demand:
        demand = self.whole.at(t_s)
        on = t_s < STEADY_S or int(t_s * FLICKERS_HZ * 2) % 2
        return Demand((1.0 if on else 0.0,) * len(demand.levels), demand.passage)


def hurried() -> dict[str, Any]:
    """Return the table of limits, with limits of time that are a matter of seconds."""
    table: dict[str, Any] = json.loads(ZONES_FILE.read_text(encoding="utf-8"))
    for zone in table["zones"]:
        for caps in zone["caps"].values():
            caps.update({name: caps[name] * by for name, by in FASTER.items()})
    session = table["session"]
    session["warmup"]["min_s"] = session["cooldown_s"] = 1.0
    return table


TABLE = hurried()
LIMITS: Limits = parse(json.dumps(TABLE), "the hurried table")


class Stage:
    """What the steps act on; `heard` has what the hub said, and when."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.heard: list[tuple[float, Event]] = []
        self.begun_s: list[float] = []
        self.disturbed_s: list[float] = []
        self._folder = tempfile.TemporaryDirectory(prefix="dh-")
        self._runner = asyncio.Runner(loop_factory=StandingLoop)
        self._stack = AsyncExitStack()
        self.do(self._open())

    def do(self, step: Coroutine[Any, Any, T]) -> T:
        """Let the loop turn until `step` is done."""
        return self._runner.run(step)

    def passes(self, seconds: float) -> None:
        """Let time pass."""
        self.do(asyncio.sleep(seconds))

    def stands_still(self, seconds: float) -> None:
        """Let time pass in which the loop does not turn."""
        loop = self._runner.get_loop()
        assert isinstance(loop, StandingLoop)
        self.disturbed_s.append(self.now_s)
        loop.stood_s += seconds
        self.passes(0.0)

    @property
    def now_s(self) -> float:
        return self._runner.get_loop().time()

    @property
    def lives(self) -> bool:
        """Whether there is a session that nobody has ended."""
        return not self.playing.done()

    @property
    def is_linked(self) -> bool:
        """Whether the hub has a link to the massager that was not lost."""
        session = self.hub.session
        return session is not None and not session.decks[0].lost

    def begins(self) -> None:
        """Begin a session."""
        self.do(self._begin())

    def posts(self, kind: CommandKind) -> None:
        """Say something to the hub."""

        async def post() -> None:
            self.hub.post(Command(kind, "a person"))

        self.do(post())

    def is_cancelled(self) -> None:
        """Cancel the session, twice."""

        async def cancel() -> None:
            self.playing.cancel()
            await asyncio.sleep(0.03)
            self.playing.cancel()

        self.do(cancel())

    def strikes(self, words: str) -> None:
        """Let something go wrong with the massager, in the words of `firmware_sim.faults`."""

        self.disturbed_s.append(self.now_s)

        async def strike() -> None:
            schedule([fault(words)], self.device, asyncio.get_running_loop().call_later)

        self.do(strike())

    @property
    def device(self) -> Any:
        return self._sim.peripherals[self.model]

    def lines(self) -> list[str]:
        """Return the tape so far, line by line."""
        return self._tape.read_text(encoding="utf-8").splitlines()

    def close(self) -> None:
        """End what lives, have somebody stop the massager, and let go of everything."""
        try:
            self.do(self._end())
        finally:
            self.do(self._stack.aclose())
            self._runner.close()

    def forget(self) -> None:
        """Remove the tape."""
        self._folder.cleanup()

    async def _open(self) -> None:
        self._tape = Path(self._folder.name) / "tape.jsonl"
        make = simulate_in_memory([self.model], {self.model: self._tape})
        self._sim = await self._stack.enter_async_context(make)
        await self._begin()

    async def _begin(self) -> None:
        sim = self._sim
        self._air = Air("memory", sim.scanner, sim.client, sim.options, simulated=True)
        held_at = WAND_ZONE if self.model == WAND else None
        plan = Plan(loader.load_text(GREEDY, "greedy"), held_at)
        self._address = sim.addresses[self.model]
        wanted = [Wanted(self.model, self._address)]
        self.begun_s.append(asyncio.get_running_loop().time())
        connector = LocalConnector(self._air, load_library())
        self.hub: Hub = await hub_of(plan, wanted, connector, self._hear, limits=LIMITS, alone=True)
        self.playing: asyncio.Task[Summary] = asyncio.create_task(self.hub.run())
        self.playing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.sleep(0.12)
        for deck in self.hub.session.decks if self.hub.session is not None else ():
            deck.score = Flickering(deck.score)

    def _hear(self, event: Event) -> None:
        self.heard.append((asyncio.get_running_loop().time(), event))

    async def _end(self) -> None:
        self.hub.post(Command(CommandKind.STOP, "the end"))
        await asyncio.wait((self.playing,))
        for timer in self.device._timers:
            timer.cancel()
        self.device.power_on()
        self.device.recover()
        self.device.come_back()
        await _stopped_by_the_next(LocalConnector(self._air, load_library()), self._address)


async def _stopped_by_the_next(connector: LocalConnector, address: str) -> None:
    """Connect and let go; what still refuses writes refuses a few."""
    for _ in range(TRIES):
        with contextlib.suppress(RadioError):
            await (await connector.connect(address, FIND_S)).close()
            return
    raise AssertionError("the massager cannot be stopped")
