"""Svakom Emma wands: the device's side of their public protocol facts.

`55 kind zone 00 on n`: the kind is 04 on the Emma Neo (n to 19) and 03 on the two others (n to 10);
the zone is 03 but on the Mini Emma Neo, where 00 is both motors, 01 the first and 02 the second of
its family. The wands heat, too, and no public protocol says how: heat is not simulated.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause). Not documented,
and assumed here: the motor runs only with the flag set; a zone that is not addressed stops; a level
above the strongest or a frame of another form changes nothing; a lost link leaves the motor
running.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "ffe0"
TX = "ffe1"
RX = "ffe2"

_START, _LENGTH = 0x55, 6


def _services(write: str) -> tuple[ServiceSpec, ...]:
    return (ServiceSpec(SERVICE, (characteristic(TX, write), characteristic(RX, "notify"))),)


class _Svakom(Massager):
    """One motor under a frame of six bytes."""

    held = True
    actuators = 1
    kind: int
    zones: dict[int, tuple[int, ...]]

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if len(data) != _LENGTH or data[0] != _START or data[1] != self.kind or data[3]:
            return ignored
        zone, flag, level = data[2], data[4], data[5]
        if zone not in self.zones or flag > 1 or level > self.steps:
            return ignored
        driven = level if flag else 0
        levels = [driven if motor in self.zones[zone] else 0 for motor in range(self.actuators)]
        return lambda _: [*self._drive.set(levels)]


class SvakomEmmaNeo(_Svakom):
    """The first Emma Neo."""

    model = "svakom-emma-neo"
    steps = 19
    advertisement = Advertisement("Emma NEO", (SERVICE,))
    services = _services("write-without-response")
    kind = 0x04
    zones = {0x03: (0,)}  # noqa: RUF012 - read only


class SvakomEmmaNeo2(_Svakom):
    """The second Emma Neo, which answers writes."""

    model = "svakom-emma-neo-2"
    steps = 10
    advertisement = Advertisement("Emma Neo 2", (SERVICE,))
    services = _services("write")
    kind = 0x03
    zones = {0x03: (0,)}  # noqa: RUF012 - read only


class SvakomMiniEmmaNeo(_Svakom):
    """The small one, of a family in which others have two motors."""

    model = "svakom-mini-emma-neo"
    steps = 10
    advertisement = Advertisement("Mini Emma Neo", (SERVICE,))
    services = _services("write-without-response")
    kind = 0x03
    zones = {0x00: (0, 1), 0x01: (0,), 0x02: (1,)}  # noqa: RUF012 - read only
