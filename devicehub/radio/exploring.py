"""Exploring: what advertises nearby, known or not, and what of it can be written to.

For `devices new`. Nothing is written here, so nothing can move.
"""

import asyncio
from dataclasses import dataclass

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from devicehub.errors import DeviceNotFound, RadioError
from devicehub.massagers.updating import updates_firmware
from devicehub.radio.air import Air
from devicehub.radio.trouble import ERRORS, no_air

CONNECT_TIMEOUT_S = 15.0
# Generic access and generic attribute: what is written there is the radio chip's own business.
_STACK = tuple(f"0000{short}-0000-1000-8000-00805f9b34fb" for short in ("1800", "1801"))


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something that was heard, whatever it is; `rssi_dbm` is the strength of its last word."""

    address: str
    name: str
    rssi_dbm: int
    services: tuple[str, ...]
    makers: tuple[tuple[int, bytes], ...]
    device: BLEDevice


@dataclass(frozen=True, slots=True)
class Writable:
    """A characteristic that takes writes, and whether it confirms them."""

    uuid: str
    response: bool


async def strangers(air: Air, timeout_s: float) -> list[Stranger]:
    """Listen for `timeout_s` seconds and return what has a name, the nearest first.

    Raises:
        RadioError: The air cannot be used.
    """
    try:
        heard = await BleakScanner.discover(
            timeout=timeout_s, return_adv=True, **air.scanner_arguments()
        )
    except ERRORS as error:
        raise RadioError(no_air(air, error)) from error
    found = [
        Stranger(
            address,
            name,
            said.rssi,
            tuple(said.service_uuids),
            tuple(sorted(said.manufacturer_data.items())),
            device,
        )
        for address, (device, said) in heard.items()
        if (name := said.local_name or device.name)
    ]
    return sorted(found, key=lambda one: (-one.rssi_dbm, one.address))


async def writables(air: Air, stranger: Stranger) -> list[Writable]:
    """Connect, return what can be written to but for firmware updates, and let go again.

    Raises:
        DeviceNotFound: It would not connect.
    """
    client = BleakClient(stranger.device, timeout=CONNECT_TIMEOUT_S, **air.client_arguments())
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S), client:
            return [
                Writable(char.uuid.lower(), "write" in char.properties)
                for service in client.services
                if service.uuid.lower() not in _STACK
                for char in service.characteristics
                if {"write", "write-without-response"} & set(char.properties)
                and not updates_firmware(char.uuid.lower())
            ]
    except (BleakError, OSError, TimeoutError) as error:
        why = str(error) or "no answer"
        raise DeviceNotFound(f"{stranger.name}: heard, but it would not connect ({why})") from error
