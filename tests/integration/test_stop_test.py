"""`doctor --stop-test` on simulators of another process, judged by their tapes."""

import json
import subprocess
import sys

import pytest

from tests.integration.processes import ADVERTISED, CAPE, VEST, Home, home
from tests.patience import PATIENCE_S
from tests.tapes import Tape

pytestmark = pytest.mark.wallclock

REFUSED, MISTAKE = 4, 2


def bursts(tape: Tape) -> list[float]:
    """Return how long it moved each time, in seconds."""
    moving: set[int] = set()
    lengths: list[float] = []
    since_s = 0.0
    for move in tape.moves:
        since_s = since_s if moving else move.t
        moving = moving | {move.actuator} if move.level else moving - {move.actuator}
        if not moving:
            lengths.append(move.t - since_s)
    return lengths


def stop_test(here: Home, device: str, *words: str, answer: str = "") -> dict[str, object]:
    command = [sys.executable, "-m", "devicehub", "doctor", "--stop-test", device, "--json"]
    done = subprocess.run(
        [*command, "--off-body", *words],
        env=here.env,
        input=answer,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.thorough
def test_a_vest_that_latches_moves_in_bursts_at_its_lowest_step_and_is_left_stopped() -> None:
    with home() as here, here.simulator(VEST):
        found = stop_test(here, ADVERTISED[VEST], "--air", here.air, answer="what?\nr\n")
        tape = here.tape(VEST)
        shown = json.loads(here.run("devices", "show", VEST, "--json").stdout)
        left = (here.standing(), here.sockets(), here.moving(VEST))
    assert (found["on_lost_link"], found["seen_by"]) == ("runs on", "person")
    assert (found["simulated"], found["stops_asked"]) == (True, 5)
    assert max(move.level for move in tape.moves) == 1
    *timed, cut = bursts(tape)
    assert len(timed) == 5
    assert max(timed) < cut  # nobody was left to stop it
    assert left == ([], [], False)
    assert "runs on when the link is lost" in shown["evidence"][-1]
    assert shown["stops_on_disconnect"] == "unknown"  # of the model, which nobody measured


def test_a_cape_says_itself_that_it_stops_without_a_link() -> None:
    with home() as here:
        who = here.introduced()
        found = stop_test(here, f"sim:{CAPE}", "--person", who)
        assert here.standing() == []
        assert "sessions   none within 24 h" in here.ask("person", "show", who).stdout
    assert (found["on_lost_link"], found["seen_by"]) == ("stops", "status")
    assert found["firmware"] == "1.0.0"


@pytest.mark.thorough
def test_a_stop_test_that_is_terminated_leaves_nothing_behind() -> None:
    with home() as here:
        words = (
            "doctor",
            "--stop-test",
            f"sim:{CAPE}",
            "--off-body",
            "--person",
            here.introduced(),
        )
        command = [sys.executable, "-m", "devicehub", *words]
        with subprocess.Popen(command, env=here.env, stderr=subprocess.PIPE, text=True) as doctor:
            assert doctor.stderr is not None
            until_burst = iter(doctor.stderr)
            assert any("burst 1 of 5" in line for line in until_burst)
            doctor.terminate()
            assert "interrupted" in "".join(until_burst)
        assert (doctor.returncode, here.standing(), here.sockets()) == (1, [], [])


def test_it_is_refused_while_nobody_says_that_the_massager_lies_off_the_body() -> None:
    with home() as here:
        said = here.ask("doctor", "--stop-test", f"sim:{CAPE}")
        assert said.returncode == REFUSED
        assert "say so, or --off-body" in said.stderr
        mixed = here.ask("doctor", "--stop-test", f"sim:{CAPE}", "--off-body", "--air", here.air)
        assert (mixed.returncode, mixed.stderr.count("\n")) == (MISTAKE, 1)


@pytest.mark.thorough
def test_a_drill_of_another_model_moves_nothing() -> None:
    with home() as here, here.simulator(CAPE):
        said = here.run(
            *("drill", here.profile(0.5), "DH-CAPE", VEST, "--air", here.air, "--times", "1")
        )
        tape = here.tape(CAPE)
    assert "it is a reference-cape, not a bhaptics-x40" in said.stdout
    assert not tape.moves
