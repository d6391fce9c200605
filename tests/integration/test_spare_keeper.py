"""The spare keeper: there before it is needed, idle until then, and gone with its hub."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.processes import TRACEBACK, VEST, Home, Play, alive, home, until

pytestmark = pytest.mark.wallclock

IDLE_S = 1.0
AT_MOST_TICKS = 1  # of the processor, 10 ms each


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    with home() as here, here.simulator(VEST):
        yield here


def waits(pid: int) -> bool:
    """Say whether it has loaded everything: it sleeps, and wants no processor, for a while."""
    before = ticks(pid)
    for _ in range(10):
        if stat(pid)[0] != "S":  # one that waits for a processor is R
            return False
        time.sleep(0.03)
    return before == ticks(pid) > 0


def ticks(pid: int) -> int:
    fields = stat(pid)
    return int(fields[11]) + int(fields[12])


def stat(pid: int) -> list[str]:
    """Return what the kernel says of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()


def sockets(pid: int) -> list[str]:
    """Return the sockets that a process has: its loop's own, and those to an air."""
    files = [file.readlink().name for file in Path(f"/proc/{pid}/fd").iterdir()]
    return [name for name in files if name.startswith("socket")]


def test_a_spare_costs_nothing_while_it_waits_and_takes_over_from_a_keeper_that_is_killed(
    air: Home,
) -> None:
    with air.playing([VEST]) as play:
        until(lambda: waits(play.spare), "the spare does not come to rest")
        before = ticks(play.spare)
        time.sleep(IDLE_S)
        assert ticks(play.spare) - before <= AT_MOST_TICKS
        assert len(sockets(play.keeper)) > len(sockets(play.spare))  # it has no air
        assert os.getsid(play.spare) == play.spare  # Ctrl-C in the hub's terminal is not for it
        os.kill(play.keeper, signal.SIGKILL)
        ended_after_its_return(play, air)


@pytest.mark.thorough
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_where_the_spare_is_dead_or_hangs_a_new_keeper_takes_over(how: int, air: Home) -> None:
    with air.playing([VEST]) as play:
        until(lambda: waits(play.spare), "the spare does not come to rest")
        os.kill(play.spare, how)
        os.kill(play.keeper, signal.SIGKILL)
        ended_after_its_return(play, air)


def ended_after_its_return(play: Play, air: Home) -> None:
    """Wait until the massager is back; it stands still then, and does when its person ends it."""
    play.told("returned")
    assert not air.moving(VEST)
    play.hub.send_signal(signal.SIGINT)
    code, said = play.ended()
    assert not alive(play.spare)
    assert (code, TRACEBACK in said) == (0, False)
    assert not air.moving(VEST)
    assert air.standing() == []
