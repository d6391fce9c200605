"""Stop a massager straight over the air, with nothing but its address and its stop bytes.

For `devicehub stop` when no session is there to do it. Light imports: no massager file is checked.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from devicehub.errors import DeviceNotFound, RadioError
from devicehub.massagers.stopbook import StopEntry, StopWrite, entries, stop_writes
from devicehub.massagers.wire import Write
from devicehub.radio import transport
from devicehub.radio.air import Air
from devicehub.radio.asking import answers
from devicehub.radio.held import held
from devicehub.radio.stopping import Stopping
from devicehub.radio.wired import device_at, model_of, wire_of

# A massager that advertises is connected within a second or two; ten cover a bad place in the room.
CONNECT_TIMEOUT_S = 10.0
# The longest that the words before a stop may lag behind, on the slowest link (two intervals).
SETTLE_S = 0.1


async def find_known(wanted: str, timeout_s: float, air: Air) -> tuple[BLEDevice, StopEntry]:
    """Return the massager called `wanted` (address or advertised name) and how it is stopped.

    One that the system holds a link to is there at once: it is stopped, whoever drives it.

    Raises:
        DeviceNotFound: It was not heard, or it is no massager that the library knows.
        RadioError: The air cannot be used.
    """
    if (entry := _on_a_cable(wanted)) is not None:
        return device_at(wanted, entry.baud or 0, air), entry
    folded = wanted.casefold()

    def is_it(device: BLEDevice, advertisement: AdvertisementData) -> bool:
        name = advertisement.local_name or device.name or ""
        if folded not in (device.address.casefold(), name.casefold()):
            return False
        heard.append((device, name, advertisement))
        return _entry(name, advertisement) is not None

    if (found := await _held(wanted, air)) is not None:
        return found
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


async def _held(wanted: str, air: Air) -> tuple[BLEDevice, StopEntry] | None:
    """Return the massager of that name or address to which the system holds a link, or None."""
    for one in await held(air):
        entry = stop_writes(one.name, one.service_uuids, one.manufacturer_data)
        if entry is not None and one.is_called(wanted):
            return one.device, entry
    return None


def _on_a_cable(address: str) -> StopEntry | None:
    """Return how the massager that ``MODEL@PORT`` names is stopped; None for one on the air."""
    model = model_of(address)
    return next((one for one in entries() if one.model == model and one.baud is not None), None)


def _entry(name: str, advertisement: AdvertisementData) -> StopEntry | None:
    return stop_writes(name, advertisement.service_uuids, advertisement.manufacturer_data)


async def stop_directly(
    device: BLEDevice | str, writes: Sequence[StopWrite], air: Air, gap_s: float = 0.0
) -> bool:
    """Connect, write stop until the massager answers, disconnect; return whether it answered.

    `gap_s` is the least time between two of `writes`, in seconds.

    Raises:
        DeviceNotFound: It could not be connected.
    """
    if isinstance(device, str) and (entry := _on_a_cable(device)) is not None:
        device = device_at(device, entry.baud or 0, air)
    device = await _place(device, air)
    wire = wire_of(device)
    how = air.client_arguments() if wire is None else wire.client_arguments(air)
    client = BleakClient(device, timeout=CONNECT_TIMEOUT_S, **how)
    try:
        async with client:
            return await _stop(client, writes, gap_s)
    except (BleakError, OSError, TimeoutError) as error:
        raise DeviceNotFound(
            f"{device}: could not be connected ({str(error) or 'no answer'})"
        ) from error


async def _place(device: BLEDevice | str, air: Air) -> BLEDevice | str:
    """Return the device that the system holds at an address; it does not advertise."""
    if isinstance(device, str):
        for one in await held(air):
            if one.device.address.casefold() == device.casefold():
                return one.device
    return device


async def _stop(client: BleakClient, writes: Sequence[StopWrite], gap_s: float) -> bool:
    async def write(item: Write, timeout_s: float) -> None:
        await transport.write(
            client, item.char, item.data, response=item.response, timeout_s=timeout_s
        )

    stop = [Write(char, data, response) for char, data, response in writes]
    stopping = Stopping([stop], gap_s, write, SETTLE_S)
    if not any(item.response for item in stop):
        with contextlib.suppress(RadioError):  # the motors first: the answer is heard to the next
            await stopping.write_once()
        await _listen(client, stopping.heard)
    if (await stopping.to_an_answer()).confirmed:
        return True
    asking = Stopping([stop], gap_s, write, ask=lambda: answers(client))
    return (await asking.to_an_answer()).confirmed


async def _listen(client: BleakClient, heard: Callable[[], None]) -> None:
    """Hear every word of the massager; a characteristic that fails says nothing."""
    for service in client.services:
        for characteristic in service.characteristics:
            if "notify" in characteristic.properties:
                with contextlib.suppress(BleakError, OSError, TimeoutError):
                    async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
                        await client.start_notify(characteristic, lambda _c, _v: heard())
