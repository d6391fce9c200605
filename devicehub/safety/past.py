"""What a body has received: in this session so far, and within the last 24 hours.

Plain values. The governor tells what a session has delivered, the ledger keeps it, and the next
session begins with what the ledger remembers. A place is a zone and a side of the body; only zones
that an actuator's layout lists count, what leaks in from beside does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Place = tuple[str, str]
"""Zone id, and "left", "right" or the zone's own side where it has no two."""


@dataclass(frozen=True, slots=True)
class Received:
    """What one place has received.

    Attributes:
        seconds: Time in which any actuator moved there.
        dose: Sum of u^2 dt in seconds, u the strongest step there as a fraction 0..1.
    """

    seconds: float = 0.0
    dose: float = 0.0


@dataclass(frozen=True, slots=True)
class Exposure:
    """What one body has received.

    Attributes:
        places: By place; one that is missing has received nothing.
        active_s: Seconds in which anything moved at all.
        class_s: By stimulus class, the seconds in which its massagers moved, each for itself. One
            whose acceleration was measured counts by the square of it over the assumed one, so that
            these are seconds at the assumed acceleration (`limits.DailyLimits`).
        heat_s: Seconds in which a heat pad was on.
    """

    places: Mapping[Place, Received] = field(default_factory=lambda: MappingProxyType({}))
    active_s: float = 0.0
    class_s: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    heat_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger remembers of one person when a session begins.

    Ages are seconds that have surely passed (`devicehub.ledger.moment`); None is "never".

    Attributes:
        exposure: Within the last 24 h, sessions that were never closed counted in full.
        sessions: Sessions begun within the last 24 h.
        last_ended_ago_s: Since the end of the last session.
        last_active_s: How long anything moved in it.
        forgotten: Of each body that nobody is known for any more and that counts as this one: the
            seconds since its last session ended, and in which anything moved in it.
        heat_ended_ago_s: Since a heat pad was on.
        mild_ended_ago_s: Since a session ended by mild discomfort, reported twice.
        severe_ago_s: Since each severe report of the last 24 h, newest first.
        severe_acknowledged: Whether the person has acknowledged the newest of them since.
    """

    exposure: Exposure = Exposure()
    sessions: int = 0
    last_ended_ago_s: float | None = None
    last_active_s: float = 0.0
    forgotten: tuple[tuple[float, float], ...] = ()
    heat_ended_ago_s: float | None = None
    mild_ended_ago_s: float | None = None
    severe_ago_s: tuple[float, ...] = ()
    severe_acknowledged: bool = True


NOTHING_YET = Past()
"""A body that has received nothing."""
