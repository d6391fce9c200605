"""bHaptics TactSuit X40 and X16: the vest's side of its public protocol facts.

A frame is 20 bytes: byte i is motor 2i in the high and motor 2i+1 in the low nibble, 0 to 15. The
X16 takes the same forty values and drives sixteen motors, each with the strongest of the two or
three values of its rows. The vests latch: they know no lease and keep driving the last frame when
the link is gone.

Facts: SenseShift firmware (facts only), LG's sample for a real vest (MIT), the maker's UUID table
(Apache-2.0). The value of the version and the answer to a frame of the wrong length are not
documented anywhere; the ones here are this simulator's choice.
"""

from collections.abc import Sequence

from firmware_sim.firmware.massager import Act, Massager
from firmware_sim.firmware.parts import INVALID_LENGTH, characteristic
from firmware_sim.gatt import Advertisement, AttError, Effect, ServiceSpec

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
MOTOR_LEGACY = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
SERIAL = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
CONFIG = "6e400005-b5a3-f393-e0a9-e50e24dcca9e"
VERSION = "6e400007-b5a3-f393-e0a9-e50e24dcca9e"
BATTERY = "6e400008-b5a3-f393-e0a9-e50e24dcca9e"
MOTOR = "6e40000a-b5a3-f393-e0a9-e50e24dcca9e"
MONITOR = "6e40000b-b5a3-f393-e0a9-e50e24dcca9e"
AUDIO_CONFIG = "6e40000c-b5a3-f393-e0a9-e50e24dcca9e"

MOTORS = 40
STEPS = 15

_FRAME_LENGTH = MOTORS // 2

SERVICES = (
    ServiceSpec(
        SERVICE,
        (
            characteristic(MOTOR_LEGACY, "write-without-response"),
            characteristic(SERIAL, "read"),
            characteristic(CONFIG, "read", "write"),
            characteristic(VERSION, "read"),
            characteristic(BATTERY, "read", "notify"),
            characteristic(MOTOR, "write"),
            characteristic(MONITOR, "read", "notify"),
            characteristic(AUDIO_CONFIG, "read", "write"),
        ),
    ),
)


class Tact(Massager):
    """What the maker's massagers share: settings, a serial number, a battery of their own."""

    full_drive_s = 4 * 3600.0
    services = SERVICES
    battery_uuid = BATTERY
    serial = b"SIM0000040"

    def __init__(self) -> None:
        """Switch it on."""
        super().__init__()
        self._settings = {CONFIG: bytes(3), AUDIO_CONFIG: bytes(20)}

    def _accept(self, uuid: str, data: bytes) -> Act:
        if uuid not in self._settings:
            levels = self._levels(data)
            return lambda _: [*self._drive.set(levels)]
        if len(data) != len(self._settings[uuid]):
            raise AttError(INVALID_LENGTH)
        return lambda _: self._keep(uuid, data)

    def _levels(self, frame: bytes) -> Sequence[int]:
        """Return the level of every motor, or raise `AttError`."""
        raise NotImplementedError

    def _keep(self, uuid: str, setting: bytes) -> list[Effect]:
        self._settings[uuid] = setting
        return []

    def _values(self) -> dict[str, bytes]:
        return {
            SERIAL: self.serial,
            VERSION: (1).to_bytes(2, "little"),
            BATTERY: bytes([self._battery.percent]),
            MONITOR: b"\x00",  # bit 7: a plug is in the audio jack
            **self._settings,
        }


class BhapticsX40(Tact):
    """Forty motors, front and back, that hold their last frame for ever."""

    model = "bhaptics-x40"
    actuators = MOTORS
    steps = STEPS
    advertisement = Advertisement("TactSuitX40", (SERVICE,))

    def _levels(self, frame: bytes) -> Sequence[int]:
        if len(frame) != _FRAME_LENGTH:
            raise AttError(INVALID_LENGTH)
        return [nibble for byte in frame for nibble in (byte >> 4, byte & 0xF)]


LEADERS = (0, 1, 4, 5, 10, 11, 14, 15, 20, 21, 24, 25, 30, 31, 34, 35)
"""The first of the forty places of each of the X16's motors."""

_FIRST_LONG_ROW = 4
"""From this place on in a block of ten a motor stands for three rows, before it for two."""


class BhapticsX16(BhapticsX40):
    """Sixteen motors under the same frame, in the order of `LEADERS`."""

    model = "bhaptics-x16"
    actuators = len(LEADERS)
    advertisement = Advertisement("TactSuitX16", (SERVICE,))
    serial = b"SIM0000016"

    def _levels(self, frame: bytes) -> Sequence[int]:
        places = super()._levels(frame)
        return [max(places[place] for place in _rows(leader)) for leader in LEADERS]


def _rows(leader: int) -> range:
    rows = 3 if leader % 10 >= _FIRST_LONG_ROW else 2
    return range(leader, leader + 2 * rows, 2)
