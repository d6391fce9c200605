"""The body map: back and seat as a plane in cm, with named zones as shapes.

x is the distance from the midline, right of the person positive. y is the height above the tip of
the coccyx. Lengths are for a trunk of 71 cm from coccyx to the base of the skull (an adult of about
175 cm); a zone of the front of the body has no shape on this plane: a motor there is listed by
zone id alone.

Outlines are an engineering choice after surface anatomy: muscles overlap as they do under the
skin, and bony or guarded places are drawn generously. A closer look never moves a motor out of a
guarded zone by accident: what a disc touches counts, whole or in part.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import hypot

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Zone:
    """A named area of the body.

    Attributes:
        id: As in the table of limits, for example ``"paraspinal_lumbar"``.
        title: For people.
        side: ``"midline"`` or ``"bilateral"`` (drawn once, for the right; the left is its mirror).
        outline: Corners in cm, counter-clockwise; empty for zones that are not on the back.
    """

    id: str
    title: str
    side: str
    outline: tuple[Point, ...] = ()

    @property
    def within(self) -> str:
        """The title as it is written within a sentence."""
        return self.title[:1].lower() + self.title[1:]


def _box(x0: float, y0: float, x1: float, y1: float) -> tuple[Point, ...]:
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


ZONES: tuple[Zone, ...] = (
    Zone("head_face", "Head and face", "midline"),
    Zone("neck_anterior", "Front of the neck", "midline"),
    Zone("neck_lateral", "Sides of the neck", "bilateral", _box(5.0, 62.0, 7.5, 71.0)),
    Zone("axilla", "Armpit", "bilateral", _box(17.0, 42.0, 21.0, 50.0)),
    Zone("chest_anterior", "Front of the chest", "midline"),
    Zone("abdomen", "Abdomen", "midline"),
    Zone("spine_cervical", "Cervical spine, midline", "midline", _box(-1.5, 59.0, 1.5, 71.0)),
    Zone("spine_thoracic", "Thoracic spine, midline", "midline", _box(-1.5, 31.0, 1.5, 59.0)),
    Zone("spine_lumbar", "Lumbar spine, midline", "midline", _box(-1.5, 14.0, 1.5, 31.0)),
    Zone("spine_sacral", "Sacrum, midline", "midline", _box(-1.5, 4.0, 1.5, 14.0)),
    Zone("coccyx", "Coccyx", "midline", _box(-1.5, 0.0, 1.5, 4.0)),
    Zone(
        "neck_posterior",
        "Back of the neck beside the spine",
        "bilateral",
        _box(1.5, 60.0, 5.0, 71.0),
    ),
    Zone("flank_kidney", "Flank", "bilateral", _box(6.0, 22.0, 11.0, 34.0)),
    Zone(
        "scapula_bony",
        "Shoulder blade",
        "bilateral",
        ((8.0, 43.0), (11.0, 43.0), (15.0, 52.0), (15.5, 57.0), (6.5, 57.0), (6.0, 54.0)),
    ),
    Zone("lower_ribs", "Lower ribs at the side", "bilateral", _box(12.5, 30.0, 17.0, 42.0)),
    Zone("iliac_crest", "Iliac crest", "bilateral", _box(4.0, 13.0, 13.0, 17.0)),
    Zone(
        "trapezius_upper",
        "Upper trapezius",
        "bilateral",
        ((2.0, 57.0), (16.0, 57.0), (16.0, 60.0), (9.0, 62.0), (5.0, 65.0), (2.0, 68.0)),
    ),
    Zone(
        "trapezius_mid_low",
        "Middle and lower trapezius",
        "bilateral",
        ((1.5, 36.0), (3.0, 40.0), (9.0, 50.0), (13.0, 57.0), (1.5, 57.0)),
    ),
    Zone(
        "rhomboid", "Rhomboids", "bilateral", ((1.5, 49.0), (7.0, 44.0), (7.0, 54.0), (1.5, 58.0))
    ),
    Zone(
        "latissimus",
        "Latissimus",
        "bilateral",
        ((5.0, 17.0), (10.0, 19.0), (17.0, 40.0), (17.0, 42.0), (9.0, 43.0), (6.0, 34.0)),
    ),
    Zone(
        "teres_major",
        "Teres major",
        "bilateral",
        ((11.0, 42.5), (17.0, 45.0), (17.0, 50.0), (12.0, 46.0)),
    ),
    Zone(
        "paraspinal_thoracic", "Beside the thoracic spine", "bilateral", _box(1.5, 31.0, 6.0, 59.0)
    ),
    Zone("paraspinal_lumbar", "Beside the lumbar spine", "bilateral", _box(1.5, 14.0, 6.0, 31.0)),
    Zone(
        "gluteal",
        "Seat",
        "bilateral",
        ((1.5, -3.0), (14.0, -3.0), (17.0, 4.0), (13.0, 13.0), (4.0, 13.0), (1.5, 10.0)),
    ),
    Zone("thigh_posterior", "Back of the thigh", "bilateral", _box(3.0, -38.0, 16.0, -4.0)),
    Zone("unknown", "Unknown placement", "unknown"),
)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A point that can be found on a body, beside the spine; drawn for the right, as zones are.

    Attributes:
        id: As in a profile.
        title: For people.
        zone: The zone that it lies in.
        x_cm: Distance from the midline in cm.
        y_cm: Height above the tip of the coccyx in cm.
    """

    id: str
    title: str
    zone: str
    x_cm: float
    y_cm: float


# The lumbar spine, 14 to 31 cm, has five vertebrae and the sacrum, 4 to 14 cm, has five segments,
# drawn equally high. The point itself lies on the midline; it is held 3 cm beside it, on muscle.
POINTS: dict[str, Landmark] = {
    point.id: point
    for point in (
        Landmark("l4", "beside the 4th lumbar vertebra", "paraspinal_lumbar", 3.0, 19.1),
        Landmark("s2", "beside the 2nd sacral vertebra", "gluteal", 3.0, 11.0),
    )
}

_BY_ID = {zone.id: zone for zone in ZONES}


def zone(zone_id: str) -> Zone:
    """Return the zone of that id.

    Raises:
        KeyError: There is no such zone.
    """
    return _BY_ID[zone_id]


@lru_cache(maxsize=8192)  # drawings and layouts ask for the same places again and again
def zones_touched(x_cm: float, y_cm: float, radius_cm: float) -> tuple[str, ...]:
    """Return the ids of all zones that a disc on the skin touches, in the order of `ZONES`.

    A zone whose edge is exactly `radius_cm` away is touched. An empty answer means off the map, and
    is to be taken as unknown placement.
    """
    return tuple(zone.id for zone in ZONES if _touches(zone, x_cm, y_cm, radius_cm))


def reach_cm(zone_ids: Iterable[str]) -> float:
    """Return how far several zones reach from their lowest to their highest point, in cm.

    It is the way that a hand has on them; 0.0 when none of them is on the back.

    Raises:
        KeyError: There is no such zone.
    """
    heights = [y for zone_id in zone_ids for _, y in zone(zone_id).outline]
    return max(heights) - min(heights) if heights else 0.0


def _edges(outline: tuple[Point, ...]) -> Iterator[tuple[Point, Point]]:
    return zip(outline, (*outline[1:], outline[0]), strict=True)


def _touches(zone: Zone, x: float, y: float, radius: float) -> bool:
    """Say whether a disc touches a zone on either side: left is judged as right, exactly."""
    if not zone.outline:
        return False
    mirrored = abs(x)
    return _inside(zone.outline, mirrored, y) or _distance_cm(zone.outline, mirrored, y) <= radius


def _inside(outline: tuple[Point, ...], x: float, y: float) -> bool:
    """Count the edges that a ray to the right crosses: odd is inside."""
    crossings = 0
    for (x0, y0), (x1, y1) in _edges(outline):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1


def _distance_cm(outline: tuple[Point, ...], x: float, y: float) -> float:
    """Return the distance of a point to the nearest edge."""
    nearest = float("inf")
    for (x0, y0), (x1, y1) in _edges(outline):
        dx, dy = x1 - x0, y1 - y0
        along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)
        along = min(1.0, max(0.0, along))
        nearest = min(nearest, hypot(x - x0 - along * dx, y - y0 - along * dy))
    return nearest
