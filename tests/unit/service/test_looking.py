"""Looking: massagers come and go; a session has the radio for itself."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.errors import RadioError
from devicehub.service.looking import NOT_HEARD, Looking
from tests.unit.service.hall import BED, SEAT, Hall, hall

EVERY_S = 60.0


@asynccontextmanager
async def looking(here: Hall, every_s: float = EVERY_S) -> AsyncGenerator[Looking]:
    one = Looking(here.service, every_s)
    here.service.give_way = one.give_way
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def test_what_is_not_heard_is_told_once_and_again_when_it_is_back(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        here.ground.heard = {BED}
        async with looking(here):
            await asyncio.sleep(3 * EVERY_S)
            assert here.service.absent == {SEAT: NOT_HEARD}
            here.ground.heard = {SEAT, BED}
            await asyncio.sleep(EVERY_S)
            assert here.service.absent == {}
    assert [(one.event.name, one.device) for one in here.heard] == [
        ("absent", SEAT),
        ("heard", SEAT),
    ]


async def test_without_a_radio_the_reason_is_told(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        here.ground.heard = RadioError("Bluetooth is off")
        async with looking(here):
            await asyncio.sleep(3 * EVERY_S)
            (card,) = here.desk.cards()
            assert (card.link, card.reason) == ("lost", "Bluetooth is off")
    assert here.said("absent") == ["Bluetooth is off"]


async def test_a_look_that_fails_in_any_way_is_not_the_last(tmp_path: Path) -> None:
    async with hall(tmp_path) as here, looking(here):
        here.ground.heard = ZeroDivisionError()
        await asyncio.sleep(2 * EVERY_S)
        assert here.service.absent == {SEAT: "ZeroDivisionError"}
        here.ground.heard = {SEAT}
        await asyncio.sleep(EVERY_S)
        assert here.service.absent == {}


@pytest.mark.exhaustive
async def test_a_session_ends_a_look_and_none_begins_meanwhile(tmp_path: Path) -> None:
    async with hall(tmp_path) as here, looking(here):
        await asyncio.sleep(1.0)
        assert here.ground.looks == 1
        await here.plays()
        assert here.names()[0] == "session_started"
        await asyncio.sleep(EVERY_S)
        assert here.ground.looks == 1
        here.service.stop(None, "test")
        await here.over()
        await asyncio.sleep(EVERY_S)
        assert here.ground.looks == 2


async def test_what_is_simulated_here_and_nothing_else_is_not_looked_for(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        async with looking(here, 0.0):
            await asyncio.sleep(EVERY_S)
        here.service.places[SEAT] = replace(here.place(), near=True)
        async with looking(here):
            await asyncio.sleep(EVERY_S)
        assert here.ground.looks == 0
