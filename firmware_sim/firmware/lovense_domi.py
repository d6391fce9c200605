"""Lovense Domi (model code W): the wand's side of its public protocol facts.

Commands and answers are ASCII and end with a semicolon. The wand latches: a level persists, also
when the link is gone.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause), openble-lovense
(MIT). No source says what becomes of a level above 20 or what follows `unkown,` for a command
without its semicolon; here both are unknown commands and change nothing.
"""

import re

from firmware_sim.firmware.parts import (
    READ_NOT_PERMITTED,
    WRITE_NOT_PERMITTED,
    Battery,
    Drive,
    characteristic,
)
from firmware_sim.gatt import Advertisement, AttError, Effect, Notify, ServiceSpec

SERVICE = "57300001-0023-4bd4-bbd5-a6920e4c5653"
TX = "57300002-0023-4bd4-bbd5-a6920e4c5653"
RX = "57300003-0023-4bd4-bbd5-a6920e4c5653"

STEPS = 20

_DEVICE_TYPE = "W:11:0000000D0037"  # model code, firmware version, MAC address
_NOTIFY_LENGTH = 20  # payload of a notification at the smallest MTU, 23
_VIBRATE = re.compile(r"Vibrate:([0-9]{1,2})")
_FULL_DRIVE_S = 2 * 3600.0
"""An assumption; the notes say nothing about the battery's life."""


class LovenseDomi:
    """One strong motor that holds its last level for ever."""

    model = "lovense-domi"
    actuators = 1
    steps = STEPS
    advertisement = Advertisement("LVS-Domi37", (SERVICE,), {620: b"\xff\x21"})
    services = (
        ServiceSpec(
            SERVICE,
            (characteristic(TX, "write-without-response"), characteristic(RX, "notify")),
        ),
    )

    def __init__(self) -> None:
        """Switch the wand on."""
        self._drive = Drive(1, STEPS)
        self._battery = Battery(_FULL_DRIVE_S)

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: nothing happens, a running motor included."""
        return self.poll(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle the end of the link: the motor keeps running."""
        return self.poll(now_s)

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:
        """Obey a command and answer it on `RX`; an unknown one changes nothing.

        Raises:
            AttError: for a write request; the wand takes write commands only.
        """
        if response:
            raise AttError(WRITE_NOT_PERMITTED)
        if uuid != TX:
            return []
        self.poll(now_s)
        command = data.decode("ascii", "replace")
        return self._obey(command.removesuffix(";")) if command.endswith(";") else _unknown(command)

    def read(self, uuid: str, now_s: float) -> bytes:  # noqa: ARG002 - the shape of Firmware
        """Refuse: nothing on the wand is readable."""
        raise AttError(READ_NOT_PERMITTED)

    def next_poll_s(self) -> float | None:
        """Wait for nothing: the battery is reported when asked for."""
        return None

    def poll(self, now_s: float) -> list[Effect]:
        """Let the battery drain."""
        self._battery.drain(self._drive.load, now_s)
        return []

    def _obey(self, command: str) -> list[Effect]:
        match command:
            case "DeviceType":
                return _answer(_DEVICE_TYPE)
            case "Battery":
                running = "s" if self._drive.running else ""
                return _answer(f"{running}{self._battery.percent}")
            case "PowerOff":
                return [*self._drive.stop(), *_answer("OK")]
            case _:
                return self._vibrate(command)

    def _vibrate(self, command: str) -> list[Effect]:
        match = _VIBRATE.fullmatch(command)
        if match is None or int(match[1]) > STEPS:
            return _unknown(command)
        return [*self._drive.set([int(match[1])]), *_answer("OK")]


def _answer(text: str) -> list[Effect]:
    return [Notify(RX, f"{text};".encode())]


def _unknown(command: str) -> list[Effect]:
    """Answer as the firmware does, misspelling included, cut to one notification."""
    return [Notify(RX, f"unkown,{command}".encode("ascii", "replace")[: _NOTIFY_LENGTH - 1] + b";")]
