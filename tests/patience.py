"""Patience: how long a test waits for what has to happen; nobody is promised anything by it.

Real processes are as slow as the machine is busy. What is promised in seconds is judged in virtual
time or by a tape's own clock, or measured by `make safety` and `make bench`. A wait ends here only
so that what never happens is told in its own words, before pytest ends the test.
"""

import asyncio
import time
from collections.abc import Callable

PATIENCE_S = 50.0
_LOOK_S = 0.02


def until(what: Callable[[], object], why: str, within_s: float = PATIENCE_S) -> None:
    """Wait until `what` holds; fail with `why` when it never does."""
    end_s = time.monotonic() + within_s
    while not what():
        if time.monotonic() > end_s:
            raise AssertionError(f"waited {within_s:g} s: {why}")
        time.sleep(_LOOK_S)


async def until_then(what: Callable[[], object], why: str) -> None:
    """Let the loop turn until `what` holds; fail with `why` when it never does."""
    end_s = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > end_s:
            raise AssertionError(f"waited {PATIENCE_S:g} s: {why}")
        await asyncio.sleep(_LOOK_S / 4)
