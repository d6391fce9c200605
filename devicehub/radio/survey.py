"""Survey: everything that is heard in a while, and what it means to a person.

Massagers that may be played, those that somebody else has, those that are never driven, and what
nobody here knows. Nothing is written, so nothing can move.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from devicehub.errors import RadioError
from devicehub.ledger.locks import is_driven
from devicehub.massagers.identify import identify
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.massagers.refusing import refused
from devicehub.radio.air import Air
from devicehub.radio.held import Held, held
from devicehub.radio.saved import Saved
from devicehub.radio.trouble import ERRORS, no_air
from devicehub.radio.wired import model_of


class State(StrEnum):
    """What a person can do with what was found, the best first."""

    FREE = "free"
    IN_USE = "in use"
    NOT_HEARD = "not heard"
    REFUSED = "refused"
    UNKNOWN = "unknown"


PLAYED = "a session of yours plays it: devicehub stop ends that"
HELD = "another program on this computer has its link: close it there, or switch the massager off"
ABSENT = "off, out of range, or in use by another app: it is silent while a phone has its link"
NOBODYS = "not known here: devicehub devices new describes it"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was heard, or should have been.

    Attributes:
        address: Where it is reached.
        name: As it advertises; empty where it does not say.
        rssi_dbm: The strength of its last word; None for one that was not heard.
        state: What can be done with it.
        massager: What it is, for one that is known.
        why: A sentence, unless it is free.
        via: The proxy through which it is reached best; None where there is none between.
    """

    address: str
    name: str
    rssi_dbm: int | None
    state: State
    massager: Massager | None = None
    why: str = ""
    via: str | None = None


async def survey(
    air: Air, library: Library, mine: Sequence[Saved], timeout_s: float
) -> list[Found]:
    """Listen for `timeout_s` seconds; return what there is, by state and then the nearest first.

    Args:
        air: Where to listen.
        library: What is known of massagers.
        mine: Those that this user saved, which are told when they are not heard.
        timeout_s: For how long, in seconds.

    Raises:
        RadioError: The air cannot be used, for example because Bluetooth is off.
    """
    heard: dict[str, tuple[BLEDevice, AdvertisementData]] = {}

    def hear(device: BLEDevice, said: AdvertisementData) -> None:
        heard[device.address] = device, said

    linked = await held(air)
    try:
        async with BleakScanner(hear, **air.scanner_arguments()):
            await asyncio.sleep(timeout_s)
    except ERRORS as error:
        raise RadioError(no_air(air, error)) from error
    found = {
        address: replace(_heard(library, *words), via=air.via(address))
        for address, words in heard.items()
    }
    found |= {one.address: one for one in _linked(library, air, linked)}
    found |= {one.address: one for one in _missed(library, air, mine, found)}
    return sorted(found.values(), key=_place)


def _place(one: Found) -> tuple[int, float, str]:
    strength = float("-inf") if one.rssi_dbm is None else one.rssi_dbm
    return [*State].index(one.state), -strength, one.address


def _heard(library: Library, device: BLEDevice, said: AdvertisementData) -> Found:
    name = said.local_name or device.name or ""
    words = (name, said.service_uuids, said.manufacturer_data)
    massager = identify(library, *words)
    why = massager.refused if massager is not None else refused(*words)
    if why is not None:
        return Found(device.address, name, said.rssi, State.REFUSED, massager, why)
    if massager is None:
        return Found(device.address, name, said.rssi, State.UNKNOWN, None, NOBODYS)
    return Found(device.address, name, said.rssi, State.FREE, massager)


def _linked(library: Library, air: Air, linked: Sequence[Held]) -> Iterator[Found]:
    """Yield the massagers that the system holds a link to: they do not advertise."""
    for one in linked:
        massager = identify(library, one.name, one.service_uuids, one.manufacturer_data)
        if massager is not None:
            why = PLAYED if is_driven(one.device.address, air.name) else HELD
            yield Found(one.device.address, one.name, None, State.IN_USE, massager, why)


def _missed(
    library: Library, air: Air, mine: Sequence[Saved], found: dict[str, Found]
) -> Iterator[Found]:
    """Yield the saved massagers that were not heard; one on a cable says nothing by itself."""
    folded = {address.casefold() for address in found}
    for one in mine:
        if one.address.casefold() in folded or model_of(one.address) is not None:
            continue
        played = is_driven(one.address, air.name)
        state, why = (State.IN_USE, PLAYED) if played else (State.NOT_HEARD, ABSENT)
        yield Found(one.address, "", None, state, library.get(one.model), why)
