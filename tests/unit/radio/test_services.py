"""Characteristics whose UUID is a pattern: found on the device, or nothing is written."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devicehub.errors import RadioError
from devicehub.massagers.library import load_text
from devicehub.massagers.model import Massager
from devicehub.massagers.report import Report
from devicehub.massagers.shelf import texts
from devicehub.radio.direct import stop_directly
from devicehub.radio.link import Link
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import Terms
from tests.unit.radio.bench import CAPE, Bench, Judge, bench

TEXT = dict(texts())["reference-cape.toml"]
STATUS_S = 1.1  # it says so once a second
LEVELS, STATUS = "7d3c0002-52a4", "7d3c0003-52a4"
WILD = TEXT.replace(LEVELS, "????0002-52a?").replace(STATUS, "????0003-52a?")


def cape(text: str) -> Massager:
    return load_text(text, "reference-cape.toml").massagers[CAPE]


@asynccontextmanager
async def connected(folder: Path, text: str) -> AsyncGenerator[tuple[Bench, Link]]:
    async with bench(folder) as here:
        connector = LocalConnector(here.air, {CAPE: cape(text)})
        link = await connector.connect(here.sim.addresses[CAPE], 2.0)
        await link.agree(Terms(link.massager.steps))
        yield here, link
        await link.close()


async def fails(folder: Path, text: str) -> str:
    with pytest.raises(RadioError) as failure:
        async with connected(folder, text):
            pass
    causes = [failure.value, failure.value.__cause__]
    return " ".join(map(str, causes))


@pytest.mark.exhaustive
async def test_levels_go_to_the_one_that_fits_and_words_come_from_it(tmp_path: Path) -> None:
    async with connected(tmp_path, WILD) as (here, link):
        said: list[Report] = []
        link.listen(said.append)
        encoded = Judge(link.massager).encoded(0.3)
        assert await link.send(encoded)
        assert here.levels() == list(encoded.steps)
        await asyncio.sleep(STATUS_S)
        assert any(report.levels is not None for report in said)


async def test_a_stop_without_a_session_finds_it_too(tmp_path: Path) -> None:
    stop = cape(WILD).stops[0].writes
    async with bench(tmp_path) as here:
        address = here.sim.addresses[CAPE]
        assert await stop_directly(address, [(w.char, w.data, w.response) for w in stop], here.air)
        assert here.stops() >= 1


async def test_what_fits_two_characteristics_is_written_to_neither(tmp_path: Path) -> None:
    both = TEXT.replace(f'uuid = "{LEVELS}', 'uuid = "7d3c000?-52a4')
    assert "did not answer the first stop" in await fails(tmp_path, both)


async def test_what_is_subscribed_must_fit_one(tmp_path: Path) -> None:
    both = TEXT.replace(f'uuid = "{STATUS}', 'uuid = "7d3c000?-52a4')
    assert "fits 3 characteristics of the device" in await fails(tmp_path, both)


async def test_what_fits_no_characteristic_is_written_nowhere(tmp_path: Path) -> None:
    none = TEXT.replace(f'uuid = "{LEVELS}', 'uuid = "7d3d000?-52a4')
    assert "did not answer the first stop" in await fails(tmp_path, none)


# -------------------------------------------------------------------------- opening steps


def opening(step: str) -> str:
    return TEXT.replace("[battery]", f"[[connect]]\n{step}\n[battery]")


async def test_an_opening_step_reads_what_it_should(tmp_path: Path) -> None:
    text = opening('read = "battery"\nbegins = ["00", "64"]\nwait_s = 0.5')
    async with connected(tmp_path, text) as (here, _):
        assert here.still()


async def test_another_kind_of_massager_is_not_driven(tmp_path: Path) -> None:
    text = opening('read = "battery"\nbegins = "FF"')
    assert "reference-cape: says 64, which is another kind" in await fails(tmp_path, text)


async def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    said = await fails(tmp_path, opening('read = "levels"'))
    assert "a read failed" in said
