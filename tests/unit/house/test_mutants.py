"""How changes are tried out: each is made in a child, and nothing of it stays here."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from devicehub.safety.sense import is_fraction
from tests.mutation.apart import fork
from tests.mutation.covering import Covering
from tests.mutation.mutants import Mutant, activate, mutants
from tests.shipped import ROOT

# Python 3.12 and later warn of a fork beside threads; pytest-xdist has one, a run of mutants none.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

SENSE, PRESENCE = "devicehub/safety/sense.py", "devicehub/safety/presence.py"


@pytest.fixture(scope="module")
def some() -> list[Mutant]:
    return list(mutants(SENSE))


def told(work: Callable[[], Any]) -> tuple[int, Any]:
    child = fork(work)
    return child.ended(os.waitpid(child.number, 0)[1])


def test_no_two_changes_have_one_name(some: list[Mutant]) -> None:
    assert len({mutant.name for mutant in some}) == len(some) > 20


def test_a_change_is_made_in_the_child_alone(some: list[Mutant]) -> None:
    (twice,) = [one for one in some if one.change.now.endswith("0.0 <= value <= 2.0")]

    def what_is_a_fraction() -> list[bool]:
        activate(twice)
        return [is_fraction(value) for value in (1.0, 2.0, 2.5)]

    assert told(what_is_a_fraction) == (0, [True, True, False])
    assert not is_fraction(2.0)


def test_a_change_lies_on_the_lines_of_its_statement_alone(some: list[Mutant]) -> None:
    lines = (ROOT / SENSE).read_text(encoding="utf-8").splitlines()
    (head,) = [one for one in some if one.change.was == "if len(demands) != len(counts):"]
    assert [lines[n - 1].strip() for n in head.lines] == ["if len(demands) != len(counts):"]


def test_a_property_is_changed_as_well() -> None:
    assert "devicehub.safety.presence:Presence.asks" in {
        mutant.change.where for mutant in mutants(PRESENCE)
    }


def test_a_child_that_does_not_end_is_ended() -> None:
    def spin() -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)
        while True:
            pass

    assert told(spin) == (signal.SIGVTALRM, None)


def test_a_child_that_cannot_do_its_work_says_so() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        told(lambda: 1 // 0)


def test_the_tests_of_some_lines_are_those_of_any_of_them() -> None:
    covering = Covering({}, {SENSE: {"3": ["", "one"], "4": ["two"], "5": ["three"]}})
    assert covering.of(SENSE, range(3, 5)) == {"one", "two"}
    assert covering.of(SENSE, range(9, 10)) == set()
