"""bleak's scanner over Bumble."""

from collections.abc import Iterator
from typing import Any, Literal

from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
)
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, BaseBumbleError
from bumble.core import AdvertisingData as Raw
from bumble.device import Advertisement

from firmware_sim.adapter import DongleLostError
from firmware_sim.dongle import Dongle

_NAMES = {Raw.COMPLETE_LOCAL_NAME, Raw.SHORTENED_LOCAL_NAME}
_UUID_LISTS = {
    Raw.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    Raw.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    Raw.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    Raw.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
}
_SERVICE_DATA = {Raw.SERVICE_DATA_16_BIT_UUID: 2, Raw.SERVICE_DATA_128_BIT_UUID: 16}
_COMPANY_BYTES = 2


class BumbleScanner(BaseBleakScanner):
    """Hears what a dongle hears; any number of scanners share one dongle."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        *,
        dongle: Dongle,
        **_platform: Any,
    ) -> None:
        """Scan with `dongle`; bleak gives the rest."""
        super().__init__(detection_callback, service_uuids)
        self._dongle = dongle
        self._active = scanning_mode == "active"
        self._merged: dict[str, AdvertisementData] = {}

    async def start(self) -> None:
        """Start scanning."""
        self.seen_devices = {}
        self._merged = {}
        try:
            await self._dongle.listen(self._on_advertisement)
        except (BaseBumbleError, DongleLostError) as error:
            raise BleakError(f"cannot scan: {error}") from error

    async def stop(self) -> None:
        """Stop scanning."""
        await self._dongle.unlisten(self._on_advertisement)

    def _on_advertisement(self, heard: Advertisement) -> None:
        if heard.is_scan_response and not self._active:
            return
        address = heard.address.to_string(False)
        merged = _merge(self._merged.get(address), _parse(heard))
        self._merged[address] = merged
        if not self.is_allowed_uuid(merged.service_uuids):
            return
        details = {"source": "bumble"}
        device = self.create_or_update_device(address, address, merged.local_name, details, merged)
        self.call_detection_callbacks(device, merged)


def _parse(heard: Advertisement) -> AdvertisementData:
    name: str | None = None
    manufacturers: dict[int, bytes] = {}
    services: dict[str, bytes] = {}
    uuids: list[str] = []
    for kind, value in heard.data.ad_structures:
        if kind in _NAMES:
            name = value.decode("utf-8", "replace")
        elif kind == Raw.MANUFACTURER_SPECIFIC_DATA and len(value) >= _COMPANY_BYTES:
            company = int.from_bytes(value[:_COMPANY_BYTES], "little")
            manufacturers[company] = bytes(value[_COMPANY_BYTES:])
        elif kind in _UUID_LISTS:
            uuids += _uuids(value, _UUID_LISTS[kind])
        elif kind in _SERVICE_DATA:
            size = _SERVICE_DATA[kind]
            services.update((uuid, bytes(value[size:])) for uuid in _uuids(value[:size], size))
    return AdvertisementData(name, manufacturers, services, uuids, None, heard.rssi, ())


def _uuids(value: bytes, size: int) -> Iterator[str]:
    for start in range(0, len(value) - size + 1, size):
        raw = UUID.from_bytes(bytes(value[start : start + size]))
        yield normalize_uuid_str(raw.to_hex_str("-").lower())


def _merge(old: AdvertisementData | None, new: AdvertisementData) -> AdvertisementData:
    """Join advert and scan response, as the systems' own stacks do."""
    if old is None:
        return new
    return new._replace(
        local_name=new.local_name or old.local_name,
        manufacturer_data={**old.manufacturer_data, **new.manufacturer_data},
        service_data={**old.service_data, **new.service_data},
        service_uuids=list(dict.fromkeys(old.service_uuids + new.service_uuids)),
    )
