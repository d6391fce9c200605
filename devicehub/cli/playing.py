"""Playing: a checked request becomes a session, its observers, and an exit code.

Here hub, control socket, signals, keys and panel meet; what the hub stands on is in `ground`.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, suppress
from dataclasses import replace

from devicehub.cli import named, text
from devicehub.cli.exits import seen
from devicehub.cli.ground import hub_of
from devicehub.cli.guiding.aloud import cued
from devicehub.cli.observers import Observer, observer_for
from devicehub.cli.output import NOBODY_READS, Output, same_file
from devicehub.cli.publishing import published
from devicehub.cli.request import Request
from devicehub.cli.watching import watched
from devicehub.hub import Hub
from devicehub.messages import Command, CommandKind, Event, Snapshot, Summary
from devicehub.session.control import Control
from devicehub.session.plan import Plan

Watch = Callable[[Request, str | None], AbstractContextManager[Observer]]
NOBODY_WATCHES = Command(CommandKind.STOP, "output closed")


def run(request: Request, plan: Plan, watch: Watch = observer_for) -> int:
    """Play and return the exit code; `watch` makes the observer."""
    with watch(request, plan.zone) as shown, cued(shown, request, plan) as observer:
        with asyncio.Runner(loop_factory=_loop_factory(request)) as runner:
            summary = runner.run(_play(request, plan, observer))
        observer.summary(summary)
    if observer.output.trouble is not None:
        _tell_aside(observer.output.trouble, summary)
    return seen(summary, observer.output.trouble)


def _tell_aside(trouble: str, summary: Summary) -> None:
    """Tell on standard error what matters most, for nobody could read it on the output."""
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] - closed by the shell
        return
    if trouble == NOBODY_READS and same_file(sys.stdout, sys.stderr):
        return  # the same reader would be waited for a second time
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
        control = await stack.enter_async_context(  # first: a stop may come as soon as this
            Control(request.devices, bell.ring, bell.called, bell.looked_for, bell.snapshot)
        )
        tell = bell.unless_nobody_listens(observer)
        solo = await stack.enter_async_context(published(request, plan, tell))
        if solo is not None:
            tell = _both(solo.hear, tell)
        hub = await stack.enter_async_context(hub_of(request, plan, tell, bell.ring))
        bell.wake(hub)
        hub.on_left = control.finish
        if solo is not None:
            solo.plays(hub)
        stack.enter_context(observer.keys(hub))
        if request.watch:
            file = watched(named.profile_path(request.profile), plan.profile, hub)
            await stack.enter_async_context(file)
        watching = asyncio.create_task(_watch(hub, observer, bell, waits=request.virtual))
        try:
            summary = await hub.run()
            if solo is not None:
                solo.ended(summary)
            return replace(summary, wait=()) if request.person is None else summary
        finally:
            control.finish(hub.ends)
            watching.cancel()
            await asyncio.wait((watching,))


def _both(*ears: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return an ear for both; each may miss what the other one stumbles over."""

    def hear(event: Event) -> None:
        for ear in ears:
            with suppress(Exception):
                ear(event)

    return hear


class _Bell:
    """Ctrl-C, Ctrl-Z, SIGQUIT, SIGTERM, a closed terminal, `devicehub stop`: each writes stop.

    A second one writes it again.

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

    def called(self) -> Sequence[str] | None:
        """Return what the massagers may be called; None before all are connected."""
        return self._hub.called() if self._hub is not None else None

    def looked_for(self) -> Sequence[str]:
        """Return the massagers that were lost, may be running, and are looked for."""
        return self._hub.looked_for() if self._hub is not None else ()

    def snapshot(self) -> Snapshot | None:
        """Return the session now, or None as long as massagers are looked for."""
        return self._hub.snapshot() if self._hub is not None else None

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
