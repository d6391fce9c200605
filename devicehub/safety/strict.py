"""Reading a table of limits so that nothing slips through.

Every value is asked for by name and kind. Missing, of another kind, not finite or below zero is an
error that names the file, the key path, the value and what would be right. Nothing has a default:
in a table of limits a default would be a limit that nobody wrote down.
"""

import json
import math
import sys
from collections.abc import Mapping
from typing import NoReturn, cast

from devicehub.errors import SafetyRefusal


class LimitsError(SafetyRefusal):
    """The table of limits is wrong; without it nothing is played."""


class Table:
    """One object of a JSON file, with its place in it for messages."""

    def __init__(self, value: object, source: str, path: str = "") -> None:
        if not isinstance(value, dict):
            raise LimitsError(f"{source}: {path or 'the file'} is {value!r}: must be an object")
        self._items = cast("dict[str, object]", value)
        self._source = source
        self._path = path

    @property
    def names(self) -> tuple[str, ...]:
        """The keys in it, in file order."""
        return tuple(self._items)

    @property
    def where(self) -> str:
        """The file and the place in it, for messages."""
        return f"{self._source}: {self._path or 'the file'}"

    def number(self, key: str, *, most: float = math.inf) -> float:
        """Return a finite number from 0 to `most`."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(key, value, "a number")
        if not 0.0 <= value <= min(most, sys.float_info.max):  # also for whole numbers beyond it
            right = "at least 0" if most == math.inf else f"from 0 to {most:g}"
            self._refuse(key, value, f"finite and {right}")
        return float(value)

    def positive(self, key: str, *, most: float = math.inf) -> float:
        """Return a finite number above 0."""
        value = self.number(key, most=most)
        if value == 0.0:
            self._refuse(key, 0, "above 0")
        return value

    def count(self, key: str) -> int:
        """Return a whole number above 0."""
        value = self.positive(key)
        if not value.is_integer():
            self._refuse(key, value, "a whole number")
        return int(value)

    def degrees(self, key: str) -> float:
        """Return a finite temperature in degrees Celsius, which may lie below 0."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(key, value, "a number")
        if not math.isfinite(value):
            self._refuse(key, value, "finite")
        return float(value)

    def number_or_none(self, key: str) -> float | None:
        """Return a finite number above 0, or None where the file says null."""
        return None if self._value(key) is None else self.positive(key)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            self._refuse(key, value, "true or false")
        return value

    def text(self, key: str, *, one_of: tuple[str, ...] = ()) -> str:
        """Return a text that is not empty, out of `one_of` if that is given."""
        value = self._value(key)
        if not isinstance(value, str) or not value:
            self._refuse(key, value, "a text")
        if one_of and value not in one_of:
            self._refuse(key, value, f"one of {', '.join(one_of)}")
        return value

    def texts(self, key: str, *, of: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts, out of `of` if that is given; may be empty."""
        values = self._list(key)
        for value in values:
            if not isinstance(value, str):
                self._refuse(key, value, "a list of texts")
            if of and value not in of:
                self._refuse(key, value, f"a list out of {', '.join(of)}")
        return tuple(cast("list[str]", values))

    def table(self, key: str) -> "Table":
        """Return the object under `key`."""
        return Table(self._value(key), self._source, self._below(key))

    def tables(self, key: str) -> tuple["Table", ...]:
        """Return the list of objects under `key`."""
        return tuple(
            Table(value, self._source, f"{self._below(key)}[{n}]")
            for n, value in enumerate(self._list(key))
        )

    def only(self, *keys: str) -> None:
        """Refuse keys that nobody reads: a limit that is misspelt would otherwise not exist."""
        for key in self._items:
            if key not in keys:
                self._refuse(key, self._items[key], f"one of the keys {', '.join(keys)}")

    def refuse(self, key: str, right: str) -> NoReturn:
        """Refuse the value under `key`, of the right kind but without sense; `right` has some."""
        self._refuse(key, self._value(key), right)

    def _value(self, key: str) -> object:
        if key not in self._items:
            raise LimitsError(f"{self._source}: {self._below(key)} is missing")
        return self._items[key]

    def _list(self, key: str) -> list[object]:
        value = self._value(key)
        if not isinstance(value, list):
            self._refuse(key, value, "a list")
        return cast("list[object]", value)

    def _refuse(self, key: str, value: object, right: str) -> NoReturn:
        raise LimitsError(f"{self._source}: {self._below(key)} is {value!r}: must be {right}")

    def _below(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def read(text: str, source: str) -> Table:
    """Return the JSON object in `text`.

    Raises:
        LimitsError: It is no JSON object, names a key twice (the later one would win unseen), or
            uses NaN or Infinity, which JSON does not have and Python's reader accepts.
    """

    def pairs(items: list[tuple[str, object]]) -> Mapping[str, object]:
        table = dict(items)
        if len(table) != len(items):
            names = [name for name, _ in items]
            twice = next(name for name in names if names.count(name) > 1)
            raise LimitsError(f"{source}: key {twice!r} appears twice in one object: keep one")
        return table

    def constant(name: str) -> NoReturn:
        raise LimitsError(f"{source}: {name} is not a number: write a finite one")

    try:
        value: object = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise LimitsError(f"{source}, line {error.lineno}: not JSON: {error.msg}") from None
    return Table(value, source)
