"""Commands: every payload that may come in, as a model, and how one is read. Pure.

Unknown keys are refused: whoever misspells `ceiling` must not start at full strength. Stop is not
here: it is not read at all before it has acted.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from devicehub.publish.freshness import LONGEST_TTL_S
from devicehub.publish.wire_base import Id, Level

# Ours are under 300 bytes; more is not read.
LONGEST = 8192
_LONGEST_ECHO = 64
_LONGEST_WHY = 200
_ID = re.compile(rb'"id"\s*:\s*"([ !#-\[\]-~]{1,64})"')


def _on_the_calendar(made: datetime) -> datetime:
    """Refuse a time at the edge of the calendar: in UTC it lies beyond. Raises ValueError."""
    try:
        made.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time that somebody can have lived") from None
    return made


Moment = Annotated[AwareDatetime, AfterValidator(_on_the_calendar)]
CommandId = Annotated[str, Field(min_length=1, max_length=_LONGEST_ECHO, pattern=r"^[ -~]+$")]


class Asked(BaseModel):
    """What every command may have."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )

    v: Literal[1] = 1
    by: Annotated[str, Field(max_length=_LONGEST_ECHO)] = ""
    """Who asks, for whoever reads along at the broker; the hub does not keep it."""


class Loose(Asked):
    """A command that does no harm when it is late: it may say when it was made, and nobody looks.

    So a clock that is wrong keeps nobody from a pause.
    """

    id: CommandId | None = None
    """Comes back in the answer; an id that was used before is refused."""
    ts: Moment | None = None
    ttl_s: Annotated[float, Field(gt=0, le=LONGEST_TTL_S)] | None = None


class Fresh(Asked):
    """A command that holds for a moment only: it says when it was made, and is used once."""

    id: CommandId
    """Comes back in the answer; an id that was used before is refused."""
    ts: Moment
    """When it was made, ISO 8601 with a time zone."""
    ttl_s: Annotated[float, Field(gt=0, le=LONGEST_TTL_S)]
    """For how long it holds, in seconds."""

    @property
    def made_s(self) -> float:
        """When it was made, in seconds since 1970."""
        return self.ts.astimezone(UTC).timestamp()


class Stop(Loose):
    """Stop a massager, or everything. Any payload stops; this is only what one may look like."""

    device: Id | None = None


class Pause(Loose):
    """Stop the motors and wait for the person; without a device on all massagers."""

    device: Id | None = None


class Ceiling(Loose):
    """Lower the ceiling of a session; more than it is now is refused."""

    device: Id
    level: Level


class Present(Fresh):
    """Somebody says that they are there; without a device at all massagers."""

    device: Id | None = None


class Start(Fresh):
    """Start a session."""

    device: Id
    profile: Annotated[str, Field(max_length=_LONGEST_ECHO)]
    person: Id
    """Opaque id of the person under the massager."""
    minutes: Annotated[float, Field(ge=0.2, le=30)] | None = None
    ceiling: Level = 1.0


class Resume(Fresh):
    """Go on with a session that is paused."""

    device: Id


class Moved(Fresh):
    """Somebody says that a handheld is where its session asked for it; the session goes on."""

    device: Id


class Select(Fresh):
    """Choose what the next start at the massager plays."""

    device: Id
    profile: Annotated[str, Field(max_length=_LONGEST_ECHO)]


class Replay(Loose):
    """Send the events of this run again, from a number on."""

    from_seq: Annotated[int, Field(ge=1)]


class Republish(Loose):
    """Send all that is retained again."""


Command = Loose | Fresh
IN: dict[str, type[Command]] = {
    "stop": Stop,
    "pause": Pause,
    "ceiling": Ceiling,
    "present": Present,
    "start": Start,
    "resume": Resume,
    "moved": Moved,
    "select": Select,
    "replay": Replay,
    "republish": Republish,
}
C = TypeVar("C", bound=Asked)


class Unreadable(Exception):
    """A payload is no command; the text says what would be right."""


def read(model: type[C], payload: bytes) -> C:
    """Return the command in `payload`; an empty one is a command without keys.

    Raises:
        Unreadable: It is none.
    """
    try:
        return model.model_validate_json(payload or b"{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "payload"
        raise Unreadable(f"{where}: {first['msg']}"[:_LONGEST_WHY]) from None
    except (ValueError, RecursionError):
        raise Unreadable("payload: not JSON") from None


def id_in(payload: bytes) -> str | None:
    """Return what looks like the id in a payload that may be anything, for its answer."""
    found = _ID.search(payload[:LONGEST])
    return found.group(1).decode("ascii") if found else None


def named_in(payload: bytes, devices: Iterable[str]) -> str | None:
    """Return the one massager that a stop names; None, which is all, wherever there is doubt.

    It reads nothing: it looks for an id in quotes, or as the whole payload. So there is no payload
    at which it stumbles, and a name that is not known stops everything.
    """
    named = [
        device
        for device in devices
        if payload == device.encode() or f'"{device}"'.encode() in payload
    ]
    return named[0] if len(named) == 1 else None
