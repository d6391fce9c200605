"""Line: the connection to one proxy, made anew whenever it is gone, until it is closed."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from aioesphomeapi import BluetoothProxyFeature, DeviceInfo
from bleak_esphome import connect_scanner
from bleak_esphome.backend.scanner import ESPHomeScanner
from habluetooth import BluetoothManager

from devicehub.config.proxies import Place
from devicehub.radio.proxies.api import api_of
from devicehub.radio.proxies.meter import Meter
from devicehub.radio.proxies.reaching import AGAIN_S, Pauses, connected
from devicehub.radio.proxies.trouble import (
    FLOODS,
    IN_USE,
    NO_PROXY,
    NOT_YET,
    PASSIVE,
    TOO_OLD,
    is_misbehaviour,
    why,
)

# Name, TCP, encryption and hello take a tenth of a second on a network that is well; aioesphomeapi
# itself waits for up to a minute for each.
ATTEMPT_S = 10.0


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
        self._gone = asyncio.Event()
        self._ends: list[Callable[[], object]] = []
        self._meter = Meter()
        self._pauses = Pauses()
        self._wanted = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to reach it; `decided` tells when the first attempt has ended."""
        self._life = asyncio.create_task(self._live(), name=f"proxy {self.place.name}")

    async def close(self) -> None:
        """Let go of it. It closes the links that it held by itself."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait((self._life,))
        await self._api.zeroconf_manager.async_close()

    def try_soon(self) -> None:
        """Take note that somebody looks for a massager: it may be there again."""
        self._wanted.set()

    @property
    def trouble(self) -> str:
        """Why it cannot be used, or not fully, and what mends it; empty when all is well."""
        if self.scanner is None:
            return self._trouble
        if self.facts is not None and not self.facts.connects:
            return PASSIVE
        return "" if self.served.is_set() else IN_USE

    # -- what the API says -----------------------------------------------------------------------

    async def _live(self) -> None:
        """Reach it, again and again, until cancelled; less and less often where that fails."""
        while True:
            misbehaved = False
            try:
                async with asyncio.timeout(ATTEMPT_S):
                    await self._reach()
                self.decided.set()
                await self._gone.wait()
                self._trouble = NOT_YET
                if not self._meter.flooded:
                    self.decided.clear()
                    self._pauses.well()
            except Exception as error:  # noqa: BLE001 - whatever one try fails with, another follows
                self._trouble, misbehaved = why(error, self.place), is_misbehaviour(error)
                self.decided.set()
            finally:
                self._let_go()
                self._api.force_disconnect()
            if self._meter.flooded:
                self._trouble, misbehaved = FLOODS, True
            await self._rest(misbehaved=misbehaved)

    async def _rest(self, *, misbehaved: bool) -> None:
        """Leave it alone; one that did no harm not for long where somebody looks for a massager."""
        pause_s = self._pauses.after(misbehaved=misbehaved)
        self._wanted.clear()
        if misbehaved:
            await asyncio.sleep(pause_s)
            return
        await asyncio.sleep(AGAIN_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause_s - AGAIN_S):
                await self._wanted.wait()

    async def _reach(self) -> None:
        """Connect, and hear through it. Raises APIConnectionError or OSError if it cannot be."""
        gone = self._gone = asyncio.Event()

        async def ended(_expected: bool) -> None:
            gone.set()

        self._meter = Meter()
        near = await connected(self.place, self._api.zeroconf_manager)
        self._meter = near.meter
        self._api.start_connection_from_socket(near, on_stop=ended, log_errors=False)
        await self._api.finish_connection()
        self._meter.greeted()
        self._api.listen_to_answers()
        said = await self._api.device_info()
        self._trouble = self._refusal(said)
        if not self._trouble:
            self._hear_through(said)

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

    def _let_go(self) -> None:
        self.scanner = None
        self.served.clear()
        ends, self._ends = self._ends, []
        # One that fails keeps none of the others back, and no new try.
        with contextlib.suppress(Exception), contextlib.ExitStack() as every:
            for end in reversed(ends):
                every.callback(end)
