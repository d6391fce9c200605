"""The spare keeper: there before it is needed, idle until then, and gone with its hub."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.processes import TRACEBACK, VEST, Home, alive, home, until

pytestmark = pytest.mark.wallclock

IDLE_S = 1.0
AT_MOST_TICKS = 1  # of the processor, 10 ms each


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    with home() as here, here.simulator(VEST):
        yield here


def waits(pid: int) -> bool:
    """Say whether it has loaded everything: it uses no processor any more."""
    before = ticks(pid)
    time.sleep(0.3)
    return before == ticks(pid) > 0


def ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def sockets(pid: int) -> list[str]:
    """Return the sockets that a process has: its loop's own, and those to an air."""
    files = [file.readlink().name for file in Path(f"/proc/{pid}/fd").iterdir()]
    return [name for name in files if name.startswith("socket")]


def test_a_spare_costs_nothing_and_holds_nothing_while_it_waits(air: Home) -> None:
    with air.playing([VEST]) as play:
        until(lambda: waits(play.spare), "the spare does not come to rest")
        before = ticks(play.spare)
        time.sleep(IDLE_S)
        assert ticks(play.spare) - before <= AT_MOST_TICKS
        assert len(sockets(play.keeper)) > len(sockets(play.spare))  # it has no air
        assert os.getsid(play.spare) == play.spare  # Ctrl-C in the hub's terminal is not for it
        play.hub.send_signal(signal.SIGINT)
        code, said = play.ended()
        assert not alive(play.spare)
    assert (code, TRACEBACK in said) == (0, False)


def test_a_killed_hub_takes_its_spare_with_it(air: Home) -> None:
    with air.playing([VEST]) as play:
        play.hub.kill()
        until(lambda: not alive(play.spare), "the spare is still there")


@pytest.mark.parametrize(
    "how",
    [
        None,
        pytest.param(signal.SIGKILL, marks=pytest.mark.thorough),
        pytest.param(signal.SIGSTOP, marks=pytest.mark.thorough),
    ],
)
def test_a_rescue_takes_the_spare_or_a_new_keeper_where_it_is_dead_or_hangs(
    how: int | None, air: Home
) -> None:
    with air.playing([VEST]) as play:
        until(lambda: waits(play.spare), "the spare does not come to rest")
        if how is not None:
            os.kill(play.spare, how)
        os.kill(play.keeper, signal.SIGKILL)
        play.told("returned")
        play.hub.send_signal(signal.SIGINT)
        code, said = play.ended()
        assert not alive(play.spare)
    assert (code, TRACEBACK in said) == (0, False)
    assert not air.moving(VEST)
    assert air.standing() == []
