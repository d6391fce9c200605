"""Judge a walk: by its tape, by what the person asked, by the table. Nothing of the hub is used."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from devicehub.messages import CommandKind
from tests.integration.fault_scene import WAND, WAND_ZONE
from tests.limits import bound_of
from tests.oracle import judge
from tests.session_runs import shown
from tests.stateful.stage import TABLE, Stage
from tests.tapes import Tape, instants, parse_tape

ZONES = {zone["id"]: zone for zone in TABLE["zones"]}
DISCOMFORT_FACTOR = 0.6
TICK_S = 0.06  # a rise is judged in ticks, and the first one after a break counts whole
A_WHILE_S = 1.0  # after a start, in which it is seen where a rise begins
SOON_S = 0.15  # two beats and a write
LASTING = ("continuous:", "rest:", "zone session:", "active:")
"""What nobody can hold to while the massager is out of reach, or the loop stands still."""
STOP_WITHIN_S = 1.1  # what one try of a stop takes at most
BACK_WITHIN_S = 3.0  # to hear it again, to connect, and to write the first stop
A_DIGIT_S = 1e-5  # the tape tells time with six
HALF_A_HUNDREDTH = 0.005  # an event tells the ceiling with two digits


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for, and how the massager was at that moment.

    `reached` says that it was on the air, `linked` that its link stood: one that was lost a moment
    ago may be on the air again, and has to be found first.
    """

    at_s: float
    kind: CommandKind
    reached: bool
    linked: bool

    @property
    def written_by_s(self) -> float:
        """When a stop that was asked for here has reached the massager at the latest."""
        return self.at_s + (STOP_WITHIN_S if self.linked else BACK_WITHIN_S)


@dataclass(frozen=True, slots=True)
class Part:
    """One session of a walk: its tape, and what was said in it."""

    tape: Tape
    begun_s: float
    until_s: float
    heard: tuple[tuple[float, str, str], ...]
    disturbed: bool

    def times(self, name: str) -> list[float]:
        """Return when something of a name was heard."""
        return [t for t, heard, _ in self.heard if heard == name]


def judged(stage: Stage, lines: Sequence[str], asked: Sequence[Asked]) -> list[str]:
    """Return what went wrong, one sentence each."""
    massager = shown(stage.model, WAND_ZONE if stage.model == WAND else None)
    found: list[str] = []
    for part in _parts(stage, lines):
        found += _against_the_table(part, massager, last=part.until_s == math.inf)
        found += _rests_while_paused(part)
        found += _less_after_a_report(part, massager)
        found += _ends_for_good(part, asked)
    return [*found, *_every_stop_is_written(lines, massager, asked)]


def _parts(stage: Stage, lines: Sequence[str]) -> Iterator[Part]:
    head, rows = lines[0], list(_felt([json.loads(line) for line in lines[1:]]))
    for begun_s, until_s in pairwise([*stage.begun_s, math.inf]):
        own = [json.dumps(row) for row in rows if begun_s <= row["t"] < until_s]
        heard = tuple(
            (t, event.name, event.detail) for t, event in stage.heard if begun_s <= t < until_s
        )
        disturbed = any(begun_s <= t < until_s for t in stage.disturbed_s)
        yield Part(parse_tape([head, *own]), begun_s, until_s, heard, disturbed)


def _felt(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out what was taken back in the same instant, and so never felt.

    What waited while a massager hung arrives all at once: a frame, and the stop right behind it.
    """
    last = {(row["t"], row.get("actuator")): row for row in rows}
    for row in rows:
        if row["kind"] != "motor" or last[row["t"], row["actuator"]] is row:
            yield row


def _against_the_table(part: Part, massager: dict[str, Any], *, last: bool) -> list[str]:
    found = [*judge(part.tape, massager, ZONES), *_begins_anew(part, massager)]
    # Whoever connects next stops what was lost, and is another part.
    beyond = (*(() if last else ("stopped:",)), *(LASTING if part.disturbed else ()))
    return [sentence for sentence in found if not sentence.startswith(beyond)]


def _begins_anew(part: Part, massager: dict[str, Any]) -> list[str]:
    """After a break every level grows from 0 at the rate of its zones; a tick counts whole."""
    bounds = [bound_of(a, massager["class"], ZONES) for a in massager["actuators"]]
    return [
        f"anew: motor {move.actuator} is at {move.u:.3f} at {move.t:.3f} s, resumed at {t:.3f} s"
        for t in part.times("resumed")
        for move in part.tape.moves
        if t < move.t < t + A_WHILE_S
        for rise in [bounds[move.actuator].rise_per_s * (move.t - t + TICK_S)]
        if move.u > rise + 1 / move.of + 1e-9
    ]


def _rests_while_paused(part: Part) -> list[str]:
    """Nothing rises between a pause and what somebody asked for after it."""
    ends = sorted([*part.times("resumed"), part.until_s])
    return [
        f"paused: motor {motor} rises at {t:.3f} s, in a pause since {paused_s:.3f} s"
        for paused_s in part.times("paused")
        for until_s in [next(end for end in ends if end >= paused_s)]
        for t, motor in _rises(part.tape)
        if paused_s + SOON_S < t < until_s
    ]


def _less_after_a_report(part: Part, massager: dict[str, Any]) -> list[str]:
    """After discomfort every cap is less, after a wish for less the ceiling is."""
    bounds = [bound_of(a, massager["class"], ZONES) for a in massager["actuators"]]
    most = [(t, [DISCOMFORT_FACTOR * b.cap for b in bounds]) for t in part.times("discomfort")]
    for t, name, detail in part.heard:
        if name == "softer":
            told = float(detail.removeprefix("ceiling ").removesuffix("%")) / 100
            most.append((t, [told + HALF_A_HUNDREDTH] * len(bounds)))
    return [
        f"less: motor {move.actuator} is at {move.u:.3f} at {move.t:.3f} s, {caps[move.actuator]:g}"
        f" is the most since {since_s:.3f} s"
        for since_s, caps in most
        for move in part.tape.moves
        if move.t > since_s + SOON_S and move.u > caps[move.actuator] + 1e-9
    ]


def _ends_for_good(part: Part, asked: Sequence[Asked]) -> list[str]:
    """Nothing rises after a stop."""
    stops = [one.at_s for one in asked if _is_stop(one) and part.begun_s <= one.at_s < part.until_s]
    return [
        f"stop: motor {motor} rises at {t:.3f} s, after the stop of {min(stops):.3f} s"
        for t, motor in _rises(part.tape)
        if stops and t > min(stops) + SOON_S
    ]


def _every_stop_is_written(
    lines: Sequence[str], massager: dict[str, Any], asked: Sequence[Asked]
) -> list[str]:
    """A stop that is asked for reaches the massager, however often it was asked before."""
    stops = {write["hex"].lower() for write in massager["stop"]}
    rows = [json.loads(line) for line in lines[1:]]
    written = [row["t"] for row in rows if row["kind"] == "write" and row["hex"].lower() in stops]
    return [
        f"stop: none was written after that of {one.at_s:.3f} s"
        for one in asked
        if _is_stop(one) and one.reached
        if not any(one.at_s - A_DIGIT_S <= t <= one.written_by_s for t in written)
    ]


def _is_stop(one: Asked) -> bool:
    return one.kind in (CommandKind.STOP, CommandKind.HURTS)


def _rises(tape: Tape) -> Iterator[tuple[float, int]]:
    before: dict[int, float] = {}
    for t, levels in instants(tape):
        yield from ((t, motor) for motor, u in levels.items() if u > before.get(motor, 0.0))
        before = dict(levels)
