"""Serta Motion bed, of the Keeson family: the device's side of its public protocol facts.

`E5 FE 16`, a command of 32 bits with the low byte first, and the sum of those seven, inverted.
Massage is relative: 800 is a step up at the head, 800000 down, 400 and 1000000 the same at the foot
(hexadecimal). 100 switches both on, 200 goes through the timer. Other commands move the bed.

Facts: ha-adjustable-bed (MIT), and an independent capture with the same bytes. Not documented, and
assumed here: there are three steps, which end at 0 and at the strongest; 100 brings what is at 0 to
1; the timer goes from none to 10, 20, 30 minutes and to none again; the wave is a program, and is
taped as asked for; a wrong checksum, another length, or an unknown or mixed command changes
nothing; a lost link leaves the massage running.
"""

from firmware_sim.firmware.bed import FOOT, HEAD, LIGHT, MOTOR, PROGRAM, Bed
from firmware_sim.firmware.massager import Act, asks_for, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.gatt import Advertisement, Effect, ServiceSpec

SERVICE = "ffe5"
TX = "ffe9"
NOTIFY_SERVICE = "ffe0"
RX = "ffe4"

_START, _LENGTH = b"\xe5\xfe\x16", 8
_STEPS = {
    0x0000_0800: (HEAD, 1),
    0x0080_0000: (HEAD, -1),
    0x0000_0400: (FOOT, 1),
    0x0100_0000: (FOOT, -1),
}
_BOTH_ON, _TIMER = 0x0000_0100, 0x0000_0200
_FOREIGN = {0x1000_0000: PROGRAM, 0x0002_0000: LIGHT} | dict.fromkeys(
    [1 << bit for bit in (*range(8), *range(12, 17), 27)], MOTOR
)
_TIMERS_MIN = (0, 10, 20, 30)


class SertaMotion(Bed):
    """Two massage motors that know up and down."""

    model = "serta-motion"
    steps = 3
    advertisement = Advertisement("Serta MP 12", (SERVICE,))
    services = (
        ServiceSpec(SERVICE, (characteristic(TX, "write", "write-without-response"),)),
        ServiceSpec(NOTIFY_SERVICE, (characteristic(RX, "notify"),)),
    )

    def __init__(self) -> None:
        """Switch it on."""
        super().__init__()
        self._timer_place = 0

    def _accept(self, uuid: str, data: bytes) -> Act:  # noqa: ARG002 - nothing else is writable
        framed = len(data) == _LENGTH and data.startswith(_START)
        if not framed or data[-1] != (sum(data[:-1]) & 0xFF) ^ 0xFF:
            return ignored
        return self._command(int.from_bytes(data[3:7], "little"))

    def _command(self, command: int) -> Act:
        if command in _STEPS:
            return self._step(*_STEPS[command])
        if command == _BOTH_ON:
            return lambda _: [*self._drive.set([max(level, 1) for level in self._drive.levels])]
        if command == _TIMER:
            return self._next_timer
        return asks_for(_FOREIGN[command]) if command in _FOREIGN else ignored

    def _next_timer(self, now_s: float) -> list[Effect]:
        self._timer_place = (self._timer_place + 1) % len(_TIMERS_MIN)
        self._run_for(_TIMERS_MIN[self._timer_place], now_s)
        return []

    def _still(self, now_s: float) -> list[Effect]:
        self._timer_place = 0
        return super()._still(now_s)
