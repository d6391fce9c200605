"""Admission: whether a session may begin now, and if not, when.

It looks at what lies behind: other sessions, discomfort, the day. What happens within a session is
the governor's. An age that makes no sense counts as no time passed at all.
"""

import math
from collections.abc import Collection, Iterator

from devicehub.safety.limits import Limits
from devicehub.safety.past import Past
from devicehub.safety.restrictions import Restrictions

_MINUTE_S = 60.0
_HOUR_S = 3600.0


def refusals(
    limits: Limits, past: Past, restrictions: Restrictions, classes: Collection[str]
) -> tuple[str, ...]:
    """Return why no session may begin now; empty if one may.

    Args:
        limits: The table, tightened as the person wishes.
        past: What the ledger remembers of the person.
        restrictions: What their answers take away.
        classes: Stimulus classes of the massagers.

    Returns:
        One sentence for each reason: what it is, and when or how it goes away.
    """
    return (
        *_ruled_out(restrictions, classes),
        *_after_discomfort(limits, past),
        *_after_a_session(limits, past),
        *_of_the_day(limits, past),
    )


def _ruled_out(restrictions: Restrictions, classes: Collection[str]) -> Iterator[str]:
    for name in sorted(restrictions.forbidden_classes.intersection(classes)):
        why = ", ".join(restrictions.reasons.get("", ()))
        yield f"Your answers rule out a massager of the class {name} ({why}); take another one."


def _after_discomfort(limits: Limits, past: Past) -> Iterator[str]:
    rules = limits.admission
    reports = [_passed(ago_s) for ago_s in past.severe_ago_s]
    if len(reports) >= rules.severe_reports_that_lock:
        if left_s := _left(rules.lock_s, min(reports)):
            yield f"It hurt {len(reports)} times within a day: the next session {_in(left_s)}."
    elif reports and (left_s := _left(rules.gap_after_severe_s, min(reports))):
        yield f"It hurt: the next session {_in(left_s)}."
    if not past.severe_acknowledged:
        yield "It hurt: go on only when all is well, after `devicehub person acknowledge NAME`."
    if left_s := _left(rules.gap_after_mild_s, past.mild_ended_ago_s):
        yield f"It was uncomfortable twice: the next session {_in(left_s)}."


def _after_a_session(limits: Limits, past: Past) -> Iterator[str]:
    rules = limits.admission
    gap_s = min(rules.gap_at_most_s, rules.gap_per_active * past.last_active_s)
    if left_s := _left(gap_s, past.last_ended_ago_s):
        yield f"The last session was a short while ago: the next one {_in(left_s)}."


def _of_the_day(limits: Limits, past: Past) -> Iterator[str]:
    most = limits.admission.max_sessions
    if past.sessions >= most:
        yield f"There were {past.sessions} sessions within 24 h, and {most} are the most: {_LATER}."
    if not past.exposure.active_s < limits.daily.max_active_s:
        minutes = limits.daily.max_active_s / _MINUTE_S
        yield f"Something moved for {minutes:g} min within 24 h, the most for a day: {_LATER}."


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
