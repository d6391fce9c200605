"""Whoever of hub, keeper and massager dies: the motors stop, or somebody is told.

Judged by the tapes of the simulated massagers, on their own clocks.
"""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, repeat

import pytest

from tests.integration.processes import (
    ADVERTISED,
    CAPE,
    TRACEBACK,
    VEST,
    Home,
    Play,
    home,
    until,
)
from tests.tapes import Tape

pytestmark = pytest.mark.wallclock

BOTH = (CAPE, VEST)
STOPS = {CAPE: "00", VEST: "00" * 20}
SAME_WRITE_S = 0.1  # on the massager's clock: what a write asks for is done with it
UNCONFIRMED = 3


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    """One home with a cape and a vest for all tests that leave them as they were."""
    with home() as here, here.simulator(*BOTH):
        yield here


def stopped_by_a_write(tape: Tape) -> bool:
    """Say whether a stop was written after the last frame, and nothing moved from there on.

    How soon that is depends on the machine too: `kills` measures it, on one that does nothing else.
    """
    stops = stops_after_the_last_frame(tape)
    return bool(stops) and tape.moves[-1].t - stops[0] < SAME_WRITE_S


def stops_after_the_last_frame(tape: Tape) -> list[float]:
    """Return when stop was written after the last frame that was none, in seconds of the tape."""
    stop = STOPS[tape.model]
    last_s = max(t for t, _, data in tape.writes if data != stop)
    return [t for t, _, data in tape.writes if data == stop and t > last_s]


def test_a_killed_hub_leaves_every_motor_at_0_and_takes_its_spare_keeper_with_it(air: Home) -> None:
    with air.playing(BOTH) as play:
        assert air.standing() == sorted(BOTH)
        play.hub.kill()
        for model in BOTH:
            until(lambda model=model: not air.moving(model), f"{model} still moves")
    for model in BOTH:  # both keepers have ended
        until(lambda model=model: air.let_go(model), "somebody is still connected")
        assert stopped_by_a_write(air.tape(model))
    assert air.standing() == []
    assert TRACEBACK not in play.ended()[1]

    assert len(air.sockets()) == 1  # what the killed hub left
    stop = air.run("stop")
    assert (stop.returncode, stop.stdout) == (0, "Nothing is running.\n")
    assert air.sockets() == []


def test_a_suspended_hub_does_not_keep_the_motors_moving(air: Home) -> None:
    with air.playing(BOTH) as play:
        play.hub.send_signal(signal.SIGSTOP)
        for model in BOTH:
            until(lambda model=model: not air.moving(model), f"{model} still moves")
        until(lambda: air.standing() == [], "the stop is not confirmed")
        for model in BOTH:
            assert stopped_by_a_write(air.tape(model))
        play.hub.send_signal(signal.SIGCONT)
        play.told("returned", times=len(BOTH))
        assert not any(air.moving(model) for model in BOTH)  # it waits for its person
        play.hub.send_signal(signal.SIGINT)
        code, said = play.ended()
    assert (code, TRACEBACK in said) == (0, False)
    for model in BOTH:
        assert not air.moving(model)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGKILL, marks=pytest.mark.thorough),  # `test_spare_keeper` has one
        pytest.param(signal.SIGSTOP, marks=pytest.mark.thorough),
    ],
)
def test_a_keeper_that_is_gone_or_hangs_makes_place_for_one_that_writes_stop(
    how: int, air: Home
) -> None:
    with air.playing(BOTH) as play:
        os.kill(play.keeper, how)
        play.told("returned", times=len(BOTH))
        play.hub.send_signal(signal.SIGINT)
        code, said = play.ended()
    assert (code, TRACEBACK in said) == (0, False)
    for model in BOTH:
        assert not air.moving(model)
    assert air.standing() == []


@pytest.mark.thorough
def test_where_both_are_killed_a_lease_ends_or_stop_is_asked_for_again(air: Home) -> None:
    with air.playing(BOTH) as play:
        os.kill(play.keeper, signal.SIGSTOP)  # so that it cannot see the hub go
        play.hub.kill()
        os.kill(play.keeper, signal.SIGKILL)
        until(lambda: not air.moving(CAPE), "the cape still moves")
    assert stops_after_the_last_frame(air.tape(CAPE)) == []  # it rests by itself
    assert air.moving(VEST)  # it holds its last frame, and nobody is left to stop it
    assert air.standing() == sorted(BOTH)

    stop = air.run("stop")
    assert (stop.returncode, stop.stderr) == (0, "")
    for model in BOTH:
        assert f"{ADVERTISED[model]}: stopped, confirmed" in stop.stdout
        assert not air.moving(model)
    assert air.standing() == []


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux takes memory from others")
@pytest.mark.parametrize("asked", [False, True])
def test_a_hub_without_memory_leaves_no_motor_moving(asked: bool, air: Home) -> None:
    """It dies, hangs, or lives on what it has: whichever it is, stop gets through."""
    with air.playing(BOTH) as play:
        resource.prlimit(play.hub.pid, resource.RLIMIT_AS, (1, 1))
        if asked:
            play.hub.send_signal(signal.SIGINT)
            until(lambda: play.hub.poll() is not None, "the hub has not ended")
        else:
            air.run("stop")
            play.hub.kill()
        for model in BOTH:
            until(lambda model=model: not air.moving(model), f"{model} still moves")
        until(lambda: air.standing() == [], "the stop is not confirmed")


def asked_until_it_ends(play: Play) -> None:
    """Ask it to end: asked three times it lets the alarm stand; a busy machine may hear two as one.

    Not once more than it needs: what it hears while it leaves would kill it.
    """
    for pause_s in chain((0.3, 0.3), repeat(20.0)):
        play.hub.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            play.hub.wait(pause_s)
            return


@pytest.mark.thorough
def test_a_dead_massager_is_a_lost_one() -> None:
    with home() as here, here.simulator(VEST) as simulator:
        with here.playing([VEST]) as play:
            simulator.kill()
            play.told("lost")
            asked_until_it_ends(play)
            code, said = play.ended()
        assert (code, TRACEBACK in said) == (UNCONFIRMED, False)
        assert "Hold the power button" in said
        assert here.standing() == [VEST]

        stop = here.run("stop")
        assert (stop.returncode, TRACEBACK in stop.stderr) == (UNCONFIRMED, False)
        assert "TactSuitX40: stop NOT confirmed." in stop.stdout
        assert here.standing() == [VEST]  # the alarm stands until a stop is confirmed
