"""Where the settings of this user are. Light imports."""

from pathlib import Path

import platformdirs


def default_path() -> Path:
    """Return the file that is read when no other is named; nothing is made."""
    return platformdirs.user_config_path("devicehub", appauthor=False) / "config.toml"
