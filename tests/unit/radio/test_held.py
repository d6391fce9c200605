"""Massagers whose link the system still holds are found where no scan hears them."""

import asyncio
from typing import Any

import pytest
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from devicehub.errors import DeviceNotFound
from devicehub.ledger.locks import device_lock
from devicehub.massagers.library import load_library
from devicehub.radio.air import Air
from devicehub.radio.direct import find_known
from devicehub.radio.held import held
from devicehub.radio.scanner import find
from firmware_sim import simulate

ADDRESS = "C0:00:00:00:00:07"
CAPE_SERVICE = "7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101"
GENERIC_ATTRIBUTE = "00001801-0000-1000-8000-00805f9b34fb"
PATH = "/org/bluez/hci0/dev_C0_00_00_00_00_07"


class Bluetoothd(BaseBleakAdapter):
    """A system that holds a link to a cape, as BlueZ shows it to bleak."""

    @classmethod
    async def get(cls, **_: Any) -> "Bluetoothd":
        return cls()

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        assert GENERIC_ATTRIBUTE in service_uuids
        props = {"Address": ADDRESS, "Name": "DH-CAPE", "UUIDs": [CAPE_SERVICE]}
        return [BLEDevice(ADDRESS, "DH-CAPE", {"path": PATH, "props": props})]


class Dead(Bluetoothd):
    """A system whose Bluetooth is off."""

    @classmethod
    async def get(cls, **_: Any) -> "Dead":
        raise BleakError("off")


async def on(adapter: type[BaseBleakAdapter] | None, wanted: str) -> BLEDevice:
    async with simulate([]) as sim:
        air = Air("Bluetooth", sim.scanner, sim.client, sim.options, adapter=adapter)
        return (await find(air, load_library(), wanted, 1.0)).device


@pytest.mark.parametrize("wanted", ["DH-CAPE", "dh-cape", ADDRESS, ADDRESS.lower()])
async def test_it_is_found_by_name_and_address_without_a_scan(wanted: str) -> None:
    before_s = asyncio.get_running_loop().time()
    device = await on(Bluetoothd, wanted)
    assert device.details["path"] == PATH
    assert asyncio.get_running_loop().time() - before_s < 0.1


async def test_another_one_is_looked_for_on_the_air() -> None:
    with pytest.raises(DeviceNotFound, match="TactSuitX40: not found"):
        await on(Bluetoothd, "TactSuitX40")


async def test_one_that_a_living_session_drives_is_left_to_it() -> None:
    with device_lock(ADDRESS, "Bluetooth"), pytest.raises(DeviceNotFound):
        await on(Bluetoothd, "DH-CAPE")


async def test_stop_finds_it_whoever_drives_it() -> None:
    with device_lock(ADDRESS, "Bluetooth"):
        async with simulate([]) as sim:
            air = Air("Bluetooth", sim.scanner, sim.client, sim.options, adapter=Bluetoothd)
            device, entry = await find_known("DH-CAPE", 1.0, air)
    assert (device.details["path"], entry.model) == (PATH, "reference-cape")


@pytest.mark.parametrize("adapter", [None, Dead])
async def test_where_nobody_can_tell_there_is_none(adapter: type[BaseBleakAdapter] | None) -> None:
    async with simulate([]) as sim:
        air = Air("Bluetooth", sim.scanner, sim.client, sim.options, adapter=adapter)
        assert await held(air) == []
