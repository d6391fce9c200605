"""Layouts of three massagers, placed by hand from their descriptions."""

from profiles.body import zones_touched
from profiles.layout import Layout, Place


def _place(index: int, x_cm: float, y_cm: float, footprint_cm: float) -> Place:
    zones = zones_touched(x_cm, y_cm, footprint_cm)
    return Place(index, "vibration", zones, x_cm, y_cm, footprint_cm)


def _cape() -> Layout:
    rows = ((9.0, 60.5, 55.0), (4.2, 46.0, 46.0), (4.2, 34.0, 34.0), (4.2, 21.0, 21.0))
    places: list[Place] = []
    for x_cm, side_y, spine_y in rows:
        for x, y, footprint in ((-x_cm, side_y, 1.7), (0.0, spine_y, 1.2), (x_cm, side_y, 1.7)):
            places.append(_place(len(places), x, y, footprint))
    return Layout("reference-cape", tuple(places))


def _x40() -> Layout:
    places: list[Place] = []
    for index in range(40):
        block, inner = divmod(index, 10)
        column, row = inner % 2, inner // 2
        if block in {1, 2}:
            x_cm = (-10.5, -3.5, 3.5, 10.5)[2 * (block - 1) + column]
            places.append(_place(index, x_cm, (54.0, 46.0, 38.0, 30.0, 22.0)[row], 1.5))
        else:
            front = "chest_anterior" if row <= 2 else "abdomen"
            places.append(Place(index, "vibration", (front,)))
    return Layout("bhaptics-x40", tuple(places))


def wand(*zones: str) -> Layout:
    return Layout("lovense-domi", (Place(0, "vibration", zones),))


CAPE = _cape()
X40 = _x40()
LAYOUTS = (CAPE, X40, wand("trapezius_upper"))


def at(layout: Layout, motor: int) -> tuple[float, float]:
    """Return where a motor that has a place sits: x and y in cm."""
    place = layout.places[motor]
    assert place.x_cm is not None
    assert place.y_cm is not None
    return place.x_cm, place.y_cm
