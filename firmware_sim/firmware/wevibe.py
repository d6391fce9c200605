"""We-Vibe wands of the eight-bit protocol: the device's side of its public facts.

`0F 03 00 E I S 00 00`: a level plus 3 for each of two motors, and a status whose bits say which of
them run (bit 0 for I, bit 1 for E). A wand has one motor and is sent the same level twice.
`0F 00 00 00 00 00 00 00` stops.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause). Not documented,
and assumed here: a wand's motor listens to I; a frame of another length, mode or padding, or with a
level above the strongest, changes nothing; a lost link leaves the motor running. The real wand
wants to be paired once; the simulated one takes anybody.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "f000bb03-0451-4000-b000-000000000000"
TX = "f000c000-0451-4000-b000-000000000000"
RX = "f000b000-0451-4000-b000-000000000000"

_STOP = bytes.fromhex("0f00000000000000")
_SET, _END, _LENGTH = b"\x0f\x03\x00", b"\x00\x00", 8
_OFFSET = 3
_INTERNAL, _EXTERNAL, _STATUS = 4, 3, 5


class WeVibeWand(Massager):
    """One motor, 22 steps."""

    model = "wevibe-wand"
    held = True
    actuators = 1
    steps = 22
    advertisement = Advertisement("Wand", (SERVICE,))
    services = (
        ServiceSpec(SERVICE, (characteristic(TX, "write"), characteristic(RX, "read", "notify"))),
    )

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if data == _STOP:
            return lambda _: [*self._drive.stop()]
        framed = data.startswith(_SET) and data.endswith(_END) and len(data) == _LENGTH
        if not framed:
            return ignored
        runs = [data[_STATUS] & 1, data[_STATUS] & 2]
        wires = (data[_INTERNAL], data[_EXTERNAL])
        levels = [max(w - _OFFSET, 0) if r else 0 for r, w in zip(runs, wires, strict=True)]
        levels = levels[: self.actuators]
        if max(levels) > self.steps:
            return ignored
        return lambda _: [*self._drive.set(levels)]


class WeVibeWand2(WeVibeWand):
    """The second wand: another name."""

    model = "wevibe-wand-2"
    advertisement = Advertisement("Wand 2", (SERVICE,))
