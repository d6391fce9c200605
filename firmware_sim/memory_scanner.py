"""bleak's scanner over plain memory."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.uuids import normalize_uuid_str

from firmware_sim.memory_massager import ADVERTISING_S, MemoryMassager

_RSSI_DBM = -50


class MemoryScanner(BaseBleakScanner):
    """Hears every massager that is on, in range and free, once per interval."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        *,
        massagers: Mapping[str, MemoryMassager],
        **_platform: Any,
    ) -> None:
        """Listen to `massagers`, by address; bleak gives the rest."""
        super().__init__(detection_callback, service_uuids)
        self._massagers = massagers
        self._active = scanning_mode == "active"
        self._timer: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Start listening."""
        self.seen_devices = {}
        self._listen_later()

    async def stop(self) -> None:
        """Stop listening."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _listen_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(ADVERTISING_S, self._listen)

    def _listen(self) -> None:
        self._listen_later()
        for massager in self._massagers.values():
            if massager.connectable:
                self._hear(massager)

    def _hear(self, massager: MemoryMassager) -> None:
        said = massager.mount.firmware.advertisement
        in_scan_response = said.service_uuids if self._active else ()
        uuids = [normalize_uuid_str(uuid) for uuid in in_scan_response]
        if not self.is_allowed_uuid(uuids):
            return
        advertisement = AdvertisementData(
            said.name, dict(said.manufacturer_data), {}, uuids, None, _RSSI_DBM, ()
        )
        address = massager.address
        details = {"source": "memory"}
        device = self.create_or_update_device(address, address, said.name, details, advertisement)
        self.call_detection_callbacks(device, advertisement)
