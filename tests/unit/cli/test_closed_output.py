"""A session whose output nobody reads any more stops and ends: nobody watches it."""

import fcntl
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.tapes import read_tape
from tests.unmeasured import environment

pytestmark = pytest.mark.wallclock

CAPE = ("play", "taster", "--device", "sim:reference-cape")
ONE_PAGE = 4096  # bytes: the smallest pipe of Linux


def start(
    tape: Path, *words: str, stdout: int, stderr: int = subprocess.PIPE
) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "devicehub", *CAPE, "--tape", str(tape), *words]
    return subprocess.Popen(
        command, env=environment(), stdout=stdout, stderr=stderr, stdin=subprocess.DEVNULL
    )


def last_move_s(tape: Path) -> float:
    """Return when the last motor stopped, after a look that all did."""
    moves = read_tape(tape).moves
    assert moves
    assert not any({move.actuator: move.level for move in moves}.values())
    return moves[-1].t


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param([], id="lines"),
        pytest.param(["--json"], id="json", marks=pytest.mark.thorough),
    ],
)
def test_a_closed_pipe_stops_the_motors(shape: list[str], tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    ours, theirs = os.pipe()
    with start(tape, "--minutes", "20", "--speed", "20", *shape, stdout=theirs) as hub:
        os.close(theirs)
        os.read(ours, 1)
        os.close(ours)
        _, said = hub.communicate(timeout=PATIENCE_S)
    assert said.decode().splitlines()[0] == "devicehub: the output was closed"
    assert hub.returncode == 1
    if read_tape(tape).moves:
        assert last_move_s(tape) < 1100.0


@pytest.mark.thorough
@pytest.mark.parametrize("aside", [True, False], ids=["errors are read", "nothing is read"])
def test_a_pipe_that_nobody_reads_neither_hangs_nor_hides_the_end(
    aside: bool, tmp_path: Path
) -> None:
    tape = tmp_path / "tape.jsonl"
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, ONE_PAGE)
    stderr = subprocess.PIPE if aside else theirs
    with start(tape, "--speed", "max", "--json", stdout=theirs, stderr=stderr) as hub:
        os.close(theirs)
        _, said = hub.communicate(timeout=PATIENCE_S)
        os.close(ours)
    assert hub.returncode == 1
    last_move_s(tape)
    if aside:
        told = said.decode().splitlines()
        assert told[0] == "devicehub: nobody reads the output"
        assert told[1].startswith("sim:reference-cape: stopped, confirmed")


def test_a_terminal_that_nobody_reads_does_not_hold_up_the_session(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    termios.tcflow(theirs, termios.TCOOFF)  # what Ctrl-S does
    with start(tape, "--speed", "20", stdout=theirs) as hub:
        _, said = hub.communicate(timeout=PATIENCE_S)
    os.close(ours)
    os.close(theirs)
    assert hub.returncode == 1
    assert said.decode().splitlines()[0] == "devicehub: nobody reads the output"
    assert last_move_s(tape) == pytest.approx(90.0, abs=2.0)


def test_without_any_output_nothing_begins(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    code = (
        "import os, sys; os.close(1);"
        "os.execv(sys.executable, [sys.executable, '-m', 'devicehub', *sys.argv[1:]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *CAPE, "--tape", str(tape)],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("devicehub: standard output is closed")
    assert not tape.exists()
