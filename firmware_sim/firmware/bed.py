"""What beds with massage share: a motor at the head, one at the foot, a timer. Pure.

Beds have other motors on the same pipe, which lift people: they are not simulated, and a command
for them is taped as asked for. So is a light, and a program of the bed's own that nobody can bound.
"""

from firmware_sim.firmware.massager import Act, Massager
from firmware_sim.gatt import Effect

HEAD, FOOT = 0, 1

MOTOR = "bed motor"
LIGHT = "bed light"
PROGRAM = "massage program"

MINUTE_S = 60.0


class Bed(Massager):
    """Two massage motors that hold their level until they are told otherwise, or a timer ends."""

    actuators = 2

    def __init__(self) -> None:
        """Switch it on, still and without a timer."""
        super().__init__()
        self._timer_end_s: float | None = None

    def _level(self, place: int, level: int) -> Act:
        """Drive one motor at a level."""
        return lambda _: [*self._drive.put(place, level)]

    def _step(self, place: int, by: int) -> Act:
        """Drive one motor a step up or down; 0 and the strongest are where it ends."""

        def obey(_now_s: float) -> list[Effect]:
            level = min(max(self._drive.levels[place] + by, 0), self.steps)
            return [*self._drive.put(place, level)]

        return obey

    def _still(self, _now_s: float) -> list[Effect]:
        """Stop both motors and the timer."""
        self._timer_end_s = None
        return [*self._drive.stop()]

    def _run_for(self, minutes: int, now_s: float) -> None:
        """Let the massage end after some minutes; never by itself with 0."""
        self._timer_end_s = now_s + minutes * MINUTE_S if minutes else None

    def _timer(self, minutes: int) -> Act:
        def obey(now_s: float) -> list[Effect]:
            self._run_for(minutes, now_s)
            return []

        return obey

    def _due_s(self) -> float | None:
        return self._timer_end_s

    def _pass_time(self, now_s: float) -> list[Effect]:
        if self._timer_end_s is None or now_s < self._timer_end_s:
            return []
        return self._still(now_s)
