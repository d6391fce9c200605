"""Reverie bed, protocol 108: the device's side of its public protocol facts.

`55`, a command, and the XOR of both. Massage: `53 n` head and `54 n` foot from 0 to 10, `40`+n a
wave from 0 to 9, `35` stops. Everything else moves the bed, or its light.

The bed tells its state in nine bytes: two of header, head and foot position, head and foot massage,
three unknown. Facts: ha-adjustable-bed and smartbed-mqtt (MIT). Not documented, and assumed here:
the header is `55 01`; the state is told when a central comes and after every change; the wave is a
program that is taped as asked for and does not show; a wrong checksum, an unknown command or a
level above the strongest changes nothing; a lost link leaves the massage running; the advertised
name.
"""

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, PROGRAM, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import characteristic, xor_of
from firmware_sim.gatt import Advertisement, Effect, Notify, ServiceSpec

SERVICE = "1b1d9641-b942-4da8-89cc-98e6a58fbd93"
TX = "6af87926-dc79-412e-a3e0-5f85c2d55de2"

_MASSAGE = {0x53: HEAD, 0x54: FOOT}
_STOP, _LIGHTS = 0x35, 0x5B
_WAVES = range(0x41, 0x4A)
_MOVES = {0x01, 0x02, 0x03, 0x04, 0x05, *range(0x11, 0x17), *range(0x21, 0x25)}
_POSITIONS = {0x51, 0x52}


class Reverie108(Bed):
    """Two massage motors of ten steps, and a state that is told."""

    model = "reverie-108"
    steps = 10
    advertisement = Advertisement("Reverie 108", (SERVICE,))
    services = (ServiceSpec(SERVICE, (characteristic(TX, "write", "notify"),)),)

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: it is told the state."""
        return [*self.poll(now_s), self._state()]

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        match [*data, xor_of(data)]:
            case [0x55, command, _, 0]:
                return self._short(command)
            case [0x55, command, value, _, 0]:
                return self._long(command, value)
            case _:
                return ignored

    def _short(self, command: int) -> Act:
        if command == _STOP:
            return self._told(self._still)
        if command in _MOVES:
            return asks_for(MOTOR)
        return asks_for(PROGRAM) if command in _WAVES else ignored

    def _long(self, command: int, value: int) -> Act:
        if command in _POSITIONS:
            return asks_for(MOTOR)
        if command in _MASSAGE and value <= self.steps:
            return self._told(self._level(_MASSAGE[command], value))
        return asks_for(LIGHT) if command == _LIGHTS else ignored

    def _told(self, act: Act) -> Act:
        return lambda now_s: [*act(now_s), self._state()]

    def _state(self) -> Notify:
        head, foot = self._drive.levels
        return Notify(TX, bytes([0x55, 0x01, 0, 0, head, foot, 0, 0, 0]))
