"""Reaching: a connection to a proxy, metered, and when to try again after one that failed."""

import asyncio
import contextlib
import socket

from aioesphomeapi.core import SocketAPIError
from aioesphomeapi.zeroconf import ZeroconfManager

from devicehub.config.proxies import Place
from devicehub.radio.proxies.meter import MeteredSocket
from devicehub.radio.proxies.names import Address, addresses

# A network that is well takes milliseconds; a proxy may have an address that leads nowhere besides
# the right one.
CONNECT_S = 3.0

AGAIN_S = 1.0
MISBEHAVED_S = 30.0
LONGEST_S = 300.0


class Pauses:
    """How long a proxy is left alone after a try: twice as long each time, until one was well."""

    def __init__(self) -> None:
        self._next_s = AGAIN_S

    def well(self) -> None:
        """Take note that it was as it should be."""
        self._next_s = AGAIN_S

    def after(self, *, misbehaved: bool) -> float:
        """Return how long to wait now, in seconds; longer after one that did harm."""
        pause_s = max(self._next_s, MISBEHAVED_S if misbehaved else AGAIN_S)
        self._next_s = min(2 * pause_s, LONGEST_S)
        return pause_s


async def connected(place: Place, multicast: ZeroconfManager) -> MeteredSocket:
    """Return a connection to a proxy.

    Raises:
        ResolveAPIError: Nobody knows its name.
        SocketAPIError: Nothing answers there.
        TimeoutError: Nobody said anything.
    """
    failed: Exception | None = None
    for address in await addresses(place, multicast):
        try:
            return await _connected(address)
        except OSError as error:  # TimeoutError among them
            failed = error
    if isinstance(failed, TimeoutError):
        raise failed
    raise SocketAPIError(f"nothing answers at {place.host}") from failed


async def _connected(address: Address) -> MeteredSocket:
    family, where = address
    with contextlib.ExitStack() as failing:
        near = MeteredSocket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        failing.callback(near.close)
        near.setblocking(False)
        async with asyncio.timeout(CONNECT_S):
            await asyncio.get_running_loop().sock_connect(near, where)
        failing.pop_all()
        return near
