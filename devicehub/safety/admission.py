"""Admission: whether a session may begin now, and if not, when.

It looks at what lies behind: other sessions, discomfort, the day. What happens within a session is
the governor's. An age that makes no sense counts as no time passed at all.
"""

import math
import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from devicehub.safety.limits import Limits
from devicehub.safety.past import Past
from devicehub.safety.restrictions import Restrictions

_MINUTE_S = 60.0
_HOUR_S = 3600.0
_DAY_S = 86400.0
_SOMEBODY = "NAME"


@dataclass(frozen=True, slots=True)
class _Wait:
    """A reason to wait; `left_s` is how long, at most, and 0 where waiting does not help."""

    text: str
    left_s: float
    ordinary: bool = False


def refusals(
    limits: Limits,
    past: Past,
    restrictions: Restrictions,
    classes: Collection[str],
    person: str = _SOMEBODY,
) -> tuple[str, ...]:
    """Return why no session may begin now, the longest wait first; empty if one may.

    Args:
        limits: The table, tightened as the person wishes.
        past: What the ledger remembers of the person.
        restrictions: What their answers take away.
        classes: Stimulus classes of the massagers.
        person: Their name.

    Returns:
        One sentence for each reason: what it is, and when or how it goes away.
    """
    waits = (wait.text for wait in _waits(limits, past, person))
    return (*_ruled_out(restrictions, classes), *waits)


def after_the_end(limits: Limits, past: Past, person: str, *, normal: bool) -> tuple[str, ...]:
    """Return what is worth saying of the next session when one has just ended.

    That there is a while between two sessions is worth it only where nothing takes longer, and not
    after a `normal` end, where nobody is likely to go on at once.
    """
    waits = _waits(limits, past, person)
    longest_s = max((wait.left_s for wait in waits if not wait.ordinary), default=-math.inf)
    alone = longest_s == -math.inf
    return tuple(
        wait.text
        for wait in waits
        if not wait.ordinary or (wait.left_s > longest_s and not (alone and normal))
    )


def _waits(limits: Limits, past: Past, person: str) -> list[_Wait]:
    found = (
        *_after_discomfort(limits, past, person),
        *_after_a_session(limits, past),
        *_of_the_day(limits, past),
    )
    return sorted(found, key=lambda wait: -wait.left_s)


def _ruled_out(restrictions: Restrictions, classes: Collection[str]) -> Iterator[str]:
    for name in sorted(restrictions.forbidden_classes.intersection(classes)):
        why = ", ".join(restrictions.reasons.get("", ()))
        yield f"Your answers rule out a massager of the class {name} ({why}); take another one."


def _after_discomfort(limits: Limits, past: Past, person: str) -> Iterator[_Wait]:
    rules = limits.admission
    reports = [_passed(ago_s) for ago_s in past.severe_ago_s]
    if len(reports) >= rules.severe_reports_that_lock:
        if left_s := _left(rules.lock_s, min(reports)):
            times = f"It hurt {len(reports)} times within a day"
            yield _Wait(f"{times}: the next session {_in(left_s)}.", left_s)
    elif reports and (left_s := _left(rules.gap_after_severe_s, min(reports))):
        yield _Wait(f"It hurt: the next session {_in(left_s)}.", left_s)
    if not past.severe_acknowledged:
        command = f"devicehub person acknowledge {shlex.quote(person)}"
        yield _Wait(f"It hurt: go on only when all is well, after `{command}`.", 0.0)
    if left_s := _left(rules.gap_after_mild_s, past.mild_ended_ago_s):
        yield _Wait(f"It was uncomfortable twice: the next session {_in(left_s)}.", left_s)


def _after_a_session(limits: Limits, past: Past) -> Iterator[_Wait]:
    rules = limits.admission
    ends = ((past.last_ended_ago_s, past.last_active_s), *past.forgotten)
    gaps = ((ago_s, min(rules.gap_at_most_s, rules.gap_per_active * s)) for ago_s, s in ends)
    if left_s := max(_left(gap_s, ago_s) for ago_s, gap_s in gaps):
        text = f"The last session was a short while ago: the next one {_in(left_s)}."
        yield _Wait(text, left_s, ordinary=True)


def _of_the_day(limits: Limits, past: Past) -> Iterator[_Wait]:
    most = limits.admission.max_sessions
    if past.sessions >= most:
        there_were = f"There were {past.sessions} sessions within 24 h, and {most} are the most"
        yield _Wait(f"{there_were}: {_LATER}.", _DAY_S)
    if not past.exposure.active_s < limits.daily.max_active_s:
        minutes = limits.daily.max_active_s / _MINUTE_S
        moved = f"Something moved for {minutes:g} min within 24 h, the most for a day"
        yield _Wait(f"{moved}: {_LATER}.", _DAY_S)


_LATER = "the next one when the first of them is 24 h ago"


def _left(wait_s: float, ago_s: float | None) -> float:
    """Return what is left of a wait, 0 when it is over or nothing began it."""
    if ago_s is None:
        return 0.0
    return max(0.0, wait_s - _passed(ago_s))


def _passed(ago_s: float) -> float:
    return max(0.0, ago_s)  # in this order NaN gives 0


def _in(left_s: float) -> str:
    """Say when, rounded up: nobody shall come too early."""
    if left_s < _HOUR_S:
        minutes = math.ceil(left_s / _MINUTE_S)
        return f"in {minutes} minute{'s' * (minutes != 1)}"
    hours = math.ceil(left_s / _HOUR_S)
    return f"in {hours} hour{'s' * (hours != 1)}"
