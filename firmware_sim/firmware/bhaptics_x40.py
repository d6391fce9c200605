"""bHaptics TactSuit X40: the vest's side of its public protocol facts.

A frame is 20 bytes: byte i is motor 2i in the high and motor 2i+1 in the low nibble, 0 to 15. The
vest latches: it knows no lease and keeps driving the last frame when the link is gone.

Facts: SenseShift firmware (facts only), LG's sample for a real vest (MIT), the maker's UUID table
(Apache-2.0). The value of the version and the answer to a frame of the wrong length are not
documented anywhere; the ones here are this simulator's choice.
"""

from collections.abc import Callable, Sequence

from firmware_sim.firmware.parts import (
    INVALID_LENGTH,
    READ_NOT_PERMITTED,
    WRITE_NOT_PERMITTED,
    Battery,
    Drive,
    characteristic,
)
from firmware_sim.gatt import Advertisement, AttError, Effect, Notify, ServiceSpec

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
_BATTERY_PERIOD_S = 10.0
_FULL_DRIVE_S = 4 * 3600.0
"""An assumption; the notes say nothing about the battery's life."""


class BhapticsX40:
    """Forty motors, front and back, that hold their last frame for ever."""

    model = "bhaptics-x40"
    actuators = MOTORS
    steps = STEPS
    advertisement = Advertisement("TactSuitX40", (SERVICE,))
    services = (
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

    def __init__(self) -> None:
        """Switch the vest on."""
        self._drive = Drive(MOTORS, STEPS)
        self._battery = Battery(_FULL_DRIVE_S)
        self._polled_s = 0.0
        self._settings = {CONFIG: bytes(3), AUDIO_CONFIG: bytes(20)}

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: nothing happens, running motors included."""
        return self.poll(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle the end of the link: the motors keep running."""
        return self.poll(now_s)

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:
        """Take a frame or a setting; a wrong one raises `AttError` or is ignored."""
        try:
            obey = self._accept(uuid, data, response=response)
        except AttError:
            if response:
                raise
            return []
        return [*self.poll(now_s), *obey()]

    def read(self, uuid: str, now_s: float) -> bytes:
        """Return serial number, version, settings, battery or monitor."""
        self._battery.drain(self._drive.load, now_s)
        readable = {
            SERIAL: b"SIM0000040",
            VERSION: (1).to_bytes(2, "little"),
            BATTERY: bytes([self._battery.percent]),
            MONITOR: b"\x00",  # bit 7: a plug is in the audio jack
            **self._settings,
        }
        if uuid not in readable:
            raise AttError(READ_NOT_PERMITTED)
        return readable[uuid]

    def next_poll_s(self) -> float | None:
        """Return the next look at the battery while motors run."""
        return self._polled_s + _BATTERY_PERIOD_S if self._drive.running else None

    def poll(self, now_s: float) -> list[Effect]:
        """Let the battery drain."""
        self._polled_s = now_s
        self._battery.drain(self._drive.load, now_s)
        if self._battery.news():
            return [Notify(BATTERY, bytes([self._battery.percent]))]
        return []

    def _accept(self, uuid: str, data: bytes, *, response: bool) -> Callable[[], Sequence[Effect]]:
        """Judge a write before anything changes; return what it will do."""
        if uuid == (MOTOR if response else MOTOR_LEGACY):
            if len(data) != _FRAME_LENGTH:
                raise AttError(INVALID_LENGTH)
            levels = [nibble for byte in data for nibble in (byte >> 4, byte & 0xF)]
            return lambda: self._drive.set(levels)
        if uuid in self._settings and response:
            if len(data) != len(self._settings[uuid]):
                raise AttError(INVALID_LENGTH)
            return lambda: self._keep(uuid, data)
        raise AttError(WRITE_NOT_PERMITTED)

    def _keep(self, uuid: str, setting: bytes) -> list[Effect]:
        self._settings[uuid] = setting
        return []
