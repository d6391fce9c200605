"""What mutmut left in its folder: how many mutants were killed, and what the others changed."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KILLED = {"killed", "timeout", "segfault", "caught by type check"}

_LINE = re.compile(r"^\s*(?P<name>\S+): (?P<status>[\w ]+)$", re.MULTILINE)
_NAME = re.compile(
    r"(?P<module>[\w.]+)\.x(?:_(?P<plain>\w+)|ǁ(?P<class>\w+)ǁ(?P<method>\w+))__mutmut_\d+"
)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no test noticed.

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


def results(folder: Path) -> tuple[int, list[Survivor]]:
    """Return how many were killed, and who was not; a mutant that no test reaches was not."""
    said = _python(folder, "-m", "mutmut", "results", "--all", "true")
    outcomes = {match["name"]: match["status"] for match in _LINE.finditer(said)}
    left = [name for name, status in outcomes.items() if status not in KILLED]
    diffs: dict[str, str] = json.loads(_python(folder, "-c", _SHOW, told=json.dumps(left)))
    return len(outcomes) - len(left), [_survivor(name, diffs[name]) for name in left]


# `mutmut show`, for all of them in one process.
_SHOW = """
import json, sys
from mutmut.mutation.diff_apply import get_diff_for_mutant
print(json.dumps({name: get_diff_for_mutant(name) for name in json.load(sys.stdin)}))
"""


def _survivor(name: str, diff: str) -> Survivor:
    lines = diff.splitlines()
    was, now = "\n".join(_of(lines, "-")), "\n".join(_of(lines, "+"))
    return Survivor(_place(name), was, now)


def _of(lines: list[str], sign: str) -> Iterator[str]:
    for line in lines:
        if line.startswith(sign) and not line.startswith(sign * 3):
            yield line[1:].strip()


def _place(name: str) -> str:
    found = _NAME.fullmatch(name)
    if found is None:
        return name
    function = found["plain"] or f"{found['class']}.{found['method']}"
    return f"{found['module']}:{function}"


def _python(folder: Path, *words: str, told: str = "") -> str:
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=folder, input=told, capture_output=True, text=True, check=True
    ).stdout
