"""Change the safety packages in small ways, one at a time, and see whether a test notices.

    python -m tests.mutation [PACKAGE|FILE]...     default: safety, ledger and keeper

mutmut works in a copy of the tree under build/mutation, so nothing of it can be left behind here.
A mutant that no test notices is a survivor. Each of them needs its reason in survivors.toml, beside
this file; one without a reason, and a reason without its survivor, end with exit code 1.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.reasons import read_reasons
from tests.mutation.survivors import Survivor, results
from tests.shipped import ROOT

BUILD = ROOT / "build" / "mutation"
COPIED = ("profiles", "devicehub", "firmware_sim", "tests", "docs")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "pyproject.toml")

# A mutant that is caught need not be caught with the smallest example: see tests/conftest.py.
PYTEST = ("-p", "no:xdist", "-p", "no:cacheprovider", "--hypothesis-profile=mutants")
# Which tests have to notice: those of the package, not the hundreds that pass through it.
TESTS = {
    "safety": ("tests/unit/safety",),
    "ledger": ("tests/unit/ledger",),
    "keeper": ("tests/unit/keeper",),
}
# Starts a real process and hands lines on: what tests that takes seconds a time.
LEFT_OUT = ("devicehub/keeper/process.py",)


def say(line: str) -> None:
    """Print a line of the report."""
    print(line, flush=True)  # noqa: T201 - a command line of its own


def main(words: Sequence[str]) -> int:
    """Mutate what is named; return the exit code."""
    wanted = _wanted(words)
    red = False
    for package, files in wanted.items():
        folder = BUILD / package
        _copy(folder, files, TESTS[package])
        ended = _mutate(folder)
        killed, survivors = results(folder)
        red |= _judged(package, killed, survivors, files) or ended != 0
    return int(red)


def _wanted(words: Sequence[str]) -> dict[str, list[str]]:
    """Return the files to mutate by package; a word is a package or the path of a file."""
    wanted: dict[str, list[str]] = {}
    for word in words or [name for name in TESTS if _files(name)]:
        package = word if word in TESTS else Path(word).parent.name
        if package not in TESTS or not (files := _files(package) if word in TESTS else [word]):
            raise SystemExit(f"{word}: must be one of {', '.join(TESTS)}, or a file of theirs")
        wanted.setdefault(package, []).extend(files)
    return wanted


def _files(package: str) -> list[str]:
    paths = sorted((ROOT / "devicehub" / package).glob("*.py"))
    names = [path.relative_to(ROOT).as_posix() for path in paths if path.name != "__init__.py"]
    return [name for name in names if name not in LEFT_OUT]


def _copy(folder: Path, files: Sequence[str], tests: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in PAGES:
        shutil.copy(ROOT / name, folder / name)
    settings: dict[str, Sequence[str]] = {
        "source_paths": ("profiles", "devicehub", "firmware_sim"),
        "only_mutate": files,
        "also_copy": ("tests", "docs", *PAGES),
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": PYTEST,
        # Caught by taking far longer, but not by a processor that is busy for a moment.
        "timeout_multiplier": ("6",),
        "timeout_constant": ("5",),
    }
    lines = [f"{key}=\n" + "".join(f"    {value}\n" for value in settings[key]) for key in settings]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "".join(lines), encoding="utf-8")


def _mutate(folder: Path) -> int:
    """Run mutmut; its line of progress goes through."""
    return subprocess.run(
        [sys.executable, "-m", "mutmut", "run"], cwd=folder, check=False
    ).returncode


def _judged(package: str, killed: int, survivors: Sequence[Survivor], files: Sequence[str]) -> bool:
    """Print the score and what has no reason; return whether that is anything."""
    modules = {file.removesuffix(".py").replace("/", ".") for file in files}
    every, kinds = read_reasons()
    reasons = [reason for reason in every if reason.module in modules]
    open_ones = [one for one in survivors if not any(r.explains(one) for r in (*reasons, *kinds))]
    idle = [r for r in reasons if not any(r.explains(one) for one in survivors)]
    count = killed + len(survivors)
    say(f"\nmutation {package}: {killed} of {count} killed, {_explained(survivors, open_ones)}")
    for one in open_ones:
        say(f"  no test notices, and no reason is given: {one}")
    for reason in idle:
        say(f"  a reason without its survivor: {reason}")
    return bool(open_ones or idle or not count)


def _explained(survivors: Sequence[Survivor], open_ones: Sequence[Survivor]) -> str:
    reasoned = len(survivors) - len(open_ones)
    return f"{reasoned} survive for a written reason, {len(open_ones)} without"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
