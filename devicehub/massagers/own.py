"""Own: the massager files of this user, beside the library wherever massagers are known.

A wrong file hides nobody else: its massagers do not exist, and `mistakes` says why.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from devicehub.errors import MassagerError
from devicehub.massagers.family import Family, check_vectors
from devicehub.massagers.library import Library, Listed, Packaged, load_file, load_library
from devicehub.massagers.mistakes import Mistakes
from devicehub.massagers.model import Massager
from devicehub.massagers.overlap import overlap
from devicehub.massagers.shelf import own_files


@dataclass(frozen=True, slots=True)
class Own:
    """What stands in this user's folder.

    Attributes:
        massagers: By model name, from the files that are right.
        files: The file of each of them.
        mistakes: By file, what is wrong with those that are not; one line a mistake.
    """

    massagers: Mapping[str, Massager]
    files: Mapping[str, Path]
    mistakes: Mapping[Path, str]


class Known(Listed):
    """The packaged massagers and those of this user; no name and no identity is in both."""

    def __init__(self, packaged: Packaged, own: Mapping[str, Massager]) -> None:
        """Put `own` beside the packaged ones."""
        self._packaged = packaged
        self._own = own
        identities = {model: massager.identify for model, massager in own.items()}
        self.identities = MappingProxyType({**packaged.identities, **identities})

    def __getitem__(self, model: str) -> Massager:
        return self._own[model] if model in self._own else self._packaged[model]

    def __iter__(self) -> Iterator[str]:
        return iter(self.identities)

    def __len__(self) -> int:
        return len(self.identities)

    def __contains__(self, model: object) -> bool:
        return model in self.identities


def known_massagers() -> Library:
    """Return every massager that is known to this user: the packaged ones, and their own."""
    packaged, own = load_library(), load_own().massagers
    return Known(packaged, own) if own else packaged


def known_with(files: Iterable[Path]) -> Library:
    """Return every massager that is known, and those of `files`, which stand before one's own.

    Raises:
        MassagerError: One of `files` is wrong.
    """
    named: dict[str, Massager] = {}
    for path in files:
        named.update(check_file(path).massagers)
    if not named:
        return known_massagers()
    others = {
        model: massager
        for model, massager in load_own().massagers.items()
        if model not in named
        and not any(overlap(massager.identify, one.identify) for one in named.values())
    }
    return Known(load_library(), {**named, **others})


def load_own() -> Own:
    """Return what stands in this user's folder; files are taken in the order of their names."""
    massagers: dict[str, Massager] = {}
    files: dict[str, Path] = {}
    mistakes: dict[Path, str] = {}
    for path in own_files():
        try:
            family = check_file(path)
            _tell_apart(family, massagers, files)
        except MassagerError as error:
            mistakes[path] = str(error)
            continue
        massagers.update(family.massagers)
        files.update(dict.fromkeys(family.massagers, path))
    return Own(massagers, files, mistakes)


def check_file(path: Path) -> Family:
    """Return the family of a file by itself, its vectors held against its frames.

    Raises:
        MassagerError: As `library.load_file`, or a vector is not what its frame gives.
    """
    family = load_file(path)
    check_vectors(family)
    return family


def _tell_apart(family: Family, others: Mapping[str, Massager], files: Mapping[str, Path]) -> None:
    """Refuse a file whose massagers could be taken for those of a file before it."""
    mistakes = Mistakes(family.source)
    for massager in family.massagers.values():
        for model, other in others.items():
            where = f"{model} of {files[model].name}"
            if massager.model == model:
                mistakes.add("model.name", f"must differ from {where}", model)
            elif overlap(massager.identify, other.identify):
                mistakes.add("identify", f"must tell {massager.model} from {where}")
    mistakes.raise_if_any()
