"""Where the ledger and its locks are: a folder of this user that nobody else can look into."""

from pathlib import Path

import platformdirs

LEDGER_NAME = "ledger.sqlite"


def folder() -> Path:
    """Return the folder of the ledger, made if it is not there.

    Raises:
        OSError: It cannot be made.
    """
    home = _place()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    return home


def ledger_place() -> Path:
    """Return where the ledger of this user is, or would be; nothing is made."""
    return _place() / LEDGER_NAME


def _place() -> Path:
    return platformdirs.user_state_path("devicehub", appauthor=False) / "ledger"


def ledger_path() -> Path:
    """Return where the ledger of this user is, or will be.

    Raises:
        OSError: Its folder cannot be made.
    """
    return folder() / LEDGER_NAME
