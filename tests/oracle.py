"""Judge a tape from outside: what the motors did, against the limits' text.

It reads three things: the tape that the simulated massager wrote, what `devices show MODEL --json`
says of the massager, and the table of zones as a data file. It imports nothing of the hub, so it
cannot share a mistake with the governor.

    python -m tests.oracle TAPE [--model MODEL] [--zone ZONE] [--seconds S]

prints one sentence for each violation and exits 1, or says that there is none.
"""

import argparse
import json
import math
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests import seconds, warmth
from tests.limits import (
    GENTLE_END_S,
    GENTLE_END_SHARE,
    GENTLE_FACTOR,
    Bound,
    bound_of,
    joint_limits,
    read_zones,
)
from tests.tapes import Move, Tape, instants, read_tape, spelled

EDGE_STEP_OF_TIME_S = 0.06
MEMORY_S = 30.0  # after so long with less, the ramp starts again from what was used
RAMP_SLACK_S = 1.0  # a governor may keep those 30 s in coarse buckets
JITTER_S = 0.03  # two connection intervals: writes arrive closer together than they were sent
EXACT = 1e-9


@dataclass(slots=True)
class Findings:
    """Sentences; of the same fault on the same actuator only the first, and how often."""

    first: dict[tuple[str, object], str] = field(default_factory=dict[tuple[str, object], str])
    times: dict[tuple[str, object], int] = field(default_factory=dict[tuple[str, object], int])

    def add(self, rule: str, where: object, sentence: str) -> None:
        self.first.setdefault((rule, where), sentence)
        self.times[rule, where] = self.times.get((rule, where), 0) + 1

    def motor(self, rule: str, move: Move, what: str) -> None:
        self.add(rule, move.actuator, f"at {move.t:g} s motor {move.actuator} {what}")

    def sentences(self) -> list[str]:
        return [
            f"{rule}: {text}" + (f" ({self.times[rule, where]} times)" if n else "")
            for (rule, where), text in self.first.items()
            for n in [self.times[rule, where] > 1]
        ]


def judge(
    tape: Tape,
    massager: Mapping[str, Any],
    zones: Mapping[str, Any],
    *,
    resumes_s: Sequence[float] = (),
    planned_s: float | None = None,
) -> list[str]:
    """Return what the tape did against the limits, one sentence each; empty is good.

    Args:
        tape: What the motors did.
        massager: The object that ``devices show MODEL --json`` prints.
        zones: The table of zones by id.
        resumes_s: Device times at which the session is known to have resumed.
        planned_s: How long the session was planned, at least; without it no warm-up is judged.
    """
    found = Findings()
    stimulus: str = massager["class"]
    bounds = [bound_of(actuator, stimulus, zones) for actuator in massager["actuators"]]
    starts = sorted([t for t, state in tape.links if state == "connected"] + list(resumes_s))
    _judge_shape(tape, found)
    _judge_stops(tape, massager, found)
    _judge_joint(tape, bounds, stimulus, zones, found)
    seconds.judge(tape, bounds, stimulus, zones, found.add)
    warmth.judge(tape, [(w["char"], w["hex"]) for w in massager["stop"]], found.add)
    for bound in bounds:
        moves = [move for move in tape.moves if move.actuator == bound.index]
        _judge_cap(moves, bound, found)
        _judge_ramp(moves, bound, starts, found)
        _judge_edges(moves, bound, found)
        _judge_pattern(moves, bound, found)
        if planned_s is not None:
            _judge_warmup(moves, bound, tape.links[0][0], planned_s, found)
    return found.sentences()


def _judge_shape(tape: Tape, found: Findings) -> None:
    for before, after in pairwise(tape.moves):
        if after.t < before.t:
            found.add("time", "tape", f"the tape runs backwards at {after.t} s")
    for move in tape.moves:
        if not (0 <= move.level <= move.of and 0 <= move.actuator < tape.actuators):
            found.add("range", move.actuator, f"no such actuator or level: {move}")


def _judge_stops(tape: Tape, massager: Mapping[str, Any], found: Findings) -> None:
    stops = [spelled(write) for write in massager["stop"]]  # a ? in a UUID is any digit
    for (kind, state), (next_kind, write) in pairwise(tape.order):
        opens = (kind, state) == ("link", "connected") and next_kind == "write"
        if opens and not any(fnmatchcase(write, stop) for stop in stops):
            found.add(
                "stop first", "link", f"the first write after connecting is {write}, not a stop"
            )
    last = {move.actuator: move for move in tape.moves}
    for move in last.values():
        if move.level != 0:
            found.add(
                "stopped", move.actuator, f"motor {move.actuator} ends at {move.level} of {move.of}"
            )


def _judge_joint(
    tape: Tape, bounds: Sequence[Bound], stimulus: str, zones: Mapping[str, Any], found: Findings
) -> None:
    limits = joint_limits(bounds, stimulus, zones)
    for t, levels in instants(tape):
        for z, (limit, tau) in limits.items():
            total = math.sqrt(sum((share * levels.get(i, 0.0)) ** 2 for i, share in tau.items()))
            if total > limit + EXACT:
                found.add("joint", z, f"at {t:g} s {z} receives {total:.3f} of at most {limit:g}")


def _judge_cap(moves: Sequence[Move], bound: Bound, found: Findings) -> None:
    for move in moves:
        if bound.forbidden and move.level:
            found.motor("forbidden", move, f"moves, and lies in {', '.join(bound.zones)}")
        if move.level > math.floor(bound.cap * move.of + EXACT):
            found.motor("cap", move, f"is at {move.level} of {move.of}, its cap is {bound.cap:g}")


def _judge_ramp(
    moves: Sequence[Move], bound: Bound, starts: Sequence[float], found: Findings
) -> None:
    """A new high grows from a start, or from what the last 30 s used, at the zone's rate."""
    anchor_s, base, slack_s, high_s = 0.0, 0.0, 0.0, -math.inf
    used: deque[tuple[float, float]] = deque()  # (its end, level): the highest of 30 s in front
    waiting = deque(starts)
    before = 0.0
    for move in moves:
        while waiting and waiting[0] <= move.t:
            anchor_s = high_s = waiting.popleft()
            base = slack_s = 0.0
            used.clear()
        while used and used[-1][1] <= before:
            used.pop()
        used.append((move.t, before))
        while used[0][0] < move.t - MEMORY_S:
            used.popleft()
        before = move.u
        if move.u <= used[0][1]:
            continue
        if move.t - high_s > MEMORY_S:
            anchor_s, base, slack_s = move.t, used[0][1], RAMP_SLACK_S
        high_s = move.t
        allowed = base + bound.rise_per_s * (move.t - anchor_s + slack_s) + 1 / move.of
        if move.u > allowed + EXACT:
            found.motor("ramp", move, f"is at {move.u:.3f}, its ramp allows {allowed:.3f}")


def _judge_warmup(
    moves: Sequence[Move], bound: Bound, start_s: float, planned_s: float, found: Findings
) -> None:
    """The first part of a session stays under half of every cap."""
    until_s = start_s + min(GENTLE_END_S, GENTLE_END_SHARE * planned_s)
    most = GENTLE_FACTOR * bound.cap
    for move in moves:
        if move.t < until_s and move.level > math.floor(most * move.of + EXACT):
            found.motor("warm-up", move, f"is at {move.u:.3f}, the warm-up allows {most:.3f}")


def _judge_edges(moves: Sequence[Move], bound: Bound, found: Findings) -> None:
    """Over any window a level rises no faster than from 0 to the cap in the shortest edge."""
    slope = bound.cap / bound.edge_min_s
    for last, move in enumerate(moves):
        for first in range(last, -1, -1):
            lasts_s = move.t - moves[first].t
            if lasts_s > bound.edge_min_s:
                break
            rise = move.u - (moves[first - 1].u if first else 0.0)
            jitter_s = JITTER_S if first < last else 0.0
            allowed = slope * (lasts_s + EDGE_STEP_OF_TIME_S + jitter_s) + 1 / move.of
            if rise > allowed + EXACT:
                what = f"has risen by {rise:.3f} in {lasts_s:.3f} s, soft is {allowed:.3f}"
                found.motor("edge", move, what)
                break


def _judge_pattern(moves: Sequence[Move], bound: Bound, found: Findings) -> None:
    """Rises that follow a fall are at least one period of the fastest pattern apart."""
    shortest_s = 1 / bound.pattern_hz if bound.pattern_hz else 0.0
    for before, after in pairwise(_pattern_edges(moves)):
        lasts_s = after.t - before.t
        if lasts_s < shortest_s - JITTER_S:
            what = (
                f"rises again after {lasts_s:.3f} s, the pattern may have {bound.pattern_hz:g} Hz"
            )
            found.motor("pattern", after, what)


def _pattern_edges(moves: Sequence[Move]) -> Iterator[Move]:
    """Yield the starts of rises after a fall; a wobble of one step is rounding, not a pattern."""
    top = bottom = before = 0
    rising, start = True, None
    for move in moves:
        if rising:
            top = max(top, move.level)
            rising, bottom = top - move.level <= 1, move.level
        else:
            start = move if before == bottom < move.level else start
            bottom = min(bottom, move.level)
            if start and move.level - bottom > 1:
                yield start
                rising, top = True, move.level
        before = move.level


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the tape that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description="Judge a tape against the limits, from outside.")
    parser.add_argument("tape", type=Path)
    parser.add_argument("--model", help="default: the model that the tape names")
    parser.add_argument("--seconds", type=float, help="how long the session was planned")
    parser.add_argument("--zone", help="where a handheld is held")
    options = parser.parse_args(arguments)
    tape = read_tape(options.tape)
    shown = show(options.model or tape.model, options.zone)
    violations = judge(tape, shown, read_zones(), planned_s=options.seconds)
    for sentence in violations or [f"{tape.model}: {len(tape.moves)} moves, no violation"]:
        print(sentence)  # noqa: T201 - a command line of its own
    return 1 if violations else 0


def show(model: str, zone: str | None = None) -> dict[str, Any]:
    """Return what ``devicehub devices show MODEL --json`` prints, held at `zone` if given."""
    command = [sys.executable, "-m", "devicehub", "devices", "show", model, "--json"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
    massager: dict[str, Any] = json.loads(shown.stdout)
    if zone:
        for actuator in massager["actuators"]:
            actuator["zones"] = [zone]
    return massager


if __name__ == "__main__":
    sys.exit(main())
