"""Identity: which hub this is, and the secret from which others' names for things are made."""

import os
import secrets
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import platformdirs

from devicehub.opaque import opaque
from devicehub.outside import Identity

SECRET_BYTES = 32
_BOOT_BYTES = 4


def secret() -> bytes:
    """Return this user's own secret; it is made when it is asked for the first time.

    Raises:
        OSError: It can neither be read nor made.
    """
    path = _path()
    with suppress(FileNotFoundError):
        kept = path.read_bytes()
        if len(kept) == SECRET_BYTES:
            return kept
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = secrets.token_bytes(SECRET_BYTES)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(file, made)
        os.fsync(file)
    finally:
        os.close(file)
    fresh.replace(path)
    return made


def identity(own: bytes, hub: str | None, since_s: float) -> Identity:
    """Return which hub this is: as it was set, or an id that stays the same."""
    boot = secrets.token_hex(_BOOT_BYTES)
    return Identity(hub or opaque(own, "hub", "hub"), boot, since_s, metadata.version("devicehub"))


def _path() -> Path:
    return platformdirs.user_state_path("devicehub", appauthor=False) / "hub.secret"
