"""Identity: how a massager shows itself on the air, and whether an advertisement is one.

Imports nothing of ours: the emergency path (`stopbook`) needs it without pydantic.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Bluetooth Core Specification, Vol 3 Part B 2.5.1: the base that 16 and 32 bit UUIDs shorten.
_BLUETOOTH_BASE = "-0000-1000-8000-00805f9b34fb"
_SHORT_UUID = re.compile(r"[0-9a-f]{4}|[0-9a-f]{8}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Manufacturer:
    """Manufacturer data of an advertisement: a company's number and how its bytes begin."""

    company: int
    prefix: bytes = b""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an advertisement must show; everything that is stated must hold together.

    Attributes:
        names: Advertised names, ``*`` stands for any characters; at least one must match.
        service_uuid: A service that must be advertised, or None.
        manufacturer: Manufacturer data that must be advertised, or None.
    """

    names: tuple[str, ...]
    service_uuid: str | None = None
    manufacturer: Manufacturer | None = None


def full_uuid(text: str) -> str:
    """Return a UUID in its long form, lower case; 16 and 32 bit UUIDs get the Bluetooth base.

    Raises:
        ValueError: `text` is no UUID.
    """
    lowered = text.lower()
    if _SHORT_UUID.fullmatch(lowered):
        return lowered.rjust(8, "0") + _BLUETOOTH_BASE
    if _UUID.fullmatch(lowered):
        return lowered
    raise ValueError(f"{text!r} is no UUID")


def name_matches(pattern: str, name: str) -> bool:
    """Say whether an advertised name fits a pattern in which only ``*`` is special."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.DOTALL) is not None


def matches(
    identity: Identity,
    name: str | None,
    service_uuids: Iterable[str],
    manufacturer_data: Mapping[int, bytes],
) -> bool:
    """Say whether an advertisement shows everything that `identity` states.

    A service alone never identifies: vendors share them (the Nordic UART service above all), so
    without a name nothing matches.
    """
    if name is None or not any(name_matches(pattern, name) for pattern in identity.names):
        return False
    service = identity.service_uuid
    if service is not None and service not in map(str.lower, service_uuids):
        return False
    maker = identity.manufacturer
    return maker is None or _made_by(maker, manufacturer_data)


def _made_by(maker: Manufacturer, manufacturer_data: Mapping[int, bytes]) -> bool:
    data = manufacturer_data.get(maker.company)
    return data is not None and data.startswith(maker.prefix)
