"""bleak's client over Bumble. `backend_scanner.py` has the scanner."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core, hci
from bumble.device import Connection, Peer

from firmware_sim.adapter import MTU, DongleLostError
from firmware_sim.backend_table import collect
from firmware_sim.dongle import Dongle

_Result = TypeVar("_Result")

_DEFAULT_MTU = 23  # Core Specification Vol 3 Part G 5.2.1
_ATT_HEADER_BYTES = 3
_HIGH_WATER_PACKETS = 64  # writes without response in flight before a writer has to wait


class BumbleClient(BaseBleakClient):
    """One link of a dongle; any number of clients share one dongle."""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        dongle: Dongle,
        services: set[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Connect with `dongle`; bleak gives the rest."""
        super().__init__(address_or_ble_device, **kwargs)
        self._dongle = dongle
        self._wanted = services
        known = address_or_ble_device.name if isinstance(address_or_ble_device, BLEDevice) else None
        self._name = known or self.address
        self._link: Connection | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._subscribed: dict[int, Any] = {}

    @property
    def name(self) -> str:
        """The advertised name, or the address while it is unknown."""
        return self._name

    @property
    def mtu_size(self) -> int:
        """The MTU in bytes."""
        return self._link.att_mtu if self._link else _DEFAULT_MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link is up, as far as this side knows."""
        return self._link is not None

    # -------------------------------------------------------------------- link

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Connect when the device advertises, and read its table; TimeoutError when it does not."""
        if self._link:
            raise BleakError("already connected")
        try:
            async with asyncio.timeout(kwargs.get("timeout", self._timeout)):
                await self._open(pair)
        except BaseException:  # cancelled too: leave no half-open link behind
            await self._abandon()
            raise

    async def _open(self, pair: bool) -> None:
        try:
            link = await self._dongle.connect(self.address)
        except (core.BaseBumbleError, hci.HCI_Error, DongleLostError) as error:
            raise BleakError(f"cannot connect: {error}") from error
        self._link = link
        link.on("disconnection", partial(self._on_disconnection, link))
        peer = Peer(link)
        await self._run(peer.request_mtu(MTU))
        if pair:
            await self._run(link.pair())
        await self._run(peer.discover_all())
        self.services = collect(peer.services, self._wanted, self._room)

    async def _abandon(self) -> None:
        """End a link that nobody was told about, so nobody is told of its end."""
        callback, self._disconnected_callback = self._disconnected_callback, None
        try:
            await self.disconnect()
        finally:
            self._disconnected_callback = callback

    async def disconnect(self) -> None:
        """Close the link; nothing happens without one."""
        if self._link is None:
            return
        try:
            await self._dongle.disconnect(self._link)
        except (core.BaseBumbleError, hci.HCI_Error) as error:
            raise BleakError(f"cannot disconnect: {error}") from error

    def _on_disconnection(self, link: Connection, _reason: int) -> None:
        if link is not self._link:
            return
        self._link = None
        self.services = None
        self._subscribed.clear()
        for task in tuple(self._running):
            task.cancel()
        if self._disconnected_callback:
            self._disconnected_callback()

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Pair without a passkey."""
        await self._run(self._linked().pair())

    async def unpair(self) -> None:
        """Do nothing: no keys are kept."""

    # ------------------------------------------------------------------ values

    def _room(self) -> int:
        return self.mtu_size - _ATT_HEADER_BYTES

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_kwargs: Any
    ) -> bytearray:
        """Read a value; there is no cache."""
        self._linked()
        return bytearray(await self._run(characteristic.obj.read_value()))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_kwargs: Any
    ) -> bytearray:
        """Read a descriptor; there is no cache."""
        self._linked()
        return bytearray(await self._run(descriptor.obj.read_value()))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a value; without response it waits only while the dongle is full."""
        link = self._linked()
        value = bytes(data)
        if response:
            await self._run(characteristic.obj.write_value(value, with_response=True))
            return
        if len(value) > self._room():
            raise BleakError(f"{len(value)} bytes do not fit a write without response")
        await characteristic.obj.write_value(value)  # only queues, never waits
        queue = self._dongle.host.get_data_packet_queue(link.handle)
        if queue is not None and queue.pending > _HIGH_WATER_PACKETS:
            await self._run(queue.drain(link.handle))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor."""
        self._linked()
        await self._run(descriptor.obj.write_value(bytes(data), with_response=True))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_kwargs: Any
    ) -> None:
        """Have `callback` called with every notification."""
        self._linked()
        if characteristic.handle in self._subscribed:
            raise BleakError("notifications already started")

        def on_value(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribed[characteristic.handle] = on_value
        try:
            await self._run(characteristic.obj.subscribe(on_value))
        except BaseException:
            self._subscribed.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """End notifications."""
        self._linked()
        on_value = self._subscribed.pop(characteristic.handle, None)
        if on_value is not None:
            await self._run(characteristic.obj.unsubscribe(on_value))

    # -------------------------------------------------------------- procedures

    def _linked(self) -> Connection:
        if self._link is None:
            raise BleakError("Not connected")
        return self._link

    async def _run(self, procedure: Coroutine[Any, Any, _Result]) -> _Result:
        """Run one GATT procedure, and speak of its failure as bleak does.

        It has its own task. A caller that is cancelled must not abandon a transaction halfway: the
        next request would take the late response for its own. And Bumble reports the end of a link
        by cancelling, which must not look like a cancellation of the caller.
        """
        task = asyncio.create_task(procedure)
        self._running.add(task)
        task.add_done_callback(self._finished)
        await asyncio.wait((task,))
        if task.cancelled():
            raise BleakError("disconnected")
        error = task.exception()
        match error:
            case None:
                return task.result()
            case att.ATT_Error():
                raise BleakGATTProtocolError(int(error.error_code)) from error
            case core.TimeoutError():
                await self.disconnect()  # the bearer is dead by the specification, 3.3.3 of ATT
                raise TimeoutError(str(error)) from error
            case _:
                raise BleakError(str(error)) from error

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even when the caller has gone
