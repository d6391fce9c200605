"""RongTai RT8600S massage chair: the device's side of its public protocol facts.

Keys, not levels: `F0 84 key sum F1`, the sum being the seven low bits of the inverted sum of 84 and
the key. What came of a key is in the chair's status (`rongtai_status.py`). The power key is a
toggle: from standby the chair gets ready, from anywhere else it lays its rollers down, and while it
does either it is resetting and takes no key. A technique turns the rollers; a speed of 1 to 6 is
how fast.

Facts: the maker's app and the firmware of a sister chair (facts only; nobody has captured a chair).
Not documented, and assumed here: getting ready takes 0.8 s and laying down 6 s; rollers stop at
once when power is pressed; a technique begins at the speed that was chosen since power on, else 1;
a session has 20 minutes unless a timer key says otherwise, then the chair lays down by itself; a
jam is a fault that stops the rollers, and ends in standby; a lost link leaves the chair running.

Of its parts the rollers are simulated, and kneading is theirs to play. Any other technique, an
automatic program, foot rollers, air bags and heat show in the status and are taped as asked for.
"""

from dataclasses import replace

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import characteristic
from firmware_sim.firmware.rongtai_status import MANUAL, ChairState, Showing, frame
from firmware_sim.gatt import Advertisement, AskedFor, Effect, Notify, ServiceSpec, Upset

SERVICE = "fff0"
TX = "8b00ace7-eb0b-49b0-bbe9-9aee0a26e1a3"
STATUS = "0734594a-a8e7-4b1a-a6b1-cd5243059a57"
RW = "fff1"
READ_NOTIFY = "e06d5efb-4f4a-45c0-9eb1-371ae5a14ad4"

GET_READY_S = 0.8
LAY_DOWN_S = 6.0
STATUS_PERIOD_S = 0.5
"""How often the status is told. An assumption."""

_JAMMED = 1
_POWER = 0x01
_PROGRAMS = dict(zip(range(0x10, 0x16), (1, 3, 2, 4, 5, 6), strict=True))
_KNEAD = 1
_TECHNIQUES = {0x20: _KNEAD, 0x21: 2, 0x22: 5, 0x23: 4, 0x24: 3, 0x25: 6}
_HEAT = 0x27
_AREAS = {0x28: 2, 0x29: 3, 0x2A: 1}
_WIDTHS = {0x2B: 1, 0x2C: 2, 0x2D: 3}
_SPEEDS = {0x2E + place: place + 1 for place in range(6)}
_FOOT_ROLLERS = {0x34: 1, 0x35: 2, 0x36: 3, 0x37: 0}
_AIR_ZONES = {0x40: 1 << 0, 0x41: 1 << 2, 0x42: 1 << 1, 0x43: 1 << 3, 0x44: 1 << 4}
_AIR = {0x45 + place: place + 1 for place in range(5)} | {0x4A: 0}
_TIMERS = {0x50: 1, 0x51: 2, 0x52: 3}
_USUAL_TIMER = 2
_TIMER_S = 600.0


class RongtaiRt8600s(Massager):
    """Rollers in the back of a chair, six speeds, behind keys and a status."""

    model = "rongtai-rt8600s"
    actuators = 1
    steps = 6
    advertisement = Advertisement("RT8600S", ("1802", SERVICE))
    services = (
        ServiceSpec(
            SERVICE,
            (
                characteristic(TX, "write-without-response"),
                characteristic(STATUS, "notify"),
                characteristic(RW, "read", "write"),
                characteristic(READ_NOTIFY, "read", "notify"),
            ),
        ),
    )

    def __init__(self) -> None:
        """Plug the chair in: standby."""
        super().__init__()
        self._shown: Showing = Showing()
        self._then: tuple[float, ChairState] | None = None
        self._ends_s: float | None = None
        self._status_s: float | None = None

    def connected(self, now_s: float) -> list[Effect]:
        """Handle a new central: it is told the status, again and again."""
        self._status_s = now_s
        return self.poll(now_s)

    def disconnected(self, now_s: float) -> list[Effect]:
        """Handle the end of the link: the chair goes on."""
        self._status_s = None
        return self.poll(now_s)

    def upset(self, fault: Upset, now_s: float, *, begins: bool) -> list[Effect]:
        """Let the rollers jam, or come loose; nothing else can go wrong in it."""
        effects = self.poll(now_s)
        if fault != "jam":
            return effects
        state = ChairState.FAULT if begins else ChairState.STANDBY
        return [*effects, *self._rest(state), *self._tell(now_s)]

    def _accept(self, uuid: str, data: bytes) -> Act:
        match [*data]:
            case [0xF0, 0x84, key, total, 0xF1] if uuid == TX and total == ~(0x84 + key) & 0x7F:
                return lambda now_s: self._press(key, now_s)
            case _:
                return ignored

    def _press(self, key: int, now_s: float) -> list[Effect]:
        state = self._shown.state
        if state in {ChairState.RESETTING, ChairState.FAULT}:
            return []
        if key == _POWER:
            effects = self._power_on(now_s) if state is ChairState.STANDBY else self._lie(now_s)
        elif state is ChairState.STANDBY:
            return []
        else:
            effects = [*self._choose(key, now_s), *self._turn()]
        return [*effects, *self._tell(now_s)]

    def _power_on(self, now_s: float) -> list[Effect]:
        self._shown = Showing(ChairState.RESETTING)
        self._then = (now_s + GET_READY_S, ChairState.WAITING)
        return []

    def _lie(self, now_s: float) -> list[Effect]:
        effects = self._rest(ChairState.RESETTING)
        self._then = (now_s + LAY_DOWN_S, ChairState.STANDBY)
        return effects

    def _rest(self, state: ChairState) -> list[Effect]:
        """Stop everything and forget what was chosen."""
        fault = _JAMMED if state is ChairState.FAULT else 0
        self._shown = Showing(state, fault=fault)
        self._then = self._ends_s = None
        return [*self._drive.stop()]

    def _choose(self, key: int, now_s: float) -> list[Effect]:
        """Take a key that chooses something; return what was asked for beside kneading."""
        if key in _TECHNIQUES:
            self._run(now_s, technique=_TECHNIQUES[key], program=MANUAL)
            return _asked("technique", _TECHNIQUES[key] != _KNEAD)
        if key in _PROGRAMS:
            self._run(now_s, technique=_KNEAD, program=_PROGRAMS[key])
            return _asked("massage program", True)
        if key in _TIMERS:
            self._time(_TIMERS[key], now_s)
            return []
        return self._set(key)

    def _set(self, key: int) -> list[Effect]:
        shown = self._shown
        if key in _SPEEDS:
            self._shown = replace(shown, speed=_SPEEDS[key])
        elif key in _WIDTHS:
            self._shown = replace(shown, width=_WIDTHS[key])
        elif key in _AREAS:
            self._shown = replace(shown, area=_AREAS[key])
        else:
            return self._extra(key)
        return []

    def _extra(self, key: int) -> list[Effect]:
        """Take a key for a part that is not simulated."""
        shown = self._shown
        if key == _HEAT:
            self._shown = replace(shown, heat=not shown.heat)
            return _asked("heat", self._shown.heat)
        if key in _FOOT_ROLLERS:
            self._shown = replace(shown, foot_rollers=_FOOT_ROLLERS[key])
            return _asked("foot rollers", _FOOT_ROLLERS[key] > 0)
        if key in _AIR_ZONES:
            self._shown = replace(shown, air_zones=_AIR_ZONES[key], air=max(shown.air, 1))
            return _asked("air pressure", True)
        if key in _AIR:
            zones = shown.air_zones if _AIR[key] else 0
            self._shown = replace(shown, air=_AIR[key], air_zones=zones)
            return _asked("air pressure", _AIR[key] > 0)
        return []

    def _run(self, now_s: float, *, technique: int, program: int) -> None:
        chosen = replace(self._shown, technique=technique, program=program)
        self._shown = replace(chosen, state=ChairState.RUNNING, speed=max(chosen.speed, 1))
        if self._ends_s is None:
            self._time(_USUAL_TIMER, now_s)

    def _time(self, timer: int, now_s: float) -> None:
        self._shown = replace(self._shown, timer=timer)
        self._ends_s = now_s + timer * _TIMER_S

    def _turn(self) -> list[Effect]:
        running = self._shown.state is ChairState.RUNNING
        return [*self._drive.set([self._shown.speed if running else 0])]

    def _tell(self, now_s: float) -> list[Effect]:
        """Tell the status out of turn, if somebody is there."""
        if self._status_s is None:
            return []
        self._status_s = now_s + STATUS_PERIOD_S
        left_s = 0.0 if self._ends_s is None else max(self._ends_s - now_s, 0.0)
        return [Notify(STATUS, frame(self._shown, left_s, now_s))]

    def _due_s(self) -> float | None:
        then_s = self._then[0] if self._then else None
        ends = (then_s, self._ends_s, self._status_s)
        return min((at_s for at_s in ends if at_s is not None), default=None)

    def _pass_time(self, now_s: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._ends_s is not None and now_s >= self._ends_s:
            effects += self._lie(self._ends_s)
        if self._then is not None and now_s >= self._then[0]:
            self._shown, self._then = Showing(self._then[1]), None
        if self._status_s is not None and now_s >= self._status_s:
            effects += self._tell(now_s)
        return effects


def _asked(what: str, is_on: bool) -> list[Effect]:
    return [AskedFor(what)] if is_on else []
