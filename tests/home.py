"""A home of its own for a run of tests: none sees or touches the user's files."""

import os
from pathlib import Path


def live_in(home: Path) -> None:
    """Make `home` the home of this process, and of those that it starts."""
    places = {"HOME": "", "XDG_RUNTIME_DIR": "run"} | {
        f"XDG_{kind.upper()}_HOME": kind for kind in ("config", "data", "state", "cache")
    }
    for variable, folder in places.items():
        (home / folder).mkdir(mode=0o700, exist_ok=True)
        os.environ[variable] = str(home / folder)
