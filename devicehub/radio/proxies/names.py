"""Names: where a proxy is on the network, without anybody waiting for a name server that hangs.

The system's look-up cannot be ended. In the event loop's own threads it would hold up the exit of
the process, and with it the end of `devicehub stop`; here it has a thread that the exit forgets.
"""

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Awaitable
from concurrent.futures import Future
from typing import Any

from aioesphomeapi.core import ResolveAPIError
from aioesphomeapi.zeroconf import ZeroconfManager

from devicehub.config.proxies import Place

NAME_S = 4.0
"""A name that is not known within so many seconds is none: one on a network that is well takes
milliseconds, and a proxy that was not heard of by then is tried again anyway."""
_LOCAL = ".local"
_SERVICE = "_esphomelib._tcp.local."

Address = tuple[int, tuple[str | int | bytes, ...]]
"""A family of the socket module, and what such a socket connects to."""

_running: dict[tuple[str, int], "Future[list[Address]]"] = {}


async def addresses(place: Place, multicast: ZeroconfManager) -> list[Address]:
    """Return where a proxy may be; an address in the settings is not looked up.

    Raises:
        ResolveAPIError: Nobody has said within `NAME_S`.
    """
    if literal := _literal(place):
        return literal
    ways: list[asyncio.Task[list[Address]]] = [asyncio.create_task(_asked_of_system(place))]
    if _is_local(place.host):
        ways.append(asyncio.create_task(_heard(place, multicast)))
    try:
        async with asyncio.timeout(NAME_S):
            if found := await _first_of(ways):
                return found
    except TimeoutError:
        pass
    finally:
        for way in ways:
            way.cancel()
        await asyncio.wait(ways)
    raise ResolveAPIError(f"nobody knows {place.host}")


async def _first_of(ways: list[asyncio.Task[list[Address]]]) -> list[Address]:
    way: Awaitable[list[Address]]
    for way in asyncio.as_completed(ways):
        if found := await way:
            return found
    return []


def _literal(place: Place) -> list[Address]:
    """Return the address that a host spells, nothing for a name."""
    with contextlib.suppress(ValueError, OSError):  # ValueError: a name; OSError: no such interface
        ipaddress.ip_address(place.host)
        return _found(place.host, place.port, socket.AI_NUMERICHOST)
    return []


def _found(host: str, port: int, flags: int = 0) -> list[Address]:
    """Return what the system says of a host. Raises OSError where it says nothing."""
    kind, protocol = socket.SOCK_STREAM, socket.IPPROTO_TCP
    said: list[tuple[Any, Any, Any, Any, tuple[str | int | bytes, ...]]]
    said = [*socket.getaddrinfo(host, port, type=kind, proto=protocol, flags=flags)]
    # A name server that blocks a name says 0.0.0.0, and that would be this computer.
    return [
        (family, where)
        for family, _, _, _, where in said
        if not ipaddress.ip_address(str(where[0]).partition("%")[0]).is_unspecified
    ]


# -- the system's own look-up ----------------------------------------------------------------------


async def _asked_of_system(place: Place) -> list[Address]:
    try:
        return await asyncio.wrap_future(_look_up(place.host, place.port))
    except OSError:
        return []


def _look_up(host: str, port: int) -> "Future[list[Address]]":
    """Return the look-up of a host that runs, or begin one: there is never a second beside it."""
    key = host, port
    if (running := _running.get(key)) is not None:
        return running
    result: Future[list[Address]] = Future()
    result.set_running_or_notify_cancel()  # who waits may go; it goes on for the next one
    _running[key] = result

    def run() -> None:
        try:
            found = _first_spelling(host, port)
        except (OSError, ValueError) as error:  # ValueError: no name that could be asked for
            del _running[key]
            result.set_exception(OSError(str(error)))
        else:
            del _running[key]
            result.set_result(found)

    threading.Thread(target=run, name=f"look-up of {host}", daemon=True).start()
    return result


def _first_spelling(host: str, port: int) -> list[Address]:
    """Look a host up; many a router knows a .local one without that ending."""
    try:
        return _found(host, port)
    except OSError:
        if not host.endswith(_LOCAL):
            raise
    return _found(host.removesuffix(_LOCAL), port)


# -- the proxy's own word --------------------------------------------------------------------------


def _is_local(host: str) -> bool:
    return "." not in host or host.endswith(_LOCAL)


async def _heard(place: Place, multicast: ZeroconfManager) -> list[Address]:
    """Return what a proxy says itself, by multicast DNS; nothing where that cannot be asked."""
    from zeroconf.asyncio import AsyncServiceInfo  # noqa: PLC0415 - aioesphomeapi loads it late, too

    name = place.host.partition(".")[0]
    try:
        about = AsyncServiceInfo(_SERVICE, f"{name}.{_SERVICE}", server=f"{name}{_LOCAL}.")
        around = multicast.get_async_zeroconf().zeroconf
        await about.async_request(around, NAME_S * 1000)
        spelled = about.parsed_scoped_addresses()
    except Exception:  # noqa: BLE001 - whatever it fails with, the system was asked as well
        return []
    return [
        address for one in spelled for address in _found(one, place.port, socket.AI_NUMERICHOST)
    ]
