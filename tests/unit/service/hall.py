"""A hall: a service over massagers in memory, on virtual time, and what it says."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from devicehub.hub import Hub, Wanted
from devicehub.massagers.library import load_library
from devicehub.messages import Command, Event, SessionState, Snapshot
from devicehub.outside import Answer, Happening, Identity, Start, Vitals
from devicehub.radio.local import LocalConnector
from devicehub.service.desk import MANNEQUIN, Desk
from devicehub.service.ground import Order, Place
from devicehub.service.running import Running
from devicehub.service.service import Service
from devicehub.session.plan import Plan
from profiles import loader
from tests.people import hub_of
from tests.unit.radio.bench import CAPE, VEST, WAND, Bench, bench
from tests.unit.session.stage import STEADY

WHO = Identity("hub-1", "0badcafe", 0.0, "0")
SEAT, BED = "seat", "bed"
IDS = {SEAT: CAPE, BED: VEST, "wand": WAND}
GRACE_S = 30.0
ADDRESS = "C0:00:00:00:00:01"


class MemoryGround:
    """Sessions in memory; `gate` holds up whoever opens one."""

    def __init__(self, here: Bench) -> None:
        self.here = here
        self.gate = asyncio.Event()
        self.gate.set()
        self.heard: set[str] | Exception = set()
        self.looks = 0
        self.fails: Exception | None = None
        self.guided = False

    def check(self, order: Order) -> Plan:
        plan = Plan(loader.load_text(STEADY, "steady.toml"), ceiling=order.ceiling)
        zones = {one.id: one.zone for one in order.places if one.zone is not None}
        return replace(plan, minutes=order.minutes, zones=zones, guided=self.guided)

    @asynccontextmanager
    async def open(
        self,
        order: Order,
        plan: Plan,
        tell: Callable[[Event], None],
        ring: Callable[[Command], None],  # noqa: ARG002 - the mannequin answers for itself
    ) -> AsyncGenerator[Hub]:
        await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        wanted = [Wanted(one.id, self.here.sim.addresses[one.model]) for one in order.places]
        # The bench holds its handhelds somewhere; cues move those that are held nowhere yet.
        way = LocalConnector(self.here.air, load_library()) if self.guided else self.here.connector
        yield await hub_of(plan, wanted, way, tell)

    async def look(self, places: Sequence[Place]) -> Mapping[str, Place]:
        self.looks += 1
        await asyncio.sleep(4.0)
        if isinstance(self.heard, Exception):
            raise self.heard
        return {one.id: one for one in places if one.id in self.heard}

    def profiles(self) -> Sequence[str]:
        return ("steady", "taster")

    def named(self, person: str) -> str | None:
        return {"person-1": "Alex"}.get(person)


@dataclass(frozen=True, slots=True)
class Hall:
    """A service, and all that was heard of it."""

    here: Bench
    ground: MemoryGround
    service: Service
    desk: Desk
    heard: list[Happening] = field(default_factory=list[Happening])

    def place(self, id_: str = SEAT) -> Place:
        return self.service.places[id_]

    async def start(self, *ids: str, ceiling: float = 1.0, leased: bool = False) -> Answer:
        """Start a session on `ids`, or on the seat."""
        order = Order(tuple(map(self.place, ids or (SEAT,))), "steady", ceiling=ceiling)
        return await self.service.start(order, leased=leased)

    async def plays(self, *ids: str, leased: bool = False) -> Running:
        """Start a session and let it warm up."""
        answer = await self.start(*ids, leased=leased)
        assert answer.ok, answer
        await asyncio.sleep(12.0)
        running = self.service.session_of((ids or (SEAT,))[0])
        assert running is not None
        assert not self.still(running.devices[0])
        return running

    async def over(self) -> None:
        """Wait until no session runs."""
        while self.service.running:  # noqa: ASYNC110 - a test's own patience
            await asyncio.sleep(0.01)

    def still(self, id_: str = SEAT) -> bool:
        return self.here.still(IDS[id_])

    def names(self, device: str | None = None) -> list[str]:
        """Return the names of what happened, but for warnings."""
        heard = (one for one in self.heard if device is None or one.device == device)
        return [one.event.name for one in heard if one.event.name != "warning"]

    def said(self, name: str) -> list[str]:
        return [one.event.detail for one in self.heard if one.event.name == name]


def state(running: Running) -> SessionState:
    return now(running).state


def now(running: Running) -> Snapshot:
    snapshot = running.snapshot
    assert snapshot is not None
    return snapshot


def wish(device: str = SEAT, profile: str = "steady", person: str = MANNEQUIN) -> Start:
    return Start(device, profile, person, None, 1.0, leased=True)


@asynccontextmanager
async def hall(
    folder: Path,
    *ids: str,
    ceiling: float = 1.0,
    faults: Sequence[str] = (),
    guided: bool = False,
) -> AsyncGenerator[Hall]:
    """Serve the massagers `ids`, or the seat; everything is stopped at the end."""
    ids = ids or (SEAT,)
    async with bench(folder, [IDS[id_] for id_ in ids], faults) as here:
        ground = MemoryGround(here)
        ground.guided = guided
        held = "rhomboid" if not guided else None
        places = [
            Place(id_, f"DEV-{id_}", zone=held if id_ == "wand" else None, model=IDS[id_])
            for id_ in ids
        ]
        service = Service(
            places,
            ground,
            asyncio.get_running_loop().time,
            ceiling=ceiling,
            link_grace_s=GRACE_S,
        )
        made = Hall(here, ground, service, Desk(service, WHO, lambda: Vitals(1.0, 2.0)))
        service.record.listen(made.heard.append)
        try:
            yield made
        finally:
            await service.close("test")
