"""A session whose output nobody reads any more stops: nobody watches it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tapes import read_tape

pytestmark = pytest.mark.wallclock


@pytest.mark.parametrize("shape", [[], ["--json"]], ids=["lines", "json"])
def test_a_closed_pipe_stops_the_motors(shape: list[str], tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    words = ["play", "taster", "--device", "sim:reference-cape", "--speed", "20"]
    ours, theirs = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "devicehub", *words, "--tape", str(tape), *shape],
        stdout=theirs,
        stderr=subprocess.PIPE,
    ) as hub:
        os.close(theirs)
        os.read(ours, 1)
        os.close(ours)
        _, said = hub.communicate(timeout=60)
    levels = {move.actuator: move.level for move in read_tape(tape).moves}
    assert b"Traceback" not in said
    assert not any(levels.values())
    assert read_tape(tape).moves[-1].t < 60.0 if levels else True
