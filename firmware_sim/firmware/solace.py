"""Solace bed: the device's side of its public protocol facts.

`FF FF FF FF 05 00`, three bytes, and the CRC-16 of Modbus over those nine, low byte first. Massage
is relative: `00 00 10` is a step up at the head, `11` down, `12` and `13` the same at the foot,
`1C` stops; `16` to `18` are a timer of ten, twenty and thirty minutes on the bed. Other commands
move the bed.

Facts: ha-adjustable-bed and smartbed-mqtt (MIT). Not documented, and assumed here: there are three
steps, which end at 0 and at the strongest; frequency has no effect on the strength; a circulation
mode is a program, and is taped as asked for; a timer starts with its command and is forgotten by a
stop; a wrong checksum, another length or an unknown command changes nothing; a lost link leaves the
massage running.
"""

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, PROGRAM, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, ServiceSpec

SERVICE = "ffe0"
TX = "ffe1"

_START, _BODY, _LENGTH = b"\xff\xff\xff\xff\x05\x00", 9, 11
_PLAIN = b"\x00\x00"
_STEPS = {0x10: (HEAD, 1), 0x11: (HEAD, -1), 0x12: (FOOT, 1), 0x13: (FOOT, -1)}
_TIMERS_MIN = {0x16: 10, 0x17: 20, 0x18: 30}
_STOP = 0x1C
_MOVES = frozenset(bytes.fromhex("01020304060708090d0e0f05212228292a4e"))
_LIGHTS = frozenset(bytes.fromhex("191a1b23"))
_PLACES = frozenset(bytes.fromhex("0a0b05090f"))
_PROGRAMS = frozenset(bytes.fromhex("e3e4e5e6"))
_MODES = b"\x05\x00"


class Solace(Bed):
    """Two massage motors that know up and down."""

    model = "solace"
    steps = 3
    advertisement = Advertisement("S4-Y-192-461000", (SERVICE,))
    services = (
        ServiceSpec(
            SERVICE, (characteristic(TX, "read", "write", "write-without-response", "notify"),)
        ),
    )

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if len(data) != _LENGTH or not data.startswith(_START):
            return ignored
        if int.from_bytes(data[_BODY:], "little") != _crc(data[:_BODY]):
            return ignored
        group, command = data[6:8], data[8]
        return self._plain(command) if group == _PLAIN else _foreign(group, command)

    def _plain(self, command: int) -> Act:
        if command in _STEPS:
            return self._step(*_STEPS[command])
        if command == _STOP:
            return self._still
        if command in _TIMERS_MIN:
            return self._timer(_TIMERS_MIN[command])
        return asks_for(MOTOR) if command in _MOVES else _foreign(_PLAIN, command)


def _foreign(group: bytes, command: int) -> Act:
    """Name what is not massage: lights have their strength before them, places their number."""
    if command in _LIGHTS:
        return asks_for(LIGHT)
    if group == _MODES:
        return asks_for(PROGRAM) if command in _PROGRAMS else ignored
    return asks_for(MOTOR) if group[1] and command in _PLACES else ignored


def _crc(data: bytes) -> int:
    """Return the CRC-16 of Modbus: reflected polynomial 0xA001, from 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
