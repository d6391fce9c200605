"""Many hubs on one mosquitto, recorded over shared subscriptions: nothing lost, a hub's cost.

    python benchmarks/fleet.py [HUBS]...

Each hub is the real publisher over both of its connections; only its session is made up. Every
second it has an event (QoS 1, numbered) and tells its progress twice. Two recorders share the
stream; together they have to have every event once and every progress message. Costs are CPU time,
so a busy machine changes them little; the growth from the smallest fleet to the largest is a ratio.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt

sys.path.insert(0, str(Path(__file__).parents[1]))

from devicehub.messages import (
    ActuatorView,
    DeviceView,
    EndReason,
    Event,
    SessionState,
    Snapshot,
    Summary,
)
from devicehub.outside import (
    Alert,
    Answer,
    DeviceCard,
    Happening,
    Identity,
    SessionNow,
    Severity,
    Vitals,
    Wish,
)
from devicehub.publish.publisher import Publisher
from devicehub.publish.settings import MqttSettings
from tests.broker import Broker, broker

FLEETS = (50, 500)
PLAYS_S = 20
PROGRESS_HZ = 2.0
MOTORS = 12
GROUP = "$share/rec/devicehub/v1/+/+"
END = "bench/end"
QUIET_S = 2.0
# Growth of the cost of a hub from the smallest fleet to the largest: linear is 1, with room for a
# broker that has more to look through.
GROWTH_GOAL = 1.25
CORES = os.cpu_count() or 1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Seat:
    """A hub with one massager that plays."""

    name: str
    identity: Identity = field(init=False)
    ended: bool = False
    seq: int = 0
    begun_s: float = field(default_factory=time.monotonic)
    hear: Callable[[Happening], None] = lambda _: None

    def __post_init__(self) -> None:
        self.identity = Identity(self.name, "0badcafe", 0.0, "0")

    def cards(self) -> Sequence[DeviceCard]:
        return [DeviceCard("seat-1", "reference-cape", MOTORS, "connected", "", 80)]

    def sessions(self) -> Sequence[SessionNow]:
        played_s = time.monotonic() - self.begun_s
        view = ActuatorView(0.5, 0.5, 0.6, None)
        device = DeviceView("seat-1", "reference-cape", "connected", True, 80, (view,) * MOTORS)
        now = Snapshot(
            *(SessionState.PLAYING, "Whole back", played_s, 900.0 - played_s, 0, 5, "stroking"),
            *(("paraspinal_lumbar",), "Let it carry you.", 1.0, None, (device,)),
        )
        end = Summary(EndReason.COMPLETED, "", "Whole back", played_s, (), (), ())
        summary = end if self.ended else None
        return [
            SessionNow(
                *("s-1", ("seat-1",), "whole-back", "local", 0.0, 900.0, 1.0, (), now, summary)
            )
        ]

    def happens(self) -> None:
        self.seq += 1
        event = Event(self.seq, "phase", "seat-1", "kneading")
        self.hear(Happening(self.seq, time.monotonic(), "s-1", "seat-1", Severity.INFO, event))

    def listen(self, hear: Callable[[Happening], None]) -> Callable[[], None]:
        self.hear = hear
        return lambda: None

    def profiles(self) -> Sequence[str]:
        return ["whole-back"]

    def alerts(self) -> Sequence[Alert]:
        return []

    def vitals(self) -> Vitals:
        return Vitals(0.0, 0.0)

    def since(self, seq: int) -> Sequence[Happening]:
        del seq
        return []

    def stop(self, device: str | None, source: str) -> None:
        del device, source

    async def ask(self, wish: Wish, source: str) -> Answer:
        del wish, source
        return Answer(ok=False, code="failed")

    def renew_lease(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fleet: what was sent and recorded, and the CPU that a hub took of a core."""

    hubs: int
    sent: int
    recorded: int
    lost: int
    twice: int
    rate_hz: float
    hub_percent: float
    broker_percent: float
    broker_mib: float


def broker_cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def broker_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def running(here: Broker) -> subprocess.Popen[bytes]:
    if here.process is None:
        raise RuntimeError("the broker does not run")
    return here.process


async def fleet(here: Broker, hubs: int) -> Outcome:
    """Let a fleet play, spread over the cores, and return what became of it."""
    process = running(here)
    recorder = await started("--record", str(here.port))
    share = -(-hubs // CORES)
    firsts = range(0, hubs, share)
    sizes = [min(share, hubs - first) for first in firsts]
    workers = [
        await started("--play", str(here.port), str(first), str(size))
        for first, size in zip(firsts, sizes, strict=True)
    ]
    before_s, wall_s = broker_cpu_s(process.pid), time.monotonic()
    told = [json.loads(await line_of(worker)) for worker in workers]
    wall_s, theirs_s = time.monotonic() - wall_s, broker_cpu_s(process.pid) - before_s
    mib = broker_mib(process.pid)
    async with aiomqtt.Client("127.0.0.1", here.port) as guest:
        await guest.publish(END, b"", qos=1)
    got = json.loads(await line_of(recorder))
    for each in (recorder, *workers):
        await each.wait()
    sent = sum(one["sent"] for one in told)
    recorded = got["progress"] + got["events"]
    return Outcome(
        *(hubs, sent, recorded, sent - recorded, got["twice"], sent / PLAYS_S),
        100 * sum(one["cpu_s"] for one in told) / PLAYS_S / hubs,
        100 * theirs_s / wall_s,
        mib,
    )


async def started(*words: str) -> asyncio.subprocess.Process:
    """Start a process of this file, and wait until it is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, *words), stdout=subprocess.PIPE
    )
    await line_of(process)
    return process


async def line_of(process: asyncio.subprocess.Process) -> bytes:
    if process.stdout is None:
        raise RuntimeError("the process has no output")
    return await process.stdout.readline()


async def play(port: int, first: int, count: int) -> None:
    """Be some of the hubs; print what they sent and the CPU that it took."""
    seats = [Seat(f"hub-{first + number}") for number in range(count)]
    settings = MqttSettings(url=f"mqtt://127.0.0.1:{port}", protocol="5", progress_hz=PROGRESS_HZ)
    publishers = [Publisher(seat, settings) for seat in seats]
    told = [counted(publisher) for publisher in publishers]
    for publisher in publishers:
        await publisher.__aenter__()
    await until(lambda: all(publisher.online for publisher in publishers))
    print("ready", flush=True)
    cpu_s = time.process_time()
    for _ in range(PLAYS_S):
        for seat in seats:
            seat.happens()
        await asyncio.sleep(1.0)
    cpu_s = time.process_time() - cpu_s
    for seat in seats:
        seat.ended = True
    await until(lambda: all(not publisher.board.outbox for publisher in publishers))
    await asyncio.sleep(QUIET_S)
    sent = sum(count[0] for count in told) + sum(seat.seq for seat in seats)
    print(json.dumps({"sent": sent, "cpu_s": cpu_s}), flush=True)
    for publisher in publishers:
        await publisher.__aexit__(None, None, None)


def counted(publisher: Publisher) -> list[int]:
    """Let progress be counted as it is handed to the line."""
    count, tell = [0], publisher.board.progress

    def telling() -> list[object]:
        messages = tell()
        count[0] += len(messages)
        return list(messages)

    publisher.board.progress = telling  # pyright: ignore[reportAttributeAccessIssue]
    return count


async def until(what: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 120.0
    while not what():
        if time.monotonic() > end_s:
            raise TimeoutError("the fleet does not stand after two minutes")
        await asyncio.sleep(0.05)


async def record(port: int) -> None:
    """Be both recorders until the end is told; print what they got."""
    got = {"progress": 0, "events": 0, "twice": 0}
    seen: set[tuple[str, int]] = set()
    over = asyncio.Event()

    async def one(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            topic = message.topic.value
            if topic == END:
                over.set()
            elif "/event/" in topic:
                said = json.loads(bytes(message.payload))
                key = (topic.split("/")[3], said["seq"])
                got["twice" if key in seen else "events"] += 1
                seen.add(key)
            else:
                got["progress"] += 1

    async with aiomqtt.Client("127.0.0.1", port) as first, aiomqtt.Client("127.0.0.1", port) as two:
        for client in (first, two):
            await client.subscribe(f"{GROUP}/event/#", qos=1)
            await client.subscribe(f"{GROUP}/device/+/progress", qos=0)
        await first.subscribe(END, qos=1)
        tasks = [asyncio.create_task(one(client)) for client in (first, two)]
        print("ready", flush=True)
        await over.wait()
        await asyncio.sleep(QUIET_S)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    print(json.dumps(got), flush=True)


def main(fleets: Sequence[int]) -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    print(f"{'hubs':>6}{'sent':>9}{'lost':>6}{'twice':>7}{'/s':>8}", end="")
    print(f"{'a hub, % of a core':>20}{'broker, %':>11}{'MiB':>7}")
    outcomes: list[Outcome] = []
    for hubs in fleets:
        with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as here:
            one = asyncio.run(fleet(here, hubs))
        print(f"{one.hubs:6}{one.sent:9}{one.lost:6}{one.twice:7}{one.rate_hz:8.0f}", end="")
        print(f"{one.hub_percent:20.3f}{one.broker_percent:11.2f}{one.broker_mib:7.1f}", flush=True)
        outcomes.append(one)
    growth = outcomes[-1].hub_percent / outcomes[0].hub_percent
    each = [one.broker_percent / one.hubs for one in (outcomes[0], outcomes[-1])]
    print(f"a hub costs {growth:.2f} times as much in the largest fleet (goal {GROWTH_GOAL}),")
    print(f"and the broker {each[1] / each[0]:.2f} times as much a hub")
    kept = growth <= GROWTH_GOAL and not any(one.lost or one.twice for one in outcomes)
    return 0 if kept else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--record"]:
        asyncio.run(record(int(sys.argv[2])))
        sys.exit(0)
    if sys.argv[1:2] == ["--play"]:
        asyncio.run(play(*map(int, sys.argv[2:5])))
        sys.exit(0)
    sys.exit(main([int(word) for word in sys.argv[1:]] or FLEETS))
