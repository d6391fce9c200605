"""Journal: what happened in a session of `play` is kept in the history when it is over.

It is written after the last stop and after the last word; nothing of it can hold a session up.
"""

import secrets
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import PurePath

import click

from devicehub.cli.observers import Observer, observer_for
from devicehub.cli.past import past_of
from devicehub.cli.request import Request
from devicehub.errors import HubError, UsageError
from devicehub.hub import Hub
from devicehub.ledger import clock
from devicehub.ledger.history import Bounds, History, place
from devicehub.messages import Event, Snapshot, Summary
from devicehub.outside import Happening, SessionNow
from devicehub.service.nameless import Nameless
from devicehub.service.record import Record

_BOOT_BYTES, _ID_BYTES = 4, 6


@contextmanager
def journalled(request: Request, zone: str | None) -> Generator[Observer]:
    """Yield the observer that fits; what it hears is kept, unless its time was no real one."""
    if request.virtual:
        with observer_for(request, zone) as observer:
            yield observer
        return
    with observer_for(request, zone) as observer:
        journal = Journal(observer, request)
        yield journal
    journal.write()


class Journal:
    """An observer that remembers, and leaves showing to another one."""

    def __init__(self, observer: Observer, request: Request) -> None:
        self._observer, self._request = observer, request
        self.output, self.look_every_s = observer.output, observer.look_every_s
        self._began_s = clock.now().wall_s
        self._id = secrets.token_hex(_ID_BYTES)
        self._nameless = Nameless()
        self._nameless.learn(request.person)
        self._record = Record(lambda: clock.now().wall_s, self._nameless)
        self._happened: list[Happening] = []
        self._record.listen(self._happened.append)
        self._summary: Summary | None = None
        self._hub: Hub | None = None

    def event(self, event: Event) -> None:
        """Remember it."""
        device = None if event.device is None else self._nameless(event.device)
        self._record.happened(replace(event, device=device), self._id)
        self._observer.event(event)

    def look(self, snapshot: Snapshot) -> None:
        """Pass it on."""
        self._observer.look(snapshot)

    def keys(self, hub: Hub) -> AbstractContextManager[object]:
        """Pass it on, and remember the hub: it learns what is simulated."""
        self._hub = hub
        return self._observer.keys(hub)

    def summary(self, summary: Summary) -> None:
        """Remember it."""
        self._summary = summary
        self._observer.summary(summary)

    def write(self) -> None:
        """Write all of it into the history; a disk that does not take it is told in a line."""
        if self._summary is None:
            return
        boot, ended_s = secrets.token_hex(_BOOT_BYTES), clock.now().wall_s
        try:
            history, _ = History.open(place())
            try:
                history.keep(boot, self._happened, [past_of(self._session(), boot, ended_s)])
                if (bounds := _bounds()) is not None:
                    history.trim(bounds, ended_s)
            finally:
                history.close()
        except HubError as error:
            click.echo(f"devicehub: {error}", err=True)

    def _session(self) -> SessionNow:
        names = tuple(map(self._nameless, self._request.devices))
        return SessionNow(
            id=self._id,
            devices=names,
            profile=PurePath(self._request.profile).stem,
            origin="local",
            started_s=self._began_s,
            planned_s=0.0,
            ceiling=self._request.ceiling,
            timeline=(),
            snapshot=None,
            summary=self._unnamed(),
            simulated=self._hub is not None and self._hub.simulated,
        )

    def _unnamed(self) -> Summary | None:
        if (summary := self._summary) is None:
            return None
        ends = tuple(replace(end, name=self._nameless(end.name)) for end in summary.devices)
        detail = self._nameless(summary.detail)
        return replace(summary, detail=detail, wait=(), devices=ends)


def _bounds() -> Bounds | None:
    """Return how much is kept; None where the settings do not say it rightly."""
    from devicehub.config.sources import load  # noqa: PLC0415 - when the session is over

    try:
        kept = load().settings.history
    except UsageError:
        return None
    return Bounds(kept.days, kept.events)
