"""Pacing: never more words than a person can hear. What there is no time to say is only shown.

What matters more is placed first: counting in, where to go and which side, how, where to take
care. Words that nobody misses (which circle it is, a little higher) have more silence around them.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace

from profiles.guiding.instruction import Instruction, Kind
from profiles.guiding.phrases import CUE_FIRST, say_s

# Silence before and after words, by how much they matter. Counts and presses are a beat, not talk.
GAP_S = 0.15
QUIET_S = 2.0
BEAT_GAP_S = 0.05
_BEAT = frozenset({Kind.COUNT, Kind.PRESS, Kind.HOLD, Kind.RELEASE})
_FIRST, _HOW, _CARE, _ON_THE_WAY, _SMALL = range(5)
_COMES_FIRST = frozenset({Kind.COUNT, Kind.END, Kind.SIDE})
_FIRST_WORDS = ("next", "first", CUE_FIRST)
_SMALL_WORDS = ("circle", "next.", "keep", "press.again")

Stretch = tuple[float, float]


def paced(instructions: Iterable[Instruction]) -> tuple[Instruction, ...]:
    """Return the instructions in order of time; those that can be heard out are `spoken`.

    A cue of the author comes where it is first quiet enough after its time, or is only shown; one
    that goes first has its time before everything else.
    """
    ordered = sorted(instructions, key=lambda each: (each.t_s, _rank(each)))
    taken: list[Stretch] = []
    heard: set[int] = set()
    waiting = [n for n, each in enumerate(ordered) if each.spoken and not _waits(each)]
    for number in sorted(waiting, key=lambda n: (_rank(ordered[n]), n)):
        stretch, gap_s = _stretch(ordered[number]), _gap_s(ordered[number])
        if _is_free(taken, stretch, gap_s):
            insort(taken, stretch)
            heard.add(number)
    paced_ = [
        _with_cue(each, taken) if _waits(each) else replace(each, spoken=number in heard)
        for number, each in enumerate(ordered)
    ]
    return tuple(sorted(paced_, key=lambda each: each.t_s))


def _with_cue(cue: Instruction, taken: list[Stretch]) -> Instruction:
    """Return an author's cue where it can be heard; its `seconds` are how long it may wait."""
    long_s = say_s("cue", cue.phrase.text)
    latest_s = cue.t_s + cue.seconds - long_s
    starts = [cue.t_s, *(end + QUIET_S for _, end in taken if end + QUIET_S > cue.t_s)]
    for t_s in starts:
        if t_s <= latest_s and _is_free(taken, (t_s, t_s + long_s), GAP_S):
            insort(taken, (t_s, t_s + long_s))
            return replace(cue, t_s=t_s, seconds=0.0, spoken=True)
    return replace(cue, seconds=0.0, spoken=False)


def _waits(each: Instruction) -> bool:
    return each.kind is Kind.CUE and each.phrase.key != CUE_FIRST


def _stretch(each: Instruction) -> Stretch:
    return each.t_s, each.t_s + say_s(each.phrase.key, each.phrase.text)


def _is_free(taken: Sequence[Stretch], stretch: Stretch, gap_s: float) -> bool:
    at = bisect_left(taken, stretch)
    before_ends_s = taken[at - 1][1] if at else float("-inf")
    after_begins_s = taken[at][0] if at < len(taken) else float("inf")
    return before_ends_s + gap_s <= stretch[0] and stretch[1] + gap_s <= after_begins_s


def _gap_s(each: Instruction) -> float:
    if each.kind in _BEAT and not each.phrase.key.endswith("keep"):
        return BEAT_GAP_S
    return QUIET_S if _rank(each) is _SMALL else GAP_S


def _rank(each: Instruction) -> int:
    """Return the place of an instruction in the order in which words get their time."""
    key = each.phrase.key
    if each.kind in _COMES_FIRST or key in _FIRST_WORDS:
        return _FIRST
    if each.kind is Kind.CARE:
        return _CARE
    if key.startswith(_SMALL_WORDS) or key.endswith("keep"):
        return _SMALL
    return _ON_THE_WAY if each.kind in _BEAT or key == "zone" else _HOW
