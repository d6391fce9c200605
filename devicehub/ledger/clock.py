"""The two clocks of this computer, read at one place."""

import functools
import sys
import time
import uuid
from pathlib import Path

from devicehub.ledger.moment import Moment

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def now() -> Moment:
    """Return this instant by the wall clock and by the clock that also counts suspend."""
    return Moment(
        wall_s=time.time(),  # noqa: TID251 - the border at which wall time comes in
        boot_s=boot_s(),
        boot_id=_boot_id(),
    )


def boot_s() -> float:
    """Return the seconds since this computer started.

    macOS calls the clock that counts suspend CLOCK_MONOTONIC. Windows has none within reach: there
    suspended time does not count as passed, which can only lengthen a day.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


@functools.cache
def _boot_id() -> str:
    """Return which boot this is.

    Where the system does not tell, every start of the program counts as a boot of its own; between
    two of them the wall clock alone counts.
    """
    try:
        return _LINUX_BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"process {uuid.uuid4().hex}"
