"""Screening: the questions before a session, and what the answers mean. It fails closed.

A question without an answer, an answer that is none, and answers that are a day old refuse a
session like the answer that stands against it. "no" to everything takes nothing away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

from devicehub.errors import SafetyRefusal
from devicehub.safety.conditions import MASK_ZONE, REFUSE, Condition
from devicehub.safety.limits import UNKNOWN, Limits
from devicehub.safety.restrictions import UNRESTRICTED, Restrictions
from devicehub.safety.sense import is_time
from profiles.text import Text

YES_NO = "yes_no"
ZONES = "zones"

COMMAND = "devicehub person screen NAME"
"""What a person runs to answer."""

_RIGHT = {
    YES_NO: '"no" or "yes"',
    ZONES: '"no" or zone ids with commas between them',
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        id: Its name in the answers.
        text: What the person reads, in every language.
        kind: "yes_no", answered by "no" or "yes"; or "zones", answered by "no" or by zone ids with
            commas between them.
    """

    id: str
    text: Text
    kind: str


def questions(limits: Limits) -> tuple[Question, ...]:
    """Return all questions in the order in which they are asked."""
    return tuple(_question(condition) for condition in limits.conditions.values())


def accepted(limits: Limits, question: Question, answer: str) -> bool:
    """Tell whether `answer` is one; it may still stand against a session."""
    if answer == "no":
        return True
    if question.kind == YES_NO:
        return answer == "yes"
    return _named(answer) <= frozenset(limits.zones) - {UNKNOWN}


def judge(limits: Limits, answers: Mapping[str, str], age_s: float) -> Restrictions:
    """Return what the answers take away; answers to questions that are not asked count for nothing.

    Args:
        limits: The table with the conditions.
        answers: By question id.
        age_s: Seconds since they were given.

    Raises:
        SafetyRefusal: An answer is missing, is none or stands against a session, or they are too
            old; the text says which, and what to do.
    """
    longest_s = limits.screening_max_age_s
    if not (is_time(age_s) and 0.0 <= age_s <= longest_s):
        hours = f"{longest_s / 3600.0:g} h"
        raise SafetyRefusal(f"the answers are older than {hours}: give them again with `{COMMAND}`")
    for question in questions(limits):
        _check(limits, question, answers.get(question.id))
    given = [(each, answers[each.id]) for each in limits.conditions.values()]
    refusals = [each.refusal for each, answer in given if each.action == REFUSE and answer != "no"]
    if refusals:
        raise SafetyRefusal("\n".join(refusals))
    takes = (_taken(condition, answer) for condition, answer in given if answer != "no")
    return reduce(Restrictions.joined, takes, UNRESTRICTED)


def _check(limits: Limits, question: Question, answer: str | None) -> None:
    if answer is None or answer in {"", "unanswered"}:
        raise SafetyRefusal(f"question {question.id!r} has no answer: answer it with `{COMMAND}`")
    if not accepted(limits, question, answer):
        right = _RIGHT[question.kind]
        raise SafetyRefusal(
            f"answer to {question.id!r} is {answer!r}: must be {right}: give it with `{COMMAND}`"
        )


def _question(condition: Condition) -> Question:
    kind = ZONES if condition.action == MASK_ZONE else YES_NO
    return Question(condition.id, condition.question, kind)


def _taken(condition: Condition, answer: str) -> Restrictions:
    if condition.action == MASK_ZONE:
        return condition.masking(_named(answer))
    return condition.takes


def _named(answer: str) -> frozenset[str]:
    return frozenset(zone.strip() for zone in answer.split(","))
