"""The library: every massager that is known, by model; and a family from a file of one's own.

All packaged files are parsed at once, which takes a hundredth of a second; a family is checked and
built when one of its models is first looked up. What tells massagers apart needs no more than that.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from devicehub.errors import MassagerError
from devicehub.massagers.build import build
from devicehub.massagers.claims import too_weak
from devicehub.massagers.family import Family
from devicehub.massagers.identity import Identity
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Massager
from devicehub.massagers.overlap import overlap
from devicehub.massagers.reading import check, parse, read
from devicehub.massagers.shelf import is_packaged, texts
from devicehub.massagers.stopbook import identity_of

Library = Mapping[str, Massager]
"""Massagers by model name."""


class Listed(Library):
    """A library that says who its massagers are, built or not."""

    identities: Mapping[str, Identity]


class Packaged(Listed):
    """The packaged massagers; looking one up raises `MassagerError` if its file is wrong."""

    def __init__(self) -> None:
        """Parse the packaged files."""
        self._tables: dict[str, tuple[str, dict[str, Any]]] = {}
        self._families: dict[str, Family] = {}
        identities: dict[str, Identity] = {}
        for source, text in texts():
            tables = parse(text, source)
            for model in tables["model"]:
                self._tables[model["name"]] = source, tables
                identities[model["name"]] = identity_of(tables, model)
        self.identities = MappingProxyType(identities)

    def __getitem__(self, model: str) -> Massager:
        source, tables = self._tables[model]
        if source not in self._families:
            self._families[source] = build(check(tables, source), source)
        return self._families[source].massagers[model]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, model: object) -> bool:
        return model in self._tables


@cache
def load_library() -> Packaged:
    """Return the packaged massagers; the files are read once.

    Raises:
        MassagerError: A packaged file is no TOML.
    """
    return Packaged()


def identities(library: Library) -> Mapping[str, Identity]:
    """Return who every massager of a library is; nothing is built for it."""
    if isinstance(library, Listed):
        return library.identities
    return {model: massager.identify for model, massager in library.items()}


def load_file(path: Path) -> Family:
    """Return the family that a file describes.

    Raises:
        MassagerError: The file cannot be read or is wrong, one of its massagers could be taken for
            one of the library, or has a weaker class than its layout allows; one line per mistake.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MassagerError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MassagerError(f"{path}: is no text in UTF-8") from None
    family = load_text(text, str(path))
    if not is_packaged(path):
        _hold_against_the_library(family)
    return family


def _hold_against_the_library(family: Family) -> None:
    mistakes = Mistakes(family.source)
    for massager in family.massagers.values():
        for right in too_weak(massager):
            mistakes.add("class", right, massager.stimulus_class)
        for model, identity in load_library().identities.items():
            if massager.model == model:
                mistakes.add("model.name", "must not be that of a packaged massager", model)
            elif overlap(massager.identify, identity):
                mistakes.add(
                    "identify",
                    f"must tell {massager.model} from {model} of the library: an advertisement "
                    "fits both",
                )
    mistakes.raise_if_any()


def load_text(text: str, source: str) -> Family:
    """Return the family that a text describes; `source` is its name in messages.

    Raises:
        MassagerError: It is wrong; one line per mistake.
    """
    return build(read(text, source), source)
