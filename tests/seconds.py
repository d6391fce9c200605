"""Seconds on a tape: how long zones and massagers moved, against the limits' text.

Part of the oracle: like it, this knows the tape and the table, and nothing of the hub.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from tests.limits import (
    DAY_ACTIVE_S,
    DAY_OF_A_BODY_S,
    DAY_OF_A_HAND_S,
    MAX_ACTIVE_S,
    OF_A_BODY,
    OF_A_HAND,
    Bound,
)
from tests.tapes import Tape, instants

Add = Callable[[str, object, str], None]
Stretch = tuple[float, float]

LATE_S = 0.5  # what a tick and the way to the massager may add
EXACT = 1e-9
GAP_S = 1e-6  # motors of one write are an instant


def judge(
    tape: Tape, bounds: Sequence[Bound], stimulus: str, zones: Mapping[str, Any], add: Add
) -> None:
    """Tell with `add(rule, where, sentence)` what moved for too long."""
    stretches = {bound.index: list(_stretches(tape, bound.index)) for bound in bounds}
    places: dict[tuple[str, str], list[Stretch]] = {}
    for bound in bounds:
        for zone in bound.zones:
            for side in bound.sides if zones[zone]["side"] == "bilateral" else ("",):
                places.setdefault((zone, side), []).extend(stretches[bound.index])
    for (zone, side), moved in places.items():
        name, caps = f"{zone} {side}".strip(), zones[zone]["caps"][stimulus]
        union = _union(moved)
        _judge_clock(union, name, caps, add)
        total_s = sum(end - start for start, end in union)
        if total_s > caps["max_session_s"] + LATE_S:
            most = f"{total_s:.1f} s in all, at most {caps['max_session_s']:g} s"
            add("zone session", name, f"{name} moves {most}")
    active_s = sum(e - s for s, e in _union([x for each in stretches.values() for x in each]))
    if active_s > MAX_ACTIVE_S[stimulus] + LATE_S:
        add("active", "tape", f"moves {active_s:.1f} s in all, at most {MAX_ACTIVE_S[stimulus]:g}")
    _judge_day(active_s, stimulus, add)
    _judge_dose(tape, bounds, stimulus, zones, add)


def _judge_day(active_s: float, stimulus: str, add: Add) -> None:
    """A tape is part of a day: it has no more than a whole one."""
    hand_s = DAY_OF_A_HAND_S if stimulus in OF_A_HAND else DAY_ACTIVE_S
    most_s = min(hand_s, DAY_OF_A_BODY_S if stimulus in OF_A_BODY else DAY_ACTIVE_S, DAY_ACTIVE_S)
    if active_s > most_s:
        add("day", "tape", f"moves {active_s:.1f} s, at most {most_s:g} a day")


def _judge_dose(
    tape: Tape, bounds: Sequence[Bound], stimulus: str, zones: Mapping[str, Any], add: Add
) -> None:
    """In no place more than the cap's square for the seconds of a day."""
    places: dict[tuple[str, str], list[int]] = {}
    for bound in bounds:
        for zone in bound.zones:
            for side in bound.sides if zones[zone]["side"] == "bilateral" else ("",):
                places.setdefault((zone, side), []).append(bound.index)
    received = dict.fromkeys(places, (0.0, 0.0))
    frames = [(t, dict(levels)) for t, levels in instants(tape)]
    for (t, levels), (until, _) in pairwise(frames):
        for place, members in places.items():
            level = max(levels.get(i, 0.0) for i in members)
            seconds, dose = received[place]
            dt_s = until - t if level else 0.0
            received[place] = (seconds + dt_s, dose + level**2 * dt_s)
    for (zone, side), (seconds, dose) in received.items():
        name, caps = f"{zone} {side}".strip(), zones[zone]["caps"][stimulus]
        most_s, most = caps["max_daily_s"], caps["max_intensity"] ** 2 * caps["max_daily_s"]
        if seconds > most_s or dose > most + EXACT:
            what = f"{seconds:.1f} s of {most_s:g}, dose {dose:.2f} of {most:.2f}"
            add("zone day", name, f"{name} receives {what}")


def _judge_clock(union: Sequence[Stretch], name: str, caps: Mapping[str, float], add: Add) -> None:
    """The clock of a zone runs while it moves, and back while not; full, it waits for zero."""
    full_s, rest_s = caps["max_continuous_s"], caps["min_rest_s"]
    clock_s, before_s, resting = 0.0, 0.0, False
    for start, end in union:
        back = (start - before_s) * full_s / rest_s if rest_s else 0.0
        if resting and clock_s - back > LATE_S * full_s / rest_s:
            add("rest", name, f"at {start:g} s {name} moves before its rest is over")
        clock_s = max(0.0, clock_s - back) + end - start
        resting, before_s = clock_s >= full_s, end
        if clock_s > full_s + LATE_S:
            add("continuous", name, f"at {end:g} s {name} has run {clock_s:.1f} s of {full_s:g}")


def _stretches(tape: Tape, actuator: int) -> Iterator[Stretch]:
    """Yield from when to when one motor moved."""
    since: float | None = None
    for move in tape.moves:
        if move.actuator == actuator:
            if move.level and since is None:
                since = move.t
            elif not move.level and since is not None:
                yield since, move.t
                since = None
    if since is not None:
        yield since, tape.moves[-1].t


def _union(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches in which any moved, in order and apart."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + GAP_S:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
