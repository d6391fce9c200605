"""MyMuse Link Plus: the device's side of its public protocol facts.

`AA 55 06 01 01 01 n FF` drives the motor at n, 1 to 3; `AA 55 06 AA 00 00 00 00` stops it.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause); there is no test
of it upstream. Not documented, and assumed here: any other level, 0 included, or another form
changes nothing; a lost link leaves the motor running.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "fff0"
TX = "fff1"

_STOP = bytes.fromhex("aa5506aa00000000")
_LEVEL = {bytes([0xAA, 0x55, 0x06, 1, 1, 1, level, 0xFF]): level for level in (1, 2, 3)}


class MyMuseLinkPlus(Massager):
    """One motor, three steps."""

    model = "mymuse-link-plus"
    held = True
    actuators = 1
    steps = 3
    advertisement = Advertisement("MM Massager", (SERVICE,))
    services = (ServiceSpec(SERVICE, (characteristic(TX, "write-without-response"),)),)

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if data == _STOP:
            return lambda _: [*self._drive.stop()]
        if data not in _LEVEL:
            return ignored
        return lambda _: [*self._drive.set([_LEVEL[data]])]
