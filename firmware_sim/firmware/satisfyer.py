"""Satisfyer body massagers: the device's side of their public protocol facts.

Command 01 starts live control. From then on a frame has each motor's level, 0 to 100, four times.
It is a natural dead-man: the motors stop a few seconds after the last frame, linked or not. After
some seconds at 0 live control ends, and frames are nothing before the next 01.

Facts: Buttplug's protocol implementation and device configuration (BSD-3-Clause), stpihkal #99.
"3 to 4 s" and "a few seconds at 0" are 3.5 s and 5 s here. Not documented, and assumed: pause and
stop both end live control, and so does a new link; a frame whose four bytes differ (the real motor
stutters), of another length, or with a level above 100 changes nothing and keeps nothing alive.
"""

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import MODEL_NUMBER, characteristic
from firmware_sim.gatt import Advertisement, Effect, ServiceSpec

SERVICE = "51361500-c5e7-47c7-8a6e-47ebc99d80e8"
COMMAND = "51361501-c5e7-47c7-8a6e-47ebc99d80e8"
TX = "51361502-c5e7-47c7-8a6e-47ebc99d80e8"

ALIVE_S = 3.5
IDLE_S = 5.0

_COMPANY = 93
_REPEATS = 4
_START, _PAUSE, _STOP = b"\x01", b"\x03", b"\x07"


def _advertisement(name: str, model_id: int) -> Advertisement:
    return Advertisement(name, (SERVICE,), {_COMPANY: model_id.to_bytes(4, "big")})


class _Satisfyer(Massager):
    """Motors that stop by themselves when nobody repeats their level."""

    held = True
    steps = 100
    services = (
        ServiceSpec("180a", (characteristic(MODEL_NUMBER, "read"),)),
        ServiceSpec(
            SERVICE,
            (characteristic(COMMAND, "write"), characteristic(TX, "write-without-response")),
        ),
    )

    def __init__(self) -> None:
        """Switch it on, not yet under live control."""
        super().__init__()
        self._live = False
        self._alive_until_s: float | None = None
        self._live_until_s: float | None = None

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: it has to start live control itself."""
        effects = self.poll(now_s)
        self._live, self._live_until_s = False, None
        return effects

    def _accept(self, uuid: str, data: bytes) -> Act:
        if uuid == COMMAND:
            return {_START: self._start, _PAUSE: self._end, _STOP: self._end}.get(data, ignored)
        motors = [data[at : at + _REPEATS] for at in range(0, len(data), _REPEATS)]
        alike = all(len(motor) == _REPEATS and len(set(motor)) == 1 for motor in motors)
        if len(motors) != self.actuators or not alike or max(data) > self.steps:
            return ignored
        return lambda now_s: self._set([motor[0] for motor in motors], now_s)

    def _start(self, now_s: float) -> list[Effect]:
        self._live, self._live_until_s = True, now_s + IDLE_S
        return []

    def _end(self, _now_s: float) -> list[Effect]:
        self._live, self._live_until_s, self._alive_until_s = False, None, None
        return [*self._drive.stop()]

    def _set(self, levels: list[int], now_s: float) -> list[Effect]:
        if not self._live:
            return []
        self._alive_until_s = now_s + ALIVE_S if any(levels) else None
        if any(levels):
            self._live_until_s = None
        elif self._live_until_s is None:
            self._live_until_s = now_s + IDLE_S
        return [*self._drive.set(levels)]

    def _due_s(self) -> float | None:
        ends = (self._alive_until_s, self._live_until_s)
        return min((end_s for end_s in ends if end_s is not None), default=None)

    def _pass_time(self, now_s: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._alive_until_s is not None and now_s >= self._alive_until_s:
            effects += self._drive.stop()
            self._live_until_s = self._alive_until_s + IDLE_S if self._live else None
            self._alive_until_s = None
        if self._live_until_s is not None and now_s >= self._live_until_s:
            self._live, self._live_until_s = False, None
        return effects

    def _values(self) -> dict[str, bytes]:
        return {MODEL_NUMBER: self.advertisement.manufacturer_data[_COMPANY]}


class SatisfyerDoubleWand(_Satisfyer):
    """A wand whose two functions are one output, model id 10032."""

    model = "satisfyer-double-wand"
    actuators = 1
    advertisement = _advertisement("SF Double Wand-er", 10032)


class SatisfyerWandPlus(_Satisfyer):
    """A wand of one motor, model id 10168."""

    model = "satisfyer-wand-plus"
    actuators = 1
    advertisement = _advertisement("SF Wand+", 10168)


class SatisfyerMiniWand(_Satisfyer):
    """A small wand of two motors, model id 10197."""

    model = "satisfyer-mini-wand"
    actuators = 2
    advertisement = _advertisement("SF Mini Wand-er", 10197)


class SatisfyerTriple(_Satisfyer):
    """A massager of three motors, model id 10065."""

    model = "satisfyer-triple"
    actuators = 3
    advertisement = _advertisement("SF 10065", 10065)
