"""What crosses the hub's border: Command in, Snapshot and Event out.

Plain frozen values. A Snapshot is the whole session now; an Event is something that happened once.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class CommandKind(StrEnum):
    """What can be asked of a running session from outside."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    SOFTER = "softer"
    STRONGER = "stronger"
    CEILING = "ceiling"
    DISCOMFORT = "discomfort"
    HURTS = "hurts"
    PRESENT = "present"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Command:
    """One wish from outside; `source` says where from ("key", "signal", "socket", "mqtt").

    `level` is the new ceiling, 0..1, where that is what is asked for.
    """

    kind: CommandKind
    source: str
    level: float | None = None


class SessionState(StrEnum):
    """Where a session is."""

    CONNECTING = "connecting"
    PLAYING = "playing"
    PAUSED = "paused"
    STOPPING = "stopping"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    DISCOMFORT = "discomfort"
    SAFETY = "safety"
    LOST = "lost"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ActuatorView:
    """One actuator now. Levels are fractions 0..1 of the device's strongest."""

    asked: float
    sent: float
    cap: float
    held_by: str | None


@dataclass(frozen=True, slots=True)
class HeatView:
    """A heat pad now: asked for, on, its temperature in degrees Celsius or None, why it is off.

    `why_off` is a sentence for people, "" while the pad is on.
    """

    asked: bool
    on: bool
    celsius: float | None
    why_off: str


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One massager now.

    `may_be_running` is derived: the last confirmed write was not a stop. `heat` is None for a
    massager without a heat pad. `returning_left_s` is for how many seconds more one that was lost
    is looked for; None unless `link` is "returning".
    """

    name: str
    model: str
    link: Literal["connected", "returning", "lost"]
    may_be_running: bool
    battery_percent: int | None
    actuators: tuple[ActuatorView, ...]
    heat: HeatView | None = None
    returning_left_s: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """A handheld that has to be moved before the session goes on, and the zones it goes to."""

    device: str
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole session now. Times are seconds of session time.

    `places` says which handhelds have to be moved, and where; the session waits for "moved".
    `presence_left_s` is how long the person has to say that they are there; None if nobody asked.
    """

    state: SessionState
    title: str
    elapsed_s: float
    remaining_s: float
    passage: int
    passages: int
    technique: str
    zones: tuple[str, ...]
    cue: str
    ceiling: float
    presence_left_s: float | None
    devices: tuple[DeviceView, ...]
    places: tuple[PlaceAsked, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `name` from docs/events.md, `t_s` seconds of session time."""

    t_s: float
    name: str
    device: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How long and how much one rule held one zone back during a session."""

    rule: str
    zone: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ZoneFelt:
    """What one zone received: the strongest level (0..1) and the seconds in which it was moved."""

    zone: str
    peak: float
    seconds: float


@dataclass(frozen=True, slots=True)
class DeviceEnd:
    """How one massager was left.

    `stop_ms` is the time from asking for stop to its confirmation; `advice` says what to do by hand
    where stop was not confirmed.
    """

    name: str
    model: str
    stop_confirmed: bool
    stop_ms: float | None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class HeatEnd:
    """What a heat pad that was asked for did: seconds on, the highest temperature if it is known.

    `why_off` says why it was off last, for people; "" if it was on to the end.
    """

    name: str
    seconds: float
    highest_c: float | None
    why_off: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What is left when a session has ended; `wait` says when there may be another, and why."""

    reason: EndReason
    detail: str
    title: str
    played_s: float
    felt: tuple[ZoneFelt, ...]
    held_back: tuple[HeldBack, ...]
    devices: tuple[DeviceEnd, ...]
    wait: tuple[str, ...] = ()
    heat: tuple[HeatEnd, ...] = ()
