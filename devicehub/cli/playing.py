"""Playing: a checked request becomes a session, its observers, and an exit code.

The composition root: here airs, connectors, hub, control socket, signals, keys and panel meet.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from devicehub.cli import text
from devicehub.cli.accounts import account_of, always_there
from devicehub.cli.air import simulated_air
from devicehub.cli.observers import Observer, observer_for
from devicehub.cli.output import Output
from devicehub.cli.request import NOBODY, SIMULATED, Request
from devicehub.errors import SafetyRefusal
from devicehub.hub import Hub, Wanted
from devicehub.keeper.connector import KeeperConnector
from devicehub.keeper.process import start
from devicehub.ledger import clock
from devicehub.messages import Command, CommandKind, EndReason, Event, Summary
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import Connector
from devicehub.radio.saved import saved
from devicehub.session.assembling import refuse_early
from devicehub.session.control import Control
from devicehub.session.plan import Plan

EXIT_CODES = {
    EndReason.COMPLETED: 0,
    EndReason.STOPPED: 0,
    EndReason.FAILED: 1,
    EndReason.DISCOMFORT: 4,
    EndReason.SAFETY: 4,
    EndReason.LOST: 5,
}
STOP_UNCONFIRMED = 3
Watch = Callable[[Request, str | None], AbstractContextManager[Observer]]
NOBODY_WATCHES = Command(CommandKind.STOP, "output closed")


def run(request: Request, plan: Plan, watch: Watch = observer_for) -> int:
    """Play and return the exit code; `watch` makes the observer."""
    with watch(request, plan.zone) as observer:
        with asyncio.Runner(loop_factory=_loop_factory(request)) as runner:
            summary = runner.run(_play(request, plan, observer))
        observer.summary(summary)
    if observer.output.trouble is None:
        return exit_code(summary)
    _tell_aside(observer.output.trouble, summary)
    return exit_code(summary) or EXIT_CODES[EndReason.FAILED]


def exit_code(summary: Summary) -> int:
    """Return 3 where a stop was not confirmed, else what the reason of the end says."""
    if not all(device.stop_confirmed for device in summary.devices):
        return STOP_UNCONFIRMED
    return EXIT_CODES[summary.reason]


def _tell_aside(trouble: str, summary: Summary) -> None:
    """Tell on standard error what matters most, for nobody could read it on the output."""
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] - closed by the shell
        return
    ends = [text.device_end(device) for device in summary.devices]
    with Output(sys.stderr) as aside:
        aside.say(lambda: "\n".join([f"devicehub: {trouble}", *ends, ""]))


def _loop_factory(request: Request) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if not request.virtual:
        return None
    from firmware_sim.clock import VirtualLoop  # noqa: PLC0415 - for --speed only

    return lambda: VirtualLoop(request.speed)


async def _play(request: Request, plan: Plan, observer: Observer) -> Summary:
    bell = _Bell()
    bell.listen_to_signals()
    async with AsyncExitStack() as stack:
        connector, wanted = await stack.enter_async_context(_connector(request, bell))
        seconds = asyncio.get_running_loop().time if request.virtual else clock.boot_s
        account = await stack.enter_async_context(account_of(request.person, seconds))
        refuse_early(plan, account)
        tell = bell.unless_nobody_listens(observer)
        if request.person is None:
            tell = always_there(bell.post, tell)
        hub = Hub(plan, wanted, connector, account, tell, boot_clock=seconds)
        bell.wake(hub)
        control = await stack.enter_async_context(
            Control(request.devices, hub.post, hub.called, hub.looked_for)
        )
        hub.on_left = control.finish
        stack.enter_context(observer.keys(hub))
        watching = asyncio.create_task(_watch(hub, observer, bell, waits=request.virtual))
        try:
            summary = await hub.run()
            return replace(summary, wait=()) if request.person is None else summary
        finally:
            control.finish(hub.ends)
            watching.cancel()
            await asyncio.wait((watching,))


@asynccontextmanager
async def _connector(
    request: Request, bell: "_Bell"
) -> AsyncGenerator[tuple[Connector, list[Wanted]]]:
    """Yield the way to the massagers, and what they are called on it."""
    library = request.library
    if not request.models:
        command = keeper_command(request.address)
        connector = KeeperConnector(
            partial(start, command),
            library,
            proven=_prove(request),
            spare=partial(start, [*command, "--spare"]),
        )
        yield connector, [_wanted(name) for name in request.devices]
        return

    def tape_failed(_error: OSError) -> None:
        bell.ring(Command(CommandKind.STOP, "tape"))

    local = simulated_air(request.firmwares, request.tapes(), tape_failed)
    async with local as (air, addresses):
        wanted = [Wanted(name, addresses[name.removeprefix(SIMULATED)]) for name in request.devices]
        yield LocalConnector(air, library), wanted


def _wanted(name: str) -> Wanted:
    """Return what `name` means: a massager that this user saved, or one on the air."""
    mine = saved(name)
    return Wanted(name, name) if mine is None else Wanted(name, mine.address, mine.model)


def keeper_command(address: str | None) -> list[str]:
    """Return the command that starts a keeper on the air behind `address`."""
    # -P: what lies in the folder where somebody plays is no part of the keeper.
    command = [sys.executable, "-P", "-m", "devicehub", "keeper"]
    return command if address is None else [*command, "--air", _from_anywhere(address)]


def _from_anywhere(address: str) -> str:
    """Return the same address for a process in any folder: what is kept on disk outlives this."""
    kind, _, path = address.partition(":")
    return f"{kind}:{Path(path).absolute()}" if kind == "unix" else address


def _prove(request: Request) -> Callable[[str, bool], None]:
    """Return what refuses a massager that did not prove to be simulated under the mannequin."""

    def prove(name: str, simulated: bool) -> None:
        if not simulated and request.person is None:
            raise SafetyRefusal(NOBODY.format(name))

    return prove


class _Bell:
    """Ctrl-C, Ctrl-Z, SIGQUIT, SIGTERM, a closed terminal: each writes stop, a second writes again.

    Ctrl-Z too, because a suspended session could neither be seen nor steered.

    It listens before there is a hub, so that a session that is still being set up is not torn in
    half but begins, and ends at once.
    """

    def __init__(self) -> None:
        self._hub: Hub | None = None
        self._rung: Command | None = None

    def listen_to_signals(self) -> None:
        """Take the signals of this process over."""
        loop = asyncio.get_running_loop()
        for number in (
            signal.SIGINT,
            signal.SIGTERM,
            signal.SIGHUP,
            signal.SIGTSTP,
            signal.SIGQUIT,
        ):
            loop.add_signal_handler(number, self.ring, Command(CommandKind.STOP, number.name))

    def wake(self, hub: Hub) -> None:
        """Ring at `hub` from here on, and at once if it was rung before."""
        self._hub = hub
        if self._rung is not None:
            hub.post(self._rung)

    def unless_nobody_listens(self, observer: Observer) -> Callable[[Event], None]:
        """Return the observer's ear; when its output is closed, nobody watches: stop."""

        def tell(event: Event) -> None:
            observer.event(event)
            if observer.output.trouble is not None:
                self.ring(NOBODY_WATCHES)

        return tell

    def ring(self, command: Command) -> None:
        """Ask for stop, now."""
        self._rung = command
        self.post(command)

    def post(self, command: Command) -> None:
        """Pass `command` on to the hub, once there is one."""
        if self._hub is not None:
            self._hub.post(command)


async def _watch(hub: Hub, observer: Observer, bell: _Bell, *, waits: bool) -> None:
    """Show the session to the observer until cancelled; stop it when nobody can see it any more.

    Args:
        hub: Whose session it is.
        observer: Who watches.
        bell: Rung when the observer's output is in trouble.
        waits: Time is virtual, so a reader that is slow but reads holds it still instead.
    """
    try:
        while observer.output.trouble is None:
            if (snapshot := hub.snapshot()) is not None:
                observer.look(snapshot)
            if waits and observer.output.crowded:
                await asyncio.to_thread(observer.output.catch_up)
            await asyncio.sleep(observer.look_every_s)
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody sees the session any more
        observer.output.fail(error)
    bell.ring(NOBODY_WATCHES)
