"""bleak's client over a serial line, with a pseudo-terminal in place of the cable."""

import asyncio
import os
import tty
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from devicehub.radio.serial_client import LINE, SerialClient

pytestmark = pytest.mark.wallclock  # a terminal is the system's, and so is its time


@dataclass
class Cable:
    """A pseudo-terminal: `port` is the hub's end, `far` the massager's."""

    far: int
    port: str
    ended: list[str] = field(default_factory=list[str])
    lost: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, port: str = "") -> BleakClient:
        return BleakClient(
            BLEDevice("seat@port", "seat", None),
            disconnected_callback=self._on_lost,
            backend=SerialClient,
            port=port or self.port,
            baud=115200,
        )

    def _on_lost(self, _client: BleakClient) -> None:
        self.ended.append("lost")
        self.lost.set()

    async def received(self, count: int) -> bytes:
        """Return the next `count` bytes that came through."""
        came = b""
        while len(came) < count:
            await asyncio.sleep(0)
            came += os.read(self.far, count - len(came))
        return came


def _deaf(_characteristic: BleakGATTCharacteristic, _value: bytearray) -> None:
    """Hear nothing."""


@pytest.fixture
def cable() -> Iterator[Cable]:
    far, near = os.openpty()
    tty.setraw(near)
    port = os.ttyname(near)
    os.close(near)
    made = Cable(far, port)
    yield made
    if "cut" not in made.ended:
        os.close(far)


async def test_what_is_written_comes_out_at_the_other_end(cable: Cable) -> None:
    async with cable.client() as client:
        assert client.is_connected
        await client.write_gatt_char(LINE, b"M00\r", response=True)
        await client.write_gatt_char(LINE, b"M1255\r", response=True)
        assert await cable.received(10) == b"M00\rM1255\r"
    assert cable.ended == []


async def test_one_program_at_a_time_has_the_line(cable: Cable) -> None:
    async with cable.client():
        with pytest.raises(BleakError, match="is in use by another program"):
            await cable.client().connect()
    async with cable.client() as again:
        assert again.is_connected


@pytest.mark.parametrize(
    ("port", "why"),
    [("/dev/nothing-there", "is not there; is the cable in"), ("/dev/null", "cannot be opened: ")],
)
async def test_a_line_that_cannot_be_opened_is_told_with_the_reason(
    port: str, why: str, cable: Cable
) -> None:
    with pytest.raises(BleakError, match=f"{port} {why}"):
        await cable.client(port).connect()


async def test_a_cable_that_is_pulled_out_is_told_once_and_writes_fail(cable: Cable) -> None:
    client = cable.client()
    await client.connect()
    os.close(cable.far)
    cable.ended.append("cut")
    await cable.lost.wait()
    assert not client.is_connected
    assert cable.ended == ["cut", "lost"]
    with pytest.raises(BleakError):
        await client.write_gatt_char(LINE, b"M00\r", response=True)
    await client.disconnect()
    assert cable.ended == ["cut", "lost"]


async def test_a_line_is_written_to_and_nothing_else(cable: Cable) -> None:
    async with cable.client() as client:
        (line,) = client.services.characteristics.values()
        assert (line.uuid, line.properties) == (LINE, ["write"])
        with pytest.raises(BleakError, match="serial line"):
            await client.read_gatt_char(LINE)
        with pytest.raises(BleakError):
            await client.start_notify(LINE, _deaf)
