"""Ears: what is heard through any proxy, and whoever listens to it."""

from collections.abc import Callable

from bluetooth_data_tools import monotonic_time_coarse
from habluetooth import BluetoothManager, BluetoothServiceInfoBleak

# Most massagers advertise several times in a second, all of them within two (engineering choice).
FRESH_S = 3.0

Hear = Callable[[BluetoothServiceInfoBleak], None]


class Ears(BluetoothManager):
    """habluetooth's place for scanners, without its hold on bleak: `async_setup` is never called.

    That would put classes of its own in the place of bleak's for the whole process.
    """

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        super().__init__()
        self._listeners: dict[Hear, None] = {}

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Call `hear` with what was heard just now and what will be; return what ends that.

        What is older is forgotten, or it would not be told again when it is heard again.
        """
        for known in list(self.async_discovered_service_info(connectable=False)):
            if self._is_fresh(known):
                hear(known)
            else:
                self.async_clear_advertisement_history(known.address)
        self._listeners[hear] = None
        return lambda: self._listeners.pop(hear, None) and None

    def _is_fresh(self, known: BluetoothServiceInfoBleak) -> bool:
        scanner = self.async_scanner_by_source(known.source)
        ways = self.async_scanner_devices_by_address(known.address, connectable=False)
        is_there = any(way.scanner is scanner for way in ways)
        return is_there and monotonic_time_coarse() - known.time <= FRESH_S

    def _discover_service_info(self, service_info: BluetoothServiceInfoBleak) -> None:
        for hear in tuple(self._listeners):
            hear(service_info)
