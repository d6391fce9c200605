"""States: what a hub shows, as payloads. From values to values; it asks no clock, sends nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from devicehub.messages import DeviceView, SessionState, Snapshot
from devicehub.outside import Alert, DeviceCard, Happening, SessionNow
from devicehub.publish import wire, wire_session
from devicehub.publish.wire_base import Payload, rounded, stamp


@dataclass(frozen=True, slots=True)
class Head:
    """What every payload of one instant begins with."""

    wall_s: float
    boot: str

    @property
    def ts(self) -> str:
        """The instant as it is written."""
        return stamp(self.wall_s)


def of_device(
    head: Head, card: DeviceCard, session: SessionNow | None, seq: int
) -> Iterator[tuple[str, Payload]]:
    """Yield what is retained of one massager, by kind; `seq` is the last event's number."""
    reachable = "offline" if card.link in ("lost", "returning") else "online"
    yield (
        "device_availability",
        wire.DeviceAvailability(
            ts=head.ts, boot=head.boot, state=reachable, link=card.link, reason=card.reason
        ),
    )
    yield (
        "device_info",
        wire.DeviceAbout(
            ts=head.ts,
            boot=head.boot,
            device=card.id,
            model=card.model,
            actuators=card.actuators,
            battery_percent=card.battery_percent,
            selected=card.selected,
        ),
    )
    yield "session", _idle(head, card, seq) if session is None else _of(head, card, session, seq)
    if session is not None and session.timeline:
        yield "timeline", _timeline(head, card.id, session)


def progress(head: Head, session: SessionNow) -> Iterator[tuple[str, wire_session.Progress]]:
    """Yield how far a session is, for each of its massagers by id; nothing unless it plays."""
    now = session.snapshot
    if now is None or session.summary is not None or now.state is not SessionState.PLAYING:
        return
    for device, view in zip(session.devices, now.devices, strict=True):
        yield (
            device,
            wire_session.Progress(
                ts=head.ts,
                boot=head.boot,
                session=session.id,
                device=device,
                elapsed_s=rounded(now.elapsed_s),
                remaining_s=rounded(max(0.0, now.remaining_s)),
                phase=now.passage + 1,
                phases=now.passages,
                technique=now.technique,
                channels=_channels(view),
            ),
        )


def event(head: Head, happening: Happening, *, hist: bool) -> wire.Event:
    """Return something that happened."""
    return wire.Event(
        ts=stamp(happening.wall_s),
        boot=head.boot,
        seq=happening.seq,
        id=f"{head.boot}-{happening.seq}",
        session=happening.session,
        device=happening.device,
        kind=happening.event.name,
        severity=happening.severity,
        t_s=rounded(happening.event.t_s),
        detail=happening.event.detail,
        hist=hist,
    )


def alerts(head: Head, standing: Sequence[Alert]) -> wire.Alerts:
    """Return what is wrong."""
    return wire.Alerts(
        ts=head.ts,
        boot=head.boot,
        alerts=[
            wire.AlertView(
                kind=alert.kind,
                device=alert.device,
                since=stamp(alert.since_s),
                detail=alert.detail,
            )
            for alert in standing
        ],
    )


def _idle(head: Head, card: DeviceCard, seq: int) -> wire_session.Session:
    return wire_session.Session(
        ts=head.ts,
        boot=head.boot,
        seq=seq,
        device=card.id,
        session=None,
        state="idle",
        may_be_running=False,
        profile=None,
        title=None,
        origin=None,
        started=None,
        planned_s=None,
        ceiling=None,
        phase=None,
        zones=(),
        cue="",
        move_to=(),
        presence_asked=False,
        end=None,
    )


def _of(head: Head, card: DeviceCard, session: SessionNow, seq: int) -> wire_session.Session:
    index, now, summary = session.devices.index(card.id), session.snapshot, session.summary
    plays = now is not None and summary is None
    phase = f"{now.passage + 1} of {now.passages}: {now.technique}" if now is not None else None
    return wire_session.Session(
        ts=head.ts,
        boot=head.boot,
        seq=seq,
        device=card.id,
        session=session.id,
        state=_state(session),
        may_be_running=_may_be_running(session, index),
        profile=session.profile,
        title=now.title if now is not None else None,
        origin=session.origin,
        started=stamp(session.started_s),
        planned_s=rounded(session.planned_s),
        ceiling=rounded(now.ceiling if now is not None else session.ceiling),
        phase=phase if plays else None,
        zones=now.zones if now is not None and plays else (),
        cue=now.cue if now is not None and plays else "",
        move_to=_move_to(now, index) if now is not None and plays else (),
        presence_asked=now is not None and plays and now.presence_left_s is not None,
        end=_end(session, index),
    )


def _move_to(now: Snapshot, index: int) -> tuple[str, ...]:
    """Return where a handheld has to be moved before its session goes on."""
    device = now.devices[index].name
    return next((asked.zones for asked in now.places if asked.device == device), ())


def _state(session: SessionNow) -> SessionState:
    if session.summary is not None:
        return SessionState.ENDED
    return session.snapshot.state if session.snapshot is not None else SessionState.CONNECTING


def _may_be_running(session: SessionNow, index: int) -> bool:
    """Say whether a motor may be moving; one that was never reached is at rest for all we know."""
    if session.summary is not None:
        ends = session.summary.devices
        return index < len(ends) and not ends[index].stop_confirmed
    return session.snapshot is not None and session.snapshot.devices[index].may_be_running


def _end(session: SessionNow, index: int) -> wire_session.End | None:
    summary = session.summary
    if summary is None:
        return None
    ends = summary.devices
    return wire_session.End(
        reason=summary.reason,
        detail=summary.detail,
        stop_confirmed=index >= len(ends) or ends[index].stop_confirmed,
        played_s=rounded(summary.played_s),
    )


def _timeline(head: Head, device: str, session: SessionNow) -> wire_session.Timeline:
    return wire_session.Timeline(
        ts=head.ts,
        boot=head.boot,
        session=session.id,
        device=device,
        phases=[
            wire_session.Phase(
                start_s=rounded(step.start_s),
                seconds=rounded(step.seconds),
                technique=step.technique,
                zones=step.zones,
                cue=step.cue,
            )
            for step in session.timeline
        ],
    )


def _channels(view: DeviceView) -> list[wire_session.Channel]:
    return [
        wire_session.Channel(
            asked=rounded(each.asked),
            sent=rounded(each.sent),
            cap=rounded(each.cap),
            held_by=each.held_by,
        )
        for each in view.actuators
    ]
