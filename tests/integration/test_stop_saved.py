"""`devicehub stop` over the air, by a name of one's own: after both deaths, and with no session."""

import asyncio
from collections.abc import Iterator

import pytest
from bleak import BleakClient, BleakScanner

import firmware_sim
from tests.integration.kills import kill_both
from tests.integration.processes import ADVERTISED, WAND, Home, home, until

pytestmark = pytest.mark.wallclock

MINE = "couch wand"
COMMANDS, NAME_OF_IT = "57300002-0023-4bd4-bbd5-a6920e4c5653", "2a00"
STOPPED = f"{MINE}: stopped, confirmed\n"


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    """Yield a home that has given a name of its own to a wand which keeps its last level."""
    with home() as here, here.simulator(WAND):
        saved = here.ask("devices", "save", MINE, ADVERTISED[WAND], "--air", here.air)
        assert (saved.returncode, saved.stderr) == (0, "")
        assert f'--device "{MINE}" --air {here.air}\n' in saved.stdout
        yield here


def warning(home: Home) -> bool:
    """Say whether whoever asks how things are is told that something may be running."""
    return "may be running" in home.ask().stdout.casefold()


@pytest.mark.thorough
def test_what_both_deaths_leave_is_stopped_and_the_warning_goes(air: Home) -> None:
    with air.playing([WAND]) as play:
        kill_both(play)
        play.hub.wait()
    assert air.moving(WAND)
    assert air.standing() == [WAND]
    assert warning(air)
    stop = air.run("stop", "--device", MINE.upper())
    assert (stop.returncode, stop.stderr) == (0, "")
    assert stop.stdout.endswith(": stopped, confirmed\n")
    assert not air.moving(WAND)
    until(lambda: air.let_go(WAND), "somebody is still connected")
    assert air.standing() == []
    assert not warning(air)


async def left_running(air: Home) -> None:
    """Move the wand as another program would, and leave without a stop."""
    async with firmware_sim.join(air.air) as far:
        found = await BleakScanner.find_device_by_name(
            ADVERTISED[WAND], backend=far.scanner, **far.options
        )
        assert found is not None
        async with BleakClient(found, backend=far.client, **far.options) as wand:
            await wand.write_gatt_char(COMMANDS, b"Vibrate:5;", response=False)
            await wand.read_gatt_char(NAME_OF_IT)  # answered after all that was written before


def test_what_another_program_left_running_is_stopped_with_no_session_of_ours(air: Home) -> None:
    asyncio.run(left_running(air))
    assert air.levels(WAND) == [5]
    assert air.standing() == []
    stop = air.run("stop", "--device", MINE, "--air", air.air)
    assert (stop.returncode, stop.stdout, stop.stderr) == (0, STOPPED, "")
    assert air.levels(WAND) == [0]
    until(lambda: air.let_go(WAND), "somebody is still connected")
