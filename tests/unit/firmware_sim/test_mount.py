"""A firmware that is switched on: what it does is on its tape."""

import asyncio
import io
import json
from typing import Any

import pytest

from firmware_sim.firmware import REGISTRY
from firmware_sim.mount import Mount
from firmware_sim.tape import Tape
from tests.unit.firmware_sim.words import NUS, REVERIE_108


def taped(sink: io.StringIO, kind: str) -> list[dict[str, Any]]:
    every = [json.loads(line) for line in sink.getvalue().splitlines()]
    return [line for line in every if line["kind"] == kind]


def mounted(model: str) -> tuple[Mount, io.StringIO]:
    sink = io.StringIO()
    tape = Tape(sink, asyncio.get_running_loop().time, model, REGISTRY[model]().actuators)
    mount = Mount(REGISTRY[model], lambda _uuid, _value: None, tape)
    mount.connected()
    return mount, sink


@pytest.mark.parametrize(
    ("model", "uuid", "frame", "name"),
    [
        ("reverie-108", REVERIE_108, "550154", "bed motor asked for"),
        (
            "truegear-me02",
            NUS,
            "6868011100000001f41400000a000af000f00016",
            "electric stimulation asked for",
        ),
    ],
)
async def test_what_no_massage_may_ask_for_is_taped_as_a_fault(
    model: str, uuid: str, frame: str, name: str
) -> None:
    mount, sink = mounted(model)
    response = model == "reverie-108"
    mount.write(uuid, bytes.fromhex(frame), response=response)
    mount.close()
    assert [line["name"] for line in taped(sink, "fault")] == [name]
    assert taped(sink, "motor") == []


async def test_a_short_characteristic_is_taped_in_full() -> None:
    mount, sink = mounted("jensen-jmc")
    mount.write("1111", b"", response=True)
    mount.close()
    assert [line["char"] for line in taped(sink, "write")] == [
        "00001111-0000-1000-8000-00805f9b34fb"
    ]


async def test_a_timer_on_the_device_ends_on_its_clock() -> None:
    mount, sink = mounted("jensen-jmc")
    for frame in ("1e0300060000", "120505000001"):
        mount.write("1111", bytes.fromhex(frame), response=True)
    mount.disconnected("lost")
    await asyncio.sleep(100.0)
    mount.close()
    assert [(line["t"], line["level"]) for line in taped(sink, "motor")] == [
        (0.0, 5),
        (0.0, 5),
        (60.0, 0),
        (60.0, 0),
    ]


async def test_a_jam_reaches_the_chair_and_its_tape() -> None:
    mount, sink = mounted("rongtai-rt8600s")
    tx = "8b00ace7-eb0b-49b0-bbe9-9aee0a26e1a3"
    mount.write(tx, bytes.fromhex("f084017af1"), response=False)
    await asyncio.sleep(2.0)
    mount.write(tx, bytes.fromhex("f084205bf1"), response=False)
    mount.upset("jam", begins=True)
    mount.close()
    assert [line["level"] for line in taped(sink, "motor")] == [1, 0]
    assert [line["name"] for line in taped(sink, "fault")] == ["jam"]
