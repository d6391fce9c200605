"""bHaptics Tactosy for arm, hand and foot: the device's side of their public protocol facts.

A frame has one byte for each motor, 0 to 100, on the characteristic that the vests have, too.

Facts: SenseShift firmware (facts only). Not documented, and assumed here: the rest of the table is
the vests'; a frame of another length is refused; one with a level above 100 is refused with the
vendor's error 0x80; a lost link leaves the motors running.
"""

from collections.abc import Sequence

from firmware_sim.firmware.bhaptics_tactsuit import SERVICE, Tact
from firmware_sim.firmware.parts import INVALID_LENGTH
from firmware_sim.gatt import Advertisement, AttError

TOO_HIGH = 0x80  # the first of the application's own errors


class BhapticsArm(Tact):
    """Six motors around a forearm."""

    model = "bhaptics-arm"
    actuators = 6
    steps = 100
    advertisement = Advertisement("Tactosy2_L", (SERVICE,))
    serial = b"SIM0000006"

    def _levels(self, frame: bytes) -> Sequence[int]:
        if len(frame) != self.actuators:
            raise AttError(INVALID_LENGTH)
        if max(frame) > self.steps:
            raise AttError(TOO_HIGH)
        return [*frame]


class BhapticsHand(BhapticsArm):
    """Three motors on the back of a hand."""

    model = "bhaptics-hand"
    actuators = 3
    advertisement = Advertisement("TactosyH_L", (SERVICE,))
    serial = b"SIM0000003"


class BhapticsFoot(BhapticsArm):
    """Three motors on a foot."""

    model = "bhaptics-foot"
    actuators = 3
    advertisement = Advertisement("TactosyF_L", (SERVICE,))
    serial = b"SIM000003F"
