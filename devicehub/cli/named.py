"""Named: what a user calls a profile or a model becomes the thing itself."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

from devicehub.errors import UsageError
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.massagers.own import known_massagers
from profiles import catalogue, loader
from profiles.model import Profile

_SIMULATED = "sim:"


def profile(name_or_file: str) -> Profile:
    """Return a bundled profile by its name, or the one in a file (``.toml``, or with a slash).

    Raises:
        UsageError: There is no bundled profile of that name.
        ProfileError: The file has mistakes.
    """
    return loader.load(profile_path(name_or_file))


def is_file(name_or_file: str) -> bool:
    """Say whether a profile's file is meant, not a bundled name."""
    return name_or_file.endswith(".toml") or os.sep in name_or_file


def profile_path(name_or_file: str) -> Path:
    """Return where a bundled profile or a user's file is.

    Raises:
        UsageError: There is no bundled profile of that name.
    """
    if is_file(name_or_file):
        return Path(name_or_file)
    names = catalogue.names()
    if name_or_file not in names:
        otherwise = f"\nbundled are {', '.join(names)}; a file needs its .toml"
        right = _nearest(name_or_file, names) or otherwise
        raise UsageError(f"profile {name_or_file!r}: no such profile{right}")
    return catalogue.path(name_or_file)


def massager(model: str, library: Library | None = None) -> Massager:
    """Return a model of `library`, or of all that are known; ``sim:MODEL`` means the same model.

    Raises:
        UsageError: There is no such model.
    """
    library = known_massagers() if library is None else library
    wanted = model.removeprefix(_SIMULATED)
    if wanted not in library:
        otherwise = f"\nknown are {', '.join(sorted(library))}"
        right = _nearest(wanted, library) or otherwise
        raise UsageError(f"model {wanted!r}: no such model{right}")
    return library[wanted]


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]}?" if near else ""
