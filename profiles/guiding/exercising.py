"""Exercising: the handbook's exercises for the neck as a guide, for somebody by themselves (L105).

Each is told whole, counted in, and then goes in rounds. Its steps are said in the first two rounds;
after that the rounds are counted, and the steps are shown and can be rung.
"""

from collections.abc import Iterable, Iterator

from profiles.guiding.instruction import Guide, Instruction, Kind, Phrase
from profiles.guiding.pacing import GAP_S
from profiles.guiding.phrases import SAY_S, say_s
from profiles.handbook.entries import Exercise
from profiles.score import Passage
from profiles.text import Text

TITLE = Text("Warming up the neck", "Разминка для шеи")
ZONES = ("neck_posterior", "trapezius_upper")
_COUNTS = 3
_COUNT_S = 1.0
_SAID_ROUNDS = 2
_BEGIN_S = 0.5
# Between what was said and the first count: time to sit as it was told.
_SETTLE_S = 1.5


def exercise_guide(exercises: Iterable[Exercise]) -> Guide:
    """Return the instructions for exercises in their order, each for all of its seconds."""
    told: list[Instruction] = []
    passages: list[Passage] = []
    at_s = _BEGIN_S
    for number, exercise in enumerate(exercises):
        told += _told_whole(exercise, number, at_s)
        start_s = at_s + _lead_s(exercise, number)
        told += _counts(number, start_s)
        told += _rounds(exercise, number, start_s)
        end_s = start_s + exercise.seconds
        passages.append(Passage(number, exercise.id, ZONES, start_s, end_s, exercise.text))
        at_s = end_s
    last = len(passages) - 1
    told.append(Instruction(at_s, Kind.END, Phrase("exercise.end"), last, ZONES, spoken=True))
    lead_s = passages[0].start_s if passages else 0.0
    return Guide(TITLE, lead_s, at_s, tuple(passages), tuple(told))


def _told_whole(exercise: Exercise, number: int, at_s: float) -> Iterator[Instruction]:
    """Yield which exercise it is, and what to do."""
    which = Phrase(_which(number), technique=exercise.id)
    yield Instruction(at_s, Kind.PLACE, which, number, ZONES, spoken=True)
    what = Phrase("cue", text=exercise.text)
    after_s = at_s + SAY_S[which.key] + GAP_S
    yield Instruction(after_s, Kind.CUE, what, number, ZONES, spoken=True)


def _lead_s(exercise: Exercise, number: int) -> float:
    said_s = SAY_S[_which(number)] + GAP_S + say_s("cue", exercise.text)
    return said_s + _SETTLE_S + _COUNTS * _COUNT_S


def _which(number: int) -> str:
    return "exercise.next" if number else "exercise.first"


def _counts(number: int, start_s: float) -> Iterator[Instruction]:
    for count in range(_COUNTS, 0, -1):
        phrase = Phrase("count", number=count)
        t_s = start_s - count * _COUNT_S
        yield Instruction(t_s, Kind.COUNT, phrase, number, ZONES, spoken=True)


def _rounds(exercise: Exercise, number: int, start_s: float) -> Iterator[Instruction]:
    at_s = start_s
    for round_ in range(exercise.rounds):
        said = round_ < _SAID_ROUNDS
        if not said:
            phrase = Phrase("exercise.round", number=round_ + 1, of=exercise.rounds)
            yield Instruction(at_s, Kind.COUNT, phrase, number, ZONES, spoken=True)
        for step in exercise.steps:
            yield Instruction(
                at_s,
                Kind.STEP,
                Phrase("cue", text=step.text),
                number,
                ZONES,
                seconds=float(step.seconds),
                spoken=said,
            )
            at_s += step.seconds
