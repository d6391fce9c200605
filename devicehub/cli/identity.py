"""Identity: which hub this is, and the secret from which others' names for things are made."""

import secrets
from importlib import metadata
from pathlib import Path

import platformdirs

from devicehub.opaque import kept_secret, opaque
from devicehub.outside import Identity

_BOOT_BYTES = 4


def state() -> Path:
    """Return the folder of this user's state; nothing is made."""
    return platformdirs.user_state_path("devicehub", appauthor=False)


def secret() -> bytes:
    """Return this user's own secret; it is made when it is asked for the first time.

    Raises:
        OSError: It can neither be read nor made.
    """
    return kept_secret(state() / "hub.secret")


def identity(own: bytes, hub: str | None, since_s: float) -> Identity:
    """Return which hub this is: as it was set, or an id that stays the same."""
    boot = secrets.token_hex(_BOOT_BYTES)
    return Identity(hub or opaque(own, "hub", "hub"), boot, since_s, metadata.version("devicehub"))
