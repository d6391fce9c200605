"""The scene of a fault: a session on virtual time with one massager, which can be made to fail."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from devicehub.cli.accounts import mannequin
from devicehub.hub import Hub, Wanted
from devicehub.massagers.library import load_library
from devicehub.messages import Command, CommandKind, Event, SessionState, Summary
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.safety.limits import Limits, load
from devicehub.session.account import Account
from devicehub.session.plan import Plan
from devicehub.session.session import Session
from firmware_sim import SimulatedAir, simulate
from firmware_sim.clock import VirtualLoop
from firmware_sim.faults import parse
from firmware_sim.memory import simulate_in_memory
from profiles import loader
from tests.people import hub_of

CAPE, VEST, WAND = "reference-cape", "bhaptics-x40", "lovense-domi"
WAND_ZONE = "rhomboid"
STEADY = """
title = "Steady"
summary = "One level for a minute."
posture = "seated"
intent = "wellness"
[[phase]]
technique = "vibration"
zones = ["rhomboid", "paraspinal_lumbar"]
minutes = 1
level = 0.3
"""
WARM = STEADY.replace("minutes = 1", "minutes = 9")  # a pad may be on for ten minutes
# What somebody else left a latching massager with: characteristic, frame, whether it answers.
LEFT_RUNNING = {
    VEST: ("6e40000a-b5a3-f393-e0a9-e50e24dcca9e", b"\x22" * 20, True),
    WAND: ("57300002-0023-4bd4-bbd5-a6920e4c5653", b"Vibrate:5;", False),
}

POLL_S = 0.002
RESERVES_S = 8.0  # half of it is left when a ledger that refuses is noticed


def steady_limits() -> Limits:
    """Return the packaged limits without a warm-up, and with reservations that end soon."""
    limits = load()
    return replace(
        limits,
        session=replace(limits.session, warmup_s=0.001),
        daily=replace(limits.daily, reservation_s=RESERVES_S),
    )


class StandingLoop(VirtualLoop):
    """A loop that can stand still: time passes, and nothing turns."""

    stood_s = 0.0

    def time(self) -> float:
        return super().time() + self.stood_s


@dataclass
class Scene:
    """A session that is about to be struck."""

    model: str
    sim: SimulatedAir
    connector: LocalConnector
    tape: Path
    hub: Hub
    playing: asyncio.Task[Summary]
    account: Account
    slept_s: float = 0.0
    events: list[Event] = field(default_factory=list[Event])
    deaf: bool = False

    @property
    def device(self) -> Any:
        """The massager itself, to make it fail."""
        return self.sim.peripherals[self.model]

    def post(self, kind: CommandKind, source: str = "test") -> None:
        self.hub.post(Command(kind, source))

    def hear(self, event: Event) -> None:
        self.events.append(event)
        if self.deaf:
            raise ZeroDivisionError

    async def session(self) -> Session | None:
        """Wait for the session to begin; None if it ends before."""
        await self._until(lambda: self.hub.session is not None)
        return self.hub.session

    async def linked(self) -> None:
        """Wait until the massager sees the hub."""
        await self._until(lambda: '"connected"' in self.tape.read_text("ascii"))

    @property
    def lives(self) -> bool:
        """Whether the session would go on if nobody stopped it."""
        snapshot = self.hub.snapshot()
        return snapshot is None or snapshot.state in (SessionState.PLAYING, SessionState.PAUSED)

    async def ended_within(self, seconds: float) -> bool:
        """Let time pass; return whether the session has ended."""
        await asyncio.wait((self.playing,), timeout=seconds)
        return self.playing.done()

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not self.playing.done() and not condition():  # noqa: ASYNC110 - a look costs no time
            await asyncio.sleep(POLL_S)


Strike = Callable[[Scene], Awaitable[None]]


@asynccontextmanager
async def scene_of(
    model: str, tape: Path, faults: list[str], *, bumble: bool, heat: bool = False
) -> AsyncGenerator[Scene]:
    """Begin a session; `faults` strike as soon as its massager is connected."""
    make = simulate if bumble else simulate_in_memory
    async with make([model], tapes={model: tape}, faults=[parse(one) for one in faults]) as sim:
        if model in LEFT_RUNNING:
            char, data, response = LEFT_RUNNING[model]
            sim.peripherals[model].mount.write(char, data, response=response)
        air = Air("simulated", sim.scanner, sim.client, sim.options, simulated=True)
        connector = LocalConnector(air, load_library())
        profile = loader.load_text(WARM if heat else STEADY, "steady")
        plan = Plan(profile, WAND_ZONE if model == WAND else None, heat=heat)
        wanted = [Wanted(model, sim.addresses[model])]

        def hear(event: Event) -> None:
            scene.hear(event)

        clock = asyncio.get_running_loop().time
        account = await mannequin(steady_limits(), clock)
        hub = await hub_of(plan, wanted, connector, hear, account=account)
        setattr(hub, "_boot_clock", lambda: clock() + scene.slept_s)  # noqa: B010 - nobody else may
        playing = asyncio.create_task(hub.run())
        scene = Scene(model, sim, connector, tape, hub, playing, account)
        yield scene
