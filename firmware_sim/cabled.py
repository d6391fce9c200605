"""A massager on a serial line, dressed as one on the air: the same mounts, tapes and faults. Pure.

Its line is a characteristic that takes writes. In one process it is reached through the simulated
radio, because a terminal of the system knows no virtual time; between processes it is a real
pseudo-terminal (`terminal.py`).
"""

import re

from firmware_sim.firmware.parts import READ_NOT_PERMITTED, characteristic
from firmware_sim.gatt import Advertisement, AttError, Effect, SerialFirmware, ServiceSpec

LINE = "00001101-0000-1000-8000-00805f9b34fb"
"""SerialPort in the Bluetooth SIG's assigned numbers: what a tape calls the line."""

_LINES = re.compile(rb"[^\r]*\r|[^\r]+")


def lines(data: bytes) -> list[bytes]:
    """Cut a stream into lines, each with its carriage return; the last may lack it."""
    return _LINES.findall(data)


class Cabled:
    """A serial firmware as a firmware."""

    held = False

    def __init__(self, firmware: SerialFirmware) -> None:
        """Dress `firmware`."""
        self.model = firmware.model
        self.held = False
        self.actuators = firmware.actuators
        self.steps = firmware.steps
        self.advertisement = Advertisement(firmware.model)
        self.services = (ServiceSpec(LINE, (characteristic(LINE, "write"),)),)
        self._firmware = firmware

    def connected(self, now_s: float) -> list[Effect]:
        """Handle that somebody opened the line."""
        return self._firmware.opened(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle that the line was closed, or the cable pulled."""
        return self._firmware.closed(now_s)

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:  # noqa: ARG002 - the shape of Firmware
        """Hand bytes on."""
        return self._firmware.receive(data, now_s)

    def read(self, uuid: str, now_s: float) -> bytes:  # noqa: ARG002 - the shape of Firmware
        """Refuse: a line is not read on demand."""
        raise AttError(READ_NOT_PERMITTED)

    def next_poll_s(self) -> float | None:
        """Say when the firmware wants to be polled."""
        return self._firmware.next_poll_s()

    def poll(self, now_s: float) -> list[Effect]:
        """Let time pass."""
        return self._firmware.poll(now_s)
