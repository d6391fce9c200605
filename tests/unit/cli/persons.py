"""People for tests of `devicehub person`: a shell of their own, a terminal, answers."""

import io
import sys
from pathlib import Path

import pytest

from devicehub.safety import limits as safety_limits
from devicehub.safety.past import Exposure, Received
from devicehub.safety.screening import questions
from tests.unit.cli.shell import Said, here

USED = Exposure(
    {("rhomboid", "left"): Received(300.0, 1.0), ("spine_lumbar", "midline"): Received(30.0, 0.1)},
    active_s=330.0,
    class_s={"surface_vibration": 330.0},
)


class Shell:
    """A user who has a home of their own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Said:
        return here(self._capsys, "person", *words)


class Terminal(io.StringIO):
    """Lines that somebody types."""

    def isatty(self) -> bool:
        return True


def types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def answers(tmp_path: Path, **but: str) -> str:
    """Return a file that answers every question with no but some."""
    given = {question.id: "no" for question in questions(safety_limits.load())} | but
    file = tmp_path / "answers.toml"
    file.write_text("".join(f'{key} = "{value}"\n' for key, value in given.items() if value))
    return str(file)


def first(kind: str) -> str:
    return next(q.id for q in questions(safety_limits.load()) if q.kind == kind)
