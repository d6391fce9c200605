"""Richmat bed with discrete massage: the device's side of its public protocol facts.

`6E 01 00`, a command, and the sum of all four. `98` to `9B` are the head's massage at 0 to 3, `9C`
to `9F` the foot's; `4C` and `4E` go a step up and from the strongest to 0, `5D` is everything on or
off. Most other commands move the bed.

Facts: ha-adjustable-bed (MIT). Not documented, and assumed here: `5D` switches on at level 1; a
pattern is taped as asked for; this bed has no third massage motor; `5E` stops the bed's motors
alone; a wrong checksum, another length or an unknown command changes nothing; a lost link leaves
the massage running.
"""

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, PROGRAM, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, Effect, ServiceSpec

SERVICE = "fee9"
TX = "d44bc439-abfd-45a2-b575-925416129600"
RX = "d44bc439-abfd-45a2-b575-925416129601"

_START, _LENGTH = b"\x6e\x01\x00", 5
_LEVELS = {0x98 + level: (HEAD, level) for level in range(4)} | {
    0x9C + level: (FOOT, level) for level in range(4)
}
_CYCLES = {0x4C: HEAD, 0x4E: FOOT}
_TOGGLE = 0x5D
_FOREIGN = {0x48: PROGRAM, 0x3C: LIGHT} | dict.fromkeys(
    bytes.fromhex(
        "2425 2627 3f40 4142 7172 7374 d0d1 292a 5657 4344 5b5c 9697 2122"  # motors
        "31 45 46 58 59 f0 f2 ba 8e 93 f6  2e 2f 30 b2 f4"  # places to go to
        "2b 2c 2d b3 f5  66 69 64 65 f1 bb 8f 94 f7  be ca cb cc"  # places to keep
    ),
    MOTOR,
)


class RichmatDiscrete(Bed):
    """Two massage motors of three steps."""

    model = "richmat-discrete"
    steps = 3
    advertisement = Advertisement("QRRM1234", (SERVICE,))
    services = (
        ServiceSpec(
            SERVICE,
            (
                characteristic(TX, "write", "write-without-response"),
                characteristic(RX, "notify"),
            ),
        ),
    )

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        framed = len(data) == _LENGTH and data.startswith(_START)
        if not framed or data[-1] != sum(data[:-1]) & 0xFF:
            return ignored
        return self._command(data[3])

    def _command(self, command: int) -> Act:
        if command in _LEVELS:
            return self._level(*_LEVELS[command])
        if command in _CYCLES:
            return self._cycle(_CYCLES[command])
        if command == _TOGGLE:
            return self._toggle
        return asks_for(_FOREIGN[command]) if command in _FOREIGN else ignored

    def _cycle(self, place: int) -> Act:
        def obey(_now_s: float) -> list[Effect]:
            level = (self._drive.levels[place] + 1) % (self.steps + 1)
            return [*self._drive.put(place, level)]

        return obey

    def _toggle(self, _now_s: float) -> list[Effect]:
        return [*self._drive.stop()] if self._drive.running else [*self._drive.set([1, 1])]
