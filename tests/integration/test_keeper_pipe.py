"""The pipe to a keeper: a hub's end in this process, the keeper in one of its own."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from devicehub.cli.ground import keeper_command
from devicehub.errors import LinkLost, RadioError, SafetyRefusal
from devicehub.keeper import pipe
from devicehub.keeper.connector import KeeperConnector
from devicehub.keeper.keeper import HEARTBEAT_LIMIT_S
from devicehub.keeper.process import start
from devicehub.keeper.remote import RemoteLink
from devicehub.massagers.decode import Report
from devicehub.massagers.library import load_library
from devicehub.radio.port import Terms
from tests.integration.processes import CAPE, VEST, Home, alive, children, home, until
from tests.patience import PATIENCE_S
from tests.unit.radio.bench import Judge

pytestmark = pytest.mark.wallclock

FIND_S = PATIENCE_S


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    with home() as here, here.simulator(CAPE, VEST):
        yield here


def believe(_name: str, simulated: bool) -> None:
    assert simulated


def told(
    story: Callable[[Home], Coroutine[None, None, None]],
) -> Callable[[Home, pytest.MonkeyPatch], None]:
    """Make a test of `story`; as a plain function it can share a simulator with its neighbours."""

    def test(air: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", air.env["XDG_STATE_HOME"])
        asyncio.run(story(air))

    return test


@asynccontextmanager
async def hub(
    *command: str, proven: Callable[[str, bool], None] = believe
) -> AsyncGenerator[KeeperConnector]:
    connector = KeeperConnector(partial(start, command), load_library(), proven)
    try:
        yield connector
    finally:
        await connector.close()


def python(program: str) -> AbstractAsyncContextManager[KeeperConnector]:
    """Return a hub whose keeper is a program of a few words."""
    return hub(sys.executable, "-c", program)


async def moved(link: RemoteLink) -> list[int]:
    """Have it move; on a machine that is busy a frame may grow old on its way, so send the next.

    Returns the steps of the frame that arrived.
    """
    judge = Judge(link.massager)
    async with asyncio.timeout(PATIENCE_S):
        while not await link.send(frame := judge.encoded(0.3)):
            pass
    return list(frame.steps)


async def driven(connector: KeeperConnector, name: str) -> RemoteLink:
    link = await connector.connect(name, FIND_S)
    await link.agree(Terms(link.massager.steps))
    return link


@told
async def test_a_keeper_serves_a_hub(air: Home) -> None:
    async with hub(*keeper_command(air.air)) as connector:
        cape = await driven(connector, "DH-CAPE")
        heard: list[Report] = []
        cape.listen(heard.append)
        assert heard[0].battery_percent == 100  # said before anybody listened

        before = len(air.tape(CAPE).moves)
        steps = await moved(cape)
        assert (await cape.begin_stop()).confirmed
        assert not air.moving(CAPE)
        moves = air.tape(CAPE).moves[before:]
        assert [max(m.level for m in moves if m.actuator == n) for n in range(len(steps))] == steps
        assert not await cape.send(Judge(cape.massager).encoded(0.3))
        assert (await cape.close()).confirmed
    assert not cape.lost.is_set()


@told
async def test_a_keeper_that_is_told_to_end_stops_everything_first(air: Home) -> None:
    strangers = set(children(os.getpid()))
    async with hub(*keeper_command(air.air)) as connector:
        vest = await driven(connector, "TactSuitX40")
        await moved(vest)
        (keeper,) = set(children(os.getpid())) - strangers
        os.kill(keeper, signal.SIGTERM)
        await vest.lost.wait()
        await asyncio.to_thread(until, lambda: not alive(keeper), "the keeper is still there")
        assert not air.moving(VEST)
        assert not (await vest.close()).confirmed
        again = await connector.connect("TactSuitX40", FIND_S)  # by a keeper that is new
        assert (await again.close()).confirmed
    assert air.standing() == []


@told
async def test_a_hub_that_stood_still_does_not_take_its_keeper_for_dead(air: Home) -> None:
    async with hub(*keeper_command(air.air)) as connector:
        vest = await driven(connector, "TactSuitX40")
        stand_still_s = 2.0 * HEARTBEAT_LIMIT_S
        time.sleep(stand_still_s)  # noqa: ASYNC251 - nothing of this process runs meanwhile
        await moved(vest)  # what its keeper said is in the pipe, and was not read yet
        assert (await vest.close()).confirmed
    assert not vest.lost.is_set()


@told
async def test_what_does_not_prove_to_be_simulated_is_let_go(air: Home) -> None:
    def doubt(name: str, _simulated: bool) -> None:
        raise SafetyRefusal(f"{name}: doubted")

    async with hub(*keeper_command(air.air), proven=doubt) as connector:
        with pytest.raises(SafetyRefusal, match="DH-CAPE: doubted"):
            await connector.connect("DH-CAPE", FIND_S)
    await asyncio.to_thread(until, lambda: air.let_go(CAPE), "it is still connected")


@pytest.mark.parametrize("program", ["pass", "print('hello')"])
async def test_a_process_that_is_no_keeper_is_gone(program: str) -> None:
    async with python(program) as connector:
        with pytest.raises(LinkLost, match="the keeper is gone"):
            await connector.connect("DH-CAPE", FIND_S)


async def test_a_process_hears_nothing_after_its_pipe_was_closed_and_may_be_ended_twice() -> None:
    far = await start([sys.executable, "-c", "import sys; print(len(sys.stdin.read()))"])
    far.write(b"12\n")
    far.close()
    far.write(b"345\n")
    assert await far.readline() == b"3\n"
    await far.wait()
    far.kill()


LEAVES = """
import json, sys, time
sys.stdin.read()
for _ in range({beats}):
    print(json.dumps(dict(op="Alive", t_s=0.0)), flush=True)
    time.sleep(0.1)
time.sleep({hangs_s})
open({done!r}, "w").close()
"""


@pytest.mark.parametrize(
    ("silence_s", "beats", "hangs_s", "may_end"),
    [(PATIENCE_S, 3, 0.0, True), (1.0, 1, 600.0, False)],
)
async def test_a_keeper_that_still_writes_stop_is_waited_for_and_one_that_hangs_is_not(
    silence_s: float,
    beats: int,
    hangs_s: float,
    may_end: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(pipe, "EXIT_SILENCE_S", silence_s)
    done = tmp_path / "done"
    program = LEAVES.format(beats=beats, hangs_s=hangs_s, done=str(done))
    async with python(program) as connector:
        with pytest.raises(RadioError, match="the keeper did not answer"):
            await connector.connect("DH-CAPE", -29.9)
    assert done.exists() == may_end
