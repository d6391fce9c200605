"""Link: one connection of the proxy's chip to a massager, worked in the order that was asked."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bleak.exc import BleakError, BleakGATTProtocolError

from firmware_sim.adapter import Adapter
from firmware_sim.backend import BumbleClient
from firmware_sim.proxy.wire import halves, message

# ESPHome gives a device so long to answer a connect (esp32_ble_client: 20 s).
CONNECT_S = 20.0
# esp_gatt_defs.h: ESP_GATT_ERROR, for what has no number of its own; ESP_GATT_CONN_TERMINATE... by
# us is 0x16, by the far side 0x13, and 0x08 is a link that timed out.
_ERROR, _LOST, _NO_CONNECT = 0x85, 0x08, 0x3E

Say = Callable[[Any], None]


class Link:
    """One massager, from the request to connect to the end of the link."""

    def __init__(
        self, address: int, dongle: Adapter, say: Say, ended: Callable[[int], None]
    ) -> None:
        """Make it; `say` tells the one who asked, `ended` is called once, when the slot is free."""
        self._address, self._say, self._ended = address, say, ended
        self._client = BumbleClient(
            spelt(address), dongle=dongle, disconnected_callback=self._lost, timeout=CONNECT_S
        )
        self._asked: asyncio.Queue[Any] = asyncio.Queue()
        self._why = 0
        self._work = asyncio.create_task(self._live())

    def ask(self, request: Any) -> None:
        """Have a request of GATT done after those that came before it."""
        self._asked.put_nowait(request)

    def end(self) -> None:
        """Disconnect."""
        self._work.cancel()

    async def wait(self) -> None:
        """Wait until it has ended."""
        await asyncio.wait((self._work,))

    def _lost(self) -> None:
        self._why = _LOST
        self._work.cancel()

    async def _live(self) -> None:
        try:
            await self._client.connect(pair=False)
            self._state(connected=True)
            while True:
                await self._answer(await self._asked.get())
        except (BleakError, TimeoutError):
            self._why = _NO_CONNECT
        finally:
            with contextlib.suppress(BleakError, asyncio.CancelledError):
                await self._client.disconnect()
            self._state(connected=False)
            self._ended(self._address)

    def _state(self, *, connected: bool) -> None:
        mtu = self._client.mtu_size if connected else 0
        self._say(
            message(
                "BluetoothDeviceConnectionResponse",
                address=self._address,
                connected=connected,
                mtu=mtu,
                error=0 if connected else self._why,
            )
        )

    async def _answer(self, request: Any) -> None:
        """Do one request, and tell of its failure as the proxy does."""
        does: dict[str, Callable[[Any], Awaitable[None]]] = {
            "BluetoothGATTGetServicesRequest": self._tell_services,
            "BluetoothGATTReadRequest": self._read,
            "BluetoothGATTReadDescriptorRequest": self._read_descriptor,
            "BluetoothGATTWriteRequest": self._write,
            "BluetoothGATTWriteDescriptorRequest": self._write_descriptor,
            "BluetoothGATTNotifyRequest": self._notify,
        }
        try:
            await does[type(request).__name__](request)
        except BleakGATTProtocolError as error:
            self._refuse(request, int(error.code))
        except (BleakError, TimeoutError, LookupError):
            self._refuse(request, _ERROR)

    def _refuse(self, request: Any, code: int) -> None:
        handle = getattr(request, "handle", 0)
        self._tell("BluetoothGATTErrorResponse", handle=handle, error=code)

    def _tell(self, name: str, /, **fields: object) -> None:
        self._say(message(name, address=self._address, **fields))

    async def _tell_services(self, _request: Any) -> None:
        for service in self._services():
            listed = [
                message(
                    "BluetoothGATTCharacteristic",
                    uuid=halves(each.uuid),
                    handle=each.handle,
                    properties=int(each.obj.properties),
                    descriptors=[
                        message("BluetoothGATTDescriptor", uuid=halves(d.uuid), handle=d.handle)
                        for d in each.descriptors
                    ],
                )
                for each in service.characteristics
            ]
            one = message(
                "BluetoothGATTService",
                uuid=halves(service.uuid),
                handle=service.handle,
                characteristics=listed,
            )
            self._tell("BluetoothGATTGetServicesResponse", services=[one])
        self._tell("BluetoothGATTGetServicesDoneResponse")

    async def _read(self, request: Any) -> None:
        data = await self._client.read_gatt_char(self._characteristic(request.handle))
        self._tell("BluetoothGATTReadResponse", handle=request.handle, data=bytes(data))

    async def _read_descriptor(self, request: Any) -> None:
        data = await self._client.read_gatt_descriptor(self._descriptor(request.handle))
        self._tell("BluetoothGATTReadResponse", handle=request.handle, data=bytes(data))

    async def _write(self, request: Any) -> None:
        there = self._characteristic(request.handle)
        await self._client.write_gatt_char(there, request.data, request.response)
        if request.response:
            self._tell("BluetoothGATTWriteResponse", handle=request.handle)

    async def _write_descriptor(self, request: Any) -> None:
        there = self._descriptor(request.handle)
        await self._client.write_gatt_descriptor(there, request.data)
        self._tell("BluetoothGATTWriteResponse", handle=request.handle)

    async def _notify(self, request: Any) -> None:
        there = self._characteristic(request.handle)
        if request.enable:
            await self._client.start_notify(there, partial(self._heard, request.handle))
        else:
            await self._client.stop_notify(there)
        self._tell("BluetoothGATTNotifyResponse", handle=request.handle)

    def _heard(self, handle: int, value: bytearray) -> None:
        self._tell("BluetoothGATTNotifyDataResponse", handle=handle, data=bytes(value))

    def _services(self) -> Any:
        if self._client.services is None:
            raise BleakError("disconnected")
        return self._client.services

    def _characteristic(self, handle: int) -> Any:
        if (found := self._services().get_characteristic(handle)) is None:
            raise LookupError(handle)
        return found

    def _descriptor(self, handle: int) -> Any:
        if (found := self._services().get_descriptor(handle)) is None:
            raise LookupError(handle)
        return found


def spelt(address: int) -> str:
    """Return an address as people write it."""
    return ":".join(f"{byte:02X}" for byte in address.to_bytes(6, "big"))
