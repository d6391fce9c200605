"""A massager of one's own that is on a cable: its file makes the firmware at the end of a line."""

import shutil
import subprocess
import sys

import pytest

from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from tests.integration.processes import ended, home
from tests.session_runs import profile_file
from tests.unit.massagers.test_whitelist import INVENTED

pytestmark = [pytest.mark.wallclock, pytest.mark.thorough]

OWN, WHO = "cable-pad", "Sam"
LEGS = {
    "technique": "vibration",
    "zones": ["thigh_posterior", "gluteal"],
    "seconds": 6,
    "level": 0.4,
}
PROGRAM = "from firmware_sim.cli import main; main()"


def test_it_plays_on_a_line_and_is_left_stopped() -> None:
    with home() as here:
        mine = here.folder / "config" / "devicehub" / "massagers" / f"{OWN}.toml"
        mine.parent.mkdir(parents=True)
        shutil.copy(INVENTED / mine.name, mine)
        answers = here.folder / "answers.toml"
        answers.write_text("".join(f'{question.id} = "no"\n' for question in questions(load())))
        assert here.ask("person", "add", WHO).returncode == 0
        assert here.ask("person", "screen", WHO, "--answers", str(answers)).returncode == 0
        line, tape = here.folder / "line", here.folder / "tape.jsonl"
        words = ["run", "--file", str(mine), "--attach", f"line:{line}", "--tape", str(tape)]
        pad = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words], env=here.env, stdout=subprocess.PIPE, text=True
        )
        with ended(pad):
            assert pad.stdout is not None
            assert pad.stdout.readline() == f"attached to {line}\n"
            play = ("play", str(profile_file(here.folder, LEGS)), "--device", f"{OWN}@{line}")
            done = here.ask(*play, "--person", WHO)
        assert done.returncode == 0, done.stderr
        assert {move.actuator for move in here.tape(OWN).moves} == {0, 1}
        assert not here.moving(OWN)
        assert here.standing() == []
