"""Trial: one burst of one motor of a massager that lies off the body, and the stop after it.

Not a session: nobody is under it, nothing of a person is used. Everything else is as in one. The
governor judges every frame, at the caps of the place where the massager's class may be the
strongest, soft start included, which passes before the burst while nothing moves. No level is tried
that a session would not be allowed where the motor is felt, but for the lowest one, so that a motor
over a spared place can be seen to move. The link's first write is stop, its valve lets pass no more
than the level that is tried, and the burst ends with stops until one was confirmed.
"""

import asyncio
import contextlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from devicehub.errors import LinkLost, SafetyRefusal, StopUnconfirmed
from devicehub.massagers.encode import encode, initial
from devicehub.massagers.model import Massager
from devicehub.massagers.mounting import mount
from devicehub.radio.port import Connector, Port, Terms
from devicehub.safety.governor import Governor
from devicehub.safety.limits import UNKNOWN, Limits
from profiles.layout import Layout

# From the first frame that moves something to the stop, which is then on its way: half a second
# holds that way too.
BURST_S = 0.4
FIND_TIMEOUT_S = 10.0
_TICK_S = 0.05
# The soft start of a level passes before the burst. Steps of time are clipped on a busy computer.
_SOFT_START_MARGIN = 1.2
# Warm-up is a fifth of a session: it is over before the soft start of any level that is tried.
_WARMUP_SHARE = 0.2


class Stage(StrEnum):
    """How far a burst is; each is told before what it names begins, so that none comes late."""

    CONNECTING = "connecting"  # and waiting out the soft start: nothing moves
    MOVING = "moving"
    STOPPING = "stopping"
    UNANSWERED = "unanswered"  # a stop that nobody confirmed, while others follow


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked for a burst: ends it early with `enough`, and is told each `Stage`."""

    enough: asyncio.Event
    tell: Callable[[Stage], None]


def highest_tried(massager: Massager, motor: int, limits: Limits) -> int:
    """Return the highest level of a motor that may be tried.

    Of a motor whose place is known, what its place lets through, and the lowest level in any case;
    of one that is held, what any place lets through.
    """
    most = _highest(massager, motor, limits, [_widest(massager, limits)])
    felt = massager.layout.places[motor].zones
    return min(most, max(1, _highest(massager, motor, limits, felt))) if felt else most


def _highest(massager: Massager, motor: int, limits: Limits, zones: Iterable[str]) -> int:
    """Return the highest level that is under the caps of all `zones`."""
    kind = massager.stimulus_class
    caps = [limits.caps(zone, kind).max_intensity for zone in zones]
    return math.floor(min(*caps, massager.ratings[motor]) * massager.steps[motor] + 1e-9)


async def burst(  # noqa: PLR0913, PLR0917 - one parameter a thing to decide
    connector: Connector,
    address: str,
    massager: Massager,
    motor: int,
    level: int,
    limits: Limits,
    asker: Asker,
) -> int:
    """Move one motor at `level` for at most half a second, then stop; return the level it reached.

    Args:
        connector: Finds the massager.
        address: Where it is.
        massager: What is known of it.
        motor: Which motor.
        level: In device steps, from 1.
        limits: The table of limits.
        asker: Who asked for it.

    Raises:
        SafetyRefusal: The level is higher than may be tried.
        StopUnconfirmed: Nobody confirmed the stop: it may be running.
        RadioError: It was not found, or it does not say what it should; it stands still.
    """
    if not 1 <= level <= highest_tried(massager, motor, limits):
        raise SafetyRefusal(f"{massager.model}: level {level} may not be tried")
    placed = _placed(massager, _widest(massager, limits))
    try:
        link = await connector.connect(address, FIND_TIMEOUT_S)
    except LinkLost as error:  # with its first stop under way
        raise StopUnconfirmed(str(error)) from error
    reached = 0
    try:
        ceiling = tuple(level * (index == motor) for index in range(len(massager.steps)))
        await link.agree(Terms(ceiling))
        reached = await _move(link, placed, motor, level, limits, asker)
    finally:
        asker.tell(Stage.STOPPING)
        outcome = await link.close(lambda: _go_on(asker))
        if not outcome.confirmed:
            raise StopUnconfirmed(
                f"{massager.model}: stop not confirmed, it may be running. {massager.on_lost_link}"
            )
    return reached


def _go_on(asker: Asker) -> bool:
    asker.tell(Stage.UNANSWERED)
    return True


async def _move(
    link: Port, placed: Massager, motor: int, level: int, limits: Limits, asker: Asker
) -> int:
    """Wait out the soft start, then send what the governor lets through; return the highest."""
    clock = asyncio.get_running_loop().time
    share = level / placed.steps[motor]
    wanted = [share * (index == motor) for index in range(len(placed.steps))]
    zone = placed.layout.places[0].zones[0]
    rise_per_s = limits.caps(zone, placed.stimulus_class).max_rise_per_s
    soft_s = share / rise_per_s * _SOFT_START_MARGIN
    governor = Governor(
        limits,
        (mount(placed.model, placed),),
        ceiling=min(1.0, (level + 0.5) / placed.steps[motor]),
        duration_s=(soft_s + BURST_S) / _WARMUP_SHARE,
    )
    governor.grant(math.inf)  # no exposure is reserved: nobody receives any
    begins_s = clock() + max(soft_s, (soft_s + BURST_S) * _SOFT_START_MARGIN)
    state, highest, ends_s = initial(), 0, math.inf
    while (now_s := clock()) < ends_s and not asker.enough.is_set() and not link.lost.is_set():
        (frame,) = governor.judge((wanted,), now_s)
        if now_s >= begins_s and not frame.idle:
            ends_s = min(ends_s, now_s + BURST_S)
            if frame.steps[motor] > highest:
                if not highest:
                    asker.tell(Stage.MOVING)
                encoded, after = encode(placed, frame, state)
                with contextlib.suppress(TimeoutError):  # a slow link buys no longer burst
                    async with asyncio.timeout_at(ends_s):
                        if await link.send(encoded):
                            state, highest = after, frame.steps[motor]
                            governor.sent(frame, clock())
        await asyncio.sleep(min(_TICK_S, max(0.0, ends_s - clock())))
    return highest


def _widest(massager: Massager, limits: Limits) -> str:
    """Return the zone where the massager's class may be the strongest."""
    zones = [zone for zone in limits.zones if zone != UNKNOWN]
    return max(zones, key=lambda zone: limits.caps(zone, massager.stimulus_class).max_intensity)


def _placed(massager: Massager, zone: str) -> Massager:
    places = tuple(replace(place, zones=(zone,)) for place in massager.layout.places)
    return replace(massager, layout=Layout(massager.layout.name, places))
