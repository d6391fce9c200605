"""Catalogue: reads the tables of words that are bundled."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import cast

from profiles.text import Language

Table = dict[str, dict[str, str]]


@cache
def table(language: Language) -> Table:
    """Return the words of a language by section and key."""
    bundled = files("devicehub.i18n") / f"{language}.toml"
    return cast("Table", tomllib.loads(bundled.read_text(encoding="utf-8")))
