"""Catalogue: the profiles that are bundled."""

from importlib.resources import files
from pathlib import Path


def names() -> tuple[str, ...]:
    """Return the names of the bundled profiles, sorted."""
    return tuple(sorted(entry.stem for entry in _folder().glob("*.toml")))


def path(name: str) -> Path:
    """Return the file of a bundled profile.

    Raises:
        KeyError: There is no such profile.
    """
    if name not in names():
        raise KeyError(name)
    return _folder() / f"{name}.toml"


def _folder() -> Path:
    # The distribution is never run from a zip file: its profiles are files that people read.
    return Path(str(files("profiles"))) / "library"
