"""Jensen JMC400 bed: the device's side of its public protocol facts.

Frames have six bytes and no checksum. `1E`, four digits and 00 is the PIN: before the right one
nothing works, on each link anew. `12 head foot 00 h m` sets both massage motors, 0 to 10, and a
timer of hours and minutes on the bed; without one the massage never ends by itself. `10 FF` asks
for the position and `0A` for what the bed has. `10` else moves the bed, `13` is its light.

Facts: ha-adjustable-bed (MIT, tried on a real bed). Not documented, and assumed here: a wrong PIN
locks again and is not answered; the bytes of the answers that have no name are 0; a level above 10,
a fourth byte of a massage frame, another length or an unknown command changes nothing; a lost link
leaves the massage running, to the end of its timer.
"""

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, Effect, Notify, ServiceSpec

SERVICE = "1234"
TX = "1111"
PIN = b"\x1e\x03\x00\x06\x00\x00"

_LENGTH = 6
_UNLOCK, _CONFIG, _MOVE, _MASSAGE, _LIGHT = 0x1E, 0x0A, 0x10, 0x12, 0x13
_MOVE_STOP, _POSITION = 0x00, 0xFF
_HAS = 0x01 | 0x02 | 0x40  # head massage, foot massage, light under the bed
_BOX = 4  # the smaller kind
_FLAT = (1).to_bytes(2, "big")
_MINUTES_OF_AN_HOUR = 60


class JensenJmc(Bed):
    """Two massage motors of ten steps behind a PIN, with a timer on the bed."""

    model = "jensen-jmc"
    steps = 10
    advertisement = Advertisement("jmc400", (SERVICE,))
    services = (ServiceSpec(SERVICE, (characteristic(TX, "write", "notify"),)),)

    def __init__(self) -> None:
        """Switch it on, locked."""
        super().__init__()
        self._open = False

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: it has to say the PIN itself."""
        self._open = False
        return super().connected(now_s)

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        if len(data) != _LENGTH:
            return ignored
        if data[0] == _UNLOCK:
            return lambda _: self._unlock(data)
        commands = {
            _CONFIG: self._config,
            _MOVE: self._move,
            _MASSAGE: self._massage,
            _LIGHT: self._light,
        }
        return commands[data[0]](data) if self._open and data[0] in commands else ignored

    def _config(self, _data: bytes) -> Act:
        return lambda _: [Notify(TX, bytes([_CONFIG, 0, _HAS, 0, _BOX, 0]))]

    def _light(self, _data: bytes) -> Act:
        return asks_for(LIGHT)

    def _unlock(self, said: bytes) -> list[Effect]:
        self._open = said == PIN
        return []

    def _move(self, data: bytes) -> Act:
        if data[1] == _POSITION:
            return lambda _: [Notify(TX, bytes([_MOVE, _POSITION, *_FLAT, *_FLAT]))]
        return ignored if data[1] == _MOVE_STOP else asks_for(MOTOR)

    def _massage(self, data: bytes) -> Act:
        _, *levels, fourth, hours, minutes = data
        if fourth or max(levels) > self.steps:
            return ignored

        def obey(now_s: float) -> list[Effect]:
            self._run_for(hours * _MINUTES_OF_AN_HOUR + minutes if any(levels) else 0, now_s)
            return [*self._drive.set([levels[HEAD], levels[FOOT]])]

        return obey
