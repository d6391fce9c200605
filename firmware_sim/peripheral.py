"""Mounts a firmware as a Bluetooth device: its chip, its GATT table and its adverts."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from functools import partial

from bumble import att, gatt, hci
from bumble.device import Connection, Device

from firmware_sim.adverts import adverts
from firmware_sim.faults import Fault, schedule
from firmware_sim.gatt import (
    AttError,
    CharacteristicSpec,
    Firmware,
    ServiceSpec,
)
from firmware_sim.mount import Mount, Upsets
from firmware_sim.radio_gatt import PeripheralServer, WriteSink
from firmware_sim.slot import Slot
from firmware_sim.tape import Tape

MAX_MTU = 247
"""The ATT MTU that common microcontrollers accept: one packet of 251 bytes on the air."""

_GOODBYE_S = 1.0  # above the supervision timeout that centrals ask for, 0.72 s with Bumble
_ORDERLY_ENDS = {
    hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR,
    hci.HCI_CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR,
}


class Peripheral(Upsets):
    """A massager on the radio. One central at a time; it advertises whenever it is alone."""

    def __init__(
        self,
        slot: Slot,
        make: Callable[[], Firmware],
        address: str,
        tape: Tape | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        """Prepare a device; `start` puts it on the air.

        Args:
            slot: Where its chip sits.
            make: Makes its firmware, again after every loss of power.
            address: Its random static address.
            tape: Where to write what it lives through.
            faults: What goes wrong with it, counted from its first connection.
        """
        self.mount = Mount(make, self._notify, tape)
        self._slot = slot
        self._address = hci.Address(address)
        self._faults = faults
        self._timers: list[asyncio.TimerHandle] = []
        self._work: set[asyncio.Task[None]] = set()
        self._link: Connection | None = None
        self._alone = asyncio.Event()
        self._alone.set()
        self._closing = False
        self._in_range = True
        self._insert_chip()

    def _insert_chip(self) -> None:
        """Build chip, host and GATT table, as after power came on."""
        firmware = self.mount.firmware
        host, name = self._slot.insert(firmware.model), firmware.advertisement.name
        self._device = Device(name=name, address=self._address, host=host)
        self._server = PeripheralServer(self._device)
        self._server.max_mtu = MAX_MTU
        self._device.gatt_server = self._server
        self._device.add_default_services()
        self._table: dict[str, gatt.Characteristic[bytes]] = {}
        for service in firmware.services:
            self._add(service)
        self._device.on("connection", self._on_connection)
        self._slot.set_in_range(self._in_range)

    def _add(self, service: ServiceSpec) -> None:
        table = {spec.uuid: self._characteristic(spec) for spec in service.characteristics}
        self._device.add_service(gatt.Service(service.uuid, [*table.values()]))
        for uuid, characteristic in table.items():
            self._server.take_writes(characteristic, self._sink_of(uuid))
        self._table |= table

    def _characteristic(self, spec: CharacteristicSpec) -> gatt.Characteristic[bytes]:
        kind = gatt.Characteristic
        properties = kind.Properties(0)
        for name in spec.properties:
            properties |= kind.Properties[name.upper().replace("-", "_")]
        permissions = kind.Permissions(0)
        if "read" in spec.properties:
            permissions |= kind.READABLE
        if spec.properties & {"write", "write-without-response"}:
            permissions |= kind.WRITEABLE
        value = gatt.CharacteristicValue[bytes](
            read=lambda _: self._read(spec.uuid),
            write=lambda _, data: self._write(spec.uuid, data, response=True),
        )
        return kind(spec.uuid, properties, permissions, value)

    # ----------------------------------------------------------------- running

    async def start(self) -> None:
        """Boot and advertise."""
        await self._device.power_on()
        await self._advertise()

    async def close(self) -> None:
        """Wait for the central to go, then fall silent for good: no timers, no tasks."""
        self._closing = True
        for timer in self._timers:
            timer.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await self._alone.wait()
        while self._work:
            await asyncio.wait(self._work)
        self._slot.eject()
        self.mount.close()

    async def _advertise(self) -> None:
        shown = self.mount.firmware.advertisement
        advert, scan_response = adverts(shown)
        await self._device.start_advertising(
            advertising_data=advert,
            scan_response_data=scan_response,
            advertising_interval_min=shown.interval_ms,
            advertising_interval_max=shown.interval_ms,
        )

    def _on_connection(self, connection: Connection) -> None:
        connection.on("disconnection", partial(self._on_disconnection, connection))
        self._link = connection
        self._alone.clear()
        faults, self._faults = self._faults, ()
        schedule(faults, self, self._call_later)
        self.mount.connected()

    def _on_disconnection(self, connection: Connection, reason: int) -> None:
        if connection is not self._link:  # it ended before, with the power
            return
        self._link = None
        self._alone.set()
        self.mount.disconnected("closed" if reason in _ORDERLY_ENDS else "lost")
        if not self._closing:
            self._do(self._advertise())

    def _call_later(self, delay_s: float, act: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(delay_s, act))

    def _do(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    # ------------------------------------------------------------------- bytes

    def _sink_of(self, uuid: str) -> WriteSink:
        def sink(value: bytes, *, response: bool) -> None:
            self._write(uuid, value, response=response)

        return sink

    def _write(self, uuid: str, data: bytes, *, response: bool) -> None:
        try:
            self.mount.write(uuid, data, response=response)
        except AttError as error:
            raise att.ATT_Error(att.ErrorCode(error.code)) from error

    def _read(self, uuid: str) -> bytes:
        try:
            return self.mount.read(uuid)
        except AttError as error:
            raise att.ATT_Error(att.ErrorCode(error.code)) from error

    def _notify(self, uuid: str, value: bytes) -> None:
        self._server.notify_now(self._table[uuid], value)

    # ------------------------------------------------------------------ faults

    def go_out_of_range(self) -> None:
        """Let nothing through in either direction; the link dies of its supervision timeout."""
        self.mount.fault("drop")
        self._in_range = False
        self._slot.set_in_range(False)

    def come_back(self) -> None:
        """Be in range; a link that still lives goes on, late packets first."""
        self.mount.fault("back")
        self._in_range = True
        self._slot.set_in_range(True)

    def power_off(self) -> None:
        """Cut the power; the central learns it from its supervision timer."""
        self.mount.fault("off")
        for task in self._work:
            task.cancel()
        self._slot.eject()
        if self._link is not None:
            self._link = None
            self._alone.set()
            self.mount.disconnected("lost")
        self.mount.restart()

    def power_on(self) -> None:
        """Boot with a new firmware and advertise."""
        self.mount.fault("on")
        self._insert_chip()
        self._do(self.start())

    def hang(self) -> None:
        """Answer nothing."""
        self.mount.fault("hang")
        self._server.hang()

    def recover(self) -> None:
        """Answer again, what waits first."""
        self.mount.fault("recover")
        self._server.recover()


@contextlib.asynccontextmanager
async def peripheral_on(peripheral: Peripheral) -> AsyncGenerator[Peripheral, None]:
    """Let a device live for a while."""
    try:
        await peripheral.start()
        yield peripheral
    finally:
        await peripheral.close()
