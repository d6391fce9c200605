"""A survey: what may be played, what somebody else has, what is never driven, and strangers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice

from devicehub.errors import RadioError
from devicehub.ledger.locks import device_lock
from devicehub.massagers.library import load_library
from devicehub.radio import survey as words
from devicehub.radio.air import Air
from devicehub.radio.battery import battery_of
from devicehub.radio.saved import Saved
from devicehub.radio.survey import Found, State, survey
from tests.unit.massagers.test_whitelist import INVENTED
from tests.unit.radio.bench import CAPE, VEST, WAND, Bench, bench

LIBRARY = load_library()
LISTEN_S = 1.0
SEAT = "nlr-hf8"


async def found(here: Bench, mine: Sequence[Saved] = ()) -> list[Found]:
    return await survey(here.air, LIBRARY, mine, LISTEN_S)


def stranger(folder: Path, name: str) -> str:
    """Write a file of a massager that advertises `name`; return it as the simulator wants it."""
    text = (INVENTED / "plain-wand.toml").read_text(encoding="utf-8")
    path = folder / "stranger.toml"
    path.write_text(text.replace('names = ["Plain 1"]', f'names = ["{name}"]'), encoding="utf-8")
    return f"{path}#plain-wand"


async def test_massagers_are_free_and_the_nearest_is_the_first(tmp_path: Path) -> None:
    async with bench(tmp_path, [CAPE, VEST, WAND]) as here:
        rows = await found(here)
    assert {row.address for row in rows} == set(here.sim.addresses.values())
    assert {row.state for row in rows} == {State.FREE}
    strengths = [row.rssi_dbm or 0 for row in rows]
    assert strengths == sorted(strengths, reverse=True)


async def test_what_nobody_knows_is_a_stranger_and_comes_last(tmp_path: Path) -> None:
    async with bench(tmp_path, [stranger(tmp_path, "Thing"), CAPE]) as here:
        (cape, thing) = await found(here)
    assert (cape.state, thing.state) == (State.FREE, State.UNKNOWN)
    assert (thing.name, thing.massager) == ("Thing", None)
    assert "devicehub devices new" in thing.why


@pytest.mark.parametrize("name", ["BLE_EMS1", "a chair"])
async def test_what_is_never_driven_says_why(name: str, tmp_path: Path) -> None:
    model = stranger(tmp_path, name) if name.startswith("BLE") else "rongtai-rt8600s"
    async with bench(tmp_path, [model]) as here:
        (row,) = await found(here)
    assert row.state is State.REFUSED
    assert row.why.endswith(".")


async def test_a_saved_one_that_is_silent_may_be_somebody_elses(tmp_path: Path) -> None:
    async with bench(tmp_path, [CAPE, VEST]) as here:
        mine = [
            Saved("cape", here.sim.addresses[CAPE].lower(), CAPE),
            Saved("vest", here.sim.addresses[VEST], VEST),
            Saved("pad", f"{SEAT}@/dev/ttyUSB0", SEAT),
        ]
        link = await here.link(VEST)  # another app has it
        rows = {row.address: row for row in await found(here, mine)}
        assert set(rows) == set(here.sim.addresses.values())
        vest = rows[here.sim.addresses[VEST]]
        assert (vest.state, vest.why) == (State.NOT_HEARD, words.ABSENT)
        with device_lock(vest.address, here.air.name):
            played = await found(here, mine)
        assert (played[-1].state, played[-1].why) == (State.IN_USE, words.PLAYED)
        await link.close()


class Bluetoothd(BaseBleakAdapter):
    """A system that holds links to a vest and to a keyboard, as BlueZ shows it to bleak."""

    @classmethod
    async def get(cls, **_: Any) -> "Bluetoothd":
        return cls()

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        assert service_uuids
        vest = {"Name": "TactSuitX40", "UUIDs": list(LIBRARY[VEST].identify.services)}
        return [
            BLEDevice("C0:01", "TactSuitX40", {"path": "/1", "props": vest}),
            BLEDevice("C0:02", "Keyboard", {"path": "/2", "props": {"Name": "Keyboard"}}),
        ]


async def test_one_whose_link_another_program_has_is_in_use(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        air = Air("Bluetooth", here.air.scanner, here.air.client, adapter=Bluetoothd)
        air = Air(air.name, air.scanner, air.client, here.air.options, adapter=Bluetoothd)
        rows = await survey(air, LIBRARY, [], LISTEN_S)
        assert [(row.name, row.state) for row in rows] == [
            ("DH-CAPE", State.FREE),
            ("TactSuitX40", State.IN_USE),
        ]
        assert rows[1].why == words.HELD
        with device_lock("C0:01", "Bluetooth"):
            assert (await survey(air, LIBRARY, [], LISTEN_S))[1].why == words.PLAYED


async def test_the_battery_is_asked_by_who_stops_it_first(tmp_path: Path) -> None:
    async with bench(tmp_path, [CAPE, WAND]) as here:
        for model in (CAPE, WAND):
            percent = await battery_of(here.air, LIBRARY, here.sim.addresses[model])
            assert percent is not None
            assert 0 < percent <= 100
            assert here.stops(model) >= 1
            assert here.tape(model).links[-1][1] == "closed"


async def test_one_without_a_battery_says_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path, ["reverie-108"]) as here:
        assert await battery_of(here.air, LIBRARY, here.sim.addresses["reverie-108"]) is None


async def test_one_that_is_gone_is_an_error(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        here.device().power_off()
        with pytest.raises(RadioError, match="not found"):
            await battery_of(here.air, LIBRARY, here.sim.addresses[CAPE])
