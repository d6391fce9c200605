"""Look at a massager without a word to it: what it says of itself when it is read.

For the bench that finds out what a massager does when its link is lost. Nothing is written, so
nothing here can start or stop a motor; whoever looks sends a stop right after.
"""

import asyncio
import contextlib
from dataclasses import dataclass

from bleak import BleakClient
from bleak.exc import BleakError

from devicehub.massagers.decode import decode
from devicehub.massagers.library import Library
from devicehub.radio.air import Air
from devicehub.radio.scanner import find
from devicehub.radio.services import characteristic

FIRMWARE_REVISION = "00002a26-0000-1000-8000-00805f9b34fb"
# A massager that advertises is connected within a second or two; ten cover a bad place in the room.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a massager said when it was read.

    Attributes:
        address: Where it is reached.
        model: What it is.
        firmware: Its firmware revision (characteristic 2a26), or None.
        moving: Whether it says that a motor is driven; None when it cannot say.
        simulated: Whether it is known not to be real.
    """

    address: str
    model: str
    firmware: str | None
    moving: bool | None
    simulated: bool


async def look(air: Air, library: Library, wanted: str, timeout_s: float) -> Seen:
    """Find the massager called `wanted`, read it, and let go again; nothing is written.

    Raises:
        DeviceNotFound: It was not heard.
        RadioError: The air cannot be used.
    """
    sighting = await find(air, library, wanted, timeout_s)
    massager = sighting.massager
    firmware: str | None = None
    moving: bool | None = None
    with contextlib.suppress(BleakError, OSError, TimeoutError):
        client = BleakClient(sighting.device, timeout=CONNECT_TIMEOUT_S, **air.client_arguments())
        async with client:
            for char in dict.fromkeys(report.char for report in massager.reports):
                said = decode(massager, char, await _read(client, char))
                if said is not None and said.levels is not None:
                    moving = any(said.levels)
            raw = await _read(client, FIRMWARE_REVISION)
            firmware = raw.decode("utf-8", "replace").strip("\0 ") or None
    return Seen(sighting.address, massager.model, firmware, moving, air.simulated)


async def _read(client: BleakClient, char: str) -> bytes:
    """Return what a characteristic says; nothing where there is none, or it will not be read."""
    found = characteristic(client, char)
    if found is None or "read" not in found.properties:
        return b""
    try:
        async with asyncio.timeout(READ_TIMEOUT_S):
            return bytes(await client.read_gatt_char(found))
    except (BleakError, TimeoutError):
        return b""
