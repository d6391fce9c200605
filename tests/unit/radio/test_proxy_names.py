"""Where a proxy is: a name server that hangs holds up nobody, and has one thread a proxy."""

import asyncio
import socket
import threading
from typing import Any

import pytest
from aioesphomeapi.core import ResolveAPIError
from aioesphomeapi.zeroconf import ZeroconfManager

from devicehub.config.proxies import Place
from devicehub.radio.proxies import names


async def test_an_address_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any) -> Any:
        raise AssertionError("looked up")

    monkeypatch.setattr(names, "_look_up", none)
    found = {
        host: await names.addresses(Place("hall", host, 6053), ZeroconfManager())
        for host in ("192.0.2.7", "2001:db8::7")
    }
    assert found == {
        "192.0.2.7": [(socket.AF_INET, ("192.0.2.7", 6053))],
        "2001:db8::7": [(socket.AF_INET6, ("2001:db8::7", 6053, 0, 0))],
    }


def test_a_name_server_that_hangs_holds_up_no_exit_and_has_one_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hangs, asked = threading.Event(), [0]

    def found(_host: str, _port: int, flags: int = 0) -> list[names.Address]:
        if flags:
            raise OSError("no address")
        asked[0] += 1
        hangs.wait()
        return [(socket.AF_INET, ("192.0.2.7", 6053))]

    monkeypatch.setattr(names, "_found", found)
    monkeypatch.setattr(names, "NAME_S", 0.01)
    place = Place("hall", "hall.example", 6053)

    async def given_up() -> None:
        with pytest.raises(ResolveAPIError):
            await names.addresses(place, ZeroconfManager())

    try:
        for _ in range(3):
            asyncio.run(given_up())  # returns while the look-up still hangs
        (thread,) = [one for one in threading.enumerate() if one.name == "look-up of hall.example"]
        assert (asked, thread.daemon) == ([1], True)
    finally:
        hangs.set()
    thread.join()
