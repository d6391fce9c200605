"""A session that is published through a real broker, and others who listen and ask."""

import asyncio
import json
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiomqtt
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from devicehub.hub import Hub, Wanted
from devicehub.messages import Event, Summary
from devicehub.opaque import opaque
from devicehub.outside import Answer, Identity, Select, Start, Wish
from devicehub.publish.doorman import Clocks
from devicehub.publish.publisher import Publisher
from devicehub.publish.settings import MqttSettings
from devicehub.publish.solo import Piece, Solo
from devicehub.session.loop import BEAT_S
from devicehub.session.plan import Plan
from profiles import loader
from tests.broker import Broker
from tests.patience import PATIENCE_S
from tests.patience import until as wait_until
from tests.patience import until_then as until
from tests.people import hub_of
from tests.unit.radio.bench import CAPE, Bench, bench
from tests.unit.session.stage import LONG

HUB, ROOT = "hub-1", "devicehub/v1/home/hub-1"
SECRET = b"s" * 32
DEVICE = opaque(SECRET, CAPE, "Alex's cape")
PROTOCOLS = ("5", "3.1.1")
VERSIONS = {"5": aiomqtt.ProtocolVersion.V5, "3.1.1": aiomqtt.ProtocolVersion.V311}


NOW_S = time.time()  # noqa: TID251 - what a command's freshness is about
STANDING = Clocks(lambda: NOW_S, lambda: 0.0)
"""A hub's clocks that stand still: however busy the machine, no command grows old on its way."""


def stamp(at_s: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a stranger got it."""

    topic: str
    payload: bytes
    retained: bool
    correlation: bytes | None = None

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.payload)


@dataclass
class Listener:
    """Somebody at the broker who hears what they subscribed to, and may ask."""

    client: aiomqtt.Client
    version: str
    heard: list[Said] = field(default_factory=list[Said])

    def about(self, path: str) -> list[dict[str, Any]]:
        """Return what was said at a topic of our hub, in order."""
        return [m.body for m in self.heard if m.topic == f"{ROOT}/{path}" and m.payload]

    def events(self) -> list[dict[str, Any]]:
        return [m.body for m in self.heard if m.topic.startswith(f"{ROOT}/event/")]

    async def send(
        self, path: str, payload: object = b"", *, retain: bool = False, **v5: Any
    ) -> None:
        """Send a command, or anything."""
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        properties = None
        if v5 and self.version == "5":
            properties = Properties(PacketTypes.PUBLISH)
            for name, value in v5.items():
                setattr(properties, name, value)
        topic = path if path.startswith("devicehub/") else f"{ROOT}/{path}"
        await self.client.publish(topic, data, qos=1, retain=retain, properties=properties)

    async def ask(self, command: str, **keys: object) -> dict[str, Any]:
        """Send a command with an id of its own and return its answer."""
        id_ = keys.setdefault("id", uuid.uuid4().hex)
        await self.send(f"cmd/{command}", keys)
        return await self.answer(str(id_))

    async def answer(self, id_: str, nth: int = 0) -> dict[str, Any]:
        def answers() -> list[dict[str, Any]]:
            return [body for body in self.about("reply") if body["id"] == id_]

        await until(lambda: len(answers()) > nth, f"no answer to {id_}")
        return answers()[nth]

    async def caught_up(self) -> None:
        """Wait until all has been heard that the broker had for us: what we say last comes last."""
        mark = f"{ROOT}/mark/{uuid.uuid4().hex}"
        await self.client.publish(mark, b"", qos=1)
        await until(lambda: any(m.topic == mark for m in self.heard), "the mark does not come")
        self.heard[:] = [m for m in self.heard if m.topic != mark]

    async def until_said(self, path: str, **keys: object) -> dict[str, Any]:
        """Wait until a topic of our hub says these keys; return the whole of it."""

        def found() -> list[dict[str, Any]]:
            return [b for b in self.about(path) if all(b.get(k) == v for k, v in keys.items())]

        await until(found, f"{path} never said {keys}")
        return found()[-1]


def fresh(**keys: object) -> dict[str, object]:
    """Return a command that was made now, by the standing clocks, and holds for five seconds."""
    return {"id": uuid.uuid4().hex, "ts": stamp(NOW_S), "ttl_s": 5.0, **keys}


START = {"device": DEVICE, "profile": "steady", "person": "person-1"}


@asynccontextmanager
async def listener(
    port: int, *topics: str, protocol: str = "5", **settings: Any
) -> AsyncGenerator[Listener]:
    """Yield somebody who listens, to everything where no topics are named."""
    async with aiomqtt.Client(
        "127.0.0.1",
        port,
        protocol=VERSIONS[protocol],
        timeout=PATIENCE_S,
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        **settings,
    ) as client:
        client.pending_calls_threshold = 1_000_000
        who = Listener(client, protocol)

        async def listen() -> None:
            try:
                async for message in client.messages:
                    echoed = getattr(message.properties, "CorrelationData", None)
                    who.heard.append(
                        Said(message.topic.value, bytes(message.payload), message.retain, echoed)
                    )
            except aiomqtt.MqttError:
                return

        listening = asyncio.create_task(listen())
        for topic in topics or ("devicehub/#",):
            await client.subscribe(topic, qos=1)
        try:
            yield who
        finally:
            listening.cancel()
            await asyncio.wait((listening,))


class Startable(Solo):
    """One session that can be started from afar, and again never: enough to see who may."""

    def __init__(self, hub: Hub, *, identity: Identity, piece: Piece, wall: Clocks) -> None:
        super().__init__(identity, piece, {CAPE: DEVICE}, wall.wall_s)
        self.hub = hub
        self.wishes: list[Wish] = []
        self.leases = 0
        self.stops: list[str | None] = []
        self.playing: asyncio.Task[Summary] | None = None
        self.on_stop: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Play."""
        self.plays(self.hub)
        self.playing = asyncio.create_task(self.hub.run())
        self.playing.add_done_callback(self._over)

    def count_beats(self) -> Callable[[], int]:
        """Count the beats of the core loop from here on."""
        session = self.hub.session
        if session is None:
            raise AssertionError("nothing plays")
        counted, notice = [0], session.notice_person

        def counting(now_s: float) -> None:
            counted[0] += 1
            notice(now_s)

        session.notice_person = counting
        return lambda: counted[0]

    def _over(self, playing: "asyncio.Task[Summary]") -> None:
        self.ended(playing.result())

    async def ask(self, wish: Wish, source: str) -> Answer:
        self.wishes.append(wish)
        if isinstance(wish, Start):
            self.begin()
            return Answer(ok=True, code="ok")
        if isinstance(wish, Select):
            return Answer(ok=True, code="ok")
        return await super().ask(wish, source)

    def stop(self, device: str | None, source: str) -> None:
        self.stops.append(device)
        self.on_stop()
        super().stop(device, source)

    def renew_lease(self) -> None:
        self.leases += 1

    def sessions(self) -> Any:
        return super().sessions() if self.playing is not None else []


@dataclass(frozen=True, slots=True)
class Stage:
    """A hub, its massager, and its publisher."""

    here: Bench
    port: Startable
    publisher: Publisher
    notes: list[str]

    @property
    def moved(self) -> bool:
        """Whether a motor was ever driven."""
        return any(move.level for move in self.here.tape().moves)

    async def until_moving(self) -> None:
        await until(lambda: not self.here.still(), "nothing moves")


@asynccontextmanager
async def stage(
    folder: Path,
    url: str,
    *,
    plays: bool = False,
    clocks: Clocks = STANDING,
    profile: str = LONG,
    boot: str = "0badcafe",
    **settings: Any,
) -> AsyncGenerator[Stage]:
    """Publish a cape on which nothing plays, or a long session does."""
    notes: list[str] = []
    ears: list[Solo] = []
    async with bench(folder) as here:
        plan = Plan(loader.load_text(profile, "steady.toml"))
        wanted = [Wanted(CAPE, here.sim.addresses[CAPE])]

        def hear(event: Event) -> None:
            ears[0].hear(event)

        hub = await hub_of(plan, wanted, here.connector, hear)
        identity = Identity(HUB, boot, clocks.wall_s(), "0.0")
        piece = Piece("session-1", "steady", 60.0, 1.0)
        port = Startable(hub, identity=identity, piece=piece, wall=clocks)
        ears.append(port)
        asked = MqttSettings.model_validate({"url": url, "hub": HUB} | settings)
        async with Publisher(port, asked, notes.append, clocks) as publisher:
            if plays:
                port.begin()
            try:
                yield Stage(here, port, publisher, notes)
            finally:
                port.stop(None, "test")
                if port.playing is not None:
                    await asyncio.wait((port.playing,))


def retained(messages: Iterable[Said]) -> dict[str, bytes]:
    """Return what the broker keeps, by topic below our hub."""
    return {m.topic.removeprefix(f"{ROOT}/"): m.payload for m in messages if m.retained}


@asynccontextmanager
async def metronome() -> AsyncGenerator[Callable[[], int]]:
    """Beat in the same loop as a session does: on absolute deadlines, without what was missed."""
    clock, beaten = asyncio.get_running_loop().time, [0]

    async def beat() -> None:
        started_s, number = clock(), 1
        while True:
            await asyncio.sleep(started_s + number * BEAT_S - clock())
            number = max(number, int((clock() - started_s) / BEAT_S)) + 1
            beaten[0] += 1

    beating = asyncio.create_task(beat())
    try:
        yield lambda: beaten[0]
    finally:
        beating.cancel()
        await asyncio.wait((beating,))


@contextmanager
def read_by_a_process(here: Broker, file: Path) -> Generator[Callable[[], list[Said]]]:
    """Let a process of its own listen to our hub; it does before any of our tasks goes on."""
    topic = f"{ROOT}/#"
    command = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(here.port), "-i", "reader", "-q", "1"]
    with (
        file.open("wb") as sink,
        subprocess.Popen([*command, "-t", topic, "-F", "%r %t %p"], stdout=sink) as process,
    ):
        try:
            wait_until(lambda: f"reader 1 {topic}" in here.log(), "nobody reads")
            yield lambda: [_read(line) for line in file.read_bytes().split(b"\n")[:-1]]
        finally:
            process.kill()


def _read(line: bytes) -> Said:
    retained, topic, payload = line.split(b" ", 2)
    return Said(topic.decode(), payload, retained == b"1")


@contextmanager
def piped(port: int, topic: str, lines: bytes) -> Generator[None]:
    """Let a process of its own publish lines as fast as it can."""
    command = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), "-t", topic, "-l", "-q", "1"]
    with tempfile.TemporaryFile() as file:
        file.write(lines)
        file.seek(0)
        with subprocess.Popen(command, stdin=file) as process:
            try:
                yield
            finally:
                process.kill()


def publish_now(port: int, *messages: tuple[str, bytes]) -> None:
    """Publish topics and payloads in order; the broker has them all before our loop goes on."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(0)  # no end: none waits for the answer to another
    client.max_queued_messages_set(0)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        for sent in [client.publish(topic, payload, qos=1) for topic, payload in messages]:
            sent.wait_for_publish(PATIENCE_S)
            assert sent.is_published()
        client.disconnect()
    finally:
        client.loop_stop()
