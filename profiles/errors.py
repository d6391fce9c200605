"""The one error of this package."""

from collections.abc import Sequence
from typing import NamedTuple


class Told(NamedTuple):
    """One mistake in a file: its line if it has one, its key path, and what would be right."""

    line: int | None
    key: str
    text: str


class ProfileError(Exception):
    """A profile, or what was asked of it, is wrong.

    The text has at most two lines for each mistake: where, what stands there, what would be right.

    Attributes:
        told: The same, mistake by mistake, where they are those of keys in a file.
    """

    def __init__(self, text: str, told: Sequence[Told] = ()) -> None:
        super().__init__(text)
        self.told = tuple(told)
