"""Massagers on a cable: `MODEL@PORT` names one, for nothing on a serial line says what it is.

``nlr-hf8@/dev/ttyUSB0`` or ``nlr-hf8@COM5``. That is also its address, wherever an address is kept.
"""

import re
from dataclasses import dataclass
from typing import Any

from bleak.backends.device import BLEDevice

from devicehub.radio.air import Air

_WIRED = re.compile(r"(?P<model>[a-z0-9][a-z0-9-]*)@(?P<port>\S+)")


@dataclass(frozen=True, slots=True)
class Wire:
    """A serial line: its port, and its bits per second (8 data bits, no parity, one stop bit)."""

    port: str
    baud: int

    def client_arguments(self, air: Air) -> dict[str, Any]:
        """Return the keyword arguments for ``BleakClient``."""
        if air.cabled:
            return air.client_arguments()
        from devicehub.radio.serial_client import SerialClient  # noqa: PLC0415 - few have a cable

        return {"backend": SerialClient, "port": self.port, "baud": self.baud}


def model_of(address: str) -> str | None:
    """Return the model in ``MODEL@PORT``, or None for an address on the air."""
    said = _WIRED.fullmatch(address)
    return said["model"] if said is not None else None


def device_at(address: str, baud: int, air: Air) -> BLEDevice:
    """Return a massager on a cable as bleak wants it; `wire_of` finds its line again."""
    port = address.partition("@")[2]
    return BLEDevice(port if air.cabled else address, address, Wire(port, baud))


def wire_of(device: BLEDevice | str) -> Wire | None:
    """Return the line of a massager on a cable, or None for one on the air."""
    details = device.details if isinstance(device, BLEDevice) else None
    return details if isinstance(details, Wire) else None
