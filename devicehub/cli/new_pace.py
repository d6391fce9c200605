"""The pace of bursts: one at a time for each user, and a pause after each, whoever asks."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from devicehub.errors import SafetyRefusal
from devicehub.ledger import clock
from devicehub.ledger.moment import Moment

PAUSE_S = 1.0
"""From the end of a burst to where the next one may begin to look for its massager."""
_LONGEST = 100  # bytes; nothing longer is read


@contextmanager
def turn() -> Generator[float]:
    """Hold the one burst of this user; yield the seconds that are left of the pause before it.

    Raises:
        SafetyRefusal: Another burst is under way.
        OSError: The folder of this user's state cannot be written.
    """
    file = os.open(_path(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(file)
        noted = os.pread(file, _LONGEST, 0).decode(errors="replace")
        try:
            yield left_s(noted, clock.now())
        finally:
            _note(file)
    finally:
        os.close(file)


def _lock(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SafetyRefusal("another burst of devices new is under way") from None


def left_s(noted: str, now: Moment) -> float:
    """Return the seconds that are left of the pause, by what was `noted` at the last burst's end.

    What was noted in another boot of this computer, or means nothing, is no burst.
    """
    boot, _, end = noted.partition(" ")
    try:
        since_s = now.boot_s - float(end)
    except ValueError:
        return 0.0
    return max(0.0, PAUSE_S - since_s) if boot == now.boot_id and since_s >= 0.0 else 0.0


def _note(file: int) -> None:
    now = clock.now()
    os.ftruncate(file, 0)
    os.pwrite(file, f"{now.boot_id} {now.boot_s:.3f}".encode(), 0)


def _path() -> Path:
    folder = platformdirs.user_state_path("devicehub", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / "last-burst"
