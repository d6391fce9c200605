"""What every fault of a heat sensor at every moment comes to: its part of the fault matrix.

Over Bumble, for the cape, which alone has a pad. The session is held against the same words as any
other; its pad, read from the tape, has bounds of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from devicehub.massagers.library import load_library
from devicehub.massagers.show import describe
from tests.integration.fault_cells import Course, Ending
from tests.integration.fault_scene import CAPE, Scene, Strike
from tests.integration.fault_table import BEATS_S, SILENT_S, Cell, cells
from tests.limits import read_zones
from tests.oracle import judge

STATUS_S = 1.0  # the cape tells its temperature so often
RISES_WITHIN_S, ABOVE_FOR_S, ABOVE_C = 60.0, 10.0, 40.5  # docs/safety.md, Heat
BEFORE_A_REST = ("finding", "connecting", "ramp", "hold")


async def tells_nothing(scene: Scene) -> None:
    """Let nothing that the massager says come through."""

    def lost(_uuid: str, _value: bytes) -> None:
        return

    scene.device.mount._notify = lost


@dataclass(frozen=True, slots=True)
class SensorFault:
    """What goes wrong with a sensor.

    Attributes:
        strike: What does it.
        within_s: How soon the pad is off.
        looks_s: How long the session plays on, so that it can be seen.
        above_c: From when the time counts: above this temperature; None for from the fault.
    """

    strike: str | Strike
    within_s: float
    looks_s: float
    above_c: float | None = None


SENSOR_FAULTS = {
    "sensor reads no number": SensorFault("blind@0", STATUS_S + BEATS_S, 8.0),
    "sensor is stuck": SensorFault("stuck@0", RISES_WITHIN_S + STATUS_S + BEATS_S, 70.0),
    "sensor rises": SensorFault("overheat@0", ABOVE_FOR_S + STATUS_S + BEATS_S, 400.0, ABOVE_C),
    "sensor is silent": SensorFault(tells_nothing, SILENT_S, 8.0),
}
SENSOR = """
                           finding     connecting  ramp        hold        pausing     paused      stopping
    sensor reads no number on          on          on          on          on          on          stopped
    sensor is stuck        on          on          on          on          on          on          stopped
    sensor rises           on          on          on          on          on          on          stopped
    sensor is silent       silent      silent      silent      silent      silent      silent      stopped
"""  # noqa: E501 - a table


@dataclass(frozen=True, slots=True)
class SensorCell(Cell):
    """One session of the table, with its pad on."""

    @property
    def sensor(self) -> SensorFault:
        """What goes wrong."""
        return SENSOR_FAULTS[self.fault]

    @property
    def course(self) -> Course:
        """After a pause the pad rests, and nothing has to be waited for."""
        if self.moment not in BEFORE_A_REST:
            return Course(heat=True, bumble=True)
        return Course(heat=True, plays_on_s=self.sensor.looks_s, bumble=True)

    def cools_after_s(self, ending: Ending) -> float | None:
        """Return how long after the fault the pad was off for good; None if it was not."""
        begins_s, off_s, above_c = ending.struck_s, 0.0, self.sensor.above_c
        if above_c is not None:
            hot_s = [t for t, celsius, _ in ending.tape.heats if celsius > above_c and t > begins_s]
            begins_s = min(hot_s, default=begins_s)
        for t, _, on in ending.tape.heats:
            off_s = None if on else t if off_s is None else off_s
        return None if off_s is None else max(0.0, off_s - begins_s)

    def flaws(self, ending: Ending) -> list[str]:
        """Return what did not come as the table says; empty is good."""
        after_s = self.cools_after_s(ending)
        found = Cell.flaws(self, ending)
        if after_s is None or after_s > self.sensor.within_s:
            found.append(f"the pad is off after {after_s} s")
        return [*found, *judge(ending.tape, describe(load_library()[CAPE]), read_zones())]


_make: Callable[..., SensorCell] = SensorCell
SENSOR_CELLS = [
    _make(cell.model, cell.moment, cell.fault, cell.strike, cell.word)
    for cell in cells(SENSOR, [CAPE], {name: one.strike for name, one in SENSOR_FAULTS.items()})
]
