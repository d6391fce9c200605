"""What MQTT costs: per published message, and until a stop acts, with and without a flood.

Ratios to an anchor of the same run: a message through the hub's publisher against the same bytes
through bare aiomqtt; a stop behind 20,000 commands against a stop on a quiet line. The absolute
numbers are this machine's, under its load of the moment. A real mosquitto has to be installed.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import aiomqtt
from measure import Cell, table

sys.path.insert(0, str(Path(__file__).parents[1]))

from devicehub.publish.line import Outgoing
from tests.broker import Broker, broker
from tests.integration.mqtt_stage import ROOT, Stage, listener, piped, stage, until

MESSAGES = 500
ROUNDS = 5
STOPS = 100
FLOOD = 20_000
BYTES = 680  # of one progress message


async def cpu_us(act: Callable[[], Awaitable[object]]) -> float:
    """Return CPU microseconds a message."""
    begun_s = time.process_time()
    for _ in range(MESSAGES):
        await act()
    return (time.process_time() - begun_s) / MESSAGES * 1e6


async def costs(here: Broker, show: Stage, qos: int, goal: float) -> Cell:
    """Measure one message through our line against one through bare aiomqtt."""
    line = show.publisher.line
    if line is None:
        raise RuntimeError("the line does not stand")
    message = Outgoing(f"{ROOT}/device/bench/progress", b"x" * BYTES, qos, expiry_s=5)
    async with aiomqtt.Client("127.0.0.1", here.port, protocol=aiomqtt.ProtocolVersion.V5) as bare:

        def ours() -> Awaitable[None]:
            return line.publish(message)

        def theirs() -> Awaitable[None]:
            return bare.publish("bench/bare", message.payload, qos=qos)

        rounds = [(await cpu_us(ours), await cpu_us(theirs)) for _ in range(ROUNDS)]
    ours_us, theirs_us = (median(side) for side in zip(*rounds, strict=True))
    ratio = median(a / b for a, b in rounds)
    return Cell(f"a message, QoS {qos} / bare aiomqtt", "us", ours_us, theirs_us, ratio, goal)


async def stop_ms(here: Broker, show: Stage) -> list[float]:
    """Return how long each of many stops took from being sent to being acted on."""
    took: list[float] = []
    async with listener(here.port, "bench/nothing") as guest:
        for _ in range(STOPS):
            acted = asyncio.Event()
            show.port.on_stop = acted.set
            begun_s = time.perf_counter()
            sending = asyncio.create_task(guest.send("cmd/stop", b""))
            await acted.wait()
            took.append((time.perf_counter() - begun_s) * 1e3)
            await sending
    return sorted(took)


async def flooded(here: Broker, show: Stage) -> list[float]:
    """Return the same while 20,000 commands wait."""
    before = show.publisher.commands
    with piped(here.port, f"{ROOT}/cmd/ceiling", (b"junk" * 20 + b"\n") * FLOOD):
        await until(lambda: show.publisher.commands > before + FLOOD // 100, "no flood")
        took = await stop_ms(here, show)
        await until(lambda: show.publisher.commands >= before + FLOOD, "the flood is not over")
    return took


async def cells() -> list[Cell]:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as folder, broker(Path(folder)) as here:
        async with stage(Path(folder), here.url, protocol="5") as show:
            await until(lambda: show.publisher.online and show.port.leases, "not online")
            measured = [await costs(here, show, qos, goal) for qos, goal in ((0, 2.0), (1, 2.0))]
            quiet, loud = await stop_ms(here, show), await flooded(here, show)
    for name, at in (("median", STOPS // 2), ("99 of 100", STOPS - 2)):
        ratio = loud[at] / quiet[at]
        label = f"a stop in a flood of {FLOOD} / in quiet, {name}"
        measured.append(Cell(label, "ms", loud[at], quiet[at], ratio, 20.0))
    return measured


if __name__ == "__main__":
    print(table(asyncio.run(cells())))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
