"""Proxies: all of them and this computer's own adapter, and which of them is the best way."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from bleak.backends.client import BaseBleakClient, get_platform_client_backend_type
from bleak.backends.device import BLEDevice
from habluetooth import BluetoothScannerDevice, set_manager

from devicehub.config.proxies import Place
from devicehub.errors import DeviceNotFound
from devicehub.radio.proxies.ears import Ears
from devicehub.radio.proxies.line import Line
from devicehub.radio.proxies.meter import quiet_asyncio
from devicehub.radio.proxies.trouble import PASSIVE

# Name, TCP, encryption and hello: a tenth of a second on a network that is well; five for one that
# is not. Only who has no other way waits so long.
REACH_S = 5.0
_LOGS = ("aioesphomeapi", "bleak_esphome", "habluetooth")

Heard = tuple[BLEDevice, int]


class Proxies:
    """The ways to a massager: through proxies, or this computer's own adapter."""

    def __init__(self, places: Sequence[Place]) -> None:
        for name in _LOGS:  # what they warn of is told in words of ours, and no key gets into a log
            logging.getLogger(name).setLevel(logging.CRITICAL)
        quiet_asyncio()
        self.ears = Ears()
        set_manager(self.ears)
        self.lines = [Line(place, self.ears) for place in places]
        self._near: dict[str, Heard] = {}

    def open(self) -> None:
        """Begin to reach all of them, at once; waits for none."""
        for line in self.lines:
            line.open()

    async def close(self) -> None:
        """Let go of all of them."""
        for line in self.lines:
            await line.close()

    async def reached(self) -> bool:
        """Wait until one of them can be heard through; False when none can for now."""
        waiting = [asyncio.create_task(line.decided.wait()) for line in self.lines]
        try:
            async with asyncio.timeout(REACH_S):
                for task in asyncio.as_completed(waiting):
                    await task
                    if any(line.scanner for line in self.lines):
                        return True
        except TimeoutError:
            pass
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting)
        return False

    def notes(self) -> list[str]:
        """Return a line for each proxy that is not, or not fully, what it could be."""
        return [f"proxy {each.place.name}: {each.trouble}" for each in self.lines if each.trouble]

    # -- ways ------------------------------------------------------------------------------------

    def listen_here(self) -> None:
        """Forget what this computer's own adapter heard: it begins to listen anew."""
        self._near.clear()
        for line in self.lines:
            line.try_soon()

    def heard_here(self, device: BLEDevice, rssi_dbm: int) -> None:
        """Take note of what this computer's own adapter hears."""
        self._near[device.address] = device, rssi_dbm

    def strength(self, address: str) -> int | None:
        """Return how strong a massager is on the best way to it, in dBm; None for a silent one."""
        heard = [way.advertisement.rssi for way in self._far(address)]
        if (near := self._near.get(address)) is not None:
            heard.append(near[1])
        return max(heard, default=None)

    def via(self, address: str) -> str | None:
        """Return the proxy that is the best way to a massager, None where it is no proxy."""
        best = max(self._far(address), key=_rssi, default=None)
        near = self._near.get(address)
        if best is None or (near is not None and near[1] >= best.advertisement.rssi):
            return None
        return self._name(best)

    def client(self, device: BLEDevice, **arguments: Any) -> BaseBleakClient:
        """Return bleak's client for the best way to a massager that can take a link now.

        Raises:
            DeviceNotFound: Nothing that hears it can connect it; the text says why.
        """
        near = self._near.get(device.address)
        if near is None and not _came_from_afar(device):
            near = device, 0  # a link that the system holds: no other way is as near
        far = self._far(device.address)
        free = [way for way in far if way.scanner.connector is not None and _can_connect(way)]
        apart = _apart_db(far)
        best = max(free, key=lambda way: way.score_connection_path(apart), default=None)
        if near is not None and (best is None or near[1] >= best.advertisement.rssi):
            return get_platform_client_backend_type()[0](near[0], **arguments)
        if best is None or best.scanner.connector is None:
            raise DeviceNotFound(self._no_way(device, far))
        return best.scanner.connector.client(best.ble_device, **arguments)

    def _far(self, address: str) -> list[BluetoothScannerDevice]:
        return self.ears.async_scanner_devices_by_address(address, connectable=False)

    def _name(self, way: BluetoothScannerDevice) -> str:
        names = {id(line.scanner): line.place.name for line in self.lines}
        return names.get(id(way.scanner), way.scanner.name)

    def _no_way(self, device: BLEDevice, far: Sequence[BluetoothScannerDevice]) -> str:
        called = device.name or device.address
        full = [self._name(way) for way in far if way.scanner.connectable]
        if full:
            return (
                f"{called}: no free connection slot on proxy {', '.join(full)}; "
                "end another link that goes through it"
            )
        if far:
            names = ", ".join(self._name(way) for way in far)
            return f"{called}: heard through proxy {names} alone, and {PASSIVE}"
        notes = "; ".join(self.notes()) or "is it still on?"
        return f"{called}: no proxy hears it any more ({notes})"


def client_of(
    address_or_ble_device: BLEDevice, *, proxies: Proxies, **arguments: Any
) -> BaseBleakClient:
    """Return the client for bleak's `backend=`; as `Proxies.client`."""
    return proxies.client(address_or_ble_device, **arguments)


def _rssi(way: BluetoothScannerDevice) -> int:
    return way.advertisement.rssi


def _can_connect(way: BluetoothScannerDevice) -> bool:
    connector = way.scanner.connector
    return way.scanner.connectable and connector is not None and connector.can_connect()


def _apart_db(ways: Sequence[BluetoothScannerDevice]) -> int:
    """Return how far apart the two strongest are: habluetooth weighs slots and failures by it."""
    strongest = sorted(map(_rssi, ways), reverse=True)
    return strongest[0] - strongest[1] if len(strongest) > 1 else 0


def _came_from_afar(device: BLEDevice) -> bool:
    details: object = device.details
    return isinstance(details, dict) and "source" in details
