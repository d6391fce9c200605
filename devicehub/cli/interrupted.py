"""Interrupted: what SIGINT, SIGTERM and SIGHUP do where no event loop takes them."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

_ENDS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def deaf() -> Generator[None]:
    """Let Ctrl-C and the like wait: a stop is not cancelled."""
    with _taken(signal.SIG_IGN, signal.SIGINT, *_ENDS):
        yield


@contextmanager
def ended_like_ctrl_c() -> Generator[None]:
    """End in an order where a process would be gone at once, and leave a massager behind."""
    with _taken(signal.default_int_handler, *_ENDS):
        yield


@contextmanager
def _taken(by: Any, *numbers: signal.Signals) -> Generator[None]:
    """Have signals taken `by` a handler of the standard library."""
    before = [(number, signal.signal(number, by)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
