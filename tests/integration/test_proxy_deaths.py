"""Whoever of hub, keeper, proxy and network dies: the motors stop, or somebody is told.

Judged by the tapes of the simulated massagers, on their own clocks.
"""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.integration.processes import ADVERTISED, CAPE, TRACEBACK, VEST, short_folder, until
from tests.integration.proxied_home import ProxiedHome
from tests.oracle import judge
from tests.session_runs import ZONES, shown

pytestmark = [pytest.mark.wallclock, pytest.mark.thorough]

BOTH = (CAPE, VEST)


@pytest.fixture(scope="module")
def there() -> Iterator[ProxiedHome]:
    """One home with a cape and a vest in another room."""
    with short_folder() as folder:
        here = ProxiedHome(folder)
        with here.simulator(*BOTH):
            yield here


@pytest.fixture
def proxy(there: ProxiedHome) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The proxy of that room; the settings name it."""
    with there.proxy() as on:
        there.know(on[1])
        yield on


def rest(there: ProxiedHome) -> None:
    for model in BOTH:
        until(lambda model=model: not there.moving(model), f"{model} still moves")


@pytest.mark.usefixtures("proxy")
def test_a_session_is_stopped_through_the_proxy_and_no_cap_was_passed(there: ProxiedHome) -> None:
    with there.playing(BOTH) as play:
        stop = there.run("stop")
        code, said = play.ended()
    assert (stop.returncode, code, TRACEBACK in said) == (0, 0, False)
    for model in BOTH:
        assert f"{ADVERTISED[model]}: stopped, confirmed" in stop.stdout
        assert judge(there.tape(model), shown(model), ZONES) == []
        assert not there.moving(model)
    assert there.standing() == []


@pytest.mark.usefixtures("proxy")
def test_a_killed_hub_leaves_every_motor_at_0(there: ProxiedHome) -> None:
    with there.playing(BOTH) as play:
        play.hub.kill()
        rest(there)
        until(lambda: there.standing() == [], "the stop is not confirmed")
    assert there.run("stop").returncode == 0


@pytest.mark.usefixtures("proxy")
def test_where_hub_and_keeper_are_killed_the_proxy_lets_go_and_stop_finds_the_massagers(
    there: ProxiedHome,
) -> None:
    with there.playing(BOTH) as play:
        os.kill(play.keeper, signal.SIGSTOP)  # so that it cannot see the hub go
        play.hub.kill()
        os.kill(play.keeper, signal.SIGKILL)
        for model in BOTH:
            until(lambda model=model: there.tape(model).links[-1][1] != "connected", "a link")
    assert there.standing() == sorted(BOTH)
    stop = there.run("stop")
    assert (stop.returncode, stop.stderr) == (0, "")
    for model in BOTH:
        assert f"{ADVERTISED[model]}: stopped, confirmed" in stop.stdout
        assert not there.moving(model)
    assert there.standing() == []


def test_a_proxy_that_restarts_ends_in_a_pause_and_brings_the_massagers_back_stopped(
    there: ProxiedHome, proxy: tuple[subprocess.Popen[str], int]
) -> None:
    on, port = proxy
    with there.playing(BOTH) as play:
        on.kill()
        on.wait()
        play.told("returning", times=len(BOTH))
        with there.proxy(port):
            play.told("returned", times=len(BOTH))
            assert not any(there.moving(model) for model in BOTH)  # it waits for its person
            play.hub.send_signal(signal.SIGINT)
            code, said = play.ended()
    assert (code, TRACEBACK in said) == (0, False)
    assert there.standing() == []


def test_a_proxy_that_hangs_is_given_up_and_the_alarm_stands_until_stop_gets_through(
    there: ProxiedHome, proxy: tuple[subprocess.Popen[str], int]
) -> None:
    on, _ = proxy
    with there.playing(BOTH) as play:
        on.send_signal(signal.SIGSTOP)  # as a network that stands still
        play.told("returning", times=len(BOTH))
        assert there.standing() == sorted(BOTH)
        assert there.moving(VEST)  # nobody can reach it, and its own link is there
        on.send_signal(signal.SIGCONT)
        play.told("returned", times=len(BOTH))
        assert not any(there.moving(model) for model in BOTH)
        play.hub.send_signal(signal.SIGINT)
        code, said = play.ended()
    assert (code, TRACEBACK in said) == (0, False)
    assert there.standing() == []


def test_who_plays_without_its_proxy_is_told_in_a_line(there: ProxiedHome) -> None:
    there.know(9)  # discard: nobody listens there
    words = ("play", "taster", "--device", "DH-CAPE", "--person", there.introduced())
    refused = there.run(*words)
    assert refused.returncode in (1, 5)
    assert "proxy bedroom: nothing answers at 127.0.0.1 port 9" in refused.stderr
    assert TRACEBACK not in refused.stderr
