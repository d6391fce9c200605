"""The handbook's loader: packaged files, read once and strictly."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from profiles.handbook.entries import Entry, Exercise, Muscle, Oil, Point, Step

E = TypeVar("E", bound=Entry)


@cache
def preparation() -> Mapping[str, Step]:
    """Return the steps of preparation by id, in the order in which a person takes them."""
    return read(_packaged("preparation"), Step)


@cache
def oils() -> Mapping[str, Oil]:
    """Return the oils by id."""
    return read(_packaged("oils"), Oil)


@cache
def points() -> Mapping[str, Point]:
    """Return the points of the article by id, also those that cannot be played."""
    return read(_packaged("points"), Point)


@cache
def muscles() -> Mapping[str, Muscle]:
    """Return the muscles by id."""
    return read(_packaged("muscles"), Muscle)


@cache
def exercises() -> Mapping[str, Exercise]:
    """Return the exercises for the neck by id, in their order."""
    return read(_packaged("exercises"), Exercise)


def read(text: str, kind: type[E]) -> Mapping[str, E]:
    """Return the ``[[entry]]`` tables of a text by id.

    Raises:
        ValueError: It is no TOML, an entry is not as its kind, or two have the same id.
    """
    entries = [kind.model_validate(each) for each in tomllib.loads(text).get("entry", [])]
    found = {entry.id: entry for entry in entries}
    if len(found) != len(entries):
        raise ValueError("two entries have the same id")
    return MappingProxyType(found)


def _packaged(name: str) -> str:
    return (files("profiles.handbook") / f"{name}.toml").read_text(encoding="utf-8")
