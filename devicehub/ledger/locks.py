"""Locks: one session for each person and each massager, across all programs of this user.

The operating system holds them and lets go of them when the program dies, however it dies. The
files are named by a hash and are gone with their lock; those of a killed program mean nothing.
"""

import fcntl
import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from devicehub.errors import SafetyRefusal
from devicehub.ledger.folder import folder
from devicehub.ledger.people import folded

_PERSON = "person {}"
_DEVICE = "device {} {}"
_LONGEST_PID = 20  # characters; nothing longer is read


@contextmanager
def person_lock(name: str) -> Generator[None]:
    """Hold the body of a person for the one session that may play on it.

    Raises:
        SafetyRefusal: Another program holds it; the text says which.
        OSError: The folder of the locks cannot be written.
    """
    with _held(_PERSON.format(folded(name)), f"{name} is in another session"):
        yield


def in_session(name: str) -> bool:
    """Say whether a program holds the body of a person at this moment."""
    return _is_held(_PERSON.format(folded(name)))


def is_driven(address: str, air: str = "") -> bool:
    """Say whether a program holds the massager with that `address` on `air` at this moment."""
    return _is_held(_DEVICE.format(air, address.upper()))


def _is_held(what: str) -> bool:
    try:
        file = os.open(_path(what), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


@contextmanager
def device_lock(address: str, air: str = "") -> Generator[None]:
    """Hold a massager, which has its address on one `air`, for the one session that may drive it.

    Raises:
        SafetyRefusal: Another program holds it; the text says which.
        OSError: The folder of the locks cannot be written.
    """
    with _held(_DEVICE.format(air, address.upper()), f"{address} is driven by another session"):
        yield


@contextmanager
def _held(what: str, refusal: str) -> Generator[None]:
    path = _path(what)
    path.parent.mkdir(exist_ok=True)
    file = _locked(path, refusal)
    try:
        yield
    finally:
        try:
            path.unlink(missing_ok=True)
        finally:
            os.close(file)


def _path(what: str) -> Path:
    return (
        folder() / "locks" / hashlib.sha256(what.encode(errors="surrogateescape")).hexdigest()[:32]
    )


def _locked(path: Path, refusal: str) -> int:
    """Return the locked file of that name, and not one that has lost the name meanwhile."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, _LONGEST_PID, 0).decode(errors="replace") or "starting"
            os.close(file)
            raise SafetyRefusal(
                f"{refusal} (process {holder})\nend that one first: devicehub stop"
            ) from None
        if _is(file, path):
            os.ftruncate(file, 0)
            os.pwrite(file, str(os.getpid()).encode(), 0)
            return file
        os.close(file)


def _is(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
