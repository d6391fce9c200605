"""A stop straight over the air: the motors first, and confirmed only by an answer."""

import asyncio
from pathlib import Path

import pytest

from devicehub.errors import DeviceNotFound
from devicehub.massagers.stopbook import StopWrite
from devicehub.radio.direct import find_known, stop_directly
from tests.unit.radio.bench import CAPE, VEST, WAND, Bench, Judge, bench, known

TX = "57300002-0023-4bd4-bbd5-a6920e4c5653"
SILENT = "kiiroo-prowand"  # writes without response, and nothing that it notifies

NAMES = {CAPE: "dh-cape", VEST: "TACTSUITX40", WAND: "lvs-domi37"}


def stop_of(model: str) -> list[StopWrite]:
    return [(write.char, write.data, write.response) for write in known(model).stops[0].writes]


async def left_running(here: Bench) -> None:
    """Leave the vest as a hub does that dies: at its last frame."""
    link = await here.link(VEST)
    await link.send(Judge(link.massager).encoded(0.4))
    here.device(VEST).go_out_of_range()
    await link.lost.wait()
    here.device(VEST).come_back()
    assert not here.still(VEST)


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_a_massager_is_found_by_its_name_with_its_stop(model: str, tmp_path: Path) -> None:
    async with bench(tmp_path, [model]) as here:
        device, entry = await find_known(NAMES[model], 2.0, here.air)
        assert device.address == here.sim.addresses[model]
        assert entry.model == model
        assert list(entry.writes) == stop_of(model)


async def test_a_massager_is_found_by_its_address(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        _, entry = await find_known(here.sim.addresses[CAPE].lower(), 2.0, here.air)
        assert entry.model == CAPE


async def test_what_is_not_heard_is_told(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        with pytest.raises(DeviceNotFound, match="wand: not heard within 2 s; switch it off"):
            await find_known("wand", 2.0, here.air)


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_an_answer_confirms_the_stop(model: str, tmp_path: Path) -> None:
    async with bench(tmp_path, [model]) as here:
        assert await stop_directly(here.sim.addresses[model], stop_of(model), here.air)
        assert here.stops(model) >= 1
        assert here.tape(model).links[-1][1] == "closed"


async def test_one_that_says_nothing_is_asked(tmp_path: Path) -> None:
    async with bench(tmp_path, [SILENT]) as here:
        assert await stop_directly(here.sim.addresses[SILENT], stop_of(SILENT), here.air)


@pytest.mark.exhaustive
async def test_what_was_left_running_is_stopped(tmp_path: Path) -> None:
    async with bench(tmp_path, [VEST]) as here:
        await left_running(here)
        assert await stop_directly(here.sim.addresses[VEST], stop_of(VEST), here.air)
        assert here.still(VEST)


async def test_stop_is_the_first_thing_that_is_written(tmp_path: Path) -> None:
    async with bench(tmp_path, [WAND]) as here:
        await stop_directly(here.sim.addresses[WAND], stop_of(WAND), here.air)
        assert here.tape(WAND).order[1] == ("write", f"{TX} 566962726174653a303b")


async def test_a_refused_stop_is_written_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        here.device().refuse(3)
        assert await stop_directly(here.sim.addresses[CAPE], stop_of(CAPE), here.air)
        assert here.stops() == 4


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_a_massager_that_does_not_answer_is_not_said_to_be_stopped(
    model: str, tmp_path: Path
) -> None:
    async with bench(tmp_path, [model]) as here:
        here.device(model).hang()
        assert not await stop_directly(here.sim.addresses[model], stop_of(model), here.air)


@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_a_massager_that_is_lost_meanwhile_is_not_said_to_be_stopped(
    model: str, tmp_path: Path
) -> None:
    async with bench(tmp_path, [model], faults=["drop@0.5"]) as here:
        here.device(model).hang()
        assert not await stop_directly(here.sim.addresses[model], stop_of(model), here.air)
        assert here.tape(model).links[-1][1] == "lost"


async def test_a_massager_that_is_not_there_would_not_connect(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        here.device().power_off()
        with pytest.raises(DeviceNotFound, match=r"could not be connected \(no answer\)"):
            await stop_directly(here.sim.addresses[CAPE], stop_of(CAPE), here.air)
        assert asyncio.get_running_loop().time() < 60.0


async def test_words_that_answer_something_else_confirm_nothing(tmp_path: Path) -> None:
    """The wand says a word of its own, once; two answers to two stops are wanted."""
    async with bench(tmp_path, [WAND]) as here:
        stop = stop_of(WAND)
        assert await stop_directly(here.sim.addresses[WAND], stop, here.air)
        assert here.stops(WAND) >= 3
