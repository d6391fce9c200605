"""`devices new`, walked through on a real terminal, with a massager that nobody knows."""

import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.integration.processes import Home, alive, children, home, until
from tests.unit.cli.test_terminal import Terminal, terminal
from tests.unit.massagers.test_whitelist import INVENTED

pytestmark = pytest.mark.wallclock

FILE = str(INVENTED / "plain-wand.toml")
MODEL = "plain-wand"
OFF_BODY = "Type yes, or s to leave it"
# What is asked, and what its author types.
DESCRIBED = (
    ("Which one is it?", "1"),
    ("Which of them takes levels?", "1"),
    ("How many motors", "1"),
    ("the strongest", "b"),
    ("How many motors", "1"),
    ("the strongest", "10"),
    ("Level frame?", "5A {0} {xor}"),
    ("Stop frame?", "5A 00 {xor}"),
    ("held in the hand", "y"),
    ("Class?", ""),
    ("What shall it be called?", "my-wand"),
)


def say(shown: Terminal, question: str, answer: str) -> None:
    shown.until(question)
    shown.until("]" if question != OFF_BODY else "leave it")
    shown.seen = shown.seen.partition(question)[2]
    shown.press(f"{answer}\n")


@contextmanager
def described() -> Generator[tuple[Home, Terminal, "subprocess.Popen[str]"]]:
    """Yield a walk that has come to where the massager is tried."""
    with home() as here, here.simulator("--file", FILE) as simulator:
        walk = ("devices", "new", "--air", here.air)
        with terminal(*walk, **here.env) as shown:
            for question, answer in DESCRIBED:
                say(shown, question, answer)
            shown.until(OFF_BODY)
            yield here, shown, simulator


def test_a_walk_ends_with_a_file_that_plays() -> None:
    with described() as (here, shown, _):
        say(shown, OFF_BODY, "maybe")
        say(shown, OFF_BODY, "yes")
        say(shown, "Did it move, and stop again?", "y")
        say(shown, "The next level?", "n")
        shown.until("is right. It was tried off the body.")
        assert shown.ended() == 0
        tape = here.tape(MODEL)
        assert [move.level for move in tape.moves] == [1, 0]
        assert {said for _, _, said in tape.writes} == {"5a015b", "5a005a"}
        assert here.standing() == []
        file = here.folder / "config" / "devicehub" / "massagers" / "my-wand.toml"
        assert "moved at level 1 and stopped" in file.read_text(encoding="utf-8")
        checked = here.ask("devices", "check", str(file))
        assert (checked.returncode, checked.stderr) == (0, "")
        play = ("play", "taster", "--device", "sim:my-wand", "--zone", "gluteal", "--speed", "max")
        assert here.ask(*play).returncode == 0


@pytest.mark.thorough
def test_a_walk_that_is_left_leaves_no_file_and_nothing_running() -> None:
    with described() as (here, shown, _):
        say(shown, OFF_BODY, "yes")
        shown.until("\n")
        shown.child.send_signal(signal.SIGINT)
        shown.ended()
        assert here.levels(MODEL) == [0]
        assert here.standing() == []
        assert not [*(here.folder / "config").rglob("*.toml")]


@pytest.mark.thorough
def test_a_stop_that_nobody_confirms_is_an_alarm_and_its_file_stays() -> None:
    with described() as (here, shown, simulator):
        say(shown, OFF_BODY, "yes")
        # Stops, while it connects and waits; the soft start of the strictest class takes seconds.
        until(lambda: here.tape(MODEL).writes, "no stop was written")
        simulator.kill()
        shown.until("Switch it off")
        assert shown.ended() == 3
        assert here.standing() == ["my-wand"]
        assert [path.name for path in (here.folder / "config").rglob("*.toml")] == ["my-wand.toml"]


def tryouts(shown: Terminal) -> list[int]:
    """Return the processes that hold the link of a burst."""
    words = {pid: Path(f"/proc/{pid}/cmdline") for pid in children(shown.child.pid)}
    return [pid for pid, said in words.items() if b"tryout" in said.read_bytes().split(b"\0")]


@pytest.mark.thorough
def test_a_walk_that_is_killed_in_a_burst_leaves_nothing_running() -> None:
    with described() as (here, shown, _):
        tryout = in_motion(here, shown)
        shown.child.kill()
        shown.ended()
        until(lambda: not alive(tryout), "the burst does not end")
        assert here.levels(MODEL) == [0]
        until(lambda: here.let_go(MODEL), "somebody is still connected")
        assert here.standing() == []


@pytest.mark.thorough
def test_what_a_killed_burst_leaves_is_stopped_over_the_air() -> None:
    with described() as (here, shown, _):
        say(shown, OFF_BODY, "yes")
        until(here.standing, "nothing stands")
        (tryout,) = tryouts(shown)
        os.kill(tryout, signal.SIGKILL)
        shown.until("what held its link was killed; it was stopped")
        assert shown.ended() == 5
        assert here.levels(MODEL) == [0]
        assert here.standing() == []


def in_motion(here: Home, shown: Terminal) -> int:
    """Begin a burst; return the process that holds its link, when it has moved."""
    say(shown, OFF_BODY, "yes")
    until(here.standing, "nothing stands")
    (tryout,) = tryouts(shown)
    until(lambda: here.moving(MODEL) or not alive(tryout), "it does not move")
    return tryout


def hung(here: Home, shown: Terminal) -> int:
    """Suspend the process of a burst while its motor moves: of the first one that is caught so."""
    while True:
        tryout = in_motion(here, shown)
        with suppress(ProcessLookupError):
            os.kill(tryout, signal.SIGSTOP)
        if here.moving(MODEL):
            return tryout
        with suppress(ProcessLookupError):
            os.kill(tryout, signal.SIGCONT)
        say(shown, "Did it move, and stop again?", "y")
        say(shown, "The next level?", "y")


@pytest.mark.thorough
@pytest.mark.parametrize(("number", "code"), [(None, 5), (signal.SIGINT, 1)])
def test_a_burst_that_hangs_is_killed_and_its_motor_stopped_over_the_air(
    number: signal.Signals | None, code: int
) -> None:
    with described() as (here, shown, _):
        tryout = hung(here, shown)
        if number is not None:
            shown.child.send_signal(number)
        until(lambda: not alive(tryout), "it hangs on")
        assert shown.ended() == code
        assert "MAY BE RUNNING" in shown.seen
        assert here.levels(MODEL) == [0]
        assert here.standing() == []


@pytest.mark.thorough
def test_a_burst_ends_while_who_asked_for_it_hangs() -> None:
    with described() as (here, shown, _):
        tryout = in_motion(here, shown)
        shown.child.send_signal(signal.SIGSTOP)
        until(lambda: not alive(tryout), "the burst does not end")
        assert here.levels(MODEL) == [0]
        assert here.standing() == []
        shown.child.send_signal(signal.SIGCONT)
        say(shown, "Did it move, and stop again?", "y")
        say(shown, "The next level?", "n")
        assert shown.ended() == 0
