"""Ratios of CPU time, measured so that a busy machine hurts both sides alike."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the table: what ours and the anchor cost, and the median ratio of the rounds."""

    name: str
    unit: str
    ours: float
    anchor: float
    ratio: float
    goal: float

    @property
    def kept(self) -> bool:
        return self.ratio <= self.goal


def compare(
    name: str, ours: Callable[[], object], anchor: Callable[[], object], times: int, goal: float
) -> Cell:
    """Run both in turn, `times` calls a round; CPU microseconds per call."""
    rounds = [(_cpu_us(ours, times), _cpu_us(anchor, times)) for _ in range(ROUNDS)]
    return _cell(name, "us", rounds, goal)


def compare_processes(name: str, ours: Sequence[str], anchor: Sequence[str], goal: float) -> Cell:
    """Start both in turn; wall milliseconds until they end."""
    for command in (ours, anchor):
        _wall_ms(command)  # compiled files and warm disks for both
    rounds = [(_wall_ms(ours), _wall_ms(anchor)) for _ in range(ROUNDS)]
    return _cell(name, "ms", rounds, goal)


def compare_to_time(
    name: str, command: Sequence[str], session_s: float, goal_s: float
) -> list[Cell]:
    """Run a session once on virtual time; CPU and wall seconds against those that were played."""
    before_s = _children_cpu_s()
    wall_s = _wall_ms(command) / 1000
    cpu_s = _children_cpu_s() - before_s
    return [
        Cell(
            f"{name}, {kind} / played",
            "s",
            spent_s,
            session_s,
            spent_s / session_s,
            goal_s / session_s,
        )
        for kind, spent_s in (("CPU", cpu_s), ("wall", wall_s))
    ]


def table(cells: Sequence[Cell]) -> str:
    """Return the cells as lines; ratios first, because only they travel between machines."""
    head = f"{'':54}{'ratio':>8}{'goal':>8}{'ours':>12}{'anchor':>12}"
    lines = [
        f"{cell.name:54}{cell.ratio:8.3g}{cell.goal:8.3g}"
        f"{cell.ours:9.4g} {cell.unit:2}{cell.anchor:9.4g} {cell.unit:2}"
        f"{'' if cell.kept else '   missed'}"
        for cell in cells
    ]
    return "\n".join([head, *lines])


def _cell(name: str, unit: str, rounds: Sequence[tuple[float, float]], goal: float) -> Cell:
    ours, anchor = (median(side) for side in zip(*rounds, strict=True))
    return Cell(name, unit, ours, anchor, median(a / b for a, b in rounds), goal)


def _cpu_us(act: Callable[[], object], times: int) -> float:
    start_s = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - start_s) / times * 1e6


def _children_cpu_s() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _wall_ms(command: Sequence[str]) -> float:
    start_s = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start_s) * 1e3
