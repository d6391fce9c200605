"""The exercises for the neck as a guide: all of them, in time, and never two words at once."""

from itertools import pairwise

import pytest

from profiles.guiding import Kind, exercise_guide
from profiles.guiding.phrases import say_s
from profiles.handbook import loader
from profiles.handbook.entries import Exercise

EXERCISES = tuple(loader.exercises().values())
GUIDE = exercise_guide(EXERCISES)


def test_the_neck_is_warmed_up_in_ten_to_fifteen_minutes() -> None:
    assert {line for each in EXERCISES for line in each.lines} == {105}
    assert 600 <= sum(each.seconds for each in EXERCISES) < GUIDE.duration_s <= 900


def test_each_lasts_as_long_as_the_handbook_says_and_has_all_its_steps() -> None:
    assert [p.technique for p in GUIDE.passages] == [each.id for each in EXERCISES]
    for passage, exercise in zip(GUIDE.passages, EXERCISES, strict=True):
        assert passage.end_s - passage.start_s == pytest.approx(exercise.seconds)
        done = [
            (each.phrase.text, each.seconds, each.t_s)
            for each in GUIDE.instructions
            if each.kind is Kind.STEP and each.phase == passage.index
        ]
        steps = [(step.text, step.seconds) for step in exercise.steps] * exercise.rounds
        assert [(text, seconds) for text, seconds, _ in done] == steps
        assert [t_s for _, _, t_s in done] == pytest.approx(
            [passage.start_s + sum(s for _, s in steps[:n]) for n in range(len(steps))]
        )


def test_nothing_is_said_before_the_last_words_are_over() -> None:
    said = [each for each in GUIDE.instructions if each.spoken]
    for now, after in pairwise(said):
        assert now.t_s + say_s(now.phrase.key, now.phrase.text) <= after.t_s, now.phrase


def test_exercises_are_whole_rounds() -> None:
    with pytest.raises(ValueError, match="seconds is 100: a round takes 18"):
        Exercise.model_validate(EXERCISES[0].model_dump() | {"seconds": 100})
