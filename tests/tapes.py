"""Read the tape that a simulated massager wrote: JSON lines of what it received and did."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAME_INSTANT_S = 0.002  # far below the time between two writes on the radio


@dataclass(frozen=True, slots=True)
class Move:
    """One motor's drive changed: `level` of `of` steps, `t` seconds of device time."""

    t: float
    actuator: int
    level: int
    of: int

    @property
    def u(self) -> float:
        """The level as a fraction of the strongest."""
        return self.level / self.of


@dataclass(frozen=True, slots=True)
class Tape:
    """What a simulated massager received and did."""

    model: str
    actuators: int
    moves: tuple[Move, ...]
    writes: tuple[tuple[float, str, str], ...]  # t, characteristic, hex
    links: tuple[tuple[float, str], ...]  # t, state
    heats: tuple[tuple[float, float, bool], ...]  # t, degrees Celsius, on
    order: tuple[tuple[str, str], ...]  # ("link", state) and ("write", "char hex") as they came


def read_tape(path: Path) -> Tape:
    """Return the tape in `path`."""
    return parse_tape(path.read_text(encoding="utf-8").splitlines())


def parse_tape(lines: Iterable[str]) -> Tape:
    """Return the tape in `lines`, JSON objects, the first of kind ``device``."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    links = [r for r in rows if r["kind"] == "link"]
    writes = [r for r in rows if r["kind"] == "write"]
    return Tape(
        model=rows[0]["model"],
        actuators=rows[0]["actuators"],
        moves=tuple(
            Move(r["t"], r["actuator"], r["level"], r["of"]) for r in rows if r["kind"] == "motor"
        ),
        writes=tuple((r["t"], r["char"].lower(), r["hex"].lower()) for r in writes),
        links=tuple((r["t"], r["state"]) for r in links),
        heats=tuple((r["t"], r["celsius"], r["on"]) for r in rows if r["kind"] == "heat"),
        order=tuple(
            ("link", r["state"]) if r["kind"] == "link" else ("write", spelled(r))
            for r in rows
            if r["kind"] in {"link", "write"}
        ),
    )


def instants(tape: Tape) -> Iterator[tuple[float, dict[int, float]]]:
    """Yield all levels after each instant at which something moved.

    One write may move many motors, and on a real clock their lines are microseconds apart.
    """
    levels: dict[int, float] = {}
    since_s = tape.moves[0].t if tape.moves else 0.0
    for move in tape.moves:
        if move.t - since_s > SAME_INSTANT_S:
            yield since_s, levels
            since_s = move.t
        levels[move.actuator] = move.u
    if levels:
        yield since_s, levels


def stroke_direction(
    tape: Tape,
    massager: Mapping[str, Any],
    t0: float,
    t1: float,
    *,
    where: Callable[[float, float], bool] = lambda _x, _y: True,
) -> float:
    """Return how fast the middle of what is felt climbs between `t0` and `t1`, in cm/s.

    Positive is towards the head, 0.0 when nothing moves. `where(x_cm, y_cm)` picks the actuators.
    """
    y = {
        a["index"]: float(a["y_cm"])
        for a in massager["actuators"]
        if a["y_cm"] is not None and where(a["x_cm"], a["y_cm"])
    }
    seen: list[tuple[float, float]] = []
    for t, levels in instants(tape):
        power = {i: levels.get(i, 0.0) ** 2 for i in y}
        if t0 <= t <= t1 and sum(power.values()) > 0:
            seen.append((t, sum(power[i] * y[i] for i in y) / sum(power.values())))
    if len(seen) < 2:
        return 0.0
    middle_t = sum(t for t, _ in seen) / len(seen)
    middle_y = sum(c for _, c in seen) / len(seen)
    spread = sum((t - middle_t) ** 2 for t, _ in seen)
    return sum((t - middle_t) * (c - middle_y) for t, c in seen) / spread if spread else 0.0


def spelled(write: Mapping[str, Any]) -> str:
    return f"{write['char']} {write['hex']}".lower()
