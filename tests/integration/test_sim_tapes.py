"""Simulated sessions repeat to the byte, and their tapes tell how links began and ended."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner

from firmware_sim import SimulatedAir, simulate
from firmware_sim.clock import VirtualLoop

LEVELS = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
CAPE = "reference-cape"
MODELS = (CAPE, "bhaptics-x40", "lovense-domi")

Story = Callable[[SimulatedAir], Awaitable[None]]


def frame(counter: int, level: int) -> bytes:
    """A levels frame of the reference cape."""
    body = bytes([1, counter % 256, level, *[0] * 11])
    return body + bytes([reduce(lambda a, b: a ^ b, body)])


def taped(folder: Path, story: Story, speed: float | None = None) -> dict[str, bytes]:
    """Play a story and return every tape."""
    folder.mkdir()
    tapes = {model: folder / f"{model}.jsonl" for model in MODELS}

    async def whole() -> None:
        async with simulate(MODELS, tapes=tapes) as air:
            await story(air)

    with asyncio.Runner(loop_factory=lambda: VirtualLoop(speed)) as runner:
        runner.run(whole())
    return {model: tape.read_bytes() for model, tape in tapes.items()}


def lines(tape: bytes, kind: str) -> list[dict[str, Any]]:
    every = [json.loads(line) for line in tape.splitlines()]
    return [line for line in every if line["kind"] == kind]


async def busy(air: SimulatedAir) -> None:
    await BleakScanner.discover(timeout=1, backend=air.scanner, **air.options)
    for level in (20, 30):
        async with BleakClient(air.addresses[CAPE], backend=air.client, **air.options) as client:
            for counter in range(40):
                shown = frame(counter, level + counter)
                await client.write_gatt_char(LEVELS, shown, response=counter % 2 == 0)
                await asyncio.sleep(0.05)


@pytest.mark.exhaustive
def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    assert taped(tmp_path / "1", busy) == taped(tmp_path / "2", busy)


@pytest.mark.exhaustive
def test_a_throttled_run_writes_the_same_bytes_as_one_at_full_speed(tmp_path: Path) -> None:
    assert taped(tmp_path / "1", busy) == taped(tmp_path / "2", busy, speed=100.0)


def test_a_tape_begins_at_0_and_never_runs_backwards(tmp_path: Path) -> None:
    tape = taped(tmp_path / "1", busy)[CAPE]
    times = [json.loads(line)["t"] for line in tape.splitlines()]
    assert times[0] == 0.0
    assert times == sorted(times)


def test_a_closed_link_is_taped_as_closed_and_a_lost_one_as_lost(tmp_path: Path) -> None:
    async def story(air: SimulatedAir) -> None:
        client = BleakClient(air.addresses[CAPE], backend=air.client, **air.options)
        await client.connect()
        await client.disconnect()
        await client.connect()
        air.peripherals[CAPE].go_out_of_range()
        await asyncio.sleep(2)

    states = [line["state"] for line in lines(taped(tmp_path / "1", story)[CAPE], "link")]
    assert states == ["connected", "closed", "connected", "lost"]


def test_a_hub_that_just_leaves_is_taped_to_the_end(tmp_path: Path) -> None:
    async def story(air: SimulatedAir) -> None:
        client = BleakClient(air.addresses[CAPE], backend=air.client, **air.options)
        await client.connect()
        await client.write_gatt_char(LEVELS, frame(1, 50), response=True)

    tape = taped(tmp_path / "1", story)[CAPE]
    assert [line["state"] for line in lines(tape, "link")] == ["connected", "closed"]
    assert lines(tape, "motor")[-1]["level"] == 0


def test_the_other_massagers_tapes_stay_empty_but_for_their_first_line(tmp_path: Path) -> None:
    tapes = taped(tmp_path / "1", busy)
    assert [len(tapes[model].splitlines()) for model in MODELS if model != CAPE] == [1, 1]


def test_pacing_makes_a_request_take_its_connection_events(tmp_path: Path) -> None:
    took_s: list[float] = []

    async def story(air: SimulatedAir) -> None:
        loop = asyncio.get_running_loop()
        async with BleakClient(air.addresses[CAPE], backend=air.client, **air.options) as client:
            for counter in range(20):
                begun_s = loop.time()
                await client.write_gatt_char(LEVELS, frame(counter, 10), response=True)
                took_s.append(loop.time() - begun_s)

    taped(tmp_path / "1", story)
    assert max(took_s) <= 0.0301  # two connection events of 15 ms
    assert min(took_s) > 0.0149
