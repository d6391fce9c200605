"""The way of a stop from whoever asks to the massager: nothing on it fails, none is left out."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from devicehub.cli import playing
from devicehub.cli.keys import commands_of
from devicehub.hub import Hub
from devicehub.messages import CommandKind, Event
from devicehub.session import sockets
from devicehub.session.control import Control
from tests.unit.radio.bench import CAPE, VEST, WAND
from tests.unit.session.stage import WARM_S, Stage, stage

MODELS = [CAPE, VEST]
SOON_S = 0.5  # by then every stop that was asked for is out


class Refusing(logging.Handler):
    """A logger's ear that raises at every word."""

    def emit(self, record: logging.LogRecord) -> None:
        raise ZeroDivisionError(record.getMessage())


@pytest.fixture
def raising_loggers() -> Iterator[None]:
    root, ear = logging.getLogger(), Refusing(logging.WARNING)
    root.addHandler(ear)
    yield
    root.removeHandler(ear)


def deaf(_hub: Hub, event: Event) -> None:
    if event.name != "started":
        raise ZeroDivisionError


@pytest.mark.exhaustive
@pytest.mark.usefixtures("raising_loggers")
@pytest.mark.parametrize("how", [CommandKind.STOP, CommandKind.HURTS, CommandKind.PAUSE])
async def test_where_every_ear_raises_the_motors_stop(how: CommandKind, tmp_path: Path) -> None:
    async with stage(tmp_path, MODELS, on_event=deaf) as here:
        await here.after(WARM_S, how)
        await asyncio.sleep(SOON_S)
        assert all(here.here.still(model) for model in MODELS)


@pytest.mark.exhaustive
async def test_one_massager_that_fails_to_begin_its_stop_does_not_keep_the_other(
    tmp_path: Path,
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for broken, sound in (MODELS, MODELS[::-1]):
        async with stage(tmp_path, MODELS) as here:
            await asyncio.sleep(WARM_S)
            (deck,) = [deck for deck in here.session.decks if deck.massager.model == broken]
            setattr(deck, "begin_stop", fail)  # noqa: B010 - a deck has no place for another way
            here.post(CommandKind.STOP)
            await asyncio.sleep(0.01)
            assert here.here.still(sound)
            await here.ended()
            assert here.here.still(broken)


def by_key(here: Stage) -> None:
    (command,) = commands_of("q", paused=True)
    here.hub.post(command)


def by_signal(_here: Stage) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def by_socket(_here: Stage) -> None:
    (path,) = sockets.found()
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(path))
        asking.sendall(b'{"op": "stop"}\n')


@asynccontextmanager
async def ears(here: Stage) -> AsyncGenerator[None]:
    """Listen for signals and on the socket, as `devicehub play` does."""
    bell = playing._Bell()  # pyright: ignore[reportPrivateUsage] - who rings at a signal
    bell.listen_to_signals()
    bell.wake(here.hub)
    try:
        async with Control([], here.hub.post):
            yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
            asyncio.get_running_loop().remove_signal_handler(number)


@pytest.mark.exhaustive
@pytest.mark.parametrize("ask", [by_key, by_signal, by_socket])
@pytest.mark.parametrize("model", [CAPE, VEST, WAND])
async def test_every_request_is_a_write_to_a_massager_believed_to_be_at_0(
    model: str, ask: Callable[[Stage], None], tmp_path: Path
) -> None:
    async with stage(tmp_path, [model]) as here, ears(here):
        await here.after(WARM_S, CommandKind.PAUSE)
        await asyncio.sleep(SOON_S)
        assert here.here.still(model)
        before, times = here.here.stops(model), 5
        here.here.device(model).hang()  # or the session would be over before the second request
        for _ in range(times):
            ask(here)
            await asyncio.sleep(0.05)
        here.here.device(model).recover()
        await here.ended()
        assert here.here.stops(model) >= before + times
