"""Serving: settings become a service, who reaches it, and an exit code.

The composition root of the service: ground, history, logs, control socket, broker, signals and the
service manager meet here.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack

from devicehub.cli import logs, status
from devicehub.cli.air import load_air
from devicehub.cli.broker import published
from devicehub.cli.identity import identity, secret
from devicehub.cli.past import past_of
from devicehub.cli.places import Served, served
from devicehub.cli.serve_ground import ServeGround
from devicehub.cli.serve_text import Told, told
from devicehub.config.sources import Loaded
from devicehub.errors import UsageError
from devicehub.keeper.standing import standing
from devicehub.ledger import clock, history
from devicehub.ledger.history import Bounds
from devicehub.outside import Identity, SessionNow
from devicehub.service.counter import Counter
from devicehub.service.desk import Desk
from devicehub.service.keeping import Keeping
from devicehub.service.looking import Looking
from devicehub.service.notify import Notify
from devicehub.service.pulse import Pulse
from devicehub.service.service import Service
from devicehub.session.listening import Listening

STOP_UNCONFIRMED = 3
# Each writes stop to everything before it ends the service; Ctrl-Z stops and goes on serving.
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_STOPS = (signal.SIGTSTP,)
_ENDS_WITH = "the service ends"


def run(loaded: Loaded, words: Sequence[str], *, air_named: bool, as_json: bool) -> int:
    """Serve until it is ended; return 3 if a massager may be running then, else 0."""
    settings = loaded.settings
    own = secret()
    what = served(settings, words, own)
    if air_named and all(place.near for place in what.places):
        near = what.places[0].device
        raise UsageError(f"--air: {near} is in this process; name the device as it advertises")
    who = identity(own, settings.hub.id, clock.now().wall_s)
    if settings.air is not None or any(place.near for place in what.places):
        load_air("sim")  # now: loading it later would hold up whatever plays then
    with logs.logged(sys.stderr, settings.log.level, as_json=settings.log.format == "json"):
        return asyncio.run(_Serving(loaded, what, who, own).run(as_json=as_json))


class _Serving:
    """One run of a service."""

    def __init__(self, loaded: Loaded, what: Served, who: Identity, own: bytes) -> None:
        self._settings, self._file = loaded.settings, loaded.file
        self._what, self._who, self._secret = what, who, own
        self._notify = Notify(os.environ, os.getpid())

    async def run(self, *, as_json: bool) -> int:
        """Serve, end, and return the exit code."""
        _refuse_second()
        service = self._service()
        pulse = Pulse(service, self._notify)
        desk = Desk(service, self._who, lambda: pulse.vitals)
        looking = Looking(service, self._settings.look_every_s)
        service.give_way = looking.give_way
        ending = asyncio.Event()
        with ExitStack() as kept:
            kept.callback(self._keep(service))
            kept.callback(service.record.listen(logs.happened))
            async with AsyncExitStack() as stack:
                stack.push_async_callback(service.close, _ENDS_WITH)
                await stack.enter_async_context(Listening(Counter(service).answer))
                kept.callback(_listen_to_signals(service, ending))
                await stack.enter_async_context(published(self._settings, desk))
                _tell_standing(service)
                told(Told(self._settings, self._what, self._who, self._secret), as_json=as_json)
                self._notify.ready()
                await _until(ending, pulse, looking)
                self._notify.stopping()
                await service.close(_ENDS_WITH)  # first, so that the broker hears of it
        unconfirmed = service.alarms.stands("stop_unconfirmed")
        logs.ended(confirmed=not unconfirmed)
        return STOP_UNCONFIRMED if unconfirmed else 0

    def _service(self) -> Service:
        settings = self._settings
        return Service(
            self._what.places,
            self._ground(),
            lambda: clock.now().wall_s,
            ceiling=settings.ceiling,
            link_grace_s=settings.mqtt.link_grace_s,
        )

    def _ground(self) -> ServeGround:
        settings = self._settings
        files, language = self._what.files, settings.language
        return ServeGround(settings.air, files, self._secret, self._file, language)

    def _keep(self, service: Service) -> Callable[[], None]:
        """Begin to keep the history; return what ends it."""
        loop = asyncio.get_running_loop()

        def trouble(said: str) -> None:
            loop.call_soon_threadsafe(service.happened, "history", None, said)

        bounds = Bounds(self._settings.history.days, self._settings.history.events)
        keeping = Keeping(
            history.place(), self._who.boot, bounds, lambda: clock.now().wall_s, trouble
        )
        service.record.listen(keeping.happened)

        def ended(session: SessionNow) -> None:
            keeping.ended(past_of(session, self._who.boot, clock.now().wall_s))

        service.on_ended = ended
        return keeping.close


async def _until(ending: asyncio.Event, pulse: Pulse, looking: Looking) -> None:
    """Serve until somebody ends it, or until what keeps it alive fails."""
    ended = asyncio.create_task(ending.wait(), name="ending")
    beating = asyncio.create_task(pulse.run(), name="pulse")
    seeing = asyncio.create_task(looking.run(), name="looking")
    try:
        await asyncio.wait((ended, beating), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (ended, beating, seeing):
            task.cancel()
        await asyncio.wait((ended, beating, seeing))
    if not beating.cancelled():
        beating.result()


def _listen_to_signals(service: Service, ending: asyncio.Event) -> Callable[[], None]:
    """Take the signals of this process over; what is returned gives them back."""
    loop = asyncio.get_running_loop()

    def end(name: str) -> None:
        service.stop(None, name)
        ending.set()

    for number in _ENDS:
        loop.add_signal_handler(number, end, number.name)
    for number in _STOPS:
        loop.add_signal_handler(number, service.stop, None, number.name)

    def give_back() -> None:
        for number in (*_ENDS, *_STOPS):
            loop.remove_signal_handler(number)

    return give_back


def _refuse_second() -> None:
    """Refuse a second service of this user: they would fight for massagers and topics."""
    if any(one.serves for one in status.running_sessions()):
        raise UsageError("a service runs already; devicehub shows what it serves")


def _tell_standing(service: Service) -> None:
    """Tell what an earlier session may have left running; nobody plays it now."""
    running = status.running_sessions()
    for kept in standing():
        if not status.is_played(kept, running):
            service.happened("standing", None, f"{kept.name} may be running: devicehub stop")
