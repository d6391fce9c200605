"""Massagers whose link the system still holds, because the program that made it was killed.

On Linux, bluetoothd keeps the link of a client that has died. A massager with a link does not
advertise, so no scan ever hears it; bleak reaches it at its place among the system's devices.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from bleak import BleakAdapter
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from devicehub.radio.air import Air

T = TypeVar("T")

# Generic Access and Generic Attribute, which every device has (Core Specification Vol 3 Part C 12).
_EVERYWHERE = ["1800", "1801"]
# bluetoothd answers in milliseconds; one that hangs must not take the time for which is scanned.
ANSWER_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class Held:
    """One device with a link, and what the system remembers of its advertisement."""

    device: BLEDevice
    name: str
    service_uuids: tuple[str, ...]
    manufacturer_data: Mapping[int, bytes]

    def is_called(self, wanted: str) -> bool:
        """Say whether `wanted` is its address or its name, letter case aside."""
        return wanted.casefold() in (self.device.address.casefold(), self.name.casefold())


async def held_as(
    wanted: str, air: Air, known: Callable[[Held], T | None]
) -> tuple[Held, T] | None:
    """Return the massager of that name or address to which the system holds a link, or None.

    `known` says what a device is, None where it is not meant.
    """
    for one in await held(air):
        if one.is_called(wanted) and (what := known(one)) is not None:
            return one, what
    return None


async def held(air: Air) -> list[Held]:
    """Return the devices that the system behind `air` holds a link to; none where it cannot tell.

    Where links end with their program, there is nothing to find: on macOS, on Windows, and behind
    bleak backends that hold them in this process.
    """
    if air.scanner is not None and air.adapter is None:
        return []
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            adapter = await BleakAdapter.get(backend=air.adapter)
            devices = await adapter.get_connected_devices(_EVERYWHERE)
    except (BleakError, OSError, EOFError, TimeoutError, NotImplementedError):
        return []  # the scan that follows meets the same, and says what to do
    return [_remembered(device) for device in devices]


def _remembered(device: BLEDevice) -> Held:
    """Read what BlueZ remembers of a device; other systems tell its name alone."""
    details = cast("object", device.details)
    seen = cast("dict[str, Any]", details) if isinstance(details, dict) else {}
    props: Mapping[str, Any] = seen.get("props") or {}
    makers: Mapping[int, bytes] = props.get("ManufacturerData") or {}
    return Held(
        device,
        props.get("Name") or device.name or "",
        tuple(props.get("UUIDs") or ()),
        {company: bytes(content) for company, content in makers.items()},
    )
