"""What a stack above the virtual radio sees of its chips."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bumble import hci

from firmware_sim import SimulatedAir, simulate
from firmware_sim.clock import VirtualLoop

CAPE = "reference-cape"
ADVERTS_PER_S = 10


def play(story: Callable[[SimulatedAir], Awaitable[None]], *, pacing: bool = True) -> None:
    async def whole() -> None:
        async with simulate([CAPE], pacing=pacing) as air:
            await story(air)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(whole())


def cape_of(air: SimulatedAir) -> BleakClient:
    return BleakClient(air.addresses[CAPE], backend=air.client, **air.options)


async def adverts_heard(air: SimulatedAir, seconds: float) -> int:
    count = 0

    def on_advert(_device: BLEDevice, _advert: AdvertisementData) -> None:
        nonlocal count
        count += 1

    async with BleakScanner(on_advert, None, "passive", backend=air.scanner, **air.options):
        await asyncio.sleep(seconds)
    return count


def test_the_peripheral_learns_what_the_central_asked_for() -> None:
    async def story(air: SimulatedAir) -> None:
        async with cape_of(air):
            agreed = air.peripherals[CAPE]._link.parameters
            assert (agreed.connection_interval, agreed.supervision_timeout) == (15.0, 720.0)

    play(story)


def test_both_ends_learn_the_interval_that_the_weather_sets() -> None:
    async def story(air: SimulatedAir) -> None:
        air.peripherals[CAPE]._slot._radio.weather.interval_s = 0.05
        async with cape_of(air) as hub:
            ends = [air.peripherals[CAPE]._link, cast("Any", hub)._backend._link]
            assert [end.parameters.connection_interval for end in ends] == [50.0, 50.0]

    play(story)


def test_connecting_and_leaving_does_not_multiply_adverts() -> None:
    async def story(air: SimulatedAir) -> None:
        for _ in range(3):
            async with cape_of(air):
                pass
        heard = await adverts_heard(air, seconds=2)
        assert heard == pytest.approx(2 * ADVERTS_PER_S, abs=1)

    play(story, pacing=False)  # so that the link ends within one advertising interval


def test_a_chip_that_is_reset_is_missed_by_its_peer_after_the_supervision_timeout() -> None:
    async def story(air: SimulatedAir) -> None:
        await cape_of(air).connect()
        dongle: Any = air.options["dongle"]
        await dongle.host.send_sync_command(hci.HCI_Reset_Command())
        await asyncio.sleep(0.7)
        assert air.peripherals[CAPE]._link is not None
        await asyncio.sleep(0.1)
        assert air.peripherals[CAPE]._link is None

    play(story)
