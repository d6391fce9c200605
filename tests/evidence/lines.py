"""Every line and branch of the safety packages is run by a test, or uncovered.toml says why not.

    python -m tests.evidence.lines [--measured]

Measures the tests of these packages, those in processes of their own included; with --measured,
looks at what a run of the whole suite has left.
"""

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.shipped import ROOT

FILE = Path(__file__).with_name("uncovered.toml")
PACKAGES = ("devicehub/safety/*", "devicehub/ledger/*", "devicehub/keeper/*")
TESTS = (
    "tests/unit/safety",
    "tests/unit/ledger",
    "tests/unit/keeper",
    "tests/unit/session",
    "tests/unit/cli",
    "tests/integration/test_keeper_pipe.py",
    "tests/integration/test_keeper_deaths.py",
    "tests/integration/test_ledger.py",
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A line that no test runs, or a branch that none takes.

    Attributes:
        file: Where.
        line: Its number, for people.
        text: The line itself; a branch is where it begins.
    """

    file: str
    line: int
    text: str


def main(words: Sequence[str]) -> int:
    """Print the gaps that have no reason; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        setting = os.environ | ({} if "--measured" in words else _measured(Path(folder)))
        found = list(_gaps(_report(Path(folder), setting)))
    reasons = {(row["file"], row["line"]): row["why"] for row in _reasons()}
    open_ones = [gap for gap in found if not reasons.get((gap.file, gap.text), "").strip()]
    idle = set(reasons) - {(gap.file, gap.text) for gap in found}
    for gap in open_ones:
        _say(f"{gap.file}:{gap.line}: no test runs, or takes every way from: {gap.text}")
    for file, line in sorted(idle):
        _say(f"{file}: a reason without its gap: {line}")
    _say(f"coverage: {len(found)} gaps, {len(open_ones)} of them without a reason")
    return int(bool(open_ones or idle))


def _measured(folder: Path) -> dict[str, str]:
    """Run the tests and return where their measurements are."""
    setting = {"COVERAGE_FILE": str(folder / "measured")}
    run = ["-m", "coverage", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2"]
    _python(*run, *[test for test in TESTS if (ROOT / test).exists()], setting=os.environ | setting)
    _python("-m", "coverage", "combine", "-q", str(folder), setting=os.environ | setting)
    return setting


def _report(folder: Path, setting: dict[str, str]) -> dict[str, Any]:
    path = folder / "report.json"
    include = f"--include={','.join(PACKAGES)}"
    words = ("-m", "coverage", "json", "-q", "--fail-under=0", include, "-o", str(path))
    _python(*words, setting=setting)
    return json.loads(path.read_text(encoding="utf-8"))["files"]


def _gaps(files: dict[str, Any]) -> Iterator[Gap]:
    for file, said in sorted(files.items()):
        lines: list[str] = (ROOT / file).read_text(encoding="utf-8").splitlines()
        numbers: set[int] = {
            *said["missing_lines"],
            *(begin for begin, _ in said["missing_branches"]),
        }
        yield from (Gap(file, number, lines[number - 1].strip()) for number in sorted(numbers))


def _reasons() -> list[dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8")).get("line", [])


def _python(*words: str, setting: dict[str, str]) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, env=setting, check=True)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line of its own


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
