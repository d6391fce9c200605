"""A dongle at the end of a stream. It is plugged in again when its stream broke and somebody asks.

So a simulator that was started anew is found by those that it had left, as a massager is that was
switched off and on; what is another controller than before is none of theirs.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from bumble import hci
from bumble.device import Connection
from bumble.host import Host
from bumble.transport.common import Transport
from bumble.transport.tcp_client import open_tcp_client_transport
from bumble.transport.unix import open_unix_client_transport

from firmware_sim.adapter import ANSWER_S, Adapter, AdvertListener, DongleLostError
from firmware_sim.endpoint import TcpEndpoint, UnixEndpoint, parse_endpoint
from firmware_sim.radio_controller import Listing


class Dongle(Protocol):
    """What scanners and clients share."""

    @property
    def host(self) -> Host:
        """The host that commands it."""
        ...

    async def listen(self, listener: AdvertListener) -> None:
        """See `Adapter.listen`."""
        ...

    async def unlisten(self, listener: AdvertListener) -> None:
        """See `Adapter.unlisten`."""
        ...

    async def connect(self, address: str) -> Connection:
        """See `Adapter.connect`."""
        ...

    async def disconnect(self, connection: Connection) -> None:
        """See `Adapter.disconnect`."""
        ...


class FarDongle:
    """A dongle at the end of a stream.

    Attributes:
        listing: The massagers of a simulator; None for a real dongle.
    """

    def __init__(self, address: str) -> None:
        """Make it; `open` plugs it in."""
        self.listing: Listing | None = None
        self._address = address
        self._plugging = asyncio.Lock()
        self._plugged = AsyncExitStack()
        self._adapter: Adapter | None = None

    async def open(self) -> None:
        """Plug it in. Raises as `dongle_behind`."""
        adapter = await self._plug()
        self.listing = await adapter.read_listing()

    async def close(self) -> None:
        """Pull it out."""
        await self._plugged.aclose()

    async def _live(self) -> Adapter:
        """Return the adapter, a new one where its stream broke. Raises DongleLostError."""
        async with self._plugging:
            if self._adapter is None or self._adapter.lost:
                await self._plug_in_again()
            return self._there

    async def _plug(self) -> Adapter:
        self._adapter = None
        adapter = await self._plugged.enter_async_context(_adapter_behind(self._address))
        self._adapter = adapter
        return adapter

    async def _plug_in_again(self) -> None:
        await self._plugged.aclose()
        try:
            adapter = await self._plug()
        except DongleLostError as error:
            raise DongleLostError(f"the Bluetooth controller went away: {error}") from error
        simulated = await adapter.read_listing() is not None
        if simulated is not (self.listing is not None):
            await self._plugged.aclose()
            self._adapter = None
            raise DongleLostError(f"{self._address}: another controller answers there now")

    @property
    def _there(self) -> Adapter:
        if self._adapter is None:
            raise DongleLostError("the Bluetooth controller went away")
        return self._adapter

    @property
    def host(self) -> Host:
        """The host that commands it."""
        return self._there.host

    async def listen(self, listener: AdvertListener) -> None:
        """See `Adapter.listen`."""
        await (await self._live()).listen(listener)

    async def unlisten(self, listener: AdvertListener) -> None:
        """See `Adapter.unlisten`."""
        if self._adapter is not None:
            await self._adapter.unlisten(listener)

    async def connect(self, address: str) -> Connection:
        """See `Adapter.connect`."""
        return await (await self._live()).connect(address)

    async def disconnect(self, connection: Connection) -> None:
        """See `Adapter.disconnect`."""
        await self._there.disconnect(connection)


@asynccontextmanager
async def dongle_behind(address: str) -> AsyncGenerator[FarDongle, None]:
    """Plug in the dongle at the end of a stream, `unix:/path` or `host:port`.

    Raises:
        DongleLostError: when nobody listens there, or it does not speak HCI.
        ValueError: when the address is misspelt.
    """
    dongle = FarDongle(address)
    try:
        await dongle.open()
        yield dongle
    finally:
        await dongle.close()


@asynccontextmanager
async def _adapter_behind(address: str) -> AsyncGenerator[Adapter, None]:
    try:
        transport = await _open(address)
    except OSError as error:
        raise DongleLostError(f"{address}: {error.strerror or error}") from error
    host = Host(transport.source, transport.sink)
    adapter = Adapter(host, hci.Address.generate_static_address())
    try:
        await adapter.open()
        yield adapter
    finally:
        await adapter.close()
        await transport.close()
        await asyncio.wait((transport.source.terminated,), timeout=ANSWER_S)


async def _open(address: str) -> Transport:
    match parse_endpoint(address):
        case UnixEndpoint(path):
            return await open_unix_client_transport(str(path))
        case TcpEndpoint(host, port):
            return await open_tcp_client_transport(f"{host}:{port}")
