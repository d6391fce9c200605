"""What has come of each change, kept under build/: a run that was ended goes on where it was."""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant
from tests.shipped import ROOT

OWN = Path(__file__).parent
FOLDER = ROOT / "build" / "mutation"
_NO_TREE = "-"
_READ = ("profiles", "devicehub", "firmware_sim", "tests", "docs")
_KINDS = {".py", ".json", ".jsonl", ".toml", ".md"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come of a change.

    Attributes:
        name: The mutant's.
        noticed: "failed", "too slow", "crashed", or "" when no test has noticed.
        test: The test that noticed, or was running.
        tests: How many tests run the changed lines.
        upto_s: Up to which length they were asked, in seconds of the processor.
    """

    name: str
    noticed: str
    test: str
    tests: int
    upto_s: float


class Kept:
    """The outcomes so far. Those of another tree only tell which test to ask first.

    Attributes:
        covering: Where it is kept which tests run which lines, if it is known of this tree.
        outcomes: By the mutant's name.
    """

    def __init__(self, package: str, left: bool = False) -> None:
        """Read them; `left` takes what was noticed in another tree as noticed in this one."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        now = _tree()
        self.covering = FOLDER / f"{package}-covering-{now}.json"
        self._outcomes = FOLDER / f"{package}-outcomes.jsonl"
        self._before = FOLDER / f"{package}-before.jsonl"
        _, self._hints = _read(self._before)
        tree, self.outcomes = _read(self._outcomes)
        if left:
            noticed = {name: one for name, one in self.outcomes.items() if one.noticed}
            self._begin(_NO_TREE, noticed)
        else:
            self._begin(now, self.outcomes if tree == now else {})
        for old in FOLDER.glob(f"{package}-covering-*.json"):
            if old != self.covering:
                old.unlink()

    def hint(self, mutant: Mutant) -> str:
        """Return the test that noticed `mutant` in another tree; empty if none did."""
        hint = self._hints.get(mutant.name)
        return hint.test if hint is not None else ""

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome."""
        self.outcomes[outcome.name] = outcome
        with self._outcomes.open("a", encoding="utf-8") as file:
            print(json.dumps(asdict(outcome)), file=file)

    def _begin(self, tree: str, outcomes: dict[str, Outcome]) -> None:
        self._hints |= self.outcomes
        self.outcomes = outcomes
        _write(self._before, _NO_TREE, self._hints)
        _write(self._outcomes, tree, outcomes)


def _read(path: Path) -> tuple[str, dict[str, Outcome]]:
    """Return the tree that the outcomes are of, and the outcomes."""
    if not path.exists():
        return "", {}
    tree, *lines = path.read_text(encoding="utf-8").splitlines()
    whole = [line for line in lines if line.endswith("}")]  # the last one may be torn
    outcomes = [Outcome(**json.loads(line)) for line in whole]
    return tree, {one.name: one for one in outcomes}


def _write(path: Path, tree: str, outcomes: dict[str, Outcome]) -> None:
    lines = (f"{json.dumps(asdict(one))}\n" for one in outcomes.values())
    path.write_text(f"{tree}\n" + "".join(lines), encoding="utf-8")


def _tree() -> str:
    """Return a name for the state of everything that a test may read."""
    seen = hashlib.sha256(sys.version.encode())
    for folder in _READ:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _KINDS and OWN not in path.parents:
                seen.update(f"{path.relative_to(ROOT)}".encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]
