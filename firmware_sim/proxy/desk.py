"""Desk: what a proxy answers to whom, how many links it holds, and who hears its adverts.

As ESPHome's bluetooth_proxy does: one caller at a time has the adverts and the links, a second one
is passed over in silence, and when that caller goes, every link is closed.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aioesphomeapi import BluetoothDeviceRequestType, BluetoothProxyFeature
from bumble.core import BaseBumbleError
from bumble.device import Advertisement

from firmware_sim.adapter import Adapter
from firmware_sim.proxy.caller import Caller
from firmware_sim.proxy.link import Link
from firmware_sim.proxy.wire import message

VERSION = "2026.10.0"
"""The ESPHome that it speaks like."""
API = (1, 12)

_PASSIVE = (
    BluetoothProxyFeature.PASSIVE_SCAN
    | BluetoothProxyFeature.RAW_ADVERTISEMENTS
    | BluetoothProxyFeature.FEATURE_STATE_AND_MODE
)
_ACTIVE = (
    _PASSIVE
    | BluetoothProxyFeature.ACTIVE_CONNECTIONS
    | BluetoothProxyFeature.REMOTE_CACHING
    | BluetoothProxyFeature.CACHE_CLEARING
)
_RUNNING, _SCANS_ACTIVELY = 2, 1  # api.proto: BLUETOOTH_SCANNER_STATE_RUNNING, ..._MODE_ACTIVE
_NO_SLOT = 0x80  # esp_gatt_defs.h: ESP_GATT_NO_RESOURCES
_NOT_CONNECTED = -1


@dataclass(frozen=True, slots=True)
class Facts:
    """What a proxy is.

    Attributes:
        name: As it is called on the network.
        mac: Its address, ``AA:BB:CC:DD:EE:FF``.
        slots: How many links it holds at most.
        active: Whether it connects; one that does not only listens.
    """

    name: str
    mac: str
    slots: int
    active: bool


class Desk:
    """Answers callers, over one dongle."""

    def __init__(self, facts: Facts, dongle: Adapter) -> None:
        self._facts, self._dongle = facts, dongle
        self._callers: set[Caller] = set()
        self._subscriber: Caller | None = None
        self._links: dict[int, Link] = {}
        self._does: Mapping[str, Callable[[Caller, Any], None]] = {
            "HelloRequest": self._hello,
            "AuthenticationRequest": self._authenticate,
            "PingRequest": self._ping,
            "DisconnectRequest": self._disconnect,
            "DeviceInfoRequest": self._device_info,
            "SubscribeBluetoothLEAdvertisementsRequest": self._subscribe,
            "UnsubscribeBluetoothLEAdvertisementsRequest": self._unsubscribe,
            "SubscribeBluetoothConnectionsFreeRequest": self._subscribe_slots,
            "BluetoothDeviceRequest": self._device,
        }

    async def open(self) -> None:
        """Begin to listen to the air."""
        await self._dongle.listen(self._on_advertisement)

    async def close(self) -> None:
        """End every link and every call."""
        with contextlib.suppress(BaseBumbleError, TimeoutError):  # the air may have gone before
            await self._dongle.unlisten(self._on_advertisement)
        for link in (links := tuple(self._links.values())):
            link.end()
        for link in links:
            await link.wait()
        for caller in (callers := tuple(self._callers)):
            caller.cut()
        for caller in callers:
            await caller.gone.wait()

    # ------------------------------------------------------------------ calls

    def hear(self, caller: Caller, said: Any) -> None:
        """Take a message of a caller."""
        self._callers.add(caller)
        name = type(said).__name__
        if (does := self._does.get(name)) is not None:
            does(caller, said)
        elif name.startswith("BluetoothGATT"):
            self._gatt(caller, said)

    def gone(self, caller: Caller) -> None:
        """Let a caller go; the links were for the one who had subscribed."""
        self._callers.discard(caller)
        if caller is self._subscriber:
            self._let_go()

    def _let_go(self) -> None:
        self._subscriber = None
        for link in self._links.values():
            link.end()

    def _hello(self, caller: Caller, _said: Any) -> None:
        major, minor = API
        caller.say(
            message(
                "HelloResponse",
                api_version_major=major,
                api_version_minor=minor,
                server_info="firmware-sim",
                name=self._facts.name,
            )
        )

    def _authenticate(self, caller: Caller, _said: Any) -> None:
        caller.say(message("AuthenticationResponse"))

    def _ping(self, caller: Caller, _said: Any) -> None:
        caller.say(message("PingResponse"))

    def _disconnect(self, caller: Caller, _said: Any) -> None:
        caller.say(message("DisconnectResponse"))
        caller.hang_up()

    def _device_info(self, caller: Caller, _said: Any) -> None:
        caller.say(
            message(
                "DeviceInfoResponse",
                name=self._facts.name,
                mac_address=self._facts.mac,
                bluetooth_mac_address=self._facts.mac,
                esphome_version=VERSION,
                model="simulated",
                bluetooth_proxy_feature_flags=int(_ACTIVE if self._facts.active else _PASSIVE),
            )
        )

    # ---------------------------------------------------------------- adverts

    def _subscribe(self, caller: Caller, _said: Any) -> None:
        if self._subscriber not in (None, caller):
            return  # in silence: so the real one
        self._subscriber = caller
        caller.say(
            message(
                "BluetoothScannerStateResponse",
                state=_RUNNING,
                mode=_SCANS_ACTIVELY,
                configured_mode=_SCANS_ACTIVELY,
            )
        )

    def _unsubscribe(self, caller: Caller, _said: Any) -> None:
        if caller is self._subscriber:
            self._let_go()

    def _on_advertisement(self, heard: Advertisement) -> None:
        if self._subscriber is None:
            return
        one = message(
            "BluetoothLERawAdvertisement",
            address=int(heard.address.to_string(False).replace(":", ""), 16),
            rssi=heard.rssi,
            address_type=0 if heard.address.is_public else 1,
            data=bytes(heard.data),
        )
        self._subscriber.say(message("BluetoothLERawAdvertisementsResponse", advertisements=[one]))

    # ------------------------------------------------------------------ links

    def _subscribe_slots(self, caller: Caller, _said: Any) -> None:
        caller.say(self._slots())

    def _slots(self) -> Any:
        taken = list(self._links)
        limit = self._facts.slots
        free = max(0, limit - len(taken))
        return message("BluetoothConnectionsFreeResponse", free=free, limit=limit, allocated=taken)

    def _tell(self, said: Any) -> None:
        if self._subscriber is not None:
            self._subscriber.say(said)

    def _device(self, caller: Caller, said: Any) -> None:
        kind, address = BluetoothDeviceRequestType(said.request_type), said.address
        link = self._links.get(address)
        if kind is BluetoothDeviceRequestType.CLEAR_CACHE:
            caller.say(message("BluetoothDeviceClearCacheResponse", address=address, success=True))
        elif kind is BluetoothDeviceRequestType.DISCONNECT and link is not None:
            link.end()
        elif kind is BluetoothDeviceRequestType.DISCONNECT:
            self._refuse(caller, address, 0)
        elif link is None:
            self._connect(caller, address)

    def _connect(self, caller: Caller, address: int) -> None:
        if not self._facts.active or len(self._links) >= self._facts.slots:
            self._refuse(caller, address, _NO_SLOT)
            return
        self._links[address] = Link(address, self._dongle, self._tell, self._ended)
        self._tell(self._slots())

    def _refuse(self, caller: Caller, address: int, error: int) -> None:
        caller.say(
            message(
                "BluetoothDeviceConnectionResponse", address=address, connected=False, error=error
            )
        )

    def _ended(self, address: int) -> None:
        self._links.pop(address, None)
        self._tell(self._slots())

    def _gatt(self, caller: Caller, said: Any) -> None:
        if (link := self._links.get(said.address)) is not None:
            link.ask(said)
            return
        handle = getattr(said, "handle", 0)
        caller.say(
            message(
                "BluetoothGATTErrorResponse",
                address=said.address,
                handle=handle,
                error=_NOT_CONNECTED,
            )
        )
