"""What this process holds right now, so that a test can be caught leaving something behind."""

import gc
import os
import signal
import threading
import time
from collections.abc import Iterable
from pathlib import Path

GRACE_S = 1.0  # a thread or child that is already ending may take this long

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
            f"{k}={v}" for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"
        ),
        "working directory": frozenset({str(Path.cwd())}),
    }


def left_behind(before: Possessions, grace_s: float = GRACE_S) -> list[str]:
    """Return what is there that was not there `before`, after a moment of grace."""
    left = _news(before)
    if left:
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


def _children() -> Iterable[str]:
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            yield from task.read_text(encoding="ascii").split()
        except OSError:  # the thread has just ended
            continue


def _open_files() -> Iterable[str]:
    listing = Path("/proc/self/fd")
    for number in listing.iterdir() if listing.exists() else ():
        try:
            yield f"{number.name} -> {number.readlink()}"
        except OSError:  # the listing's own
            continue
