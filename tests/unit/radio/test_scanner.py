"""Scanning: massagers are sightings, and everything else is nobody."""

from pathlib import Path

import pytest

from devicehub.errors import DeviceNotFound
from devicehub.massagers.library import load_library
from devicehub.radio.scanner import find, scan
from tests.unit.radio.bench import CAPE, VEST, WAND, Bench, bench, now_s

LIBRARY = load_library()
MODELS = (CAPE, VEST, WAND)


async def test_every_massager_in_range_is_seen_once(tmp_path: Path) -> None:
    async with bench(tmp_path, MODELS) as here:
        sightings = await scan(here.air, LIBRARY, 1.0)
        assert {s.massager.model: s.address for s in sightings} == here.sim.addresses
        assert len(sightings) == len(MODELS)
        strengths = [s.rssi_dbm or 0 for s in sightings]
        assert strengths == sorted(strengths)[::-1]


async def test_what_the_library_does_not_know_is_nobody(tmp_path: Path) -> None:
    async with bench(tmp_path, MODELS) as here:
        sightings = await scan(here.air, {CAPE: LIBRARY[CAPE]}, 1.0)
        assert [s.massager.model for s in sightings] == [CAPE]


async def test_a_massager_is_found_as_soon_as_it_is_heard(tmp_path: Path) -> None:
    async with bench(tmp_path, MODELS) as here:
        sighting = await find(here.air, LIBRARY, "tactsuitx40", 60.0)
        assert sighting.massager.model == VEST
        assert now_s() < 1.0


async def absent(here: Bench) -> str:
    with pytest.raises(DeviceNotFound) as error:
        await find(here.air, LIBRARY, "nobody", 1.0)
    return str(error.value)


async def test_who_looks_for_something_else_is_told_what_is_there(tmp_path: Path) -> None:
    async with bench(tmp_path, [CAPE, VEST]) as here:
        assert await absent(here) == (
            "nobody: not found on memory within 1 s (heard: DH-CAPE, TactSuitX40)"
        )


async def test_who_hears_nothing_is_told_what_might_help(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        here.device().power_off()
        assert (await absent(here)).endswith(
            "(no massager was heard; is it on, and free of other apps?)"
        )
