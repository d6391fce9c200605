"""A massager on a cable, in a process of its own: a pseudo-terminal between hub and pad."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from tests.integration.processes import Home, alive, children, ended, home, until
from tests.oracle import judge
from tests.session_runs import ZONES, shown

pytestmark = pytest.mark.wallclock

SEAT = "nlr-hf8"
ONE, OTHER = "Sam", "Robin"  # whoever has had a session has to wait for the next


@dataclass(frozen=True, slots=True)
class Site:
    """A home with a seat pad that is on, and two who have answered the questions."""

    home: Home
    device: str


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with home() as here:
        line = here.folder / "line"
        program = "from firmware_sim.cli import main; main()"
        words = ["run", SEAT, "--attach", f"line:{line}", "--tape", f"{here.folder}/tape.jsonl"]
        answers = here.folder / "answers.toml"
        answers.write_text("".join(f'{question.id} = "no"\n' for question in questions(load())))
        for who in (ONE, OTHER):
            assert here.ask("person", "add", who).returncode == 0
            assert here.ask("person", "screen", who, "--answers", str(answers)).returncode == 0
        with ended(
            subprocess.Popen(
                [sys.executable, "-c", program, *words],
                env=here.env,
                stdout=subprocess.PIPE,
                text=True,
            )
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == f"attached to {line}\n"
            yield Site(here, f"{SEAT}@{line}")


def test_it_plays_by_a_name_of_ones_own_and_is_left_stopped(site: Site) -> None:
    here = site.home
    assert here.ask("devices", "save", "seat", site.device).returncode == 0
    done = here.ask("play", here.profile(0.1), "--device", "seat", "--person", ONE)
    assert done.returncode == 0, done.stderr
    assert judge(here.tape(SEAT), shown(SEAT), ZONES) == []
    assert here.tape(SEAT).moves
    assert not here.moving(SEAT)


def test_a_killed_hub_leaves_it_stopped(site: Site) -> None:
    here = site.home
    words = ["play", here.profile(), "--device", site.device, "--person", OTHER]
    with subprocess.Popen(
        [sys.executable, "-m", "devicehub", *words], env=here.env, stdout=subprocess.DEVNULL
    ) as hub:
        until(lambda: hub.poll() is not None or here.moving(SEAT), "no motion")
        assert hub.poll() is None
        keepers = children(hub.pid)
        hub.kill()
    until(lambda: not here.moving(SEAT), "it still moves")
    until(lambda: not any(map(alive, keepers)), "a keeper is still there")
    assert here.standing() == []
