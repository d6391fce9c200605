"""Sessions for tests: the whole command line in this process, on virtual time, with a tape."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devicehub.cli import named
from devicehub.cli.exits import exit_code
from devicehub.cli.main import run
from devicehub.hub import Wanted
from devicehub.massagers.library import load_library
from devicehub.massagers.show import describe
from devicehub.radio.air import Air
from devicehub.radio.local import LocalConnector
from devicehub.session.plan import Plan
from firmware_sim.clock import VirtualLoop
from firmware_sim.memory import simulate_in_memory
from tests.limits import read_zones
from tests.oracle import judge
from tests.people import hub_of
from tests.tapes import Tape, read_tape

ZONES = read_zones()
END_S = 0.5  # the last stop comes that much after the last beat, at most


@dataclass(frozen=True, slots=True)
class Run:
    """A session that has ended: its exit code, its tape, and what the oracle says of it."""

    code: int
    tape: Tape
    violations: list[str]
    massager: dict[str, Any]

    def highest(self, zone: str) -> float:
        """Return the highest level, 0..1, of any motor that lists `zone`."""
        motors = [a["index"] for a in self.massager["actuators"] if zone in a["zones"]]
        return max((m.level / m.of for m in self.tape.moves if m.actuator in motors), default=0.0)


def play(
    profile: str | Path, model: str, tape: Path, *options: str, zone: str | None = None
) -> Run:
    """Play over Bumble at full speed on the simulated `model`, and judge the tape."""
    held = () if zone is None else ("--zone", zone)
    words = ["play", str(profile), "--device", f"sim:{model}", "--speed", "max"]
    return _judged(run([*words, "--tape", str(tape), *held, *options]), model, tape, zone)


def play_in_memory(
    profile: str | Path,
    model: str,
    tape: Path,
    *,
    zone: str | None = None,
    minutes: float | None = None,
) -> Run:
    """Play over plain memory, the same hub and firmware without a radio between, and judge."""

    async def session() -> int:
        async with simulate_in_memory([model], {model: tape}) as near:
            options = near.options
            air = Air("memory", near.scanner, near.client, options, simulated=True, cabled=True)
            plan = Plan(named.profile(str(profile)), zone, minutes=minutes)
            wanted = [Wanted(model, near.addresses[model])]
            connector = LocalConnector(air, load_library())
            return exit_code(await (await hub_of(plan, wanted, connector, print)).run())

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return _judged(runner.run(session()), model, tape, zone)


def _judged(code: int, model: str, tape: Path, zone: str | None) -> Run:
    massager = shown(model, zone)
    read = read_tape(tape)
    planned_s = _lasted_s(read) if code == 0 else None
    return Run(code, read, judge(read, massager, ZONES, planned_s=planned_s), massager)


def _lasted_s(tape: Tape) -> float:
    """Return how long a session that came to its end was planned, at least."""
    return max(0.0, tape.moves[-1].t - tape.moves[0].t - END_S) if tape.moves else 0.0


def shown(model: str, zone: str | None = None) -> dict[str, Any]:
    """Return the object that `devices show MODEL --json` prints."""
    massager = named.massager(model)
    return describe(massager if zone is None else massager.held_at(zone))


def profile_file(folder: Path, *phases: dict[str, Any]) -> Path:
    """Write a profile with these phases and return its path."""
    lines = ['title = "Made for a test"', 'summary = "Made for a test."', 'posture = "seated"']
    lines.append('intent = "wellness"')
    for phase in phases:
        lines.append("[[phase]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in phase.items()]
    path = folder / "made.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
