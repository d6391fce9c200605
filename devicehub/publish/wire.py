"""Wire: every payload that goes out, as a model. docs/mqtt.schema.json is made from these.

Levels and ceilings are fractions, 0 off to 1 the strongest that the massager offers. Times are UTC.
A reader ignores keys that it does not know; keys are added, never renamed.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from devicehub.outside import Severity
from devicehub.publish.wire_base import Id, Payload, Seconds, Stamp
from devicehub.publish.wire_session import Progress, Session, Timeline

CONTRACT = "1.0.0"

Reachable = Literal["online", "offline", "lost"]


class Availability(Payload):
    """Whether the hub can be reached; retained, and the will."""

    state: Reachable
    """`offline` said good-bye; `lost` is said by the broker when the hub's line broke."""
    conn: int
    """Which connection of this run: a `lost` with a lower one than the last `online` is old."""
    since: Stamp
    """When this run of the hub began."""


class About(Payload):
    """What this hub is and lets others do; retained."""

    version: str
    """Of devicehub."""
    contract: str
    """Version of this contract."""
    remote_start: bool
    """Whether `start`, `resume` and `select` are taken at all."""
    link_grace_s: Seconds
    """A session that was started remotely stops when the line is gone for so long."""
    max_ttl_s: Seconds
    """A fresh command may hold for so long at the most."""
    progress_hz: float
    """How often progress is told while a massager plays."""
    profiles: Sequence[str]
    """What can be started or selected."""
    devices: Sequence[Id]
    """The massagers of this hub."""


class Dropped(BaseModel):
    """How many events were dropped because the broker was away too long."""

    info: int
    warning: int


class Health(Payload):
    """How the hub fares; retained, every 30 s."""

    uptime_s: Seconds
    loop_lag_ms: Annotated[float, Field(ge=0)] | None
    """The worst lateness of the hub's loop lately; null where nobody measures it."""
    conn: int
    """How many times this run has connected."""
    protocol: Literal["5", "3.1.1"]
    outbox: int
    """Events that the broker has not acknowledged."""
    dropped: Dropped
    denied: int
    """Messages that the broker took and threw away: its access rules forbid them."""
    commands: int
    """Commands that came in this run, stop not counted."""
    commands_dropped: int
    """Starts that were refused, and answers that were dropped, because too many waited."""
    adapters: Sequence[str]


class Heartbeat(Payload):
    """Sent every 2 s on both connections, so that a dead line is noticed within 5 s."""

    line: Literal["main", "stop"]


class AlertView(BaseModel):
    """One thing that is wrong."""

    kind: str
    device: Id | None
    since: Stamp
    detail: str


class Alerts(Payload):
    """What is wrong now; retained, an empty list when nothing is."""

    alerts: Sequence[AlertView]


class DeviceAvailability(Payload):
    """Whether a massager can be reached; retained."""

    state: Literal["online", "offline"]
    """`online` also while nobody plays it: see `link`."""
    link: Literal["connected", "connecting", "returning", "lost", "idle"]
    reason: str
    """Why it cannot be reached, for people."""


class DeviceAbout(Payload):
    """What a massager is; retained."""

    device: Id
    model: str
    actuators: int
    """How many motors."""
    battery_percent: int | None
    selected: str | None
    """What its next start plays when nothing else is said."""


class Event(Payload):
    """Something that happened, once; numbered, in order, never retained."""

    seq: int
    """Numbers of one run have no gaps; who misses one asks for `cmd/replay`."""
    id: str
    """`<boot>-<seq>`: the same event again has the same one."""
    session: Id | None
    device: Id | None
    kind: str
    """What happened; see docs/events.md."""
    severity: Severity
    t_s: Seconds
    """When, in seconds of session time."""
    detail: str
    """For people; its words may change."""
    hist: bool
    """It tells of the past: it was sent late, or again."""


class Reply(Payload):
    """The answer to a command."""

    id: str | None
    """The command's own id."""
    ok: bool
    code: str
    """`ok`, or why not; docs/mqtt.md has the list."""
    detail: str
    """For people."""
    session: Id | None


OUT: dict[str, type[Payload]] = {
    "availability": Availability,
    "info": About,
    "health": Health,
    "heartbeat": Heartbeat,
    "alert": Alerts,
    "device_availability": DeviceAvailability,
    "device_info": DeviceAbout,
    "session": Session,
    "timeline": Timeline,
    "progress": Progress,
    "event": Event,
    "reply": Reply,
}
