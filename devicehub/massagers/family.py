"""Family: the massagers of one file, and the vectors that prove their frames."""

from collections.abc import Mapping
from dataclasses import dataclass

from devicehub.errors import UsageError
from devicehub.massagers.encode import raw
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Massager


@dataclass(frozen=True, slots=True)
class Vector:
    """Raw levels of one model and the bytes that they must give."""

    model: str
    levels: tuple[int, ...]
    counter: int
    writes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """What one file says. `massagers` by model name, in the file's order."""

    name: str
    source: str
    massagers: Mapping[str, Massager]
    vectors: tuple[Vector, ...]


def check_vectors(family: Family) -> None:
    """Check that every vector of a file gives its bytes.

    Raises:
        MassagerError: One line for each vector that does not.
    """
    mistakes = Mistakes(family.source)
    for number, vector in enumerate(family.vectors):
        massager = family.massagers[vector.model]
        try:
            given = [write.data.hex() for write in raw(massager, vector.levels, vector.counter)]
        except UsageError as error:
            mistakes.add(f"vectors[{number}].levels", str(error))
            continue
        stated = [data.hex() for data in vector.writes]
        if given != stated:
            mistakes.add(
                f"vectors[{number}].writes",
                f"says {' '.join(stated)}, but the frame gives {' '.join(given)}",
            )
    mistakes.raise_if_any()
