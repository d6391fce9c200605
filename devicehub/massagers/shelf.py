"""The shelf: where massager files stand, packaged and of this user. Reads, understands nothing.

Imports nothing of ours, so that the emergency path reaches the files without pydantic.
"""

import contextlib
from pathlib import Path

import platformdirs

# Not importlib.resources: it imports zipfile and tempfile, and a stop should start fast.
_LIBRARY = Path(__file__).with_name("library")


def is_packaged(path: Path) -> bool:
    """Say whether a file is one of the packaged ones."""
    return path.resolve().parent == _LIBRARY.resolve()


def texts() -> tuple[tuple[str, str], ...]:
    """Return name and text of every packaged file, in the order of their names."""
    return tuple(
        (file.name, file.read_text(encoding="utf-8")) for file in sorted(_LIBRARY.glob("*.toml"))
    )


def own_folder() -> Path:
    """Return where this user's own massager files stand; nothing is made."""
    return platformdirs.user_config_path("devicehub", appauthor=False) / "massagers"


def own_files() -> tuple[Path, ...]:
    """Return this user's own massager files, in the order of their names."""
    return tuple(sorted(own_folder().glob("*.toml")))


def own_texts() -> tuple[str, ...]:
    """Return the text of each of them that can be read; the others are told of elsewhere."""
    found: list[str] = []
    for file in own_files():
        with contextlib.suppress(OSError, UnicodeDecodeError):
            found.append(file.read_text(encoding="utf-8"))
    return tuple(found)
