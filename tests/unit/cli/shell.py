"""A user's shell: command lines in a process of their own, and in this one."""

import subprocess
import sys
from dataclasses import dataclass

import pytest

from devicehub.cli.main import run

TRACEBACK = "Traceback"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command line left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


def devicehub(*words: str, stdin: str = "") -> Said:
    """Run a command line as a user does."""
    command = [sys.executable, "-m", "devicehub", *words]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def here(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    """Run a command line in this process: the same code, without starting Python."""
    code = run(words)
    said = capsys.readouterr()
    return Said(code, said.out, said.err)
