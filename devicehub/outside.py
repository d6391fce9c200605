"""What a hub tells those outside, and hears from them: identity, cards, sessions, wishes.

Plain frozen values for whoever publishes a hub or shows it. Everybody is named by an opaque id
(`devicehub.opaque`): no names, no radio addresses. Wall times are seconds since 1970, UTC.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from devicehub.messages import Event, Snapshot, Summary


@dataclass(frozen=True, slots=True)
class Identity:
    """Which hub this is: its opaque id, this run of it (8 hex digits), when that began, version."""

    hub: str
    boot: str
    since_s: float
    version: str


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One massager as the hub knows it.

    Attributes:
        id: Opaque and stable, `[a-z0-9-]{1,32}`.
        model: What it is.
        actuators: How many motors it has.
        link: Whether it can be reached now; `idle` when nobody plays it and nobody
            looked, `returning` when it was lost in a session that waits for it.
        reason: Why it cannot be reached, for people; else empty.
        battery_percent: None when it did not say.
        selected: The profile that its next start plays when nothing else is said.
    """

    id: str
    model: str
    actuators: int
    link: Literal["connected", "connecting", "returning", "lost", "idle"]
    reason: str = ""
    battery_percent: int | None = None
    selected: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One phase as planned: when it begins and how long it takes, in seconds of session time."""

    start_s: float
    seconds: float
    technique: str
    zones: tuple[str, ...]
    cue: str


@dataclass(frozen=True, slots=True)
class SessionNow:
    """One session: the one that runs, or the last one of a massager.

    Attributes:
        id: Opaque, new for each session.
        devices: Ids of its massagers, in the order of `snapshot.devices`.
        profile: The name under which the profile can be started.
        origin: Who started it; a remote one ends when its lease is not renewed.
        started_s: Wall time.
        planned_s: How long it is to play, in seconds.
        ceiling: The highest level that was asked for at its start, 0..1.
        timeline: The planned phases; empty before the massagers are connected.
        snapshot: It now; None while massagers are looked for.
        summary: What is left of it; None as long as it runs.
        simulated: A massager of it is, as far as that is known.
    """

    id: str
    devices: tuple[str, ...]
    profile: str
    origin: Literal["local", "remote"]
    started_s: float
    planned_s: float
    ceiling: float
    timeline: tuple[Step, ...]
    snapshot: Snapshot | None
    summary: Summary | None = None
    simulated: bool = False


class Severity(StrEnum):
    """How bad it is that something happened. Critical is never dropped."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one run of the hub: numbered from 1 without gaps, never renumbered.

    `device` is the massager's opaque id, which `event.device` is not.
    """

    seq: int
    wall_s: float
    session: str | None
    device: str | None
    severity: Severity
    event: Event


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is wrong as long as it stands, for example a stop that nobody confirmed."""

    kind: str
    device: str | None
    since_s: float
    detail: str


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the hub itself fares: seconds since it started, worst lateness of its loop lately.

    The lateness is None where nobody measures it.
    """

    uptime_s: float
    loop_lag_ms: float | None
    adapters: tuple[str, ...] = ()


# -- wishes: everything but stop, which is no wish ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop the motors and wait; `device` None means every session that runs."""

    device: str | None


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a session that is paused, every ramp from 0."""

    device: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody says that a handheld is where its session asked for it: it goes on, from 0."""

    device: str


@dataclass(frozen=True, slots=True)
class LowerCeiling:
    """Take the ceiling of a session down to `level`, 0..1; refused when that would raise it."""

    device: str
    level: float


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody says that they are there; None: under every session that runs."""

    device: str | None


@dataclass(frozen=True, slots=True)
class Select:
    """Choose what the next local start of a massager plays."""

    device: str
    profile: str


@dataclass(frozen=True, slots=True)
class Start:
    """Start a session; `person` is an opaque id, `minutes` None the profile's own length.

    `leased` says that it ends when nobody renews its lease (`HubPort.renew_lease`).
    """

    device: str
    profile: str
    person: str
    minutes: float | None
    ceiling: float
    leased: bool


Wish = Pause | Resume | Moved | LowerCeiling | Present | Select | Start


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish. `code` is "ok" or why not, a word; `detail` is for people."""

    ok: bool
    code: str
    detail: str = ""
    session: str | None = None
