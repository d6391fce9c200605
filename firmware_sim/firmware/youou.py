"""Youou wand VX001: the device's side of its public protocol facts.

`AA 55 c 02 03 01 n on x FF` and seven zeros: c counts the packets, x is the XOR of the eight bytes
before it. Levels are 0 to 247; above them stand built-in patterns.

Facts: Buttplug's protocol implementation and its comments (BSD-3-Clause); there is no test of it
upstream. Not documented, and assumed here: a packet with the count of the one before is a repeat
and changes nothing, but the first of a link always counts; a pattern is taped as asked for and
leaves the motor as it was; a lost link leaves the motor running.
"""

from firmware_sim.firmware.massager import Act, Massager, asks_for, ignored
from firmware_sim.firmware.parts import characteristic, xor_of
from firmware_sim.gatt import Advertisement, Effect, ServiceSpec

SERVICE = "fff0"
TX = "fff6"

_HEAD, _FIXED, _TAIL = b"\xaa\x55", b"\x02\x03\x01", b"\xff" + bytes(7)
_SUMMED, _LENGTH = 8, 17


class YououVX001(Massager):
    """One motor, 247 steps."""

    model = "youou-vx001"
    held = True
    actuators = 1
    steps = 247
    advertisement = Advertisement("VX001_01", (SERVICE,))
    services = (ServiceSpec(SERVICE, (characteristic(TX, "write-without-response"),)),)

    def __init__(self) -> None:
        """Switch it on."""
        super().__init__()
        self._count: int | None = None

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: it begins to count anew."""
        self._count = None
        return super().connected(now_s)

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        framed = data[:2] == _HEAD and data[3:6] == _FIXED and data[9:] == _TAIL
        if len(data) != _LENGTH or not framed or data[_SUMMED] != xor_of(data[:_SUMMED]):
            return ignored
        count, level, on = data[2], data[6], data[7]
        if on > 1 or count == self._count:
            return ignored
        if on and level > self.steps:
            return asks_for("built-in pattern")
        return lambda _: self._set(level if on else 0, count)

    def _set(self, level: int, count: int) -> list[Effect]:
        self._count = count
        return [*self._drive.set([level])]
