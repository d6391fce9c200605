"""Run tests in children of this process, which has imported everything once."""

import json
import os
import resource
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.home import live_in

MEMORY_BYTES = 4 << 30  # far above what any test needs
_BROKEN = 70


class Failures:
    """Runs tests of a session and tells which fail."""

    def __init__(self, config: pytest.Config) -> None:
        self._failed = False
        config.pluginmanager.register(self)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what pytest tells of each part of a test."""
        self._failed |= report.failed

    def of(self, item: pytest.Item, after: pytest.Item | None) -> bool:
        """Run a test, take down what the one `after` it does not need; say whether it failed."""
        self._failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        return self._failed


@dataclass(frozen=True, slots=True)
class Child:
    """A process that was forked from this one.

    Attributes:
        number: Its process id; it leads a group of its own.
        home: Its home.
        said: What it returned can be read here.
    """

    number: int
    home: Path
    said: int

    def ended(self, status: int) -> tuple[int, Any]:
        """Clear up behind it; return the signal that ended it, or 0, and what it returned.

        Raises:
            RuntimeError: It could not do its work.
        """
        self.end()
        with os.fdopen(self.said, "rb") as pipe:
            said = pipe.read()
        shutil.rmtree(self.home, ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        if code > 0:
            raise RuntimeError(said.decode(errors="replace"))
        return -code, json.loads(said or b"null")

    def end(self) -> None:
        """End it, and whatever it has left behind."""
        try:
            os.killpg(self.number, signal.SIGKILL)
        except ProcessLookupError:
            return


def fork(work: Callable[[], Any]) -> Child:
    """Do `work` in a child with a home of its own; what it returns must be short, and JSON."""
    home = Path(tempfile.mkdtemp(prefix="dh-"))
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        os.close(reading)
        _live_and_end(work, home, writing)
    os.close(writing)
    return Child(number, home, reading)


def _live_and_end(work: Callable[[], Any], home: Path, writing: int) -> None:
    code, said = _BROKEN, ""
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
        live_in(home)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(home)  # where pytest makes its folders
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        code, said = 0, json.dumps(work())
    except BaseException:  # noqa: BLE001 - nothing may go on in a child but its end
        said = traceback.format_exc()
    finally:
        os.write(writing, said.encode())
        os._exit(code)
