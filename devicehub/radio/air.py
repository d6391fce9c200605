"""Air: where massagers are looked for and reached. Picked by the command line, used as it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner


def _near(_address: str) -> None:
    """Return None: no proxy is between."""


def _all_well() -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Air:
    """One way through bleak to massagers.

    Attributes:
        name: For people, for example ``"Bluetooth"``.
        scanner: Scanner class for bleak's ``backend=``; None for the system's own.
        client: Client class for bleak's ``backend=``, or what makes one; None for the system's own.
        options: Keyword arguments that both classes need.
        simulated: True when whatever answers on this air is known not to be real.
        cabled: Whether massagers on a cable are reached through `client` too, not over a real line.
        adapter: Adapter class for bleak's ``backend=``; None for the system's own, or for none
            where the scanner is not the system's.
        only_heard: Whether clients take what was heard alone, and no bare address.
        via: Returns the name of the proxy through which an address is reached best, or None.
        notes: Returns a line for each part of it that cannot be used.
    """

    name: str
    scanner: type[BaseBleakScanner] | None = None
    client: Callable[..., BaseBleakClient] | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    simulated: bool = False
    cabled: bool = False
    adapter: type[BaseBleakAdapter] | None = None
    only_heard: bool = False
    via: Callable[[str], str | None] = _near
    notes: Callable[[], Sequence[str]] = _all_well

    def scanner_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments for ``BleakScanner``."""
        chosen: dict[str, Any] = dict(self.options)
        if self.scanner is not None:
            chosen["backend"] = self.scanner
        return chosen

    def client_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments for ``BleakClient``."""
        chosen: dict[str, Any] = dict(self.options)
        if self.client is not None:
            chosen["backend"] = self.client
        return chosen


BLUETOOTH = Air("Bluetooth")
