"""Pauses: a phase without any level is nobody's technique; what its author says is what is done.

An author's cue comes first here, and where a pillow lies: it may say where the pillow goes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from profiles.guiding.instruction import Instruction, Kind, Phrase
from profiles.guiding.phrases import CUE_FIRST, say_s
from profiles.guiding.turn import Turn

PAUSE = "pause"
# Two words on end are two sentences.
_BREATH_S = 0.5


def pause(turn: Turn, cue: str) -> Iterator[Instruction]:
    """Yield the pause: seen from its beginning, said when the cue is over, then silence."""
    phrase, cue_s = Phrase(turn.key(PAUSE)), cue_length_s(cue)
    seen = turn.tell(turn.start_s, Kind.REST, phrase, seconds=turn.seconds, spoken=not cue)
    yield seen
    if cue and cue_s < turn.seconds:
        yield replace(seen.later(cue_s), seconds=turn.seconds - cue_s, spoken=True)


def after_cue(done: Sequence[Instruction], cue: str) -> list[Instruction]:
    """Return what is done, the first of it when the cue is over."""
    first, cue_s = done[0], cue_length_s(cue)
    return [replace(first.later(cue_s), seconds=first.seconds - cue_s), *done[1:]]


def cue_length_s(cue: str) -> float:
    """Return how long the cue takes at most, with a breath after it; 0 without one."""
    return say_s(CUE_FIRST, cue) + _BREATH_S if cue else 0.0
