"""Wire session: payloads about what a massager does."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from devicehub.messages import EndReason, SessionState
from devicehub.publish.wire_base import Id, Level, Payload, Seconds, Stamp


class End(BaseModel):
    """How a session ended."""

    reason: EndReason
    detail: str
    stop_confirmed: bool
    """Whether the massager answered after stop was written."""
    played_s: Seconds


class Session(Payload):
    """What a massager does: the truth for whoever comes late; retained, sent when it changes."""

    seq: int
    """Number of the last event that it knows of."""
    device: Id
    session: Id | None
    """None when nothing was played in this run."""
    state: Literal["idle"] | SessionState
    may_be_running: bool
    """Whether a motor may be moving: the last thing that the massager confirmed was not a stop."""
    profile: str | None
    title: str | None
    origin: Literal["local", "remote"] | None
    started: Stamp | None
    planned_s: Seconds | None
    ceiling: Level | None
    """The highest level of this session now."""
    phase: str | None
    """For example "2 of 3: kneading"."""
    zones: Sequence[str]
    cue: str
    """What to tell the person."""
    move_to: Sequence[str]
    """Zones: the session waits until somebody says that this handheld was moved there."""
    presence_asked: bool
    """Somebody has to say that they are there, or the session ends."""
    end: End | None


class Phase(BaseModel):
    """One phase as planned."""

    start_s: Seconds
    seconds: Seconds
    technique: str
    zones: Sequence[str]
    cue: str


class Timeline(Payload):
    """The phases of a session as planned; retained."""

    session: Id
    device: Id
    phases: Sequence[Phase]


class Channel(BaseModel):
    """One motor now."""

    asked: Level
    sent: Level
    cap: Level
    held_by: str | None
    """The rule that holds it back."""


class Progress(Payload):
    """How far a session is; twice a second while it plays, not retained."""

    session: Id
    device: Id
    elapsed_s: Seconds
    remaining_s: Seconds
    phase: int
    """Counted from 1."""
    phases: int
    technique: str
    channels: Sequence[Channel]
    """One a motor, in the massager's order."""
