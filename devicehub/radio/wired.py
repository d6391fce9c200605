"""Massagers on a cable: `MODEL@PORT` names one, for nothing on a serial line says what it is.

``nlr-hf8@/dev/ttyUSB0`` or ``nlr-hf8@COM5``. That is also its address, wherever an address is kept.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bleak.backends.device import BLEDevice

from devicehub.errors import DeviceNotFound
from devicehub.massagers.stopbook import StopEntry, entries
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


def plugged(wanted: str, air: Air) -> tuple[str, BLEDevice, StopEntry] | None:
    """Return the massager that ``MODEL@PORT`` names, or None for an address on the air.

    Returns:
        Its address, which is the same in any folder; the device as bleak wants it, of which
        `wire_of` finds the line again; how it is stopped.

    Raises:
        DeviceNotFound: There is no such model, or it has no serial line.
    """
    model = model_of(wanted)
    if model is None:
        return None
    on_a_cable = {entry.model: entry for entry in entries() if entry.baud is not None}
    entry = on_a_cable.get(model)
    if entry is None or entry.baud is None:
        known = ", ".join(sorted(on_a_cable))
        raise DeviceNotFound(f"{wanted}: no massager of that model on a cable; those are: {known}")
    address = _from_anywhere(wanted)
    port = address.partition("@")[2]
    device = BLEDevice(port if air.cabled else address, address, Wire(port, entry.baud))
    return address, device, entry


def _from_anywhere(address: str) -> str:
    """Return the same address for a process in any folder: what is kept on disk outlives this."""
    model, _, port = address.partition("@")
    is_file = "/" in port or Path(port).exists()
    return f"{model}@{Path(port).absolute()}" if is_file else address


def wire_of(device: BLEDevice | str) -> Wire | None:
    """Return the line of a massager on a cable, or None for one on the air."""
    details = device.details if isinstance(device, BLEDevice) else None
    return details if isinstance(details, Wire) else None
