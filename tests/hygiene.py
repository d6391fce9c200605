"""What this process holds right now, so that a test can be caught leaving something behind.

Asked twice for every test, so it takes the short way to /proc and builds no paths.
"""

# ruff: noqa: PTH109, PTH112, PTH115, PTH123, PTH208 (pathlib takes three times as long)

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator

_TASKS, _FILES = "/proc/self/task", "/proc/self/fd"  # on Linux; elsewhere nothing is listed
GRACE_S = 30.0  # a thread or child that is already ending may take this long on a busy machine

Possessions = dict[str, frozenset[str]]


def possessions() -> Possessions:
    """Return threads, children, open files, signal handlers, environment and working directory."""
    return {
        "thread": frozenset(f"{t.name} ({t.ident})" for t in threading.enumerate()),
        "child process": frozenset(_children()),
        "open file": frozenset(_open_files()),
        "signal handler": frozenset(
            f"{s.name}: {signal.getsignal(s)}" for s in (signal.SIGINT, signal.SIGTERM)
        ),
        "environment": frozenset(
            f"{k}={v}" for k, v in os.environ.copy().items() if k != "PYTEST_CURRENT_TEST"
        ),
        "working directory": frozenset({os.getcwd()}),
    }


def left_behind(before: Possessions, grace_s: float = GRACE_S) -> list[str]:
    """Return what is there that was not there `before`, after a moment of grace."""
    if not _news(before):
        return []
    gc.collect()  # whatever only the collector closes warns, and warnings are errors
    deadline_s = time.monotonic() + grace_s
    while (left := _news(before)) and time.monotonic() < deadline_s:
        time.sleep(0.01)
    return left


def _news(before: Possessions) -> list[str]:
    return [
        f"{kind}: {one}"
        for kind, now in possessions().items()
        for one in sorted(now - before[kind])
    ]


def _children() -> Iterator[str]:
    for task in os.listdir(_TASKS) if os.path.isdir(_TASKS) else ():
        try:
            with open(f"{_TASKS}/{task}/children", encoding="ascii") as children:
                yield from children.read().split()
        except OSError:  # the thread has just ended
            continue


def _open_files() -> Iterator[str]:
    for number in os.listdir(_FILES) if os.path.isdir(_FILES) else ():
        try:
            yield f"{number} -> {os.readlink(f'{_FILES}/{number}')}"
        except OSError:  # the listing's own
            continue
