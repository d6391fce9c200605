"""FOREO LUNA and UFO: the device's side of their public protocol facts.

`01 mode n`, with n from 0 to 10 and a mode that goes with the model. Microcurrent models share the
service and are not simulated.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause). Not documented,
and assumed here: another model's mode, a level above 10 or another form changes nothing; a lost
link leaves the motor running.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "fff0"
TX = "fff1"

_LENGTH = 3


class ForeoLuna(Massager):
    """One motor, ten steps, mode 0."""

    model = "foreo-luna"
    held = True
    actuators = 1
    steps = 10
    advertisement = Advertisement("LUNA 3", (SERVICE,))
    services = (ServiceSpec(SERVICE, (characteristic(TX, "write"),)),)
    mode = 0

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if len(data) != _LENGTH or data[:2] != bytes([1, self.mode]) or data[2] > self.steps:
            return ignored
        return lambda _: [*self._drive.set([data[2]])]


class ForeoUfo(ForeoLuna):
    """One motor, ten steps, mode 1."""

    model = "foreo-ufo"
    advertisement = Advertisement("UFO", (SERVICE,))
    mode = 1
