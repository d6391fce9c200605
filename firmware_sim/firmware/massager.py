"""What most massagers share: a table that says who may write where, motors, a battery. Pure."""

from collections.abc import Callable

from firmware_sim.firmware.parts import (
    BATTERY_LEVEL,
    READ_NOT_PERMITTED,
    WRITE_NOT_PERMITTED,
    Battery,
    Drive,
)
from firmware_sim.gatt import Advertisement, AskedFor, AttError, Effect, Notify, ServiceSpec, Upset

Act = Callable[[float], list[Effect]]
"""What an accepted write does, at a time in seconds."""

_BATTERY_PERIOD_S = 10.0
"""How often a battery that notifies is looked at while motors run. An assumption."""


def ignored(_now_s: float) -> list[Effect]:
    """Do nothing: what the bytes say is not understood, and nobody is told."""
    return []


def asks_for(what: str) -> Act:
    """Tape that something was asked for that is no massage."""
    return lambda _now_s: [AskedFor(what)]


class Massager:
    """A massager that latches, with what its table says; each family adds what its bytes mean.

    A write that the table does not offer is refused as a request and lost as a command. What was
    accepted is answered at once, whatever it says: on these massagers a radio chip confirms, and
    hands the bytes to a motor controller that does not talk back. So a confirmed write is no proof
    of motion or rest. This is an assumption for every family that does not say otherwise.
    """

    model: str
    held = False
    actuators: int
    steps: int
    advertisement: Advertisement
    services: tuple[ServiceSpec, ...]
    full_drive_s: float = 2 * 3600.0
    """How long a full battery drives all motors at their strongest. An assumption everywhere."""
    battery_uuid = BATTERY_LEVEL
    """Where the battery is told, if the table has it."""

    def __init__(self) -> None:
        """Switch it on."""
        self._drive = Drive(self.actuators, self.steps)
        self._battery = Battery(self.full_drive_s)
        self._polled_s = 0.0
        self._offers = {c.uuid: c.properties for s in self.services for c in s.characteristics}
        self._reports_battery = "notify" in self._offered(self.battery_uuid)

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: nothing happens, running motors included."""
        return self.poll(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle the end of the link: nothing happens, running motors included."""
        return self.poll(now_s)

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:
        """Take a command.

        Raises:
            AttError: for a write request that the table does not offer, or that is refused.
        """
        try:
            act = self._judge(uuid, data, "write" if response else "write-without-response")
        except AttError:
            if response:
                raise
            return []
        return [*self.poll(now_s), *act(now_s)]

    def read(self, uuid: str, now_s: float) -> bytes:
        """Return a value.

        Raises:
            AttError: when the table does not offer to read it.
        """
        if "read" not in self._offered(uuid):
            raise AttError(READ_NOT_PERMITTED)
        self._battery.drain(self._drive.load, now_s)
        return self._values().get(uuid, b"")

    def next_poll_s(self) -> float | None:
        """Return when something of its own is due, or a look at the battery."""
        due_s = self._due_s()
        if not (self._reports_battery and self._drive.running):
            return due_s
        look_s = self._polled_s + _BATTERY_PERIOD_S
        return look_s if due_s is None else min(due_s, look_s)

    def poll(self, now_s: float) -> list[Effect]:
        """Let time pass."""
        self._polled_s = now_s
        self._battery.drain(self._drive.load, now_s)
        effects = self._pass_time(now_s)
        if self._reports_battery and self._battery.news():
            effects.append(Notify(self.battery_uuid, bytes([self._battery.percent])))
        return effects

    def upset(self, fault: Upset, now_s: float, *, begins: bool) -> list[Effect]:
        """Let the battery run down, or be full again; nothing else in most of them can go wrong."""
        self._battery.drain(self._drive.load, now_s)
        self._battery.upset(fault, begins=begins)
        return self.poll(now_s)

    def _offered(self, uuid: str) -> frozenset[str]:
        return self._offers.get(uuid, frozenset())

    def _judge(self, uuid: str, data: bytes, kind: str) -> Act:
        if kind not in self._offered(uuid):
            raise AttError(WRITE_NOT_PERMITTED)
        return self._accept(uuid, data)

    def _accept(self, uuid: str, data: bytes) -> Act:
        """Judge a write before anything changes; return what it will do. May raise `AttError`."""
        raise NotImplementedError

    def _values(self) -> dict[str, bytes]:
        """Return what can be read."""
        return {BATTERY_LEVEL: bytes([self._battery.percent])}

    def _due_s(self) -> float | None:
        """Return when `_pass_time` has something to do, or None."""
        return None

    def _pass_time(self, now_s: float) -> list[Effect]:  # noqa: ARG002 - for those who have a clock
        """Do what is due."""
        return []
