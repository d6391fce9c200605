"""Massagers on a cable: named by model and port, driven and stopped like any other."""

from pathlib import Path

import pytest

from devicehub.errors import DeviceNotFound
from devicehub.massagers.library import load_library
from devicehub.radio.air import BLUETOOTH
from devicehub.radio.direct import find_known, stop_directly
from devicehub.radio.local import LocalConnector
from devicehub.radio.scanner import find
from devicehub.radio.wired import model_of, wire_of
from tests.unit.radio.bench import Judge, bench

SEAT = "nlr-hf8"
PORT = "/dev/ttyUSB0"
LIBRARY = load_library()


@pytest.mark.parametrize("address", ["C0:FF:EE:00:00:02", "LVS-Domi37", "a@", "@b", "A b@c"])
def test_an_address_on_the_air_is_no_port(address: str) -> None:
    assert model_of(address) is None


async def test_one_on_a_cable_is_not_listened_for() -> None:
    sighting = await find(BLUETOOTH, LIBRARY, f"{SEAT}@{PORT}", 0.0)
    assert sighting.massager.model == SEAT
    assert sighting.address == f"{SEAT}@{PORT}"
    assert sighting.rssi_dbm is None
    wire = wire_of(sighting.device)
    assert wire is not None
    assert (wire.port, wire.baud) == (PORT, 115200)


@pytest.fixture
def folder_with_pads(tmp_path: Path) -> Path:
    (tmp_path / "lines").mkdir()
    for name in ("pad", "lines/pad"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("port", ["lines/pad", "pad"])
async def test_its_address_is_the_same_in_any_folder(
    port: str, folder_with_pads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder_with_pads)
    sighting = await find(BLUETOOTH, LIBRARY, f"{SEAT}@{port}", 0.0)
    assert sighting.address == f"{SEAT}@{folder_with_pads / port}"
    device, _ = await find_known(f"{SEAT}@{port}", 0.0, BLUETOOTH)
    assert device.address == sighting.address


async def test_a_port_that_is_no_file_keeps_its_name() -> None:
    assert (await find(BLUETOOTH, LIBRARY, f"{SEAT}@COM5", 0.0)).address == f"{SEAT}@COM5"


@pytest.mark.parametrize("model", ["lovense-domi", "nothing"])
async def test_a_model_without_a_cable_is_refused_with_those_that_have_one(model: str) -> None:
    with pytest.raises(DeviceNotFound, match=f"{model}@x: no massager of that model .*: {SEAT}"):
        await find(BLUETOOTH, LIBRARY, f"{model}@x", 1.0)
    with pytest.raises(DeviceNotFound, match=f"{model}@x: no massager of that model .*: {SEAT}"):
        await find_known(f"{model}@x", 1.0, BLUETOOTH)


async def test_a_line_that_is_not_there_is_one_line_that_says_so() -> None:
    with pytest.raises(DeviceNotFound, match="nlr-hf8: /dev/none is not there; is the cable in"):
        await LocalConnector(BLUETOOTH, LIBRARY).connect(f"{SEAT}@/dev/none", 1.0)
    with pytest.raises(DeviceNotFound, match=r"could not be connected .*is not there"):
        await stop_directly(f"{SEAT}@/dev/none", [], BLUETOOTH)


async def test_it_is_stopped_first_driven_and_left_stopped(tmp_path: Path) -> None:
    async with bench(tmp_path, [SEAT]) as here:
        link = await here.link(SEAT)
        assert [data for _, _, data in here.tape(SEAT).writes[:8]] == [
            f"M{motor}0\r".encode().hex() for motor in range(8)
        ]
        assert await link.send(Judge(link.massager).encoded(0.4))
        assert not here.still(SEAT)
        assert (await link.close()).confirmed
        assert here.still(SEAT)


async def test_it_is_stopped_straight_over_its_cable_without_a_session(tmp_path: Path) -> None:
    async with bench(tmp_path, [SEAT]) as here:
        address = here.sim.addresses[SEAT]
        device, entry = await find_known(address, 1.0, here.air)
        assert entry.model == SEAT
        assert await stop_directly(device, entry.writes, here.air)
        assert await stop_directly(address, entry.writes, here.air)
        assert here.stops(SEAT) == 16
