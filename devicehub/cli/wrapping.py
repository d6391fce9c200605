"""Wrapping: sentences on a terminal break between words; whatever else reads gets whole lines."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TextIO

import click

_LEAST = 20
"""Fewer columns hold no words; there the terminal breaks them."""
_MARK = re.compile(r" *(?:- )?")


def say(line: str, mark: str = "", *, err: bool = False) -> None:
    """Print one sentence or more after a mark; what does not fit stands below its first word.

    Args:
        line: What is said, without line ends.
        mark: What it begins with, such as ``"  - "``.
        err: On standard error.
    """
    click.echo(folded(line, mark, _columns(sys.stderr if err else sys.stdout)), err=err)


def fitted(text: str) -> str:
    """Return lines as they fit on standard output, each below its own first word."""
    columns = _columns(sys.stdout)
    return "\n".join(folded(line[len(mark) :], mark, columns) for line, mark in _marked(text))


def folded(line: str, mark: str = "", columns: int | None = None) -> str:
    """Return a line in as many as it needs, none of them wider than the columns.

    Args:
        line: What is said; a word that is wider than a line stays whole.
        mark: What the first line begins with; the others are indented as far.
        columns: Of the terminal; None for no terminal, which folds nothing.
    """
    if columns is None or columns < _LEAST or len(mark) + len(line) <= columns:
        return f"{mark}{line}"
    return textwrap.fill(
        line,
        columns,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _columns(stream: TextIO | None) -> int | None:
    """Return how wide a terminal is; None for what is none, or closed by the shell."""
    if stream is None or not stream.isatty():
        return None
    return shutil.get_terminal_size().columns


def _marked(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line with the mark that it begins with, such as ``"  - "``."""
    for line in text.split("\n"):
        found = _MARK.match(line)
        yield line, found[0] if found is not None else ""
