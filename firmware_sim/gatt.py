"""What a simulated massager shows to the air, and the shape of its behaviour. Pure.

A firmware is a state machine: bytes and time in, effects out. It knows no loop, no socket and no
radio; `peripheral.py` (Bumble) and `memory.py` mount the same object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol, runtime_checkable

_SHORT = 4  # digits


class AttError(Exception):
    """The device refuses a request with an ATT error (Core Specification Vol 3 Part F 3.4.1)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"ATT error 0x{code:02X}")
        self.code = code


def long_form(uuid: str) -> str:
    """Return a UUID of four digits in full (Core Specification Vol 3 Part B 2.5.1)."""
    return f"0000{uuid}-0000-1000-8000-00805f9b34fb" if len(uuid) == _SHORT else uuid


@dataclass(frozen=True, slots=True)
class CharacteristicSpec:
    """One characteristic: `properties` out of read, write, write-without-response, notify."""

    uuid: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service with its characteristics, in table order."""

    uuid: str
    characteristics: tuple[CharacteristicSpec, ...]


@dataclass(frozen=True, slots=True)
class Advertisement:
    """What the device advertises; service UUIDs go into the scan response."""

    name: str
    service_uuids: tuple[str, ...] = ()
    manufacturer_data: dict[int, bytes] = field(default_factory=dict[int, bytes])
    interval_ms: float = 100.0


@dataclass(frozen=True, slots=True)
class MotorChanged:
    """The firmware drives an actuator at another raw level (not the spinning mass)."""

    actuator: int
    level: int
    of: int


@dataclass(frozen=True, slots=True)
class Notify:
    """The firmware notifies a characteristic's new value."""

    uuid: str
    value: bytes


@dataclass(frozen=True, slots=True)
class HeatChanged:
    """The heat pad was switched or its temperature moved by half a degree."""

    celsius: float
    on: bool


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The firmware obeys, or would obey, a command that no massage may give.

    A bed has motors that lift it on the same pipe as its massage, a vest has electrodes. Such parts
    are not simulated; that they were asked for is taped as a fault, for everybody to see.
    """

    what: str


Effect = MotorChanged | Notify | HeatChanged | AskedFor


class Firmware(Protocol):
    """The device's side of one protocol. `now_s` is the device's own monotonic clock in seconds.

    Every method returns the effects in the order in which they happen. `write` raises `AttError`
    to refuse. `poll` is called at or after the time that `next_poll_s` names. What is `held` has no
    place of its own on a body.
    """

    model: str
    held: bool
    actuators: int
    steps: int
    advertisement: Advertisement
    services: tuple[ServiceSpec, ...]

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central."""
        ...

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle the end of the link, wanted or lost."""
        ...

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:
        """Handle a write request (`response`) or a write command."""
        ...

    def read(self, uuid: str, now_s: float) -> bytes:
        """Return a characteristic's value."""
        ...

    def next_poll_s(self) -> float | None:
        """Say when the firmware wants to be polled, or None while it waits for nothing."""
        ...

    def poll(self, now_s: float) -> list[Effect]:
        """Let time pass: leases, status notifications, heat."""
        ...


class SerialFirmware(Protocol):
    """The device's side of one protocol over a serial line: a stream of bytes, no characteristics.

    Lines know no packets: `receive` gets any piece of the stream. The rest is as in `Firmware`.
    """

    model: str
    actuators: int
    steps: int

    def opened(self, now_s: float) -> list[Effect]:
        """Handle that somebody opened the port."""
        ...

    def closed(self, now_s: float) -> list[Effect]:
        """Handle that the port was closed, or its owner ended."""
        ...

    def receive(self, data: bytes, now_s: float) -> list[Effect]:
        """Handle the next bytes of the stream."""
        ...

    def next_poll_s(self) -> float | None:
        """Say when the firmware wants to be polled, or None while it waits for nothing."""
        ...

    def poll(self, now_s: float) -> list[Effect]:
        """Let time pass."""
        ...


Upset = Literal["blind", "stuck", "overheat", "stray", "jam", "weak", "drained"]
"""What can go wrong inside a massager: its heat pad's sensor has no reading, or always the same;
the heat pad regulates nothing any more; a motor runs by itself until a stop; its mechanism jams,
and it says so; its battery is down to 15 percent, or to 4."""

LEFT_PERCENT: Mapping[Upset, int] = MappingProxyType({"weak": 15, "drained": 4})
"""What a battery has left that was upset."""


@runtime_checkable
class Upsettable(Protocol):
    """A firmware in which something can go wrong."""

    def upset(self, fault: Upset, now_s: float, *, begins: bool) -> list[Effect]:
        """Let a fault begin, or end."""
        ...
