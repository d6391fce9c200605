"""bleak's client over a serial line: a massager on USB is driven through the same link as others.

The line is shown as one characteristic that takes writes with a response. The response is the
line's own: the bytes have left this computer, which on USB means that the massager's controller has
taken them. Whether its motors obey, no serial massager says.
"""

import asyncio
import errno
from collections.abc import Callable
from typing import Any

import serial
from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from serial_asyncio_fast import SerialTransport, create_serial_connection

LINE = normalize_uuid_str("1101")
"""The UUID under which a line is written to: SerialPort in the Bluetooth SIG's assigned numbers."""

# A byte takes 0.09 ms at 115200 baud, the shortest write that a massager takes five of them.
_LOOK_S = 0.0005
_ROOM = 512


class SerialClient(BaseBleakClient):
    """One open serial line; nobody else can open it meanwhile."""

    def __init__(
        self, address_or_ble_device: BLEDevice | str, *, port: str, baud: int, **kwargs: Any
    ) -> None:
        """Talk to the line at `port`, such as ``/dev/ttyUSB0``; bleak gives the rest."""
        super().__init__(address_or_ble_device, **kwargs)
        self._port = port
        self._baud = baud
        self._transport: SerialTransport | None = None
        self._closed = asyncio.Event()

    @property
    def name(self) -> str:
        """The address: a line has no name."""
        return self.address

    @property
    def mtu_size(self) -> int:
        """The most that a write may have, in bytes, and the 3 that bleak takes off."""
        return _ROOM + 3

    @property
    def is_connected(self) -> bool:
        """Whether the line is open, as far as this computer knows."""
        return self._transport is not None

    async def connect(self, pair: bool, **_kwargs: Any) -> None:  # noqa: ARG002 - bleak's signature
        """Open the line; `BleakError` when it is not there, in use or not allowed."""
        loop = asyncio.get_running_loop()
        self._closed.clear()
        try:
            self._transport, _ = await create_serial_connection(
                loop, lambda: _Line(self._ended), self._port, baudrate=self._baud, exclusive=True
            )
        except (serial.SerialException, OSError, ValueError) as error:
            raise BleakError(_why(self._port, error)) from error
        self.services = _table()

    async def disconnect(self) -> None:
        """Close the line; nothing happens without one."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()
            await self._closed.wait()

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: a cable is not paired."""

    async def unpair(self) -> None:
        """Do nothing."""

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_kwargs: Any
    ) -> bytearray:
        """Refuse: a line is not read on demand."""
        raise BleakError(f"cannot read {characteristic}: it is a serial line")

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_kwargs: Any
    ) -> bytearray:
        """Refuse: a line has no descriptors."""
        raise BleakError(f"cannot read {descriptor}: it is a serial line")

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,  # noqa: ARG002 - bleak's signature
        data: SizedBuffer,
        response: bool,
    ) -> None:
        """Write to the line; with `response`, wait until the bytes have left."""
        transport = self._open()
        transport.write(bytes(data))
        while response and self._holds_back(self._open()):  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(_LOOK_S)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Refuse: a line has no descriptors."""
        raise BleakError(f"cannot write {bytes(data).hex()} to {descriptor}: it is a serial line")

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_kwargs: Any
    ) -> None:
        """Refuse: no massager that is known says anything on its line."""
        raise BleakError(f"cannot listen to {characteristic}: it is a serial line ({callback!r})")

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Refuse, as `start_notify`."""
        raise BleakError(f"cannot listen to {characteristic}: it is a serial line")

    def _open(self) -> SerialTransport:
        if self._transport is None:
            raise BleakError("the line is closed")
        return self._transport

    def _holds_back(self, transport: SerialTransport) -> bool:
        """Say whether bytes wait here, in the transport or in the system's own buffer."""
        if transport.get_write_buffer_size():
            return True
        line = transport.serial
        try:
            return line is not None and line.out_waiting > 0
        except (serial.SerialException, OSError) as error:
            raise BleakError("the line is gone") from error

    def _ended(self) -> None:
        self._closed.set()
        if self._transport is None:
            return
        self._transport = None
        if self._disconnected_callback:
            self._disconnected_callback()


class _Line(asyncio.Protocol):
    """Hears when the line ends; what it says is not for us."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._ended()


def _table() -> BleakGATTServiceCollection:
    table = BleakGATTServiceCollection()
    service = BleakGATTService("line", 1, LINE)
    table.add_service(service)
    table.add_characteristic(
        BleakGATTCharacteristic("line", 2, LINE, ["write"], lambda: _ROOM, service)
    )
    return table


def _why(port: str, error: Exception) -> str:
    """Say in a few words why a line could not be opened, and what would help."""
    number = getattr(error, "errno", None)
    if "lock" in str(error) or number == errno.EBUSY:
        return f"{port} is in use by another program"
    if number in (errno.EACCES, errno.EPERM):
        return f"{port} may not be opened by this user (on Linux: the group dialout)"
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return f"{port} is not there; is the cable in?"
    return f"{port} cannot be opened: {' '.join(str(error).split())[:120]}"
