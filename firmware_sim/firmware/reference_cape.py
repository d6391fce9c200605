"""The reference cape: the device's side of `docs/reference-cape.md`, and of nothing else."""

from collections.abc import Callable
from functools import reduce

from firmware_sim.firmware.heat import HeatPad
from firmware_sim.firmware.parts import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    DEVICE_INFORMATION_SERVICE,
    FIRMWARE_REVISION,
    MAKER_NAME,
    MODEL_NUMBER,
    READ_NOT_PERMITTED,
    WRITE_NOT_PERMITTED,
    Battery,
    Drive,
    characteristic,
)
from firmware_sim.gatt import Advertisement, AttError, Effect, Notify, ServiceSpec, Upset

SERVICE = "7d3c0001-52a4-4c0e-9f6b-2b1e8a6cd101"
LEVELS = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
STATUS = "7d3c0003-52a4-4c0e-9f6b-2b1e8a6cd101"
HEAT = "7d3c0004-52a4-4c0e-9f6b-2b1e8a6cd101"

UNKNOWN_FRAME = 0x80
WRONG_CHECKSUM = 0x81
TOO_HIGH = 0x82

MOTORS = 12
STEPS = 100
LEASE_S = 2.0
STATUS_GAP_S = 0.1
STATUS_PERIOD_S = 1.0

_SET, _SET_LENGTH = 0x01, 15
_STOP = _HEAT_OFF = b"\x00"
_HEAT_ON, _HEAT_LENGTH, _HEAT_MAX_HALF_C = 0x01, 2, 80
_STATUS_VERSION = 0x01
_READING_MAX_HALF_C = 0xFE
_NO_READING = 0xFF
_STRAY_LEVEL = 50

_FULL_DRIVE_S = 7500.0
"""A cell of 2000 mAh under twelve motors at 80 mA each; both are assumptions."""

_Act = Callable[[float], list[Effect]]


class ReferenceCape:
    """Twelve motors, a heat pad, status notifications, and a lease on every level."""

    model = "reference-cape"
    held = False
    actuators = MOTORS
    steps = STEPS
    advertisement = Advertisement("DH-CAPE", (SERVICE,))
    services = (
        ServiceSpec(
            SERVICE,
            (
                characteristic(LEVELS, "write", "write-without-response"),
                characteristic(STATUS, "read", "notify"),
                characteristic(HEAT, "write"),
            ),
        ),
        BATTERY_SERVICE,
        DEVICE_INFORMATION_SERVICE,
    )

    def __init__(self, *, ambient_c: float = 24.0) -> None:
        """Switch the cape on.

        Args:
            ambient_c: Temperature around the heat pad in degrees Celsius.
        """
        self._drive = Drive(MOTORS, STEPS)
        self._pad = HeatPad(ambient_c)
        self._battery = Battery(_FULL_DRIVE_S)
        self._counter = 0
        self._lease_end_s: float | None = None
        self._lease_ran_out = False
        self._connected = False
        self._status_s = 0.0
        self._status_shown = self._state()

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central."""
        self._connected = True
        self._status_s = now_s
        self._status_shown = self._state()
        return self._pass_time(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Stop all motors and the heat: a lost hub must not leave them on."""
        self._connected = False
        return [*self._pass_time(now_s), *self._all_off()]

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:
        """Take a levels or heat frame; a wrong one raises `AttError` or is ignored."""
        try:
            obey = self._accept(uuid, data, response=response)
        except AttError:
            if response:
                raise
            return []
        return self._pass_time(now_s) + obey(now_s) + self._status_if_due(now_s)

    def read(self, uuid: str, now_s: float) -> bytes:
        """Return status, battery or device information."""
        self._battery.drain(self._drive.load, now_s)
        readable = {
            STATUS: self._status(),
            BATTERY_LEVEL: bytes([self._battery.percent]),
            MAKER_NAME: b"devicehub",
            MODEL_NUMBER: self.model.encode(),
            FIRMWARE_REVISION: b"1.0.0",
        }
        if uuid not in readable:
            raise AttError(READ_NOT_PERMITTED)
        return readable[uuid]

    def next_poll_s(self) -> float | None:
        """Return the end of the lease, the next status or the next reading of the pad."""
        status_s = self._status_due_s() if self._connected else None
        wanted = (self._lease_end_s, status_s, self._pad.next_sample_s)
        return min((at_s for at_s in wanted if at_s is not None), default=None)

    def poll(self, now_s: float) -> list[Effect]:
        """Let time pass."""
        return self._pass_time(now_s) + self._status_if_due(now_s)

    def upset(self, fault: Upset, now_s: float, *, begins: bool) -> list[Effect]:
        """Let the heat pad have a flaw, or a motor go its own way at half of its strongest."""
        effects = self._pass_time(now_s)
        if fault == "stray":
            effects += self._drive.stray(_STRAY_LEVEL if begins else None)
        elif fault in ("weak", "drained"):
            self._battery.upset(fault, begins=begins)
            effects += self._pass_time(now_s)
        elif fault != "jam":  # nothing in it can
            self._pad.upset(fault if begins else None)
        return [*effects, *self._status_if_due(now_s)]

    def _accept(self, uuid: str, data: bytes, *, response: bool) -> _Act:
        """Judge a frame before anything changes; return what it will do."""
        if uuid == LEVELS:
            return self._stop if data == _STOP else self._set(data)
        if uuid == HEAT and response:
            return self._heat(data)
        raise AttError(WRITE_NOT_PERMITTED)

    def _set(self, data: bytes) -> _Act:
        if len(data) != _SET_LENGTH or data[0] != _SET:
            raise AttError(UNKNOWN_FRAME)
        if reduce(lambda a, b: a ^ b, data) != 0:
            raise AttError(WRONG_CHECKSUM)
        levels = data[2:-1]
        if max(levels) > STEPS:
            raise AttError(TOO_HIGH)

        def obey(now_s: float) -> list[Effect]:
            self._counter = data[1]
            self._lease_end_s = now_s + LEASE_S
            self._lease_ran_out = False
            return [*self._drive.set(levels)]

        return obey

    def _heat(self, data: bytes) -> _Act:
        if data == _HEAT_OFF:
            return lambda _: [*self._pad.switch(None)]
        if len(data) != _HEAT_LENGTH or data[0] != _HEAT_ON:
            raise AttError(UNKNOWN_FRAME)
        if data[1] > _HEAT_MAX_HALF_C:
            raise AttError(TOO_HIGH)

        def obey(now_s: float) -> list[Effect]:
            if self._lease_end_s is None:
                self._lease_end_s = now_s + LEASE_S
            return [*self._pad.switch(data[1] / 2)]

        return obey

    def _stop(self, _now_s: float) -> list[Effect]:
        self._lease_ran_out = False
        return self._all_off()

    def _all_off(self) -> list[Effect]:
        """Motors and heat off; with nothing to keep alive the lease is over too."""
        self._lease_end_s = None
        return [*self._drive.stop(), *self._pad.switch(None)]

    def _pass_time(self, now_s: float) -> list[Effect]:
        effects: list[Effect] = []
        self._battery.drain(self._drive.load, now_s)
        if self._battery.news():
            effects.append(Notify(BATTERY_LEVEL, bytes([self._battery.percent])))
        if self._lease_end_s is not None and now_s >= self._lease_end_s:
            self._lease_ran_out = True
            effects += self._all_off()
        return [*effects, *self._pad.advance(now_s)]

    def _state(self) -> tuple[int, tuple[int, ...]]:
        flags = (
            self._drive.running
            | self._pad.on << 1
            | self._lease_ran_out << 2
            | self._pad.too_hot << 3
        )
        return flags, self._drive.levels

    def _status(self) -> bytes:
        flags, levels = self._state()
        battery = self._battery.percent
        return bytes([_STATUS_VERSION, flags, self._counter, *levels, self._warmth(), battery])

    def _warmth(self) -> int:
        reading_c = self._pad.reading_c
        if reading_c is None:
            return _NO_READING
        return min(max(int(2 * reading_c), 0), _READING_MAX_HALF_C)

    def _status_due_s(self) -> float:
        changed = self._state() != self._status_shown
        return self._status_s + (STATUS_GAP_S if changed else STATUS_PERIOD_S)

    def _status_if_due(self, now_s: float) -> list[Effect]:
        if not self._connected or now_s < self._status_due_s():
            return []
        self._status_s = now_s
        self._status_shown = self._state()
        return [Notify(STATUS, self._status())]
