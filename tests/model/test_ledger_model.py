"""What the ledger holds is never less than what a body received, however a session ends.

A second small world, beside that of stopping: a session reserves, moves, is killed or stopped, its
keeper stops the motors a little later, and the next session begins. It is explored to its end;
without any one of its protections a body gets more than the ledger knows, or more than its day.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.exhaustive  # the model is no shipped code

DAY_TICKS = 7  # of motion are all that a day has
GRANT_TICKS = 2  # what a reservation lets move
TAIL_TICKS = 1  # of motion after the hub has died, until its keeper has stopped it


@dataclass(frozen=True, slots=True)
class Design:
    """The protections, each of which can be left out."""

    reserves_before_use: bool = True
    keeps_a_tail_back: bool = True
    unclosed_counts_as_used: bool = True
    closes_only_when_stopped: bool = True
    asks_the_ledger_at_the_start: bool = True


class Day(NamedTuple):
    """Everything there is at one moment, in ticks of motion.

    `truth` is what the body got; `closed` and `opened` are the ledger's, `opened` a reservation
    that is not closed; `past`, `used` and `granted` are what a session knows.
    """

    hub: bool = False
    moves: bool = False
    tail: int = 0
    truth: int = 0
    closed: int = 0
    opened: int = 0
    past: int = 0
    used: int = 0
    granted: int = 0


def happens(design: Design, day: Day) -> Iterator[Day]:
    """Yield every day that may come next."""
    if day.tail:
        yield day._replace(tail=day.tail - 1, moves=day.tail > 1, truth=day.truth + 1)
    elif not day.hub:
        yield from _begun(design, day)
    else:
        yield from _played(design, day)


def _begun(design: Design, day: Day) -> Iterator[Day]:
    counted = day.opened if design.unclosed_counts_as_used else 0
    day = day._replace(hub=True, closed=day.closed + counted, opened=0, used=0, granted=0)
    yield day._replace(past=day.closed if design.asks_the_ledger_at_the_start else 0)


def _played(design: Design, day: Day) -> Iterator[Day]:
    if day.granted:
        moved = day._replace(moves=True, truth=day.truth + 1)
        yield moved._replace(used=day.used + 1, granted=day.granted - 1)
    else:
        yield from _reserved(design, day)
    died = day._replace(hub=False, tail=TAIL_TICKS if day.moves else 0)
    yield died
    settled = _settled(day)
    yield settled._replace(hub=False, moves=False)  # stopped, confirmed, closed
    if not design.closes_only_when_stopped:
        yield settled._replace(hub=False, tail=died.tail)


def _reserved(design: Design, day: Day) -> Iterator[Day]:
    tail = TAIL_TICKS if design.keeps_a_tail_back else 0
    granted = min(GRANT_TICKS, DAY_TICKS - tail - day.past - day.used)
    if granted > 0:
        opened = granted + tail if design.reserves_before_use else 0
        yield _settled(day)._replace(granted=granted, opened=opened)


def _settled(day: Day) -> Day:
    """Write down what was used; a session that goes on counts from here."""
    known = day.past + day.used
    return day._replace(closed=day.closed + day.used, opened=0, past=known, used=0)


def harmed(day: Day) -> bool:
    """Say whether a body got more than its day, or more than the ledger will ever know."""
    return day.truth > DAY_TICKS or day.truth > day.closed + day.opened


def explore(design: Design) -> tuple[set[Day], Day | None]:
    """Return every day that was reached, and the first on which harm is done."""
    seen, ahead = {Day()}, deque([Day()])
    while ahead:
        day = ahead.popleft()
        if harmed(day):
            return seen, day
        fresh = [then for then in happens(design, day) if then not in seen]
        seen.update(fresh)
        ahead.extend(fresh)
    return seen, None


def test_the_ledger_holds_what_a_body_got_and_a_day_has_an_end() -> None:
    seen, harm = explore(Design())
    assert harm is None
    assert len(seen) > 50
    assert max(day.truth for day in seen) == DAY_TICKS  # and it is not safe because it is dead


@pytest.mark.parametrize("protection", [field.name for field in fields(Design)])
def test_every_protection_of_the_ledger_is_needed(protection: str) -> None:
    _, harm = explore(replace(Design(), **{protection: False}))
    print(f"\nWithout {protection}: {harm}")  # noqa: T201 - for whoever asks with -s
    assert harm is not None
