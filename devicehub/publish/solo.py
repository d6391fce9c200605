"""Solo: one session of `devicehub play` as a hub that can be published, with no service behind it.

It can be watched, stopped, paused, made softer and answered for. Nothing is started through it:
somebody who is at the massager plays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from devicehub.errors import RadioError
from devicehub.hub import Hub
from devicehub.messages import Command, CommandKind, EndReason, Event, SessionState, Summary
from devicehub.outside import (
    Alert,
    Answer,
    DeviceCard,
    Happening,
    Identity,
    LowerCeiling,
    Moved,
    Pause,
    Present,
    Resume,
    SessionNow,
    Step,
    Vitals,
    Wish,
)
from devicehub.service.nameless import Nameless
from devicehub.service.record import Record
from devicehub.service.telling import not_moved, not_to_resume

MAY_BE_RUNNING = "may_be_running"


@dataclass(frozen=True, slots=True)
class Piece:
    """What is played: the session's id, the profile's name, its length, the ceiling asked for."""

    session: str
    profile: str
    planned_s: float
    ceiling: float


class Solo:
    """A `HubPort` over one `Hub`."""

    def __init__(
        self,
        identity: Identity,
        piece: Piece,
        devices: Mapping[str, str],
        wall_s: Callable[[], float],
    ) -> None:
        """Make it.

        Args:
            identity: Which hub this is to be.
            piece: What is played.
            devices: The opaque ids of the massagers by the names under which they are played.
            wall_s: Seconds since 1970.
        """
        self._identity = identity
        self._piece = piece
        self._ids = dict(devices)
        self._wall_s = wall_s
        self._started_s = wall_s()
        self._models: dict[str, str] = {}
        self._hub: Hub | None = None
        self._rung: Command | None = None
        self._summary: Summary | None = None
        self._without_addresses = Nameless()
        self._record = Record(wall_s, self._nameless)
        self._alerts: dict[str, Alert] = {}

    # -- from the session --------------------------------------------------------------------------

    def plays(self, hub: Hub) -> None:
        """Take note of whose session it is; a stop that came before is passed on."""
        self._hub = hub
        if self._rung is not None:
            hub.post(self._rung)

    def hear(self, event: Event) -> None:
        """Take note that something happened, without a name of anybody or anything."""
        device = self._ids.get(event.device) if event.device is not None else None
        if event.name == "connected" and device is not None:
            self._models[device] = event.detail
        if event.name == "rescuing" and device is not None:
            detail = self._nameless(event.detail)
            self._alerts[device] = Alert(MAY_BE_RUNNING, device, self._wall_s(), detail)
        if event.name == "rescued" and device is not None:
            self._alerts.pop(device, None)
        self._happen(event, device)

    def ended(self, summary: Summary) -> None:
        """Take note of what is left; it is the last event."""
        self._summary = replace(
            summary,
            detail=self._nameless(summary.detail),
            devices=tuple(replace(end, name="", advice="") for end in summary.devices),
        )
        at_s = round(summary.played_s, 3)
        for device, end in zip(self._ids.values(), summary.devices, strict=False):
            if not end.stop_confirmed:
                self._happen(Event(at_s, "stop_unconfirmed", None, end.advice), device)
        told = f"{summary.reason}: {summary.detail}" if summary.detail else summary.reason.value
        self._happen(Event(at_s, "session_ended", None, told), None)

    def gave_up(self, error: Exception) -> None:
        """Take note that the session ended in an error."""
        ends = self._hub.ends if self._hub is not None else ()
        reason = EndReason.LOST if isinstance(error, RadioError) else EndReason.FAILED
        self.ended(Summary(reason, str(error), self._piece.profile, 0.0, (), (), ends))

    def _happen(self, event: Event, device: str | None) -> None:
        self._record.happened(replace(event, device=device), self._piece.session)

    def _nameless(self, text: str) -> str:
        for name, id_ in sorted(self._ids.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(name, id_)
        return self._without_addresses(text)

    # -- to the publisher --------------------------------------------------------------------------

    @property
    def identity(self) -> Identity:
        """Which hub this is."""
        return self._identity

    def cards(self) -> Sequence[DeviceCard]:
        """Return the massagers of this session."""
        snapshot = self._hub.snapshot() if self._hub is not None else None
        if snapshot is None:
            return [
                DeviceCard(id_, self._models.get(id_, ""), 0, "connecting")
                for id_ in self._ids.values()
            ]
        return [
            DeviceCard(
                id_,
                view.model,
                len(view.actuators),
                view.link,
                "the link was lost" if view.link != "connected" else "",
                view.battery_percent,
            )
            for id_, view in zip(self._ids.values(), snapshot.devices, strict=True)
        ]

    def sessions(self) -> Sequence[SessionNow]:
        """Return the session."""
        piece, hub = self._piece, self._hub
        now = SessionNow(
            id=piece.session,
            devices=tuple(self._ids.values()),
            profile=piece.profile,
            origin="local",
            started_s=self._started_s,
            planned_s=piece.planned_s,
            ceiling=piece.ceiling,
            timeline=_timeline(hub),
            snapshot=hub.snapshot() if hub is not None else None,
            summary=self._summary,
        )
        return [now]

    def profiles(self) -> Sequence[str]:
        """Return what can be started here: nothing."""
        return ()

    def alerts(self) -> Sequence[Alert]:
        """Return the massagers that may be running and do not confirm a stop."""
        return tuple(self._alerts.values())

    def vitals(self) -> Vitals:
        """Return how long it has been there."""
        return Vitals(self._wall_s() - self._started_s, None)

    def listen(self, hear: Callable[[Happening], None]) -> Callable[[], None]:
        """Let `hear` know of everything from now on."""
        return self._record.listen(hear)

    def since(self, seq: int) -> Sequence[Happening]:
        """Return what happened after number `seq`."""
        return self._record.since(seq)

    def stop(self, device: str | None, source: str) -> None:  # noqa: ARG002 - one session, all its
        """Stop; one session is all there is, and it stops as a whole."""
        self._rung = Command(CommandKind.STOP, source)
        if self._hub is not None:
            self._hub.post(self._rung)

    async def ask(self, wish: Wish, source: str) -> Answer:
        """Do what can be done to a session that somebody plays at the massager."""
        hub = self._hub
        state = hub.session.state if hub is not None and hub.session is not None else None
        if hub is None or state not in (SessionState.PLAYING, SessionState.PAUSED):
            return Answer(ok=False, code="not_playing", detail="nothing plays here now")
        if getattr(wish, "device", None) not in (None, *self._ids.values()):
            return Answer(ok=False, code="unknown_device", detail="no massager of this hub")
        return self._done(hub, wish, source)

    def _done(self, hub: Hub, wish: Wish, source: str) -> Answer:
        now = hub.snapshot()
        match wish:
            case Pause():
                hub.post(Command(CommandKind.PAUSE, source))
            case Resume() if now is not None:
                return self._unless(not_to_resume(now, hub.looked_for()), hub, "resume", source)
            case Moved() if now is not None:
                return self._unless(not_moved(now, hub.looked_for()), hub, "moved", source)
            case Present():
                hub.post(Command(CommandKind.PRESENT, source))
            case LowerCeiling(_, level) if now is not None and level <= now.ceiling:
                hub.post(Command(CommandKind.CEILING, source, level))
            case LowerCeiling():
                return Answer(ok=False, code="not_lower", detail="it can only be lowered")
            case _:
                detail = "this is one session of devicehub play; devicehub serve can be started"
                return Answer(ok=False, code="unsupported", detail=detail)
        return Answer(ok=True, code="ok", session=self._piece.session)

    def _unless(self, refusal: Answer | None, hub: Hub, kind: str, source: str) -> Answer:
        """Ask the session to go on, unless it would not."""
        if refusal is not None:
            return replace(refusal, detail=self._nameless(refusal.detail))
        hub.post(Command(CommandKind(kind), source))
        return Answer(ok=True, code="ok", session=self._piece.session)

    def renew_lease(self) -> None:
        """Take note that the broker is there: a session that was started here needs no lease."""


def _timeline(hub: Hub | None) -> tuple[Step, ...]:
    if hub is None or hub.session is None:
        return ()
    return tuple(
        Step(each.start_s, each.end_s - each.start_s, each.technique, each.zones, each.cue)
        for each in hub.session.decks[0].score.passages
    )
