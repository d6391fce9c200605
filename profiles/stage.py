"""Stage: the actuators of a layout that take part in one phase, sorted into left, right, middle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from profiles.body import reach_cm
from profiles.layout import Layout, Place
from profiles.phantom import Spot

# Nearer to the midline than this a motor belongs to neither hand; the spine is drawn 1.5 cm wide
# on either side (profiles/body.py).
MIDLINE_CM = 1.0

# A motor in the middle whose patch of skin reaches further than this is felt on both sides of the
# spine at once: what lies beside it ends at 6 cm (profiles/body.py). So do the motors of beds.
BROAD_CM = 6.0

# Motors at nearly the same height are one row, and a touch passes between them: on the back two
# points nearer than about 4 cm are felt as one (Weinstein 1968).
ROW_CM = 3.0

# The composer plans at most this part of a zone's pattern rate, so that the last gate, which
# measures from write to write, never finds two starts of a rise a hair too close.
PATTERN_MARGIN = 0.75

# A hand's length: how far a stroke goes where the zones have no shape on the back.
HAND_CM = 18.0

Side = Literal["left", "right", "middle"]


@dataclass(frozen=True, slots=True)
class Lane:
    """What one hand has under it: the motors of one side, lowest first.

    Attributes:
        spots: Motors that list a zone of the phase.
        back: Motors that list a return zone; empty when they add no place to `spots`.
        side: Where the motors lie, seen from behind.
        broad: They lie in the middle, and each is felt on both sides of the spine.
    """

    spots: tuple[Spot, ...]
    back: tuple[Spot, ...] = ()
    side: Side = "middle"
    broad: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one phase is played.

    Attributes:
        lanes: Left, right and middle, as far as there are motors; hands move together.
        unplaced: Actuators that take part and have no place on the map.
        reach_cm: How far the phase's zones reach up the back.
        max_rate_hz: Fastest repetition that the zones of the actuators allow; infinite if unknown.
        returns: The phase names return zones.
        stretch: How many times as long as written the phase is played.
        spin_up_s: Seconds that the slowest motor needs to get going.
        edge_s: Seconds that the gentlest of its zones needs from nothing to its cap; 0 if unknown.
    """

    lanes: tuple[Lane, ...]
    unplaced: tuple[int, ...]
    reach_cm: float
    max_rate_hz: float
    returns: bool
    stretch: float = 1.0
    spin_up_s: float = 0.0
    edge_s: float = 0.0

    @property
    def empty(self) -> bool:
        """Nothing here can move."""
        return not self.lanes and not self.unplaced

    @property
    def hands(self) -> tuple[Lane, ...]:
        """The lanes that hands work on: beside the spine, never on it."""
        return tuple(lane for lane in self.lanes if lane.side != "middle" or lane.broad)

    @property
    def spares_spine(self) -> bool:
        """There are motors over the spine, which hands leave out."""
        return len(self.hands) < len(self.lanes)

    @property
    def actuators(self) -> tuple[int, ...]:
        """Every actuator that takes part, but for those of the way back."""
        return (*(spot.motor for lane in self.lanes for spot in lane.spots), *self.unplaced)


def is_handheld(layout: Layout) -> bool:
    """Say whether the massager is moved by hand: none of its actuators has a place."""
    return all(_spot(place) is None for place in layout.places)


def set_stage(
    layout: Layout,
    zones: Sequence[str],
    return_zones: Sequence[str],
    max_pattern_hz: Mapping[str, float],
    edges_s: Mapping[str, float] | None = None,
) -> Stage:
    """Return the actuators of `layout` that play `zones`, and `return_zones` on the way back.

    A handheld plays everything, wherever it is held: its user takes it there. Any other actuator
    takes part only if it lists one of the zones; one without zones is felt in ``"unknown"``.

    Args:
        layout: The massager on the body.
        zones: Zones of the phase.
        return_zones: Zones of its way back; may be empty.
        max_pattern_hz: Fastest repetition in Hz by zone, as in the table of limits. A zone that is
            missing counts as the slowest. Zones at 0 are never driven and slow nothing.
        edges_s: Shortest edge from nothing to the cap in seconds by zone; None knows of none.
    """
    handheld = is_handheld(layout)
    cast = [place for place in layout.places if handheld or _felt_in(place, zones)]
    back = [place for place in layout.places if _felt_in(place, return_zones)]
    broad = {place.index for place in cast if place.footprint_cm > BROAD_CM}
    return Stage(
        lanes=_lanes(_spots(cast), _spots(back), broad),
        unplaced=tuple(place.index for place in cast if _spot(place) is None),
        reach_cm=reach_cm(zones) or HAND_CM,
        max_rate_hz=_max_rate_hz((*cast, *back), max_pattern_hz),
        returns=bool(return_zones),
        edge_s=max((edge_s(place, edges_s or {}) for place in cast), default=0.0),
    )


def edge_s(place: Place, edges_s: Mapping[str, float]) -> float:
    """Return the longest of the shortest edges of an actuator's zones, 0 if none is known."""
    return max((edges_s.get(zone, 0.0) for zone in place.zones), default=0.0)


def without_knocks(layout: Layout, zones: Sequence[str], edges_s: Mapping[str, float]) -> Layout:
    """Return a layout without the motors of `zones` that are felt where nothing may knock.

    That is where an edge has to be longer than the shortest of all. Where no other motor is in
    `zones` they stay.
    """
    shortest_s = min(edges_s.values(), default=0.0)
    firm = tuple(place for place in layout.places if edge_s(place, edges_s) <= shortest_s)
    there = any(_felt_in(place, zones) for place in firm)
    return replace(layout, places=firm) if there else layout


def _felt_in(place: Place, zones: Sequence[str]) -> bool:
    return any(zone in zones for zone in place.zones or ("unknown",))


def _spot(place: Place) -> Spot | None:
    if place.x_cm is None or place.y_cm is None:
        return None
    return Spot(place.index, place.x_cm, place.y_cm)


def _spots(places: Iterable[Place]) -> list[Spot]:
    found = [spot for place in places if (spot := _spot(place)) is not None]
    return sorted(found, key=lambda spot: (spot.y, abs(spot.x), spot.x))


def _lanes(spots: list[Spot], back: list[Spot], broad: set[int]) -> tuple[Lane, ...]:
    left, right, middle = _by_side(spots)
    back_left, back_right, back_middle = _by_side(back)
    if not left and not right:
        # Up the middle and down both sides.
        back_middle = tuple(back)
    sides: tuple[tuple[Side, tuple[Spot, ...], tuple[Spot, ...]], ...] = (
        ("left", left, back_left),
        ("right", right, back_right),
        ("middle", middle, back_middle),
    )
    return tuple(
        Lane(
            way_up,
            way_back if set(way_back) - set(way_up) else (),
            side,
            side == "middle" and broad.issuperset(spot.motor for spot in way_up),
        )
        for side, way_up, way_back in sides
        if way_up
    )


def rows(spots: Iterable[Spot]) -> list[tuple[Spot, ...]]:
    """Return the rows that `spots`, lowest first, lie in; the lowest row first."""
    found: list[tuple[Spot, ...]] = []
    for spot in spots:
        if found and spot.y - found[-1][0].y < ROW_CM:
            found[-1] = (*found[-1], spot)
        else:
            found.append((spot,))
    return found


def _by_side(spots: list[Spot]) -> tuple[tuple[Spot, ...], tuple[Spot, ...], tuple[Spot, ...]]:
    return (
        tuple(spot for spot in spots if spot.x <= -MIDLINE_CM),
        tuple(spot for spot in spots if spot.x >= MIDLINE_CM),
        tuple(spot for spot in spots if abs(spot.x) < MIDLINE_CM),
    )


def _max_rate_hz(places: Iterable[Place], max_pattern_hz: Mapping[str, float]) -> float:
    slowest = min((hz for hz in max_pattern_hz.values() if hz > 0.0), default=float("inf"))
    rates = (
        max_pattern_hz.get(zone, slowest)
        for place in places
        for zone in place.zones or ("unknown",)
    )
    return PATTERN_MARGIN * min((hz for hz in rates if hz > 0.0), default=float("inf"))
