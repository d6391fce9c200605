"""Where something may move: zone by zone and side by side, who does and what the table allows."""

from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.safety.caps import Caps
from devicehub.safety.limits import UNKNOWN, ClassCaps, Limits
from devicehub.safety.mount import BOTH_SIDES, Mount
from devicehub.safety.past import Place


@dataclass(frozen=True, slots=True)
class Spot:
    """One side of one zone.

    Attributes:
        place: Zone and side.
        members: Flat indexes of the actuators that may move there, whatever their massager.
        rows: What the zone takes from the class of each of them; the strictest counts.
    """

    place: Place
    members: tuple[int, ...]
    rows: tuple[ClassCaps, ...]

    def least(self, name: str) -> float:
        """Return the smallest of a column."""
        return min(getattr(row, name) for row in self.rows)

    def most(self, name: str) -> float:
        """Return the largest of a column."""
        return max(getattr(row, name) for row in self.rows)


def spots(limits: Limits, mounts: Sequence[Mount], caps: Caps) -> tuple[Spot, ...]:
    """Return every place that something may move in; what leaks in from beside does not count."""
    felt: dict[Place, dict[int, ClassCaps]] = {}
    flat = [(mount, actuator) for mount in mounts for actuator in mount.actuators]
    for i in caps.driven:
        mount, actuator = flat[i]
        for zone in {limits.zone(name).id for name in actuator.zones or (UNKNOWN,)}:
            for side in _sides(limits.zone(zone).side, actuator.side):
                felt.setdefault((zone, side), {})[i] = limits.caps(zone, mount.stimulus_class)
    return tuple(Spot(at, tuple(rows), tuple(rows.values())) for at, rows in felt.items())


def classes(mounts: Sequence[Mount], caps: Caps) -> dict[str, tuple[int, ...]]:
    """Return the actuators that may move, by class of massager."""
    flat = [mount.stimulus_class for mount in mounts for _ in mount.actuators]
    members: dict[str, tuple[int, ...]] = {}
    for i in caps.driven:
        members[flat[i]] = (*members.get(flat[i], ()), i)
    return members


def _sides(zone: str, actuator: str) -> tuple[str, ...]:
    """Return on which sides of a zone an actuator is felt; one that may be on either is on both."""
    if zone != "bilateral":
        return (zone,)
    return (actuator,) if actuator in BOTH_SIDES else BOTH_SIDES
