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
from devicehub.massagers.stopbook import StopEntry, StopWrite, stop_writes
from devicehub.massagers.wire import Write
from devicehub.radio import transport
from devicehub.radio.air import Air
from devicehub.radio.asking import answers
from devicehub.radio.held import Held, held, held_as
from devicehub.radio.stopping import Stopping
from devicehub.radio.trouble import ERRORS, no_air
from devicehub.radio.wired import plugged, wire_of

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
    if (found := plugged(wanted, air)) is not None:
        return found[1], found[2]
    if (linked := await held_as(wanted, air, _stop_of)) is not None:
        return linked[0].device, linked[1]
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
    except ERRORS as error:
        raise RadioError(no_air(air, error)) from error
    if device is None:
        known = "it is no massager that this library knows" if heard else "not heard"
        raise DeviceNotFound(f"{wanted}: {known} within {timeout_s:g} s; switch it off by hand")
    entry = _entry(heard[-1][1], heard[-1][2])
    if entry is None:
        raise DeviceNotFound(f"{wanted}: it is no massager that this library knows")
    return device, entry


def _stop_of(one: Held) -> StopEntry | None:
    return stop_writes(one.name, one.service_uuids, one.manufacturer_data)


def _entry(name: str, advertisement: AdvertisementData) -> StopEntry | None:
    return stop_writes(name, advertisement.service_uuids, advertisement.manufacturer_data)


async def stop_directly(
    device: BLEDevice | str, writes: Sequence[StopWrite], air: Air, gap_s: float = 0.0
) -> bool:
    """Connect, write stop until the massager answers, disconnect; return whether it answered.

    `gap_s` is the least time between two of `writes`, in seconds.

    Raises:
        DeviceNotFound: It could not be connected.
        RadioError: The air cannot be used.
    """
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
    """Return what need not be listened for: on a cable, or with a link that the system holds.

    Raises:
        DeviceNotFound: There is no such model on a cable, or it was not heard.
        RadioError: The air cannot be used.
    """
    if not isinstance(device, str):
        return device
    if (found := plugged(device, air)) is not None:
        return found[1]
    for one in await held(air):
        if one.device.address.casefold() == device.casefold():
            return one.device
    return await _heard(device, air) if air.only_heard else device


async def _heard(address: str, air: Air) -> BLEDevice:
    """Return what advertises at an address.

    Raises:
        DeviceNotFound: It was not heard.
        RadioError: The air cannot be used.
    """
    try:
        found = await BleakScanner.find_device_by_address(
            address, CONNECT_TIMEOUT_S, **air.scanner_arguments()
        )
    except ERRORS as error:
        raise RadioError(no_air(air, error)) from error
    if found is None:
        notes = "; ".join(("not heard", *air.notes()))
        raise DeviceNotFound(f"{address}: {notes} within {CONNECT_TIMEOUT_S:g} s")
    return found


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
