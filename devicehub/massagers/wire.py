"""What goes over the air: a Write is bytes for a characteristic, an Encoded is what radio accepts.

Anyone may make a Write: it is only bytes, and the keeper holds it against the whitelist. An Encoded
says that the bytes came out of a codec, from levels that the governor let through (or are a stop,
or words that move nothing); only `mint` makes one, and only this package may call `mint`.
"""

import math
from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from itertools import pairwise

_KEY = object()


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes for one characteristic.

    Attributes:
        char: UUID of the characteristic, long form, lower case.
        data: The bytes.
        response: Whether the device is asked to confirm (ATT write request).
    """

    char: str
    data: bytes
    response: bool


@dataclass(frozen=True, slots=True)
class RawWrite:
    """A write for raw device levels that nobody judged: for people to read; radio refuses it."""

    char: str
    data: bytes
    response: bool


@dataclass(frozen=True, slots=True)
class Encoded:
    """Writes that the radio accepts. Made by `mint` alone.

    Attributes:
        writes: In this order; empty when the device already has everything.
        steps: Device steps of every actuator once they are written.
        not_after_s: Monotonic time in seconds after which they must not be written; infinity for
            stops and for words that move nothing.
        is_stop: Whether this is a stop.
        heat: Target of the heat pad once they are written, in the unit of its file; 0 for off.
    """

    writes: tuple[Write, ...]
    steps: tuple[int, ...]
    not_after_s: float
    is_stop: bool
    heat: int
    key: InitVar[object]

    def lasts_s(self, gap_s: float) -> float:
        """Return how long the last write comes after the first, `gap_s` between two of one kind."""
        return gap_s * sum(one.char == other.char for one, other in pairwise(self.writes))

    @property
    def idle(self) -> bool:
        """Whether nothing moves and nothing warms once they are written."""
        return not self.heat and not any(self.steps)

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("Encoded is made by devicehub.massagers.encode, never by hand")


def mint(
    writes: Sequence[Write],
    steps: tuple[int, ...],
    not_after_s: float = math.inf,
    *,
    is_stop: bool = False,
    heat: int = 0,
) -> Encoded:
    """Return writes that the radio accepts. For modules of this package only."""
    return Encoded(tuple(writes), steps, not_after_s, is_stop, heat, _KEY)
