"""`devicehub stop` before the massagers of a session are connected: it stops, and is told."""

import asyncio
import signal
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devicehub.cli import playing, stop
from devicehub.cli.observers import observer_for
from devicehub.cli.request import Request
from devicehub.hub import Hub, Wanted
from devicehub.messages import EndReason, Summary
from devicehub.session import sockets
from devicehub.session.plan import Plan
from profiles import loader
from tests.people import hub_of
from tests.unit.radio.bench import CAPE, bench
from tests.unit.session.stage import STEADY

PLAN = Plan(loader.load_text(STEADY, "steady.toml"))
REQUEST = Request(
    profile="steady.toml",
    devices=("DH-CAPE",),
    zones=(),
    person=None,
    ceiling=1.0,
    minutes=None,
    speed=None,
    virtual=False,
    address=None,
    tape=None,
    as_json=True,
)
UNREACHED = "DH-CAPE: was not connected yet; its session is stopped, nothing was moved"


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path_factory.mktemp("r")))


@pytest.fixture(autouse=True)
async def own_signals() -> AsyncIterator[None]:
    yield
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGQUIT)
    for number in numbers:
        asyncio.get_running_loop().remove_signal_handler(number)


async def played_until_stopped(
    monkeypatch: pytest.MonkeyPatch, folder: Path, gate: asyncio.Event
) -> tuple[Summary, list[str]]:
    """Play a massager that is switched off, on an air that is there when `gate` opens; stop it."""
    async with bench(folder, [CAPE]) as here:
        here.device().power_off()

        @asynccontextmanager
        async def behind_the_gate(*_: object) -> AsyncGenerator[Hub]:
            await gate.wait()
            wanted = [Wanted("DH-CAPE", here.sim.addresses[CAPE])]
            yield await hub_of(PLAN, wanted, here.connector, lambda _: None)

        monkeypatch.setattr(playing, "hub_of", behind_the_gate)
        with observer_for(REQUEST, None) as observer:
            play = asyncio.create_task(playing._play(REQUEST, PLAN, observer))  # pyright: ignore[reportPrivateUsage]
            while not (play.done() or sockets.found()):  # noqa: ASYNC110 - it begins to listen
                await asyncio.sleep(0.01)
            asked = asyncio.create_task(stop._stop(None, None))  # pyright: ignore[reportPrivateUsage]
            await asyncio.sleep(0.5)
            gate.set()
            rows = await asked
            return await play, [stop._line(row) for row in rows]  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("opened", [True, False])
async def test_a_session_that_is_not_connected_yet_is_stopped_and_told(
    opened: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate = asyncio.Event()
    if opened:
        gate.set()
    summary, lines = await played_until_stopped(monkeypatch, tmp_path, gate)
    assert (summary.reason, summary.detail, summary.devices) == (EndReason.STOPPED, "socket", ())
    assert lines == [UNREACHED]
