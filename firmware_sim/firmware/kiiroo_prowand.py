"""Kiiroo ProWand: the device's side of its public protocol facts.

`00 00 64 FF n n` drives the motor at n, 1 to 255; `00 00 64 00 00 00` stops it.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause). Not documented,
and assumed here: two levels that differ, or a frame of another form, change nothing; a lost link
leaves the motor running. Sister models drop a link after some 3 s of silence; this one does not.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import BATTERY_SERVICE, characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "1400"
TX = "1401"

_SET, _LENGTH = bytes.fromhex("000064ff"), 6
_STOP = bytes.fromhex("000064000000")


class KiirooProWand(Massager):
    """One motor, 255 steps, and a battery service."""

    model = "kiiroo-prowand"
    held = True
    actuators = 1
    steps = 255
    advertisement = Advertisement("ProWand", (SERVICE,))
    services = (
        ServiceSpec(SERVICE, (characteristic(TX, "write-without-response"),)),
        BATTERY_SERVICE,
    )

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if data == _STOP:
            return lambda _: [*self._drive.stop()]
        if len(data) != _LENGTH or not data.startswith(_SET) or data[4] != data[5]:
            return ignored
        return lambda _: [*self._drive.set([data[4]])]
