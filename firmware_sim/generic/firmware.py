"""The firmware: what a described massager does with what is written to it. Pure."""

from collections.abc import Sequence
from functools import partial

from firmware_sim.firmware.massager import Act, Massager, ignored
from firmware_sim.firmware.parts import Drive
from firmware_sim.gatt import Effect, MotorChanged, Notify
from firmware_sim.generic.model import Described

_ACKNOWLEDGED = b"\x06"  # ACK in ASCII


class _Motors(Drive):
    """Motor drivers that do not all have the same number of steps."""

    def __init__(self, steps: Sequence[int]) -> None:
        super().__init__(len(steps), max(steps))
        self._each = tuple(steps)

    def set(self, levels: Sequence[int]) -> list[MotorChanged]:
        return [
            MotorChanged(changed.actuator, changed.level, self._each[changed.actuator])
            for changed in super().set(levels)
        ]


class Generic(Massager):
    """A massager that obeys the lines of its file; whatever else is written changes nothing.

    A massager that notifies something acknowledges what asks for no response, as real ones do.
    """

    def __init__(self, said: Described) -> None:
        """Switch on what a file describes."""
        self.model = said.model
        self.held = said.held
        self.actuators = len(said.motors)
        self.steps = max(motor.steps for motor in said.motors)
        self.advertisement = said.advertisement
        self.services = said.services
        super().__init__()
        self._said = said
        self._drive = _Motors([motor.steps for motor in said.motors])
        self._stops_seen: set[int] = set()
        self._ends_s: float | None = None
        self._asks = False

    def disconnected(self, now_s: float) -> list[Effect]:
        """Stop where the file says so; else motors run on."""
        effects = self.poll(now_s)
        return [*effects, *self._drive.stop()] if self._said.stops_alone else effects

    def write(self, uuid: str, data: bytes, now_s: float, *, response: bool) -> list[Effect]:
        """Take a command. Raises AttError: the table does not offer it."""
        self._asks = response
        effects = super().write(uuid, data, now_s, response=response)
        answer = self._said.answers.get((uuid, data))
        if answer is not None:
            return [*effects, Notify(answer.char, answer.value)]
        if self._said.tells is None or response:
            return effects
        return [*effects, Notify(self._said.tells, _ACKNOWLEDGED)]

    def _accept(self, uuid: str, data: bytes) -> Act:
        for line in self._said.levels:
            levels = line.levels(uuid, data, response=self._asks)
            if levels is not None:
                return lambda now_s: self._take({**levels}, now_s)
        for line, motor, step in self._said.keys:
            if line.levels(uuid, data, response=self._asks) is not None:
                return partial(self._press, motor, step)
        for number, line in enumerate(self._said.stop):
            if line.levels(uuid, data, response=self._asks) is not None:
                return partial(self._stop, number)
        return ignored

    def _take(self, levels: dict[int, int], now_s: float) -> list[Effect]:
        self._stops_seen.clear()
        if self._said.lease_s is not None:
            self._ends_s = now_s + self._said.lease_s
        told = [levels.get(motor, level) for motor, level in enumerate(self._drive.levels)]
        return [*self._drive.set(told)]

    def _press(self, motor: int, step: int, now_s: float) -> list[Effect]:
        level = self._drive.levels[motor] + step
        within = max(0, min(level, self._said.motors[motor].steps))
        return self._take({motor: within}, now_s)

    def _stop(self, number: int, _now_s: float) -> list[Effect]:
        """Stop once every line of a stop was heard since the last level."""
        self._stops_seen.add(number)
        if len(self._stops_seen) < len(self._said.stop):
            return []
        self._stops_seen.clear()
        self._ends_s = None
        return [*self._drive.stop()]

    def _values(self) -> dict[str, bytes]:
        return {**super()._values(), **self._said.says}

    def _due_s(self) -> float | None:
        return self._ends_s

    def _pass_time(self, now_s: float) -> list[Effect]:
        if self._ends_s is None or now_s < self._ends_s:
            return []
        self._ends_s = None
        return [*self._drive.stop()]
