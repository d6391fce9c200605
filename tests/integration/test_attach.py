"""`--attach`: a simulated massager on a chip of its own, found by a hub on another one.

The chip is a virtual dongle at the end of a socket, which a host cannot tell from a real one.
"""

import asyncio
import os
import socket
import tty
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice

import firmware_sim
from firmware_sim import SimulatedAir
from firmware_sim.attach import attach, check
from firmware_sim.faults import parse
from firmware_sim.server import serve
from tests.patience import PATIENCE_S
from tests.tapes import read_tape

pytestmark = pytest.mark.wallclock

WAND, CAPE = "lovense-domi", "reference-cape"
TX = "57300002-0023-4bd4-bbd5-a6920e4c5653"
NAME = "2a00"


@pytest.fixture
async def dongles(tmp_path: Path) -> AsyncIterator[str]:
    """Yield where every connection is a dongle of its own, on one radio."""
    async with serve([CAPE], f"unix:{tmp_path}/air", pacing=False) as address:
        yield address


async def find(air: SimulatedAir) -> BLEDevice | None:
    return await BleakScanner.find_device_by_name(
        "LVS-Domi37", PATIENCE_S, backend=air.scanner, **air.options
    )


async def driven(air: SimulatedAir) -> None:
    """Find the wand, move it and stop it."""
    found = await find(air)
    assert found is not None
    how: dict[str, Any] = {"timeout": PATIENCE_S} | air.options
    async with BleakClient(found, backend=air.client, **how) as wand:
        await wand.write_gatt_char(TX, b"Vibrate:5;", response=False)
        await wand.write_gatt_char(TX, b"Vibrate:0;", response=False)
        await wand.read_gatt_char(NAME)  # its answer comes after all that was written before


async def test_a_massager_on_a_chip_is_found_driven_and_taped(dongles: str, tmp_path: Path) -> None:
    tape = tmp_path / "wand.jsonl"
    async with attach([WAND], dongles, {WAND: tape}), firmware_sim.join(dongles) as air:
        await driven(air)
    assert [move.level for move in read_tape(tape).moves] == [5, 0]


@asynccontextmanager
async def on_a_serial_port(dongles: str) -> AsyncGenerator[str]:
    """Yield a serial port behind which is one of the dongles: a board with HCI over UART."""
    board, port = os.openpty()
    tty.setraw(port)
    reader, writer = await asyncio.open_unix_connection(dongles.removeprefix("unix:"))
    loop = asyncio.get_running_loop()
    loop.add_reader(board, lambda: writer.write(os.read(board, 4096)))

    async def says() -> None:
        while data := await reader.read(4096):
            os.write(board, data)

    speaking = asyncio.create_task(says())
    try:
        yield os.ttyname(port)
    finally:
        loop.remove_reader(board)
        speaking.cancel()
        await asyncio.wait((speaking,))
        writer.close()
        os.close(board)
        os.close(port)


async def test_a_massager_on_a_board_at_a_serial_port_is_found_and_driven(
    dongles: str, tmp_path: Path
) -> None:
    tape = tmp_path / "wand.jsonl"
    async with (
        on_a_serial_port(dongles) as port,
        attach([WAND], f"serial:{port}", {WAND: tape}),
        firmware_sim.join(dongles) as air,
    ):
        await driven(air)
    assert [move.level for move in read_tape(tape).moves] == [5, 0]


async def test_a_chip_that_goes_away_is_told_at_once_and_raised_at_the_end(tmp_path: Path) -> None:
    told: asyncio.Future[OSError] = asyncio.get_running_loop().create_future()

    async def pulled_out() -> None:
        async with AsyncExitStack() as dongle:
            served = serve([CAPE], f"unix:{tmp_path}/one", pacing=False)
            place = await dongle.enter_async_context(served)
            async with attach([WAND], place, on_failure=told.set_result):
                await dongle.aclose()
                assert (await told).filename == place

    with pytest.raises(OSError, match="the chip is gone"):
        await pulled_out()


async def test_a_chip_that_was_let_go_advertises_no_more(dongles: str) -> None:
    async with attach([WAND], dongles):
        pass
    async with firmware_sim.join(dongles) as air:
        found = await BleakScanner.find_device_by_name(
            "LVS-Domi37", 0.5, backend=air.scanner, **air.options
        )
    assert found is None


async def test_a_massager_has_the_same_address_on_the_same_chip_every_time(dongles: str) -> None:
    addresses: set[str] = set()
    for _ in range(2):
        async with attach([WAND], dongles), firmware_sim.join(dongles) as air:
            found = await find(air)
            assert found is not None
            addresses.add(found.address)
    assert len(addresses) == 1
    assert int(min(addresses)[:2], 16) >= 0xC0  # random static


@pytest.mark.parametrize(
    ("transport", "said"),
    [
        ("ubs:0", "--attach ubs:0: expected usb:0, serial:/dev/ttyACM0, vhci, android-netsim"),
        ("usb", "--attach usb: expected usb:0"),
        ("vhci:/no/such/file", "--attach vhci:/no/such/file: /no/such/file: No such file"),
        ("serial:/no/such/port", "--attach serial:/no/such/port: could not open port"),
        ("unix:/no/such/socket", "--attach unix:/no/such/socket: No such file"),
        ("udp:nowhere", "--attach udp:nowhere: "),
        ("usb:ffff:ffff", "--attach usb:ffff:ffff: "),
    ],
)
async def test_a_transport_that_is_misspelt_or_absent_is_refused_in_one_line(
    transport: str, said: str
) -> None:
    with pytest.raises(ValueError, match=r"^--attach ") as refused:
        async with attach([WAND], transport):
            pass
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


async def test_where_nothing_answers_hci_it_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(tmp_path / "deaf"))
        deaf.listen()
        with pytest.raises(ValueError, match="no Bluetooth controller answers there"):
            async with attach([WAND], f"unix:{tmp_path}/deaf"):
                pass


def test_one_chip_is_one_massager() -> None:
    with pytest.raises(ValueError, match="one chip is one massager, not 2; attach"):
        check("usb:0", [WAND, CAPE], [])
    check("vhci", [WAND, CAPE], [])


def test_a_fault_of_the_virtual_radio_is_refused_on_a_real_one() -> None:
    with pytest.raises(ValueError, match="--fault drop: only on a simulated radio"):
        check("usb:0", [WAND], [parse("drop@1")])
    check("usb:0", [WAND], [parse("hang@1")])
    check("vhci", [WAND], [parse("drop@1")])
