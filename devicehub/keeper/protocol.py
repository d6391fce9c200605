"""What hub and keeper say to each other: one JSON object a line, each a frozen value here.

Times are seconds of the system's monotonic clock, which both processes share. `device` is the name
or address under which the hub asked for the massager. `seq` pairs an answer with its question.
`epoch` is how many stops the hub has asked for on this link: both ends count them, so that a frame
that was made before a stop is known for one.
"""

import json
from dataclasses import asdict, dataclass
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from devicehub.errors import HubError


class NotAMessageError(HubError):
    """A line of the pipe is not a message."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Hub: find and connect a massager; its first write is stop."""

    seq: int
    device: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Agree:
    """Hub, once a session, or again to lower it: the highest step of each actuator.

    `heat` is the highest target of the heat pad, in the unit of its file; 0 is off.
    `zone` is where a handheld is held. `person` says that somebody with answered screening lies
    under it: without, nothing moves on an air that did not prove to be simulated.
    """

    seq: int
    device: str
    ceiling: list[int]
    zone: str | None = None
    person: bool = False
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Resume:
    """Hub: let frames of this epoch pass again, after a stop that was confirmed."""

    device: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Hub: write this; `writes` are [characteristic, hex, with response]."""

    seq: int
    device: str
    writes: list[tuple[str, str, bool]]
    steps: list[int]
    not_after_s: float
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Beat:
    """Hub, every quarter second: what is commanded, and until when it is wanted."""

    steps: dict[str, list[int]]
    not_after_s: dict[str, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """Hub: write stop, before anything else that waits."""

    seq: int
    device: str


@dataclass(frozen=True, slots=True)
class Close:
    """Hub: write stop until it is answered, twenty rounds at most, then disconnect."""

    seq: int
    device: str


@dataclass(frozen=True, slots=True)
class Connected:
    """Keeper: connected and stopped; `simulated` was proved by the air itself."""

    seq: int
    model: str
    simulated: bool
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Keeper: a frame was written (`written`), or grew old or was refused (`why`)."""

    seq: int
    written: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Keeper: how a stop went."""

    seq: int
    confirmed: bool
    took_s: float | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Keeper, while it closes a link: nobody answered so far, and it goes on."""

    device: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Keeper: a question could not be done; `error` is the name of a class in errors.py."""

    seq: int
    error: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """Keeper: the massager notified a value."""

    device: str
    char: str
    value: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Keeper: the link to a massager is gone."""

    device: str


@dataclass(frozen=True, slots=True)
class Alive:
    """Keeper, every quarter second."""

    t_s: float


Message = (
    Connect
    | Agree
    | Resume
    | Frame
    | Beat
    | Stop
    | Close
    | Connected
    | Done
    | Stopped
    | Unanswered
    | Failed
    | Said
    | Lost
    | Alive
)
Question = Connect | Agree | Frame | Stop | Close
Answer = Connected | Done | Stopped | Failed
"""Has the `seq` of its question."""

_KINDS: dict[str, type[Message]] = {
    kind.__name__: kind
    for kind in (
        Connect,
        Agree,
        Resume,
        Frame,
        Beat,
        Stop,
        Close,
        Connected,
        Done,
        Stopped,
        Unanswered,
        Failed,
        Said,
        Lost,
        Alive,
    )
}
_FIELDS = {kind: get_type_hints(kind) for kind in _KINDS.values()}


def to_line(message: Message) -> bytes:
    """Return the message as one line of the pipe."""
    return json.dumps({"op": type(message).__name__, **asdict(message)}).encode() + b"\n"


def from_line(line: bytes) -> Message:
    """Return the message of one line.

    Raises:
        NotAMessageError: The line is no message of this protocol.
    """
    try:
        body = json.loads(line)
        kind = _KINDS[body.pop("op")]
        hints = _FIELDS[kind]
        if set(body) - set(hints):
            raise NotAMessageError("keeper: a message with unknown fields")
        return kind(**{name: _read(value, hints[name]) for name, value in body.items()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotAMessageError("keeper: a line that is no message") from error


def _read(value: Any, kind: Any) -> Any:
    """Return what came as JSON as the type of a field; TypeError or ValueError if it is another."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if value is None else _read(value, inside[0])
    if origin is not None:
        return _read_many(value, origin, inside)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind}")
    return value


def _read_many(value: Any, origin: Any, inside: tuple[Any, ...]) -> Any:
    if origin is dict:
        return {key: _read(one, inside[1]) for key, one in value.items()}
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    many = cast("list[Any]", value)
    if origin is tuple:
        return tuple(_read(one, kind) for one, kind in zip(many, inside, strict=True))
    return [_read(one, inside[0]) for one in many]
