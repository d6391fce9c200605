"""Line: the connection to one proxy, made anew whenever it is gone, until it is closed."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from aioesphomeapi import BluetoothProxyFeature, DeviceInfo
from aioesphomeapi.core import APIConnectionError
from aioesphomeapi.reconnect_logic import ReconnectLogic
from bleak_esphome import connect_scanner
from bleak_esphome.backend.scanner import ESPHomeScanner
from habluetooth import BluetoothManager

from devicehub.config.proxies import Place
from devicehub.radio.proxies.api import api_of
from devicehub.radio.proxies.trouble import IN_USE, NO_PROXY, NOT_YET, PASSIVE, TOO_OLD, why


@dataclass(frozen=True, slots=True)
class Facts:
    """What a proxy says of itself: its name, its ESPHome, whether it makes links."""

    name: str
    version: str
    connects: bool


class Line:
    """One proxy, heard through while it is there."""

    def __init__(self, place: Place, ears: BluetoothManager) -> None:
        """Make it; its scanner is registered at `ears`."""
        self.place = place
        self.decided = asyncio.Event()
        """Set when an attempt to reach it has ended, well or badly; not while it is away anew."""
        self.facts: Facts | None = None
        self.scanner: ESPHomeScanner | None = None
        self.served = asyncio.Event()
        """Set while it is known to serve us: it tells its state to the one program it serves."""
        self._trouble = NOT_YET
        self._ears = ears
        self._api = api_of(place)
        self._ends: list[Callable[[], object]] = []
        self._reconnecting = ReconnectLogic(
            client=self._api,
            on_connect=self._connected,
            on_disconnect=self._disconnected,
            on_connect_error=self._failed,
        )

    async def open(self) -> None:
        """Begin to reach it; `decided` tells when the first attempt has ended."""
        await self._reconnecting.start()

    async def close(self) -> None:
        """Let go of it. It closes the links that it held by itself."""
        self._let_go()
        await self._reconnecting.stop()
        with contextlib.suppress(APIConnectionError, OSError):
            await self._api.disconnect(force=True)

    @property
    def trouble(self) -> str:
        """Why it cannot be used, or not fully, and what mends it; empty when all is well."""
        if self.scanner is None:
            return self._trouble
        if self.facts is not None and not self.facts.connects:
            return PASSIVE
        return "" if self.served.is_set() else IN_USE

    # -- what the API says -----------------------------------------------------------------------

    async def _connected(self) -> None:
        try:
            said = await self._api.device_info()
        except APIConnectionError as error:
            await self._failed(error)
            return
        self._trouble = self._refusal(said)
        if not self._trouble:
            self._hear_through(said)
        self.decided.set()

    def _refusal(self, said: DeviceInfo) -> str:
        features = self._features(said)
        if not features:
            return NO_PROXY
        return "" if features & BluetoothProxyFeature.RAW_ADVERTISEMENTS else TOO_OLD

    def _features(self, said: DeviceInfo) -> int:
        version = self._api.api_version
        return 0 if version is None else said.bluetooth_proxy_feature_flags_compat(version)

    def _hear_through(self, said: DeviceInfo) -> None:
        """Register its scanner; who goes through it is told when it is gone."""
        features = self._features(said)
        if features & BluetoothProxyFeature.FEATURE_STATE_AND_MODE:
            self._api.subscribe_bluetooth_scanner_state(lambda _state: self.served.set())
        else:  # an older ESPHome does not tell
            self.served.set()
        connects = bool(features & BluetoothProxyFeature.ACTIVE_CONNECTIONS)
        self.facts = Facts(said.name, said.esphome_version, connects)
        known = connect_scanner(self._api, said, available=True)
        if known.scanner is None:
            return
        links = known.disconnect_callbacks
        # In this order: no new link is begun, those that are there are lost, nobody hears more.
        self._ends = [
            known.bluetooth_device.async_set_unavailable,
            lambda: [lost() for lost in tuple(links)],
            known.scanner.async_setup(),
            self._ears.async_register_scanner(known.scanner),
        ]
        self.scanner = known.scanner

    async def _disconnected(self, _expected: bool) -> None:
        self._trouble = NOT_YET
        self.decided.clear()
        self._let_go()

    async def _failed(self, error: Exception) -> None:
        self._trouble = why(error, self.place)
        self._let_go()
        self.decided.set()

    def _let_go(self) -> None:
        self.scanner = None
        self.served.clear()
        ends, self._ends = self._ends, []
        with contextlib.ExitStack() as every:  # one that fails keeps none of the others back
            for end in reversed(ends):
                every.callback(end)
