"""Which tests run which lines, and how long each of them takes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest
from coverage import Coverage

from tests.mutation.apart import Failures
from tests.shipped import ROOT


@dataclass(frozen=True, slots=True)
class Covering:
    """What one run of all tests, with nothing changed, has shown.

    Attributes:
        seconds: Of the processor, by test.
        tests: By file and line, the tests that run it.
    """

    seconds: dict[str, float]
    tests: dict[str, dict[str, list[str]]]

    def of(self, file: str, lines: range) -> set[str]:
        """Return the tests that run any of `lines`."""
        by_line = self.tests.get(file, {})
        return {test for line in lines for test in by_line.get(str(line), ()) if test}


def measure(
    items: Sequence[pytest.Item], failures: Failures, files: Sequence[str], path: Path
) -> None:
    """Run the tests and keep at `path` what `read` reads.

    Raises:
        RuntimeError: A test fails with nothing changed.
    """
    paths = {file: str(ROOT / file) for file in files}
    tracer = Coverage(data_file=None, config_file=False, include=list(paths.values()))
    seconds: dict[str, float] = {}
    tracer.start()
    for item, after in zip(items, [*items[1:], None], strict=True):
        tracer.switch_context(item.nodeid)
        begun_s = process_time()
        if failures.of(item, after):
            raise RuntimeError(f"{item.nodeid} fails with nothing changed")
        seconds[item.nodeid] = process_time() - begun_s
    tracer.stop()
    found = tracer.get_data()
    tests = {file: found.contexts_by_lineno(where) for file, where in paths.items()}
    path.write_text(json.dumps({"seconds": seconds, "tests": tests}), encoding="utf-8")


def read(path: Path) -> Covering:
    """Return what `measure` has kept at `path`."""
    return Covering(**json.loads(path.read_text(encoding="utf-8")))
