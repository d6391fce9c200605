"""The library: every massager that is known, by model; and a family from a file of one's own."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from devicehub.errors import MassagerError
from devicehub.massagers.build import build
from devicehub.massagers.family import Family
from devicehub.massagers.model import Massager
from devicehub.massagers.reading import read
from devicehub.massagers.shelf import texts

Library = Mapping[str, Massager]
"""Massagers by model name."""


@cache
def load_library() -> Library:
    """Return the packaged massagers; the files are read once.

    Raises:
        MassagerError: A packaged file is wrong.
    """
    return MappingProxyType(
        {
            massager.model: massager
            for name, text in texts()
            for massager in load_text(text, name).massagers.values()
        }
    )


def load_file(path: Path) -> Family:
    """Return the family that a file describes.

    Raises:
        MassagerError: The file cannot be read or is wrong; one line per mistake.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MassagerError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MassagerError(f"{path}: is no text in UTF-8") from None
    return load_text(text, str(path))


def load_text(text: str, source: str) -> Family:
    """Return the family that a text describes; `source` is its name in messages.

    Raises:
        MassagerError: It is wrong; one line per mistake.
    """
    return build(read(text, source), source)
