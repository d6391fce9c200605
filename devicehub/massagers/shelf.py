"""The shelf: where the packaged massager files stand. Reads, understands nothing.

Imports nothing of ours, so that the emergency path reaches the files without pydantic.
"""

from pathlib import Path

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
