"""Mistakes: what is wrong in one file, collected so that its author hears of all at once."""

import difflib
from collections.abc import Iterable, Sequence

from devicehub.errors import MassagerError

_VALUE_SHOWN = 60


class Mistakes:
    """Collects the mistakes of one file, one line each."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines: list[str] = []

    def add(self, path: str, right: str, value: object = None) -> None:
        """Note that the value at a key path is wrong and what would be right.

        Tables and lists are not shown: their path says where to look.
        """
        shown = (
            "" if value is None or isinstance(value, dict | list | tuple) else f" = {_show(value)}"
        )
        where = f"{self._source}: {path}{shown}" if path else self._source
        line = f"{where}: {right}"
        if line not in self._lines:
            self._lines.append(line)

    def __len__(self) -> int:
        return len(self._lines)

    def error(self) -> MassagerError:
        """Return all that was noted as one error, one line per mistake."""
        return MassagerError("\n".join(self._lines))

    def raise_if_any(self) -> None:
        """Raise all that was noted.

        Raises:
            MassagerError: One line per mistake.
        """
        if self._lines:
            raise self.error()


def key_path(keys: Iterable[int | str]) -> str:
    """Return ``model[0].places[3].x_cm`` for the keys of a place in a file."""
    path = ""
    for key in keys:
        path += f"[{key}]" if isinstance(key, int) else f".{key}"
    return path.removeprefix(".")


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the known word that was probably meant, or all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def _show(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _VALUE_SHOWN else f"{text[:_VALUE_SHOWN]}..."
