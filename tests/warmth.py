"""What the limits' text says of a heat pad, judged from the tape of a massager.

The numbers stand here a second time on purpose: a wrong one in the hub is not repeated.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tests.tapes import Tape

HOTTEST_C = 41.0
REACTION_S = 2.0  # a status a second, a beat of the hub, a write
MOST_S = 600.0
REST_S = 1200.0
OFF_S = 0.3

Add = Callable[[str, object, str], Any]


def judge(tape: Tape, stops: Sequence[tuple[str, str]], add: Add) -> None:
    """Tell `add` where the pad was too hot, on for too long, or on where it must not be.

    Args:
        tape: What the massager did.
        stops: Characteristic and bytes, in hex, of the writes that stop it.
        add: Takes a rule, a place and a sentence.
    """
    times = _times_on(tape)
    _judge_temperature(tape, add)
    for begun_s, ended_s in times:
        if ended_s - begun_s > MOST_S + OFF_S:
            add("heat time", "pad", f"on from {begun_s:g} to {ended_s:g} s")
    for (_, ended_s), (begun_s, _) in pairwise(times):
        if begun_s - ended_s < REST_S - OFF_S:
            add("heat rest", "pad", f"on again at {begun_s:g} s, {begun_s - ended_s:g} s after off")
    ends = [t for t, char, data in tape.writes if (char, data) in stops]
    ends += [t for t, state in tape.links if state != "connected"]
    for t in ends:
        if any(begun_s < t and ended_s > t + OFF_S for begun_s, ended_s in times):
            add("heat off", "pad", f"still on {OFF_S:g} s after the stop at {t:g} s")
    if tape.heats and tape.heats[-1][2]:
        add("heat off", "pad", "the tape ends with the pad on")


def _times_on(tape: Tape) -> list[tuple[float, float]]:
    """Return from when to when the pad was on; it is off where the tape ends."""
    times: list[tuple[float, float]] = []
    since_s: float | None = None
    for t, _, on in tape.heats:
        if on and since_s is None:
            since_s = t
        elif not on and since_s is not None:
            times.append((since_s, t))
            since_s = None
    return times if since_s is None else [*times, (since_s, tape.heats[-1][0])]


def _judge_temperature(tape: Tape, add: Add) -> None:
    hot_s: float | None = None
    for t, celsius, on in tape.heats:
        if hot_s is not None and t - hot_s > REACTION_S:
            add("heat", "pad", f"at {hot_s:g} s it is above {HOTTEST_C:g} C, and stays on")
        hot = on and celsius > HOTTEST_C
        hot_s = (t if hot_s is None else hot_s) if hot else None
