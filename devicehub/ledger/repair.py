"""A lost ledger: what is wrong with it, and a new one in its place."""

from dataclasses import dataclass
from pathlib import Path

from devicehub.errors import UsageError
from devicehub.ledger import files
from devicehub.ledger.folder import ledger_path
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.locked import LedgerDamaged, LedgerLocked
from devicehub.ledger.moment import Moment


@dataclass(frozen=True, slots=True)
class Condition:
    """How the ledger is.

    Attributes:
        path: Its file.
        trouble: What is wrong and the way out, in two lines; None if it can be played on.
        people: How many people it knows.
        locked_for_s: How long nobody plays on it yet, because it replaces a lost one; else 0.
    """

    path: Path
    trouble: str | None
    people: int = 0
    locked_for_s: float = 0.0


def condition(now: Moment, path: Path | None = None) -> Condition:
    """Return how the ledger in `path`, or this user's, is; one that is not there is not made."""
    path = ledger_path() if path is None else path
    if not files.leftovers(path):
        return Condition(path, None)
    try:
        with Ledger.open(path) as ledger:
            return Condition(path, None, len(ledger.people()), ledger.locked_for_s(now))
    except LedgerLocked as error:
        return Condition(path, str(error))


def renew(now: Moment, path: Path | None = None) -> tuple[Path, ...]:
    """Put a new ledger in the place of one that cannot be trusted.

    The new one knows nobody, and nobody plays on it for 24 h. A crash on the way leaves a ledger
    that is locked, and the same again finishes it.

    Returns:
        The files that were put aside.

    Raises:
        UsageError: The ledger is sound.
        OSError: A file could not be moved.
        LedgerLocked: The old one may be sound, or the new one could not be written.
    """
    path = ledger_path() if path is None else path
    _refuse_sound(path)
    mark = files.unfinished(path)
    mark.touch()
    files.sync(mark)
    files.sync(path.parent)
    aside = tuple(_aside(old) for old in files.leftovers(path) if old != mark)
    files.make(path, lost_at=now)
    mark.unlink()
    files.sync(path.parent)
    return aside


def _refuse_sound(path: Path) -> None:
    if files.leftovers(path):
        try:
            Ledger.open(path).close()
        except LedgerDamaged:
            return
    raise UsageError(f"{path}: the ledger is sound, nothing has to be done")


def _aside(old: Path) -> Path:
    """Give a file a name under which nobody looks for it, and return that."""
    number = 1
    while (name := old.with_name(f"{old.name}.damaged-{number}")).exists():
        number += 1
    return old.rename(name)
