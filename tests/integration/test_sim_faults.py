"""What a bleak client lives through when a simulated massager or its link fails."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import reduce
from typing import Any

import pytest
from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError

from firmware_sim import SimulatedAir, simulate
from firmware_sim.clock import VirtualLoop
from firmware_sim.faults import REFUSAL, Fault
from firmware_sim.memory import simulate_in_memory

LEVELS = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
STATUS = "7d3c0003-52a4-4c0e-9f6b-2b1e8a6cd101"
STOP = b"\x00"
CAPE = "reference-cape"

SUPERVISION_S = 0.72
ATT_TIMEOUT_S = 30.0

Air = Callable[..., AbstractAsyncContextManager[SimulatedAir]]
Story = Callable[["Cape"], Awaitable[None]]


def frame(counter: int, level: int = 0) -> bytes:
    """A levels frame of the reference cape."""
    body = bytes([1, counter, level, *[0] * 11])
    return body + bytes([reduce(lambda a, b: a ^ b, body)])


class Cape:
    """A connected cape, its faults, and when its link ended."""

    def __init__(self, air: SimulatedAir) -> None:
        self.device: Any = air.peripherals[CAPE]
        self.ended_s: list[float] = []
        self.client = BleakClient(
            air.addresses[CAPE],
            disconnected_callback=lambda _: self.ended_s.append(now_s()),
            backend=air.client,
            **air.options,
        )

    async def write(self, data: bytes, *, response: bool = True) -> None:
        await self.client.write_gatt_char(LEVELS, data, response=response)

    async def counter(self) -> int:
        return (await self.client.read_gatt_char(STATUS))[2]


def now_s() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture(params=[simulate, simulate_in_memory], ids=["bumble", "memory"])
def air(request: pytest.FixtureRequest) -> Air:
    return request.param


def play(air: Air, story: Story, *faults: Fault) -> None:
    async def whole() -> None:
        async with air([CAPE], faults=faults) as here:
            cape = Cape(here)
            await cape.client.connect()
            await story(cape)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())


def test_a_silent_link_ends_after_its_supervision_timeout(air: Air) -> None:
    async def story(cape: Cape) -> None:
        silent_s = now_s()
        cape.device.go_out_of_range()
        await asyncio.sleep(2)
        assert cape.ended_s == [pytest.approx(silent_s + SUPERVISION_S)]
        assert not cape.client.is_connected

    play(air, story)


def test_requests_on_a_link_that_ends_fail_and_are_not_cancelled(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.go_out_of_range()
        pending = [asyncio.create_task(cape.write(frame(n))) for n in range(3)]
        await asyncio.wait(pending)
        assert [type(task.exception()) for task in pending] == [BleakError] * 3
        assert now_s() < cape.ended_s[0] + 0.1

    play(air, story)


def test_writes_without_response_vanish_unnoticed_on_a_silent_link(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.go_out_of_range()
        await cape.write(frame(1), response=False)
        await asyncio.sleep(2)
        cape.device.come_back()
        await cape.client.connect()
        assert await cape.counter() == 0

    play(air, story)


def test_a_short_dropout_delays_writes_and_keeps_their_order(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.go_out_of_range()
        for counter in range(5):
            await cape.write(frame(counter + 1), response=False)
        await asyncio.sleep(SUPERVISION_S / 2)
        cape.device.come_back()
        assert await cape.counter() == 5
        await asyncio.sleep(2)
        assert cape.ended_s == []

    play(air, story)


def test_the_firmware_hears_of_a_lost_link_and_stops_its_motors(air: Air) -> None:
    async def story(cape: Cape) -> None:
        await cape.write(frame(1, level=50))
        cape.device.go_out_of_range()
        await asyncio.sleep(1)
        cape.device.come_back()
        await cape.client.connect()
        assert (await cape.client.read_gatt_char(STATUS))[3] == 0

    play(air, story)


def test_a_lost_massager_can_be_connected_again_when_it_is_back(air: Air) -> None:
    async def story(cape: Cape) -> None:
        for counter in (1, 2, 3):
            cape.device.go_out_of_range()
            await asyncio.sleep(1)
            with pytest.raises(TimeoutError):
                await cape.client.connect(timeout=1)
            cape.device.come_back()
            await cape.client.connect()
            await cape.write(frame(counter))
            assert await cape.counter() == counter

    play(air, story)


def test_a_reboot_forgets_everything_and_the_link_ends_by_timeout(air: Air) -> None:
    async def story(cape: Cape) -> None:
        await cape.write(frame(9, level=50))
        off_s = now_s()
        cape.device.power_off()
        cape.device.power_on()
        with pytest.raises(BleakError):
            await cape.write(frame(10))
        assert cape.ended_s == [pytest.approx(off_s + SUPERVISION_S, abs=0.01)]
        await cape.client.connect()
        assert await cape.counter() == 0

    play(air, story)


def test_a_hung_massager_answers_when_it_recovers(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.hang()
        write = asyncio.create_task(cape.write(frame(4)))
        await asyncio.sleep(5)
        assert not write.done()
        cape.device.recover()
        await write
        assert await cape.counter() == 4

    play(air, story)


def test_a_hung_massager_leaves_a_read_unanswered_too(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.hang()
        asked = asyncio.create_task(cape.client.read_gatt_char("2a00"))
        await asyncio.sleep(10.0)
        assert not asked.done()
        cape.device.recover()
        assert await asked == b"DH-CAPE"

    play(air, story)


def test_a_massager_that_never_answers_times_out(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.hang()
        asked_s = now_s()
        with pytest.raises(TimeoutError):
            await cape.write(frame(4))
        assert now_s() == pytest.approx(asked_s + ATT_TIMEOUT_S, abs=0.1)

    play(air, story)


def test_after_an_att_timeout_bumble_closes_the_link_as_the_specification_says() -> None:
    async def story(cape: Cape) -> None:
        cape.device.hang()
        with pytest.raises(TimeoutError):
            await cape.write(frame(4))
        assert not cape.client.is_connected

    play(simulate, story)


def test_faults_happen_at_their_time_after_the_first_connection(air: Air) -> None:
    async def story(cape: Cape) -> None:
        connected_s = now_s()
        await asyncio.sleep(20)
        assert cape.ended_s == [pytest.approx(connected_s + 10 + SUPERVISION_S, abs=1)]
        await cape.client.connect()

    play(air, story, Fault("drop", at_s=10, for_s=5))


def test_a_refusal_is_told_to_who_waits_for_an_answer(air: Air) -> None:
    async def story(cape: Cape) -> None:
        cape.device.refuse(2)
        await cape.write(frame(1), response=False)
        with pytest.raises(BleakGATTProtocolError) as refused:
            await cape.write(frame(2))
        assert refused.value.code == REFUSAL
        await cape.write(frame(3))
        assert await cape.counter() == 3

    play(air, story)
