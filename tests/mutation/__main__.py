"""Change the safety packages in small ways, one at a time, and see whether a test notices.

    python -m tests.mutation [--quick] [--left] [PACKAGE|FILE]...     default: all three packages

A change that no test notices is a survivor. Each of them needs its reason in survivors.toml, beside
this file; one without a reason, and a reason without its survivor, end with exit code 1.

Two words are for work on tests, and give no evidence. --quick asks only the tests that take a
moment; the next run without it asks the others. --left tries only what was not noticed last time.
"""

import math
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.mutation.kept import Kept
from tests.mutation.reasons import read_reasons
from tests.mutation.table import judged
from tests.mutation.trials import Trials
from tests.shipped import ROOT

# A change that is noticed need not be noticed with the smallest example: see tests/conftest.py.
# A child that is too slow is ended by `Trials`, by the time of the processor.
PYTEST = (
    *("-qq", "-s", "-p", "no:xdist", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"),
    *("-o", "timeout=0", "-o", "tmp_path_retention_policy=none"),
)
# Which tests have to notice: those of the package, not the hundreds that pass through it.
TESTS = {
    "safety": ("tests/unit/safety",),
    "ledger": ("tests/unit/ledger",),
    "keeper": ("tests/unit/keeper",),
}
# The first starts a real process and hands lines on: what tests that takes seconds a time. The
# others are of the past that people look at: what is allowed never depends on it.
LEFT_OUT = (
    "devicehub/keeper/process.py",
    "devicehub/ledger/history.py",
    "devicehub/ledger/history_file.py",
    "devicehub/ledger/history_rows.py",
)
NICE = 19
QUICK_S = 0.05


def main(words: Sequence[str]) -> int:
    """Change what is named; return the exit code."""
    os.nice(NICE)
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the children as well
    upto_s, left = QUICK_S if "--quick" in words else math.inf, "--left" in words
    words = [word for word in words if word not in {"--quick", "--left"}]
    reasons, kinds = read_reasons()
    red = False
    for package, files in _wanted(words).items():
        trials = Trials(Kept(package, left), files, _files(package), upto_s)
        if (code := pytest.main([*PYTEST, *TESTS[package]], [trials])) != 0:
            return int(code)
        red |= judged(package, trials.outcomes, reasons, kinds)
    return int(red)


def _wanted(words: Sequence[str]) -> dict[str, list[str]]:
    """Return the files to change by package; a word is a package or the path of a file."""
    wanted: dict[str, list[str]] = {}
    for word in words or TESTS:
        package = word if word in TESTS else Path(word).parent.name
        if package not in TESTS or not (files := _files(package) if word in TESTS else [word]):
            raise SystemExit(f"{word}: must be one of {', '.join(TESTS)}, or a file of theirs")
        wanted.setdefault(package, []).extend(files)
    return wanted


def _files(package: str) -> list[str]:
    paths = sorted((ROOT / "devicehub" / package).glob("*.py"))
    names = [path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py"]
    return [name for name in names if name not in LEFT_OUT]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
