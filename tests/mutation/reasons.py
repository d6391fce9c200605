"""survivors.toml: why a change that no test notices is none that matters."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed; printed as it would stand in survivors.toml.

    Attributes:
        where: Module and function.
        was: The lines that were changed, without their indentation.
        now: What they were changed to.
    """

    where: str
    was: str
    now: str

    def __str__(self) -> str:
        return f'\n[[survivor]]\nwhere = "{self.where}"\nwas = {self.was!r}\nnow = {self.now!r}'

    @property
    def module(self) -> str:
        """The module it is made in."""
        return self.where.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the changes of one line may survive.

    Attributes:
        where: Module and function.
        was: The line, or several of them.
        now: What it may be changed to, each of them.
        why: The reason.
    """

    where: str
    was: str
    now: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.was} -> {' | '.join(self.now)}"

    @property
    def module(self) -> str:
        """The module it speaks of."""
        return self.where.partition(":")[0]

    def explains(self, change: Change) -> bool:
        """Say whether it speaks of `change`."""
        return (change.where, change.was) == (self.where, self.was) and change.now in self.now


@dataclass(frozen=True, slots=True)
class Kind:
    """Why a kind of change may survive wherever it is made.

    Attributes:
        only_in: What the line must contain, as a pattern.
        blind_to: The pattern without which the line is the same before and after.
        why: The reason.
    """

    only_in: str
    blind_to: str
    why: str

    def explains(self, change: Change) -> bool:
        """Say whether `change` is of this kind."""
        was, now = (re.sub(self.blind_to, "", text) for text in (change.was, change.now))
        return bool(re.search(self.only_in, change.was)) and was.casefold() == now.casefold()


def read_reasons(path: Path = FILE) -> tuple[list[Reason], list[Kind]]:
    """Return what is said of single changes and of kinds of them.

    Raises:
        ValueError: One of them gives no reason.
    """
    said: dict[str, list[dict[str, Any]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    for row in [*said.get("survivor", []), *said.get("kind", [])]:
        if not row["why"].strip():
            raise ValueError(f"{path.name}: {row}: a survivor needs a reason")
    reasons = [_reason(row) for row in said.get("survivor", [])]
    return reasons, [Kind(**row) for row in said.get("kind", [])]


def _reason(row: dict[str, Any]) -> Reason:
    now = (row["now"],) if isinstance(row["now"], str) else tuple(row["now"])
    return Reason(row["where"], row["was"], now, row["why"])
