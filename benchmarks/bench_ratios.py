"""What the hub costs, as ratios to an anchor that is measured in the same run.

A ratio of 5 for the governor says: five times a bare loop that only takes the smaller of demand
and cap and rounds it. The absolute numbers beside it are this machine's, under its load of the
moment; a missed goal is marked and fails nothing, because a busy machine misses wall times.
"""

import math
import os
import sys
from collections.abc import Callable
from itertools import count
from math import floor
from pathlib import Path

from measure import Cell, compare, compare_processes, compare_to_time, table

from devicehub.massagers import encode
from devicehub.massagers.library import load_library
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.safety import limits
from devicehub.safety.governor import Governor
from profiles import catalogue
from profiles.compose import compose
from profiles.loader import load

TICK_S = 0.05
CALLS = 2000
SESSION_S = 900.0
WHOLE_BACK = "devicehub play whole-back --device sim:bhaptics-x40 --speed max"


def bare_loop(actuators: int, steps: int) -> Callable[[], object]:
    """Return the least that any governor does: the smaller of demand and cap, rounded down."""
    demand = [0.1 + 0.8 * (i % 7) / 7 for i in range(actuators)]
    caps = [0.2 + 0.1 * (i % 4) for i in range(actuators)]

    def judge() -> list[int]:
        return [floor(min(d, c) * steps) for d, c in zip(demand, caps, strict=True)]

    return judge


def judging(massager: Massager) -> Callable[[], object]:
    """Return one tick of the governor: judge a demand that moves, and tell what was sent."""
    governor = Governor(limits.load(), [mount("bench", massager)])
    governor.grant(math.inf)
    actuators = len(massager.steps)
    waves = [[0.1 + 0.8 * ((i + k) % 7) / 7 for i in range(actuators)] for k in range(7)]
    ticks = count()

    def judge() -> None:
        tick = next(ticks)
        now_s = tick * TICK_S
        governor.present(now_s)
        [frame] = governor.judge([waves[tick % len(waves)]], now_s)
        governor.sent(frame, now_s)

    return judge


def sampling(massager: Massager) -> Callable[[], object]:
    """Return one sample of the longest bundled profile, tick after tick."""
    score = compose(load(catalogue.path("whole-back")), massager.layout)
    ticks = count()
    return lambda: score.at(next(ticks) * TICK_S % score.duration_s)


def encoding(massager: Massager) -> Callable[[], object]:
    """Return the way from a judged frame to bytes."""
    governor = Governor(limits.load(), [mount("bench", massager)])
    [frame] = governor.judge([[0.5] * len(massager.steps)], 0.0)
    state = encode.initial()

    def write() -> None:
        nonlocal state
        _, state = encode.encode(massager, frame, state)

    return write


def cells() -> list[Cell]:
    """Measure everything."""
    library = load_library()
    models = [(library["reference-cape"], 12), (library["bhaptics-x40"], 40)]
    measured: list[Cell] = []
    for massager, actuators in models:
        bare = bare_loop(actuators, massager.steps[0])
        for name, act, goal in (
            ("governor, judge and sent", judging(massager), 30.0),
            ("score, one sample", sampling(massager), 4.0),
            ("encode, frame to bytes", encoding(massager), 4.0),
        ):
            label = f"{name}, {actuators} actuators / bare loop"
            measured.append(compare(label, act, bare, CALLS, goal))
    measured += compare_to_time(
        "15 min whole back at --speed max", tool(WHOLE_BACK), SESSION_S, 8.0
    )
    nothing = [sys.executable, "-c", "pass"]
    for name in ("devicehub", "firmware-sim"):
        label = f"{name} --help / python -c pass"
        measured.append(compare_processes(label, tool(f"{name} --help"), nothing, 6.0))
    return measured


def tool(command: str) -> list[str]:
    """Return a command line of the tools that are installed beside this interpreter."""
    name, *arguments = command.split()
    return [str(Path(sys.executable).with_name(name)), *arguments]


if __name__ == "__main__":
    before = os.getloadavg()[0]
    print(table(cells()))
    print(f"load of the machine before: {before:.1f} on {os.cpu_count()} processors")
