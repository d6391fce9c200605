"""A massager on a bench: in memory, on virtual time, with a tape and a governor of its own."""

import asyncio
import math
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devicehub.massagers.encode import encode, initial
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.massagers.wire import Encoded
from devicehub.radio.air import Air
from devicehub.radio.link import Link
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import Terms
from devicehub.safety.frame import CappedFrame
from devicehub.safety.governor import Governor
from devicehub.safety.limits import load
from firmware_sim import SimulatedAir
from firmware_sim.faults import Fallible, parse
from firmware_sim.memory import simulate_in_memory
from tests.tapes import Tape, read_tape

CAPE, VEST, WAND = "reference-cape", "bhaptics-x40", "lovense-domi"
WAND_ZONE = "rhomboid"
FIND_S = 2.0
TICK_S = 0.05
WARM_S = 30.0  # long enough for every ramp to be at its cap


def now_s() -> float:
    return asyncio.get_running_loop().time()


def known(model: str) -> Massager:
    """Return a model as it is played: a handheld is held somewhere."""
    massager = load_library()[model]
    return massager.held_at(WAND_ZONE) if massager.needs_zone else massager


class Judge:
    """A governor that has been at work for a while, so that levels may be asked for at once."""

    def __init__(self, massager: Massager, level: float = 0.4) -> None:
        self._massager = massager
        self._governor = Governor(load(), [mount("it", massager)])
        self._governor.grant(math.inf)
        begun_s = now_s() - WARM_S
        for tick in range(round(WARM_S / TICK_S)):
            self._judge(level, begun_s + tick * TICK_S)

    def frame(self, level: float) -> CappedFrame:
        """Return every motor at `level`, or as near as its cap allows, judged now."""
        return self._judge(level, now_s())

    def encoded(self, level: float) -> Encoded:
        """Return the same as bytes."""
        return encode(self._massager, self.frame(level), initial())[0]

    def _judge(self, level: float, at_s: float) -> CappedFrame:
        (frame,) = self._governor.judge([[level] * len(self._massager.steps)], at_s)
        self._governor.sent(frame, at_s)
        return frame


@dataclass(frozen=True, slots=True)
class Bench:
    """Simulated massagers, and the way to them."""

    sim: SimulatedAir
    air: Air
    tapes: dict[str, Path] = field(default_factory=dict[str, Path])

    async def link(self, model: str = CAPE) -> Link:
        """Return a connected massager that may be driven."""
        link = await self.connector.connect(self.sim.addresses[model], FIND_S)
        await link.agree(Terms(link.massager.steps))
        return link

    @property
    def connector(self) -> LocalConnector:
        return LocalConnector(self.air, {model: known(model) for model in load_library()})

    def device(self, model: str = CAPE) -> Fallible:
        """Return the massager itself, to make it fail."""
        return self.sim.peripherals[model]

    def tape(self, model: str = CAPE) -> Tape:
        return read_tape(self.tapes[model])

    def stops(self, model: str = CAPE) -> int:
        """Return how many stops reached the massager."""
        stops = {write.data.hex() for stop in load_library()[model].stops for write in stop.writes}
        return sum(data in stops for _, _, data in self.tape(model).writes)

    def levels(self, model: str = CAPE) -> list[int]:
        """Return what every motor is driven at."""
        tape = self.tape(model)
        levels = [0] * tape.actuators
        for move in tape.moves:
            levels[move.actuator] = move.level
        return levels

    def still(self, model: str = CAPE) -> bool:
        return not any(self.levels(model))


@asynccontextmanager
async def bench(
    folder: Path, models: Sequence[str] = (CAPE,), faults: Sequence[str] = ()
) -> AsyncGenerator[Bench]:
    """Switch massagers on; `faults` are as `firmware-sim --fault`."""
    tapes = {model: folder / f"{model}.jsonl" for model in models}
    async with simulate_in_memory(models, tapes, [parse(fault) for fault in faults]) as sim:
        air = Air("memory", sim.scanner, sim.client, sim.options, simulated=True, cabled=True)
        yield Bench(sim, air, tapes)
