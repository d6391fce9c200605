"""What a RongTai chair tells about itself: 17 bytes, `F0`, a body of 14, a sum and `F1`. Pure.

Facts: the maker's app (facts only). Not documented, and assumed here: the sum is over the body, as
it is over a key's frame; in standby every field is 0; the rollers go up and down once in 62
seconds; the error code of a jam is 1.
"""

from dataclasses import dataclass
from enum import IntEnum

MANUAL = 7
"""The program's number when a person chose a technique."""

_HIGHEST = 31
"""Where the rollers are at the top; 0 is the bottom."""


class ChairState(IntEnum):
    """What the chair is at, by its number in the status."""

    STANDBY = 0
    RESETTING = 1
    WAITING = 2
    RUNNING = 3
    FAULT = 5


@dataclass(frozen=True, slots=True)
class Showing:
    """What is chosen, by the numbers of the status; 0 is off or not chosen."""

    state: ChairState = ChairState.STANDBY
    technique: int = 0
    program: int = 0
    speed: int = 0
    width: int = 0
    area: int = 0
    timer: int = 0
    heat: bool = False
    foot_rollers: int = 0
    air: int = 0
    air_zones: int = 0
    fault: int = 0


def frame(shown: Showing, left_s: float, now_s: float) -> bytes:
    """Return the status as it is sent.

    Args:
        shown: What is chosen.
        left_s: Seconds to the end of the session.
        now_s: The chair's clock; the rollers' place follows it.
    """
    awake = shown.state is not ChairState.STANDBY
    high, low = divmod(min(int(left_s), 0xFFF), 128)
    body = bytearray(14)
    body[0] = shown.technique << 3 | awake << 6
    body[1] = shown.width | shown.speed << 2 | (shown.foot_rollers > 0) << 5 | shown.heat << 6
    body[2] = shown.air
    body[3] = high | shown.area << 5
    body[4] = shown.fault or low
    body[5] = shown.foot_rollers << 5
    body[6] = shown.state
    body[7] = _place(now_s) if shown.state is ChairState.RUNNING else 0
    body[11] = shown.timer | shown.air_zones << 2
    body[12] = shown.program << 2
    return bytes([0xF0, *body, ~sum(body) & 0x7F, 0xF1])


def _place(now_s: float) -> int:
    """Return where the rollers are, from 0 at the bottom to 31."""
    way = int(now_s) % (2 * _HIGHEST)
    return min(way, 2 * _HIGHEST - way)
