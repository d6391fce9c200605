"""When a proxy that fails is tried again: on virtual time, without a network."""

import asyncio

import pytest
from aioesphomeapi.core import ProtocolAPIError, SocketAPIError

from devicehub.config.proxies import Place
from devicehub.radio.proxies import line as lines
from devicehub.radio.proxies.ears import Ears
from devicehub.radio.proxies.line import Line


async def tries(
    monkeypatch: pytest.MonkeyPatch, error: Exception, looked_for_at_s: float | None, until_s: float
) -> list[float]:
    """Return when a proxy was tried that always fails, in seconds from the first time."""
    loop, at_s = asyncio.get_running_loop(), list[float]()

    async def fails(*_: object) -> None:
        at_s.append(loop.time())
        raise error

    monkeypatch.setattr(lines, "connected", fails)
    line = Line(Place("hall", "192.0.2.7", 6053), Ears())
    line.open()
    begun_s = loop.time()
    if looked_for_at_s is not None:
        loop.call_later(looked_for_at_s, line.try_soon)
    await asyncio.sleep(until_s)
    await line.close()
    return [round(one - begun_s, 3) for one in at_s]


async def test_one_that_is_not_there_is_tried_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await tries(monkeypatch, SocketAPIError(), None, 32.0) == [0, 1, 3, 7, 15, 31]


async def test_one_that_is_not_there_is_tried_when_somebody_looks_for_a_massager(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await tries(monkeypatch, SocketAPIError(), 20.0, 22.0) == [0, 1, 3, 7, 15, 20]


async def test_one_that_spoke_nonsense_is_left_alone_whoever_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await tries(monkeypatch, ProtocolAPIError(), 20.0, 100.0) == [0, 30, 90]
