"""A stage: one session in memory, on virtual time, watched by its events and its tapes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from devicehub.hub import Hub, Wanted
from devicehub.massagers.library import load_library
from devicehub.messages import Command, CommandKind, Event, Snapshot, Summary
from devicehub.radio.local import LocalConnector
from devicehub.session.account import Account
from devicehub.session.plan import Plan
from devicehub.session.session import Session
from profiles import loader
from tests.people import hub_of
from tests.unit.radio.bench import CAPE, Bench, bench

STEADY = """
title = "Steady"
summary = "One level for two minutes."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = ["rhomboid", "paraspinal_lumbar"]
minutes = 1
level = 0.3
[[phase]]
technique = "vibration"
zones = ["rhomboid"]
minutes = 1
level = 0.3
cue = "Let the shoulders drop."
"""
LONG = STEADY.replace("minutes = 1", "minutes = 5")
LENGTH_S = 120.0
WARM_S = 10.0  # after so long the soft start is over
GENTLE_S = 30.0  # after so long the warm-up is over, a fifth of the session


@dataclass(frozen=True, slots=True)
class Stage:
    """A session that plays."""

    here: Bench
    hub: Hub
    events: list[Event]
    playing: asyncio.Task[Summary]

    @property
    def session(self) -> Session:
        if self.hub.session is None:
            raise AssertionError("the session has not begun")
        return self.hub.session

    def post(self, kind: CommandKind) -> None:
        self.hub.post(Command(kind, "test"))

    async def after(self, seconds: float, kind: CommandKind) -> None:
        """Let time pass, post, and let the loop take it."""
        await asyncio.sleep(seconds)
        self.post(kind)
        await asyncio.sleep(0.01)

    def snapshot(self) -> Snapshot:
        snapshot = self.hub.snapshot()
        if snapshot is None:
            raise AssertionError("the session has not begun")
        return snapshot

    def said(self, name: str) -> list[str]:
        """Return the details of the events of a name."""
        return [event.detail for event in self.events if event.name == name]

    def strongest(self, model: str = CAPE) -> int:
        """Return the highest step that a motor is driven at."""
        return max(self.here.levels(model))

    async def ended(self) -> Summary:
        """Wait for the end and return what is left."""
        return await self.playing


@asynccontextmanager
async def stage(  # noqa: PLR0913 - one parameter for each thing that a test may want otherwise
    folder: Path,
    models: Sequence[str] = (CAPE,),
    *,
    ceiling: float = 1.0,
    account: Account | None = None,
    profile: str = STEADY,
    alone: bool = False,
    waits: bool = True,
    heat: bool = False,
    guided: bool = False,
    on_event: Callable[[Hub, Event], None] | None = None,
) -> AsyncGenerator[Stage]:
    """Begin a session and wait until it plays; it is stopped at the end, if it has not ended."""
    async with bench(folder, models) as here:
        events: list[Event] = []
        begun = asyncio.Event()

        def hear(event: Event) -> None:
            events.append(event)
            if event.name == "started":
                begun.set()
            if on_event is not None:
                on_event(hub, event)

        wanted = [Wanted(model, here.sim.addresses[model]) for model in models]
        wish = loader.load_text(profile, "steady.toml")
        plan = Plan(wish, ceiling=ceiling, heat=heat, guided=guided)
        # The bench holds its handhelds somewhere; cues move those that are held nowhere yet.
        way = LocalConnector(here.air, load_library()) if guided else here.connector
        hub = await hub_of(plan, wanted, way, hear, account=account, alone=alone)
        playing = asyncio.create_task(hub.run())
        beginning = asyncio.create_task(begun.wait())
        if waits:
            await asyncio.wait((playing, beginning), return_when=asyncio.FIRST_COMPLETED)
        beginning.cancel()
        try:
            yield Stage(here, hub, events, playing)
        finally:
            hub.post(Command(CommandKind.STOP, "test"))
            await asyncio.wait((playing,))
