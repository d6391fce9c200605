"""Identity: how a massager shows itself on the air, and whether an advertisement is one.

Imports nothing of ours: the emergency path (`stopbook`) needs it without pydantic.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

# Bluetooth Core Specification, Vol 3 Part B 2.5.1: the base that 16 and 32 bit UUIDs shorten.
_BLUETOOTH_BASE = "-0000-1000-8000-00805f9b34fb"
_SHORT_UUID = re.compile(r"[0-9a-f]{4}|[0-9a-f]{8}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WILD = "?"
# A pattern of nothing but wildcards would be any characteristic at all: two bytes of a model's
# code, one of a version and one to spare are what any known family leaves open.
_WILD_MOST = 8


@dataclass(frozen=True, slots=True)
class Manufacturer:
    """Manufacturer data of an advertisement: a company's number, and how its bytes may begin."""

    company: int
    prefixes: tuple[bytes, ...] = (b"",)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an advertisement must show; everything that is stated must hold together.

    Attributes:
        names: Advertised names, ``*`` stands for any characters; at least one must match.
        services: Services (patterns) of which one must be advertised; empty for no matter.
        manufacturer: Manufacturer data that must be advertised, or None.
        exclude: Advertised names that it never has, although `names` would fit.
    """

    names: tuple[str, ...]
    services: tuple[str, ...] = ()
    manufacturer: Manufacturer | None = None
    exclude: tuple[str, ...] = ()


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


def uuid_pattern(text: str) -> str:
    """Return a UUID in which ``?`` stands for any hex digit, in its long form, lower case.

    Raises:
        ValueError: `text` is none, or leaves more than eight digits open.
    """
    wild = text.count(_WILD)
    if not wild:
        return full_uuid(text)
    lowered = text.lower()
    if wild > _WILD_MOST or not _UUID.fullmatch(lowered.replace(_WILD, "0")):
        raise ValueError(f"{text!r} is no UUID with at most {_WILD_MOST} ? for its digits")
    return lowered


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(_WILD, "[0-9a-f]"))


def uuid_matches(pattern: str, uuid: str) -> bool:
    """Say whether a UUID, long form in any letter case, is one of `pattern`."""
    lowered = uuid.lower()
    return lowered == pattern or (_WILD in pattern and bool(_compiled(pattern).fullmatch(lowered)))


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
    if name is None or not _fits(identity.names, name) or _fits(identity.exclude, name):
        return False
    services = identity.services
    advertised = tuple(service_uuids) if services else ()
    if services and not any(uuid_matches(one, uuid) for one in services for uuid in advertised):
        return False
    maker = identity.manufacturer
    return maker is None or _made_by(maker, manufacturer_data)


def _fits(patterns: Iterable[str], name: str) -> bool:
    return any(name_matches(pattern, name) for pattern in patterns)


def _made_by(maker: Manufacturer, manufacturer_data: Mapping[int, bytes]) -> bool:
    data = manufacturer_data.get(maker.company)
    return data is not None and data.startswith(maker.prefixes)
