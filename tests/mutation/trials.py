"""Try one change after the other: pytest collects once, each change lives in a child of its own."""

import math
import os
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.mutation.apart import Child, Failures, fork
from tests.mutation.covering import measure, read
from tests.mutation.kept import Kept, Outcome
from tests.mutation.mutants import Mutant, activate, mutants

CHILDREN = 2
# A test that takes this much longer has noticed: seconds, and times what it takes otherwise. The
# first two are of the processor, so that a busy machine is none; the other two end a wait.
CPU_S, CPU_TIMES = 2.0, 4.0
REAL_S, REAL_TIMES = 60.0, 100.0

_SLOW = {signal.SIGVTALRM, signal.SIGALRM}
_LATE = 1e6  # how much later a test on real time is asked than one on virtual time
_SAY_S = 30.0


class Trials:
    """A plugin of pytest that tries changes instead of running tests."""

    def __init__(
        self, kept: Kept, files: Sequence[str], every: Sequence[str], upto_s: float = math.inf
    ) -> None:
        """Make them ready.

        Args:
            kept: The outcomes so far.
            files: What is changed.
            every: All of the package, of which the lines are measured.
            upto_s: Ask only tests of up to this length, in seconds of the processor.
        """
        self._upto_s = upto_s
        self.outcomes: list[tuple[Mutant, Outcome]] = []
        self._files = files
        self._every = every
        self._kept = kept
        self._noticed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._children: dict[int, Child] = {}
        self._running: dict[int, tuple[Mutant, int]] = {}
        self._said_s = monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all changes."""
        self._failures = Failures(session.config)
        self._items = {item.nodeid: item for item in session.items}
        self._caches = list(_caches())
        try:
            if not (path := self._kept.covering).exists():
                self._fork(partial(self._measure, session.items, path))
                self._ended()
            self._covering = read(path)
            for mutant in chain.from_iterable(map(mutants, self._files)):
                self._begin(mutant)
            while self._running:
                self._end_one()
        finally:
            for child in self._children.values():
                child.end()
        return True

    def _fork(self, work: Callable[[], object]) -> int:
        child = fork(work)
        self._children[child.number] = child
        return child.number

    def _ended(self) -> tuple[int, int, Any]:
        """Wait for a child; return its number, the signal that ended it, and what it returned."""
        number, status = os.wait()
        return number, *self._children.pop(number).ended(status)

    def _measure(self, items: Sequence[pytest.Item], path: Path) -> None:
        """Find out which tests run which lines. In a child."""
        for clear in self._caches:
            clear()
        measure(items, self._failures, self._every, path)

    def _begin(self, mutant: Mutant) -> None:
        known = self._kept.outcomes.get(mutant.name)
        if known is not None and (known.noticed or known.upto_s >= self._upto_s):
            self.outcomes.append((mutant, known))
            return
        tests = self._asked(mutant, known.upto_s if known is not None else -1.0)
        while len(self._running) >= CHILDREN:
            self._end_one()
        number = self._fork(partial(self._first_to_notice, mutant, tests))
        self._running[number] = mutant, len(tests)

    def _asked(self, mutant: Mutant, after_s: float) -> list[str]:
        """Return the tests that run the changed lines, those that may notice soonest first.

        Those of up to `after_s` have been asked.
        """
        seconds = self._covering.seconds
        function, file = self._noticed[mutant.change.where], self._noticed[mutant.file]
        hint = self._kept.hint(mutant)

        def rank(test: str) -> float:
            late = self._items[test].get_closest_marker("wallclock") is not None
            told = 1.0 + 8.0 * function[test] + file[test]
            return (test != hint) * (seconds[test] / told + _LATE * late)

        tests = self._covering.of(mutant.file, mutant.lines)
        return sorted((one for one in tests if after_s < seconds[one] <= self._upto_s), key=rank)

    def _first_to_notice(self, mutant: Mutant, tests: Sequence[str]) -> str:
        """Return the first test that fails with `mutant`; empty if none does. In a child."""
        for clear in self._caches:
            clear()
        activate(mutant)
        for test, after in pairwise([*tests, None]):
            if test is not None and self._notices(test, after):
                return test
        return ""

    def _notices(self, test: str, after: str | None) -> bool:
        took_s = self._covering.seconds[test]
        signal.setitimer(signal.ITIMER_VIRTUAL, CPU_S + CPU_TIMES * took_s)
        signal.setitimer(signal.ITIMER_REAL, REAL_S + REAL_TIMES * took_s)
        try:
            return self._failures.of(self._items[test], self._items.get(after or ""))
        except BaseException:  # noqa: BLE001 - a change may raise whatever it likes
            return True

    def _end_one(self) -> None:
        number, ended_by, test = self._ended()
        mutant, tests = self._running.pop(number)
        noticed = ""
        if ended_by:
            noticed = "too slow" if ended_by in _SLOW else "crashed"
        elif test:
            noticed = "failed"
            self._noticed[mutant.change.where][test] += 1
            self._noticed[mutant.file][test] += 1
        outcome = Outcome(mutant.name, noticed, test or "", tests, self._upto_s)
        self._kept.add(outcome)
        self.outcomes.append((mutant, outcome))
        self._say(mutant)

    def _say(self, mutant: Mutant) -> None:
        if monotonic() - self._said_s < _SAY_S:
            return
        self._said_s = monotonic()
        alive = sum(not outcome.noticed for _, outcome in self.outcomes)
        line = f"  {len(self.outcomes)} tried, {alive} not noticed so far; now {mutant.file}"
        print(line, flush=True)  # noqa: T201 - a command line of its own


def _caches() -> Iterator[Callable[[], object]]:
    """Yield what empties each cache of the shipped code: what it holds was made unchanged."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("profiles", "devicehub", "firmware_sim")):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    yield clear
