"""The two clocks of this computer, read at one place."""

import functools
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

    Linux calls the clock that counts suspend CLOCK_BOOTTIME; macOS has no clock of that name, and
    calls it CLOCK_MONOTONIC.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


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
