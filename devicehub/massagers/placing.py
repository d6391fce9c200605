"""Where a model's actuators sit: the places of its file, held against the body map.

A zone that is forgotten in a file is a cap that is forgotten, so every zone that an actuator's
patch of skin touches has to be listed. More may be: a wide motor is felt further than it reaches.
"""

from collections.abc import Sequence

from devicehub.massagers import schema
from devicehub.massagers.mistakes import Mistakes, nearest
from profiles.body import ZONES, zones_touched
from profiles.layout import Layout, Place


def lay_out(
    model: schema.ModelTable,
    actuators: Sequence[schema.ActuatorTable],
    path: str,
    mistakes: Mistakes,
) -> Layout | None:
    """Return the layout of a model, or None after a mistake.

    Args:
        model: Its table.
        actuators: One entry for each actuator, counts written out.
        path: Key path of the model.
        mistakes: Takes what is wrong.
    """
    if model.places is None:
        held = tuple(
            Place(i, actuator.kind, (), motor=actuator.motor)
            for i, actuator in enumerate(actuators)
        )
        return Layout(model.name, held)
    if len(model.places) != len(actuators):
        mistakes.add(
            f"{path}.places",
            f"must be one for each of the {len(actuators)} actuators, not {len(model.places)}",
        )
        return None
    right = [_check(place, f"{path}.places[{i}]", mistakes) for i, place in enumerate(model.places)]
    if not all(right):
        return None
    places = tuple(
        _place(i, actuator, place)
        for i, (actuator, place) in enumerate(zip(actuators, model.places, strict=True))
    )
    return Layout(model.name, places)


def _place(index: int, actuator: schema.ActuatorTable, place: schema.PlaceTable) -> Place:
    kind, motor, zones = actuator.kind, actuator.motor, tuple(place.zones)
    if place.x_cm is None or place.y_cm is None or place.footprint_cm is None:
        return Place(index, kind, zones, motor=motor)
    return Place(index, kind, zones, place.x_cm, place.y_cm, place.footprint_cm, motor)


def _check(place: schema.PlaceTable, path: str, mistakes: Mistakes) -> bool:
    known = [zone.id for zone in ZONES]
    strange = [zone for zone in place.zones if zone not in known]
    for zone in strange:
        mistakes.add(f"{path}.zones", f"is no zone of the body map; {nearest(zone, known)}", zone)
    forgotten = [zone for zone in _touched(place) if zone not in place.zones]
    if forgotten:
        mistakes.add(
            f"{path}.zones", f"must list what the patch touches; add {', '.join(forgotten)}"
        )
    return not strange and not forgotten


def _touched(place: schema.PlaceTable) -> tuple[str, ...]:
    if place.x_cm is None or place.y_cm is None or place.footprint_cm is None:
        return ()
    return zones_touched(place.x_cm, place.y_cm, place.footprint_cm)
