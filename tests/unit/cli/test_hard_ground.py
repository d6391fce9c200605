"""Closed files, full disks, absurd words: one line, the right exit code, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from devicehub.cli.request import speed_of
from devicehub.keeper.standing import StandingStop, forget, remember
from tests.unit.cli.shell import Said, here
from tests.unmeasured import environment

CAPE = ("play", "taster", "--device", "sim:reference-cape", "--speed", "max", "--minutes", "0.2")


def in_shell(around: str, *words: str) -> Said:
    """Run a command line with what a shell can put around it: ``"{} >&-"``."""
    command = around.format(" ".join([sys.executable, "-m", "devicehub", *words]))
    done = subprocess.run(
        ["sh", "-c", command], env=environment(), capture_output=True, text=True, check=False
    )
    return Said(done.returncode, done.stdout, done.stderr)


# ----------------------------------------------------------------------- words


def test_a_name_that_is_simulated_twice_is_no_model(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "play", "taster", "--device", "sim:sim:reference-cape")
    assert said.code == 2
    assert said.err.startswith("devicehub: model 'sim:reference-cape': no such model")


@pytest.mark.parametrize("text", ["0.01", "10000"])
def test_a_speed_that_is_just_possible(text: str) -> None:
    assert speed_of(text) == float(text)


@pytest.mark.parametrize("text", ["0.0099", "10001", "1e-300", "0", "-1", "nan", "inf", "fast"])
def test_a_speed_that_is_not_possible_is_told_its_range(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"a number from 0\.01 to 10000, or max"):
        speed_of(text)


# ----------------------------------------------------------------------- tapes


@pytest.mark.parametrize("tape", ["/dev/full", "/proc/no", "/"])
def test_a_tape_that_cannot_be_written_is_named_before_anything_moves(
    tape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = here(capsys, *CAPE, "--tape", tape)
    assert said.code == (2 if tape == "/" else 1)
    assert tape in said.err.splitlines()[0]
    assert said.out == ""


@pytest.mark.wallclock
def test_a_tape_that_fills_up_ends_the_session(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    said = in_shell("ulimit -f 8; {}", *CAPE, "--json", "--tape", str(tape))
    assert (said.code, said.err) == (1, f"devicehub: {tape}: File too large\n")
    assert 0 < tape.stat().st_size <= 8 * 1024
    assert '"kind": "snapshot"' in said.out
    assert '"elapsed_s": 11.0' not in said.out


@pytest.mark.wallclock
def test_a_simulator_whose_tape_fills_up_says_so() -> None:
    program = "from firmware_sim.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "run", "reference-cape", "--tape", "/dev/full"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "firmware-sim: /dev/full: No space left on device\n",
    )


# --------------------------------------------------------------- standard files


@pytest.mark.wallclock
def test_without_standard_error_a_session_plays() -> None:
    said = in_shell("{} 2>&-", *CAPE)
    assert said.code == 0
    assert "stopped, confirmed" in said.out


@pytest.mark.wallclock
@pytest.mark.parametrize(
    "words",
    [
        (),
        ("stop",),
        ("profiles", "list"),
        pytest.param(
            ("profiles", "plot", "taster", "--device", "reference-cape"),
            marks=pytest.mark.thorough,
        ),
        ("play", "nothing", "--device", "sim:reference-cape"),
    ],
)
def test_without_any_standard_file_nothing_breaks(words: tuple[str, ...]) -> None:
    said = in_shell("{} <&- >&- 2>&-", *words)
    assert said.code == (2 if "nothing" in words else 0)


@pytest.mark.wallclock
def test_no_other_file_gets_the_place_of_a_closed_one(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = (
        "import os, sys; from devicehub.cli import main; main._hold_standard_files();"
        f"open({str(told)!r}, mode='w').write(str(os.dup(0)))"
    )
    command = ["sh", "-c", 'exec "$0" -c "$1" <&- >&- 2>&-', sys.executable, code]
    subprocess.run(command, env=environment(), check=True)
    assert int(told.read_text()) > 2


@pytest.mark.wallclock
@pytest.mark.parametrize("reader", ["has left", "has no room"])
def test_a_stop_that_nobody_confirmed_says_so_where_its_output_is_closed(reader: str) -> None:
    gone = StandingStop("DH-CAPE", "AA:BB", "reference-cape", "unix:/no/such", (), "Switch it off.")
    remember(gone)
    ours, theirs = os.pipe()
    os.close(ours)
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "devicehub", "stop"],
            env=environment(),
            stdout=theirs if reader == "has left" else full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(theirs)
        os.close(full)
        forget(gone)
    assert done.returncode == 3
    assert done.stderr.startswith("devicehub: DH-CAPE: stop NOT confirmed.")
    assert done.stderr.count("\n") == 1


@pytest.mark.wallclock
def test_stop_whose_reader_has_left_is_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "devicehub", "stop", "--json"]
        done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
