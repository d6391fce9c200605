"""The clock that goes on while the machine sleeps. The event loop's does not, on most systems."""

import time


def boot_s() -> float:
    """Return seconds since boot, suspended ones included where the system can tell.

    Linux counts them in a clock of its own, macOS in `CLOCK_MONOTONIC`, Windows in the one that
    Python calls monotonic.
    """
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if hasattr(time, "clock_gettime"):
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()
