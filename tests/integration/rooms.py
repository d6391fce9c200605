"""Another room: massagers on an air, a simulated proxy there, and a network between."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devicehub.config.proxies import Place
from devicehub.massagers.library import load_library
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.radio.proxies.air import proxied
from firmware_sim.proxy.server import serve as serve_proxy
from firmware_sim.server import serve

KEY = "QRTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc="
ANOTHER_KEY = "ARTIErOb/fcE9Ukd/5qA3RGYMn0Y+p06U58SCtOXvPc="
LIBRARY = load_library()


@dataclass
class Network:
    """The way to a proxy, which can stand still."""

    flowing: asyncio.Event = field(default_factory=asyncio.Event)
    ends: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    @asynccontextmanager
    async def to(self, where: str) -> AsyncGenerator[str]:
        """Yield an address at which everything gets to `where` while the network is well."""
        host, _, port = where.rpartition(":")
        self.flowing.set()

        async def through(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
            far, out = await asyncio.open_connection(host, int(port))
            self.ends |= {back, out}
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(near, out))
                both.create_task(self._carry(far, back))

        server = await asyncio.start_server(through, "127.0.0.1", 0)
        try:
            yield "{}:{}".format(*server.sockets[0].getsockname()[:2])
        finally:
            server.close()
            self.cut()
            await server.wait_closed()
            await asyncio.sleep(0)

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(4096):
                await self.flowing.wait()
                to.write(data)
        except ConnectionError:
            pass
        finally:
            to.close()

    def cut(self) -> None:
        """End every connection at once."""
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()


def place(where: str, name: str = "bedroom", key: str | None = None) -> Place:
    host, _, port = where.rpartition(":")
    return Place(name, host, int(port), key)


@asynccontextmanager
async def room(
    folder: Path, models: Sequence[str], tapes: Mapping[str, Path] | None = None, **options: Any
) -> AsyncGenerator[str]:
    """Yield where the proxy of a room with `models` in it is."""
    async with (
        serve(models, f"unix:{folder}/air", tapes, interval_s=0.015) as air,
        serve_proxy(air, "127.0.0.1:0", **options) as where,
    ):
        yield where


@asynccontextmanager
async def heard(*places: Place) -> AsyncGenerator[tuple[Air, LocalConnector]]:
    """Yield the air over proxies, and what connects on it."""
    async with proxied(places) as air:
        yield air, LocalConnector(air, LIBRARY)
