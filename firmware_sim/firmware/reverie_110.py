"""Reverie bed, protocol 110: the device's side of its public protocol facts.

Each part of the bed has a characteristic of its own. The massage at head and foot takes one byte,
four times the level from 0 to 10. The others move the bed, or its light.

Facts: ha-adjustable-bed (MIT). Not documented, and assumed here: a byte between two levels is the
upper one, and one above 40 is the strongest; another length is refused; the wave is a program that
is taped as asked for, but for its 0; a lost link leaves the massage running; the advertised name.
"""

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, PROGRAM, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import INVALID_LENGTH, characteristic
from firmware_sim.gatt import Advertisement, AttError, ServiceSpec


def _uuid(part: int) -> str:
    return f"db8010{part:02x}-f324-29c3-38d1-85c0c2e86885"


SERVICE = _uuid(0x00)
HEAD_MASSAGE = _uuid(0x61)
FOOT_MASSAGE = _uuid(0x60)
WAVE = _uuid(0x80)
POSITIONS = tuple(map(_uuid, (0x40, 0x41, 0x42)))
MOVES = tuple(map(_uuid, (0x20, 0x21, 0x22)))
PRESETS = _uuid(0xD0)
LIGHTS = _uuid(0xA0)

_MASSAGE = {HEAD_MASSAGE: HEAD, FOOT_MASSAGE: FOOT}
_WIRE = 4
_STOP = b"\x00"


class Reverie110(Bed):
    """Two massage motors of ten steps, each behind its characteristic."""

    model = "reverie-110"
    steps = 10
    advertisement = Advertisement("Reverie 110", (SERVICE,))
    services = (
        ServiceSpec(
            SERVICE,
            (
                *(characteristic(uuid, "write", "notify") for uuid in POSITIONS),
                *(characteristic(uuid, "write") for uuid in MOVES),
                *(characteristic(uuid, "write") for uuid in (*_MASSAGE, WAVE, LIGHTS, PRESETS)),
            ),
        ),
    )

    def _accept(self, uuid: str, data: bytes) -> Act:
        if len(data) != 1:
            raise AttError(INVALID_LENGTH)
        if uuid in _MASSAGE:
            level = -(-data[0] // _WIRE)
            return self._level(_MASSAGE[uuid], min(level, self.steps))
        if uuid in {LIGHTS, WAVE}:
            what = LIGHT if uuid == LIGHTS else PROGRAM
            return ignored if data == _STOP else asks_for(what)
        return ignored if uuid in MOVES and data == _STOP else asks_for(MOTOR)
