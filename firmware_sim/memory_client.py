"""bleak's client over plain memory."""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar, cast

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str

from firmware_sim.gatt import AttError, CharacteristicSpec, ServiceSpec
from firmware_sim.memory_link import ATT_HEADER, GENERIC_ACCESS, MTU, LinkEndedError, MemoryLink
from firmware_sim.memory_massager import ADVERTISING_S, MemoryMassager

_CCCD = normalize_uuid_str("2902")
_Value = TypeVar("_Value")


class MemoryClient(BaseBleakClient):
    """A central's side of one link."""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        massagers: Mapping[str, MemoryMassager],
        services: set[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Talk to one of `massagers`, by address; bleak gives the rest."""
        super().__init__(address_or_ble_device, **kwargs)
        self._massager = massagers.get(self.address)
        self._wanted = services
        self._link: MemoryLink | None = None
        self._callbacks: dict[str, NotifyCallback] = {}

    @property
    def name(self) -> str:
        """The advertised name, or the address of a stranger."""
        massager = self._massager
        return massager.mount.firmware.advertisement.name if massager else self.address

    @property
    def mtu_size(self) -> int:
        """The MTU in bytes."""
        return MTU

    @property
    def is_connected(self) -> bool:
        """Whether the link is up, as far as this side knows."""
        return self._link is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # noqa: ARG002 - bleak's signature
        """Connect as soon as the massager advertises; `TimeoutError` when it does not."""
        if self._link:
            raise BleakError("already connected")
        async with asyncio.timeout(kwargs.get("timeout", self._timeout)):
            await asyncio.sleep(0)
            massager = await self._advertising()
        self._link = massager.connect(self._hear, self._ended)
        self.services = self._discover([GENERIC_ACCESS, *massager.mount.firmware.services])

    async def disconnect(self) -> None:
        """Close the link; nothing happens without one."""
        if self._link:
            self._link.close()
        await asyncio.sleep(0)

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: no simulated massager asks for it."""

    async def unpair(self) -> None:
        """Do nothing."""

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_kwargs: Any
    ) -> bytearray:
        """Read a value."""
        return bytearray(await _ask(self._linked().read(characteristic.obj)))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_kwargs: Any
    ) -> bytearray:
        """Read whether notifications are on; there are no other descriptors."""
        self._linked()
        return bytearray((descriptor.obj in self._callbacks, 0))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a value."""
        link = self._linked()
        value = bytes(data)
        if response:
            await _ask(link.request(characteristic.obj, value))
            return
        if len(value) > MTU - ATT_HEADER:
            raise BleakError(f"{len(value)} bytes do not fit a write without response")
        link.command(characteristic.obj, value)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Refuse: bleak's way to notifications is `start_notify`."""
        raise BleakError(f"cannot write {bytes(data).hex()} to {descriptor}: use start_notify")

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_kwargs: Any
    ) -> None:
        """Have `callback` called with every notification."""
        self._linked()
        if characteristic.obj in self._callbacks:
            raise BleakError("notifications already started")
        self._callbacks[characteristic.obj] = callback
        await asyncio.sleep(0)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """End notifications."""
        self._linked()
        self._callbacks.pop(characteristic.obj, None)
        await asyncio.sleep(0)

    async def _advertising(self) -> MemoryMassager:
        """Wait for an advertisement, for ever if there is none."""
        while True:
            if self._massager and self._massager.connectable:
                return self._massager
            await asyncio.sleep(ADVERTISING_S)

    def _linked(self) -> MemoryLink:
        if self._link is None:
            raise BleakError("Not connected")
        return self._link

    def _hear(self, uuid: str, value: bytes) -> None:
        callback = self._callbacks.get(uuid)
        if callback:
            callback(bytearray(value))

    def _ended(self) -> None:
        self._link = None
        self.services = None
        self._callbacks.clear()
        if self._disconnected_callback:
            self._disconnected_callback()

    def _discover(self, services: Sequence[ServiceSpec]) -> BleakGATTServiceCollection:
        table = BleakGATTServiceCollection()
        handles = count(1)
        for service in services:
            uuid = normalize_uuid_str(service.uuid)
            if self._wanted is None or uuid in self._wanted:
                entry = BleakGATTService(service, next(handles), uuid)
                table.add_service(entry)
                for characteristic in service.characteristics:
                    _add_characteristic(table, entry, characteristic, handles)
        return table


async def _ask(answer: Awaitable[_Value]) -> _Value:
    """Wait for an answer; say in bleak's words why there is none."""
    try:
        return await answer
    except AttError as refusal:
        raise BleakGATTProtocolError(refusal.code) from refusal
    except LinkEndedError as end:
        raise BleakError("disconnected") from end


def _add_characteristic(
    table: BleakGATTServiceCollection,
    service: BleakGATTService,
    spec: CharacteristicSpec,
    handles: Iterator[int],
) -> None:
    properties = cast("list[CharacteristicPropertyName]", sorted(spec.properties))
    declaration = next(handles)  # the handle that bleak shows; the value's follows it
    next(handles)
    characteristic = BleakGATTCharacteristic(
        spec.uuid,
        declaration,
        normalize_uuid_str(spec.uuid),
        properties,
        lambda: MTU - ATT_HEADER,
        service,
    )
    table.add_characteristic(characteristic)
    if "notify" in spec.properties:
        table.add_descriptor(BleakGATTDescriptor(spec.uuid, next(handles), _CCCD, characteristic))
