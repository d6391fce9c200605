"""Stop a massager straight over the air, with nothing but its address and its stop bytes.

For `devicehub stop` when no session is there to do it. Light imports: no massager file is checked.
"""

import asyncio
import contextlib
from collections.abc import Sequence

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from devicehub.errors import DeviceNotFound, LinkLost, RadioError
from devicehub.massagers.stopbook import StopEntry, StopWrite, stop_writes
from devicehub.radio import transport
from devicehub.radio.air import Air

# A massager that advertises is connected within a second or two; ten cover a bad place in the room.
CONNECT_TIMEOUT_S = 10.0


async def find_known(wanted: str, timeout_s: float, air: Air) -> tuple[BLEDevice, StopEntry]:
    """Return the massager called `wanted` (address or advertised name) and how it is stopped.

    Raises:
        DeviceNotFound: It was not heard, or it is no massager that the library knows.
        RadioError: The air cannot be used.
    """
    folded = wanted.casefold()

    def is_it(device: BLEDevice, advertisement: AdvertisementData) -> bool:
        name = advertisement.local_name or device.name or ""
        if folded not in (device.address.casefold(), name.casefold()):
            return False
        heard.append((device, name, advertisement))
        return _entry(name, advertisement) is not None

    heard: list[tuple[BLEDevice, str, AdvertisementData]] = []
    try:
        device = await BleakScanner.find_device_by_filter(
            is_it, timeout=timeout_s, **air.scanner_arguments()
        )
    except (BleakError, OSError) as error:
        raise RadioError(
            f"Bluetooth cannot be used: {' '.join(str(error).split())[:120]}"
        ) from error
    if device is None:
        known = "it is no massager that this library knows" if heard else "not heard"
        raise DeviceNotFound(f"{wanted}: {known} within {timeout_s:g} s; switch it off by hand")
    entry = _entry(heard[-1][1], heard[-1][2])
    if entry is None:
        raise DeviceNotFound(f"{wanted}: it is no massager that this library knows")
    return device, entry


def _entry(name: str, advertisement: AdvertisementData) -> StopEntry | None:
    return stop_writes(name, advertisement.service_uuids, advertisement.manufacturer_data)


async def stop_directly(device: BLEDevice | str, writes: Sequence[StopWrite], air: Air) -> bool:
    """Connect, write stop until the massager answers, disconnect; return whether it answered.

    Raises:
        DeviceNotFound: It could not be connected.
    """
    client = BleakClient(device, timeout=CONNECT_TIMEOUT_S, **air.client_arguments())
    try:
        async with client:
            return await _stop(client, writes)
    except (BleakError, OSError, TimeoutError) as error:
        raise DeviceNotFound(
            f"{device}: could not be connected ({str(error) or 'no answer'})"
        ) from error


async def _stop(client: BleakClient, writes: Sequence[StopWrite]) -> bool:
    asks = any(response for _, _, response in writes)
    answered = asyncio.Event()
    if not asks:  # the motors first: the answer is heard at the second stop
        with contextlib.suppress(RadioError):
            await _write_all(client, writes)
        await _listen(client, answered)
    for _ in range(transport.STOP_TRIES):
        answered.clear()
        try:
            await _write_all(client, writes)
        except LinkLost:
            return False
        except RadioError:
            continue
        if asks or await _heard(answered):
            return True
    return False


async def _write_all(client: BleakClient, writes: Sequence[StopWrite]) -> None:
    for char, data, response in writes:
        await transport.write(
            client, char, data, response=response, timeout_s=transport.STOP_WRITE_TIMEOUT_S
        )


async def _heard(answered: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
            return await answered.wait()
    except TimeoutError:
        return False


async def _listen(client: BleakClient, answered: asyncio.Event) -> None:
    """Take every word of the massager for an answer; a characteristic that fails says nothing."""
    for service in client.services:
        for characteristic in service.characteristics:
            if "notify" in characteristic.properties:
                with contextlib.suppress(BleakError, OSError, TimeoutError):
                    async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
                        await client.start_notify(characteristic, lambda _c, _v: answered.set())
