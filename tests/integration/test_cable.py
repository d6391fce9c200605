"""A massager on a cable, in a process of its own: a pseudo-terminal between hub and pad."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from tests.integration.processes import Home, ended, home, until
from tests.oracle import judge
from tests.session_runs import ZONES, shown

pytestmark = pytest.mark.wallclock

SEAT, WHO = "nlr-hf8", "Sam"


@contextmanager
def seat(here: Home) -> Generator[str]:
    """Switch a seat pad on, with somebody who has answered the questions; yield its device."""
    line = here.folder / "line"
    program = "from firmware_sim.cli import main; main()"
    words = ["run", SEAT, "--attach", f"line:{line}", "--tape", str(here.folder / "tape.jsonl")]
    answers = here.folder / "answers.toml"
    answers.write_text("".join(f'{question.id} = "no"\n' for question in questions(load())))
    assert here.run("person", "add", WHO).returncode == 0
    assert here.run("person", "screen", WHO, "--answers", str(answers)).returncode == 0
    with ended(
        subprocess.Popen(
            [sys.executable, "-c", program, *words], env=here.env, stdout=subprocess.PIPE, text=True
        )
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"attached to {line}\n"
        yield f"{SEAT}@{line}"


def test_it_plays_by_a_name_of_ones_own_and_is_left_stopped() -> None:
    with home() as here, seat(here) as device:
        assert here.run("devices", "save", "seat", device).returncode == 0
        done = here.run("play", here.profile(0.1), "--device", "seat", "--person", WHO)
        assert done.returncode == 0, done.stderr
        assert judge(here.tape(SEAT), shown(SEAT), ZONES) == []
        assert here.tape(SEAT).moves
        assert not here.moving(SEAT)


def test_a_killed_hub_leaves_it_stopped() -> None:
    with home() as here, seat(here) as device:
        words = ["play", here.profile(), "--device", device, "--person", WHO]
        with subprocess.Popen(
            [sys.executable, "-m", "devicehub", *words], env=here.env, stdout=subprocess.DEVNULL
        ) as hub:
            until(lambda: here.moving(SEAT), "no motion")
            os.kill(hub.pid, signal.SIGKILL)
        until(lambda: not here.moving(SEAT), "it still moves")
        until(lambda: not here.standing(), "its stop still stands")
