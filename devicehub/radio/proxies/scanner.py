"""bleak's scanner over proxies, and over this computer's own adapter where it has one."""

import contextlib
from collections.abc import Callable
from typing import Any, Literal, cast

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import (
    AdvertisementData,
    AdvertisementDataCallback,
    BaseBleakScanner,
    get_platform_scanner_backend_type,
)
from habluetooth import BluetoothServiceInfoBleak

from devicehub.errors import RadioError
from devicehub.radio.proxies.proxies import Proxies
from devicehub.radio.trouble import ERRORS, cause_of, fix_of, why


class ProxiedScanner(BaseBleakScanner):
    """Hears everything that any proxy hears, and the adapter here."""

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        *,
        proxies: Proxies,
        **platform: Any,
    ) -> None:
        """Scan through `proxies`; bleak gives the rest."""
        super().__init__(detection_callback, service_uuids)
        self._proxies = proxies
        # As any: a platform's own class takes more than the base that bleak's types name.
        self._near_of: Callable[[], Any] = lambda: cast(
            "Any", get_platform_scanner_backend_type()[0]
        )(self._heard_here, service_uuids, scanning_mode, **platform)
        self._near: BaseBleakScanner | None = None
        self._forget: Callable[[], None] = _nothing

    async def start(self) -> None:
        """Start.

        Raises:
            RadioError: There is neither an adapter here that works nor a proxy that answers.
        """
        self.seen_devices = {}
        self._proxies.listen_here()
        try:
            near = self._near_of()
            await near.start()
            self._near = near
        except ERRORS as error:
            if not await self._proxies.reached():
                notes = "; ".join(self._proxies.notes())
                raise RadioError(
                    f"Bluetooth cannot be used: {why(error)} ({fix_of(cause_of(error))}); {notes}"
                ) from error
        self._forget = self._proxies.ears.listen(self._heard)

    async def stop(self) -> None:
        """Stop."""
        self._forget()
        self._forget = _nothing
        near, self._near = self._near, None
        if near is not None:
            with contextlib.suppress(*ERRORS):
                await near.stop()

    def _heard(self, said: BluetoothServiceInfoBleak) -> None:
        self._tell(said.device, said.advertisement)

    def _heard_here(self, device: BLEDevice, said: AdvertisementData) -> None:
        self._proxies.heard_here(device, said.rssi)
        self._tell(device, said)

    def _tell(self, device: BLEDevice, said: AdvertisementData) -> None:
        """Tell of it with the strength of the best way to it."""
        strength = self._proxies.strength(device.address)
        if strength is not None:
            said = said._replace(rssi=strength)
        self.seen_devices[device.address] = device, said
        if self.is_allowed_uuid(said.service_uuids):
            self.call_detection_callbacks(device, said)


def _nothing() -> None:
    """Do nothing."""
