"""The shelf: where the packaged massager files stand. Reads, understands nothing.

Imports nothing of ours, so that the emergency path reaches the files without pydantic.
"""

from importlib.resources import files


def texts() -> tuple[tuple[str, str], ...]:
    """Return name and text of every packaged file, in the order of their names."""
    folder = files("devicehub.massagers").joinpath("library")
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(
        (file.name, file.read_text(encoding="utf-8"))
        for file in found
        if file.name.endswith(".toml")
    )
