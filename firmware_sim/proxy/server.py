"""The proxy as a server: an air on one side, ESPHome's native API on the other."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

from firmware_sim.adapter import Adapter
from firmware_sim.air import join
from firmware_sim.endpoint import TcpEndpoint, parse_endpoint
from firmware_sim.proxy.caller import Caller
from firmware_sim.proxy.desk import Desk, Facts
from firmware_sim.proxy.framing import Encrypted, Framing, Plain, key_of

PORT = 6053
"""Where ESPHome's native API listens."""


@asynccontextmanager
async def serve(
    air: str,
    listen: str,
    *,
    name: str = "simulated-proxy",
    key: str | None = None,
    slots: int = 3,
    active: bool = True,
) -> AsyncGenerator[str]:
    """Bridge an air to whoever speaks ESPHome's native API.

    Args:
        air: Where the massagers are, `unix:/path` or `host:port` of `firmware-sim run`.
        listen: `host:port`; port 0 takes a free one.
        name: What the proxy is called.
        key: For encryption, 32 bytes in base64; None for none.
        slots: How many links it holds at most.
        active: False for one that only listens.

    Yields:
        The address that is bound.

    Raises:
        ValueError: An address or the key is misspelt.
        ConnectionError: Nobody answers at `air`.
        OSError: `listen` is taken.
    """
    match parse_endpoint(listen):
        case TcpEndpoint(host, port):
            pass
        case _:
            raise ValueError(f"address {listen!r}: expected host:port")
    secret = None if key is None else key_of(key)
    async with join(air) as far:
        facts = Facts(name, _mac(name), slots, active)
        desk = Desk(facts, cast("Adapter", far.options["dongle"]))

        def framing() -> Framing:
            return (
                Plain()
                if secret is None
                else Encrypted(secret, name, facts.mac.replace(":", "").lower())
            )

        def answer() -> Caller:
            return Caller(framing(), desk.hear, desk.gone)

        loop = asyncio.get_running_loop()
        server = await loop.create_server(answer, host, port)
        try:
            await desk.open()
            yield str(TcpEndpoint(*server.sockets[0].getsockname()[:2]))
        finally:
            server.close()
            await desk.close()
            await server.wait_closed()


def _mac(name: str) -> str:
    """Return an address for a name, locally administered (IEEE 802-2014, 8.4)."""
    whole = bytearray(hashlib.sha256(name.encode()).digest()[:6])
    whole[0] = whole[0] & 0xFC | 0x02
    return ":".join(f"{byte:02X}" for byte in whole)
