"""Lovense body massagers: the device's side of their public protocol facts.

Commands and answers are ASCII and end with a semicolon. One motor is `Vibrate:n;`, two are
`Vibrate1:n;` and `Vibrate2:n;`, three are `Mply:a:b:c;`. They latch: a level persists, also when
the link is gone.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause), openble-lovense
(MIT). No source says what becomes of a level above 20, of one motor's words on a massager of two
or three, or what follows `unkown,` for a command without its semicolon; here all of them are
unknown commands and change nothing.
"""

import re
from collections.abc import Sequence

from firmware_sim.firmware.massager import Act, Massager
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, Effect, Notify, ServiceSpec

STEPS = 20

_NOTIFY_LENGTH = 20  # payload of a notification at the smallest MTU, 23
_NUMBER = re.compile(r"[0-9]{1,2}")
_ONE_OF_TWO = {"Vibrate1": 0, "Vibrate2": 1}


def uuid(code: str, place: int) -> str:
    """Return the UUID of a model code's service (1), of its commands (2) or its answers (3)."""
    return f"{ord(code):02x}30{place:04x}-0023-4bd4-bbd5-a6920e4c5653"


def _advertisement(name: str, code: str) -> Advertisement:
    return Advertisement(name, (uuid(code, 1),), {620: b"\xff\x21"})


def _services(code: str) -> tuple[ServiceSpec, ...]:
    commands = characteristic(uuid(code, 2), "write-without-response")
    return (ServiceSpec(uuid(code, 1), (commands, characteristic(uuid(code, 3), "notify"))),)


class _Lovense(Massager):
    """One to three strong motors that hold their last level for ever."""

    held = True
    steps = STEPS
    code: str
    version: int

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        command = data.decode("ascii", "replace")
        if not command.endswith(";"):
            return lambda _: self._unknown(command)
        return lambda _: self._obey(command.removesuffix(";"))

    def _obey(self, command: str) -> list[Effect]:
        match command:
            case "DeviceType":
                return self._answer(f"{self.code}:{self.version:02}:0000000D0037")  # MAC address
            case "Battery":
                running = "s" if self._drive.running else ""
                return self._answer(f"{running}{self._battery.percent}")
            case "PowerOff":
                return [*self._drive.stop(), *self._answer("OK")]
            case _:
                return self._move(command)

    def _move(self, command: str) -> list[Effect]:
        word, *numbers = command.split(":")
        if not all(_NUMBER.fullmatch(n) and int(n) <= STEPS for n in numbers):
            return self._unknown(command)
        levels = self._meant(word, [int(n) for n in numbers])
        if levels is None:
            return self._unknown(command)
        return [*self._drive.set(levels), *self._answer("OK")]

    def _meant(self, word: str, levels: list[int]) -> Sequence[int] | None:
        """Return the level of every motor, or None for words that are another model's."""
        wanted, motors = (word, len(levels)), self.actuators
        if motors == 1 and wanted == ("Vibrate", 1):
            return levels
        if motors == len(_ONE_OF_TWO) and word in _ONE_OF_TWO and len(levels) == 1:
            driven = [*self._drive.levels]
            driven[_ONE_OF_TWO[word]] = levels[0]
            return driven
        return levels if motors > len(_ONE_OF_TWO) and wanted == ("Mply", motors) else None

    def _answer(self, text: str) -> list[Effect]:
        return [Notify(uuid(self.code, 3), f"{text};".encode())]

    def _unknown(self, command: str) -> list[Effect]:
        """Answer as the firmware does, misspelling included, cut to one notification."""
        answer = f"unkown,{command}".encode("ascii", "replace")[: _NOTIFY_LENGTH - 1] + b";"
        return [Notify(uuid(self.code, 3), answer)]


class LovenseDomi(_Lovense):
    """A wand of one motor, model code W."""

    model = "lovense-domi"
    actuators = 1
    code, version = "W", 11
    advertisement = _advertisement("LVS-Domi37", code)
    services = _services(code)


class LovenseDual(_Lovense):
    """A massager of two motors, model code P."""

    model = "lovense-dual"
    actuators = 2
    code, version = "P", 36
    advertisement = _advertisement("LVS-P36", code)
    services = _services(code)


class LovenseTriple(_Lovense):
    """A massager of three motors, model code U."""

    model = "lovense-triple"
    actuators = 3
    code, version = "U", 11
    advertisement = _advertisement("LVS-U11", code)
    services = _services(code)
