"""A massager as the governor sees it."""

from devicehub.massagers.model import Massager
from devicehub.safety.mount import GovernedActuator, Mount
from profiles.layout import Place


def mount(name: str, massager: Massager) -> Mount:
    """Return the placed `massager`, called `name` in this session, for a governor."""
    actuators = tuple(
        GovernedActuator(place.zones, steps, rating, _side(place))
        for place, steps, rating in zip(
            massager.layout.places, massager.steps, massager.ratings, strict=True
        )
    )
    return Mount(name, massager.stimulus_class, actuators)


def _side(place: Place) -> str:
    """Return the side of the body that an actuator is on; over the midline counts as middle."""
    if place.x_cm is None:
        return "unknown"
    if abs(place.x_cm) < place.footprint_cm:
        return "middle"
    return "right" if place.x_cm > 0.0 else "left"
