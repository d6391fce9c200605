"""A proxy that floods, beside one that is well: real sockets, one process."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devicehub.config.proxies import Place
from devicehub.radio.port import Terms
from devicehub.radio.proxies.trouble import FLOODS
from tests.integration.processes import ADVERTISED, VEST
from tests.integration.rooms import heard, place, room
from tests.patience import PATIENCE_S
from tests.unit.radio.bench import Judge

pytestmark = pytest.mark.wallclock


@asynccontextmanager
async def flood() -> AsyncGenerator[Place]:
    """Yield where something takes connections and sends small frames without an end."""

    async def pour(_: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                out.write(b"\0\0\7" * 20_000)
                await out.drain()
        out.close()

    async with await asyncio.start_server(pour, "127.0.0.1", 0) as server:
        yield place("{}:{}".format(*server.sockets[0].getsockname()), "flood")


async def test_a_proxy_that_floods_is_left_alone_and_a_stop_goes_through_another(
    tmp_path: Path,
) -> None:
    async with (
        room(tmp_path, [VEST]) as where,
        flood() as bad,
        heard(bad, place(where)) as (air, connector),
    ):
        link = await connector.connect(ADVERTISED[VEST], PATIENCE_S)
        await link.agree(Terms(link.massager.steps))
        await link.send(Judge(link.massager).encoded(0.3))
        async with asyncio.timeout(PATIENCE_S):
            await air.options["proxies"].lines[0].decided.wait()
        assert air.notes() == [f"proxy flood: {FLOODS}"]
        assert (await link.close()).confirmed
