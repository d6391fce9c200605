"""MagicMotion wands: the device's side of their public protocol facts.

The first wand takes `0B FF 04 0A 32 32 00 04 08 n 64 00`, the second
`10 FF 04 0A 32 0A 00 04 08 n 64 00 04 08 m 64 01`, whose m is a second motor's that the wand does
not have. Levels are 0 to 100. The name alone tells the two apart; their services are the same.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause). Not documented,
and assumed here: a level above 100 or a frame of another form changes nothing; a lost link leaves
the motor running.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import BATTERY_SERVICE, characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "78667579-7b48-43db-b8c5-7928a6b0a335"
TX = "78667579-a914-49a4-8333-aa3c0cd8fedc"

_LEVEL, _SECOND = 9, 14


class MagicMotionWand(Massager):
    """One motor, first form of the frame."""

    model = "magicmotion-wand"
    held = True
    actuators = 1
    steps = 100
    advertisement = Advertisement("Magic Wand", (SERVICE,))
    services = (
        ServiceSpec(SERVICE, (characteristic(TX, "write-without-response"),)),
        BATTERY_SERVICE,
    )
    still = bytes.fromhex("0bff040a3232000408006400")
    places: tuple[int, ...] = (_LEVEL,)

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if len(data) != len(self.still):
            return ignored
        levels = [data[at] for at in self.places]
        bare = bytes(0 if at in self.places else byte for at, byte in enumerate(data))
        if bare != self.still or max(levels) > self.steps:
            return ignored
        return lambda _: [*self._drive.set(levels[: self.actuators])]


class MagicMotionZenith(MagicMotionWand):
    """One motor, second form of the frame."""

    model = "magicmotion-zenith"
    advertisement = Advertisement("funwand", (SERVICE,))
    still = bytes.fromhex("10ff040a320a0004080064000408006401")
    places = (_LEVEL, _SECOND)
