"""Advertisements in, sightings of massagers out."""

import asyncio
from dataclasses import dataclass, replace

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from devicehub.errors import DeviceNotFound, RadioError
from devicehub.ledger.locks import is_driven
from devicehub.massagers.identify import identify
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.radio import wired
from devicehub.radio.air import Air
from devicehub.radio.held import Held, held_as
from devicehub.radio.measured import as_measured
from devicehub.radio.trouble import ERRORS, no_air


@dataclass(frozen=True, slots=True)
class Sighting:
    """One massager that was heard.

    `rssi_dbm` is the strength of its last advertisement, None for one that was not heard.
    """

    address: str
    name: str
    rssi_dbm: int | None
    massager: Massager
    device: BLEDevice


class _Ear:
    """Collects what is heard and knows a massager when it hears one."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.sightings: dict[str, Sighting] = {}
        self.heard = asyncio.Event()

    def __call__(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        name = advertisement.local_name or device.name or ""
        massager = identify(
            self._library, name, advertisement.service_uuids, advertisement.manufacturer_data
        )
        if massager is None:
            return
        address = device.address
        self.sightings[address] = Sighting(address, name, advertisement.rssi, massager, device)
        self.heard.set()

    def find(self, wanted: str) -> Sighting | None:
        """Return the sighting whose address or advertised name is `wanted`, letter case aside."""
        folded = wanted.casefold()
        for sighting in self.sightings.values():
            if folded in (sighting.address.casefold(), sighting.name.casefold()):
                return sighting
        return None


async def scan(air: Air, library: Library, timeout_s: float) -> list[Sighting]:
    """Listen for `timeout_s` seconds and return the massagers heard, the nearest first.

    Raises:
        RadioError: The air cannot be used, for example because Bluetooth is off.
    """
    ear = _Ear(library)
    try:
        async with BleakScanner(ear, **air.scanner_arguments()):
            await asyncio.sleep(timeout_s)
    except ERRORS as error:
        raise RadioError(no_air(air, error)) from error
    return sorted(ear.sightings.values(), key=lambda s: (-(s.rssi_dbm or 0), s.address))


async def find(air: Air, library: Library, wanted: str, timeout_s: float) -> Sighting:
    """Return the massager whose address or advertised name is `wanted`, as soon as it is heard.

    One on a cable, `MODEL@PORT`, is not listened for. One that the system holds a link to counts as
    heard, unless a session that lives drives it. What was measured on a massager goes before what
    is known of its model.

    Raises:
        DeviceNotFound: It was not heard within `timeout_s` seconds, or has no cable.
        RadioError: The air cannot be used.
    """
    if (sighting := await _unheard(air, library, wanted)) is not None:
        return _measured(sighting)
    ear = _Ear(library)
    try:
        async with BleakScanner(ear, **air.scanner_arguments()), asyncio.timeout(timeout_s):
            while (sighting := ear.find(wanted)) is None:
                ear.heard.clear()
                await ear.heard.wait()
            return _measured(sighting)
    except TimeoutError:
        raise DeviceNotFound(_not_heard(wanted, air, ear, timeout_s)) from None
    except ERRORS as error:
        raise RadioError(no_air(air, error)) from error


async def _unheard(air: Air, library: Library, wanted: str) -> Sighting | None:
    """Return what need not be listened for, on a cable or with a link that is there, or None.

    Raises:
        DeviceNotFound: There is no such model on a cable.
    """
    if (found := wired.plugged(wanted, air)) is not None:
        address, device, entry = found
        return Sighting(address, wanted, None, library[entry.model], device)

    def free(one: Held) -> Massager | None:
        if is_driven(one.device.address, air.name):
            return None
        return identify(library, one.name, one.service_uuids, one.manufacturer_data)

    if (linked := await held_as(wanted, air, free)) is None:
        return None
    one, massager = linked
    return Sighting(one.device.address, one.name, None, massager, one.device)


def _measured(sighting: Sighting) -> Sighting:
    return replace(sighting, massager=as_measured(sighting.massager, sighting.address))


def _not_heard(wanted: str, air: Air, ear: _Ear, timeout_s: float) -> str:
    others = ", ".join(sorted(s.name for s in ear.sightings.values()))
    hint = (
        f"heard: {others}" if others else "no massager was heard; is it on, and free of other apps?"
    )
    hint = "; ".join((hint, *air.notes()))
    return f"{wanted}: not found on {air.name} within {timeout_s:g} s ({hint})"
