"""What every simulated air promises to a bleak client, whatever carries the bytes."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import reduce
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from firmware_sim import SimulatedAir, join, simulate
from firmware_sim.clock import VirtualLoop
from firmware_sim.memory import simulate_in_memory
from tests.patience import PATIENCE_S
from tests.unmeasured import environment

MODELS = ("reference-cape", "bhaptics-x40", "lovense-domi")
SERVICE = "7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101"
LEVELS = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
STATUS = "7d3c0003-52a4-4c0e-9f6b-2b1e8a6cd101"
HEAT = "7d3c0004-52a4-4c0e-9f6b-2b1e8a6cd101"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
MODEL_NUMBER = "00002a24-0000-1000-8000-00805f9b34fb"
WRONG_CHECKSUM = 0x81
STOP = b"\x00"

CAPE, VEST, WAND = "reference-cape", "bhaptics-x40", "lovense-domi"
NOBODY = "C0:00:00:00:FF:FF"
NAMES = ("DH-CAPE", "TactSuitX40", "LVS-Domi37")
A_FEW_TIMES = 5

Story = Callable[[SimulatedAir], Awaitable[None]]
Play = Callable[[Story], None]


def frame(counter: int, *levels: int) -> bytes:
    """A levels frame of the reference cape."""
    body = bytes([1, counter, *levels, *[0] * (12 - len(levels))])
    return body + bytes([reduce(lambda a, b: a ^ b, body)])


def in_virtual_time(air: Callable[[], AbstractAsyncContextManager[SimulatedAir]]) -> Play:
    def play(story: Story) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(told(air(), story))

    return play


async def told(air: AbstractAsyncContextManager[SimulatedAir], story: Story) -> None:
    async with air as here:
        await story(here)
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture(
    scope="module",
    params=[
        "bumble",
        "bumble at once",
        "memory",
        pytest.param("another process", marks=pytest.mark.wallclock),
    ],
)
def play(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Play]:
    match request.param:
        case "bumble":
            yield in_virtual_time(lambda: simulate(MODELS))
        case "bumble at once":
            yield in_virtual_time(lambda: simulate(MODELS, pacing=False))
        case "memory":
            yield in_virtual_time(lambda: simulate_in_memory(MODELS))
        case _:
            yield from another_process(f"unix:{tmp_path_factory.mktemp('air')}/hci")


def another_process(address: str) -> Iterator[Play]:
    program = "from firmware_sim.cli import main; main()"
    run = [sys.executable, "-c", program, "run", *MODELS, "--listen", address]
    with subprocess.Popen(run, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"listening on")
        yield lambda story: asyncio.run(told(join(address), story))
        process.terminate()
        process.communicate()
    assert process.returncode == 0


async def find(air: SimulatedAir, name: str = "DH-CAPE") -> BLEDevice:
    device = await BleakScanner.find_device_by_name(
        name, timeout=PATIENCE_S, backend=air.scanner, **air.options
    )
    assert device is not None
    return device


async def heard(air: SimulatedAir, *names: str, **kwargs: Any) -> dict[str, AdvertisementData]:
    """What a scan hears until it has heard each of `names` a few times, by name.

    Whoever else advertises does it as often, and is heard meanwhile.
    """
    times, enough = Counter[str](), asyncio.Event()
    adverts: dict[str, AdvertisementData] = {}

    def hear(device: BLEDevice, advert: AdvertisementData) -> None:
        times[device.name or ""] += 1
        adverts[device.name or ""] = advert
        if all(times[name] >= A_FEW_TIMES for name in names):
            enough.set()

    async with BleakScanner(hear, backend=air.scanner, **air.options, **kwargs):
        async with asyncio.timeout(PATIENCE_S):
            await enough.wait()
    return adverts


def client_of(air: SimulatedAir, model: str = CAPE, **kwargs: Any) -> BleakClient:
    how: dict[str, Any] = {"timeout": PATIENCE_S} | air.options | kwargs
    return BleakClient(air.addresses[model], backend=air.client, **how)


def test_a_scan_finds_every_massager_by_its_name(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        assert set(await heard(air, *NAMES)) == set(NAMES)
        assert (await find(air)).address == air.addresses[CAPE]

    play(story)


def test_a_scan_for_a_service_finds_only_its_massager(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        assert list(await heard(air, "DH-CAPE", service_uuids=[SERVICE])) == ["DH-CAPE"]

    play(story)


def test_a_passive_scan_hears_names_and_no_services(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        adverts = await heard(air, *NAMES, scanning_mode="passive")
        assert [advert.service_uuids for advert in adverts.values()] == [[], [], []]

    play(story)


def test_manufacturer_data_is_heard(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        wand = (await heard(air, "LVS-Domi37"))["LVS-Domi37"]
        assert wand.manufacturer_data == {620: b"\xff\x21"}

    play(story)


def test_two_scans_at_once_both_find(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with asyncio.TaskGroup() as both:
            cape, wand = both.create_task(find(air)), both.create_task(find(air, "LVS-Domi37"))
        assert [cape.result().name, wand.result().name] == ["DH-CAPE", "LVS-Domi37"]

    play(story)


def test_details_have_no_path_so_that_nobody_asks_bluez(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        details = (await find(air)).details
        assert isinstance(details, dict)
        assert "path" not in details

    play(story)


def test_an_address_connects_without_a_scan(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            assert client.is_connected

    play(story)


def test_every_massager_can_be_asked_its_name(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            assert await client.read_gatt_char("2a00") == b"DH-CAPE"

    play(story)


def test_services_show_their_characteristics_and_properties(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            service = client.services.get_service(SERVICE)
            assert service is not None
            shown = {c.uuid: set(c.properties) for c in service.characteristics}
            assert shown == {
                LEVELS: {"write", "write-without-response"},
                STATUS: {"read", "notify"},
                HEAT: {"write"},
            }

    play(story)


def test_a_write_with_response_is_obeyed_before_it_returns(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            await client.write_gatt_char(LEVELS, frame(7, 10), response=True)
            status = await client.read_gatt_char(STATUS)
            assert status[2] == 7

    play(story)


def test_writes_without_response_arrive_in_order(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            for counter in range(100):
                await client.write_gatt_char(LEVELS, frame(counter, counter), response=False)
            status = await client.read_gatt_char(STATUS)
            assert (status[2], status[3]) == (99, 99)

    play(story)


def test_a_write_without_response_has_to_fit_one_packet(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            too_long = bytes(client.mtu_size - 2)
            with pytest.raises(BleakError, match="do not fit"):
                await client.write_gatt_char(LEVELS, too_long, response=False)

    play(story)


def test_a_refused_write_carries_the_firmwares_error(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(LEVELS, frame(1, 10)[:-1] + b"\xff", response=True)
            assert refused.value.code == WRONG_CHECKSUM
            assert type(refused.value.args[0]) is int

    play(story)


def test_a_refused_write_without_response_stays_unheard(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            await client.write_gatt_char(LEVELS, b"\xff\xff", response=False)
            await client.write_gatt_char(LEVELS, frame(9, 5), response=True)

    play(story)


def test_a_characteristic_that_cannot_be_read_says_so(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            with pytest.raises(BleakGATTProtocolError):
                await client.read_gatt_char(HEAT)

    play(story)


def test_notifications_come_until_they_are_stopped(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            heard: asyncio.Queue[bytes] = asyncio.Queue()
            await client.start_notify(STATUS, lambda _, value: heard.put_nowait(bytes(value)))
            await client.write_gatt_char(LEVELS, frame(5, 40), response=True)
            async with asyncio.timeout(PATIENCE_S):
                while (status := await heard.get())[3] != 40:
                    pass
            assert len(status) == 17
            await client.stop_notify(STATUS)
            while not heard.empty():
                heard.get_nowait()
            await client.write_gatt_char(LEVELS, STOP, response=True)
            await asyncio.sleep(1.5)
            assert heard.empty()

    play(story)


def test_battery_and_device_information_can_be_read(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            assert 0 < (await client.read_gatt_char(BATTERY))[0] <= 100
            assert await client.read_gatt_char(MODEL_NUMBER) == CAPE.encode()

    play(story)


def test_a_closed_link_tells_its_callback_once_and_can_be_opened_again(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        ended: list[BleakClient] = []
        client = client_of(air, disconnected_callback=ended.append)
        for round_ in (1, 2, 3):
            await client.connect()
            await client.write_gatt_char(LEVELS, STOP, response=True)
            await client.disconnect()
            assert not client.is_connected
            assert ended == [client] * round_

    play(story)


def test_after_the_end_of_the_link_nothing_can_be_written(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        client = client_of(air)
        await client.connect()
        await client.disconnect()
        with pytest.raises(BleakError):
            await client.write_gatt_char(LEVELS, STOP, response=True)

    play(story)


def test_a_connected_massager_does_not_advertise(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air):
            others = ("TactSuitX40", "LVS-Domi37")
            assert set(await heard(air, *others)) == set(others)
        assert await find(air)

    play(story)


def test_two_links_of_one_dongle_work_at_once(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as cape, client_of(air, VEST) as vest:
            async with asyncio.TaskGroup() as both:
                for counter in range(10):
                    both.create_task(cape.write_gatt_char(LEVELS, frame(counter), response=True))
                    both.create_task(vest.read_gatt_char(vest_battery(vest)))
            assert cape.is_connected
            assert vest.is_connected

    play(story)


def vest_battery(vest: BleakClient) -> int:
    readable = (c for s in vest.services for c in s.characteristics if "notify" in c.properties)
    return next(c.handle for c in readable if "read" in c.properties)


def test_connecting_to_nobody_times_out_and_blocks_no_one_else(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        nobody = BleakClient(NOBODY, timeout=0.5, backend=air.client, **air.options)
        with pytest.raises(TimeoutError):
            await nobody.connect()
        async with client_of(air) as client:
            assert client.is_connected

    play(story)


def test_a_cancelled_connect_blocks_no_one_else(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        for delay_s in (0, 0.001, 0.05, 0.3):
            attempt = asyncio.create_task(client_of(air).connect())
            await asyncio.sleep(delay_s)
            attempt.cancel()
            await asyncio.wait((attempt,))
            assert attempt.cancelled() or delay_s
        async with client_of(air, VEST) as client:
            assert client.is_connected

    play(story)


def test_a_cancelled_request_does_not_hand_its_answer_to_the_next(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        async with client_of(air) as client:
            read = asyncio.create_task(client.read_gatt_char(MODEL_NUMBER))
            await asyncio.sleep(0)
            read.cancel()
            await asyncio.wait((read,))
            assert len(await client.read_gatt_char(BATTERY)) == 1

    play(story)


def test_the_retry_connector_of_the_field_connects(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        client = await establish_connection(
            BleakClientWithServiceCache,
            await find(air),
            "cape",
            backend=air.client,
            **air.options,
        )
        await client.write_gatt_char(LEVELS, STOP, response=True)
        await client.disconnect()

    play(story)


def test_a_client_left_open_ends_with_its_air(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        await client_of(air).connect()

    play(story)


def test_the_air_says_that_it_is_simulated(play: Play) -> None:
    async def story(air: SimulatedAir) -> None:
        assert air.simulated
        assert set(air.addresses) == set(MODELS)
        await asyncio.sleep(0)

    play(story)
