"""What `make safety` shows: every piece of evidence that the motors stay gentle and always stop.

    python -m tests.evidence [PART]... [--mutants PACKAGE|FILE ...]

Runs the parts one after the other, prints what they print, keeps it in build/safety.txt, and ends
with one line for each. Exit code 1 when a part is red. docs/safety-evidence.md says how to read it.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from tests.shipped import ROOT

REPORT = ROOT / "build" / "safety.txt"
WALKS = 400


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of evidence.

    Attributes:
        shows: What it shows when it is green.
        command: The module that python runs, and its words.
        settings: What it finds in its environment.
    """

    shows: str
    command: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()


PARTS = {
    "matrix": Part(
        "every fault at every moment: at rest within its bound, or somebody is told",
        ("tests.integration.matrix",),
    ),
    "kills": Part(
        "hub, keeper or both killed or hung, 20 of 20 times each", ("tests.integration.kills",)
    ),
    "ledger": Part("killed at 200 points, the ledger holds what was used", ("tests.ledger_kills",)),
    "walks": Part(
        f"{WALKS} walks of a person, a hub and a massager, judged by the table",
        ("pytest", "-q", "-p", "no:cacheprovider", "tests/stateful"),
        (("DEVICEHUB_WALKS", str(WALKS)),),
    ),
    "model": Part(
        "the design explored to its end, and each protection missed",
        ("pytest", "-q", "-s", "-p", "no:cacheprovider", "tests/model"),
    ),
    "coverage": Part("every line and branch of safety, ledger, keeper", ("tests.evidence.lines",)),
    "mutation": Part("every change in them is noticed, or says why not", ("tests.mutation",)),
}


def main(words: Sequence[str]) -> int:
    """Run what is asked for, or all; return the exit code."""
    parser = argparse.ArgumentParser(description="Show the evidence for the safety core.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--mutants", nargs="*", default=[], help="packages or files to mutate")
    asked = parser.parse_args(words)
    if strange := [name for name in asked.parts if name not in PARTS]:
        parser.error(f"{strange[0]}: must be one of {', '.join(PARTS)}")
    REPORT.parent.mkdir(exist_ok=True)
    with REPORT.open("w", encoding="utf-8") as report:
        ends = [
            _run(name, asked.mutants if name == "mutation" else [], report)
            for name in asked.parts or PARTS
        ]
        _say("", report)
        for line, _ in ends:
            _say(line, report)
    _say(f"kept in {REPORT.relative_to(ROOT)}")
    return int(not all(green for _, green in ends))


def _run(name: str, more: Sequence[str], report: TextIO) -> tuple[str, bool]:
    """Run one part; return its line and whether it is green."""
    part = PARTS[name]
    _say(f"\n=== {name}: {part.shows}", report)
    begun_s = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", *part.command, *more],
        cwd=ROOT,
        env=os.environ | dict(part.settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is not None:
        for line in process.stdout:
            _say(line.rstrip("\n").rpartition("\r")[2], report)
    green = process.wait() == 0
    took_s = time.monotonic() - begun_s
    return f"{'green' if green else 'RED  '}  {name:<9} {took_s:6.0f} s  {part.shows}", green


def _say(line: str, report: TextIO | None = None) -> None:
    print(line, flush=True)  # noqa: T201 - a command line of its own
    if report is not None:
        print(line, file=report, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
