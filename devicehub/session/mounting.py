"""A massager as the governor sees it."""

from devicehub.massagers.model import Massager
from devicehub.safety.governor import GovernedActuator, Mount


def mount(name: str, massager: Massager) -> Mount:
    """Return the placed `massager`, called `name` in this session, for a governor."""
    actuators = tuple(
        GovernedActuator(place.zones, steps, rating)
        for place, steps, rating in zip(
            massager.layout.places, massager.steps, massager.ratings, strict=True
        )
    )
    return Mount(name, massager.stimulus_class, actuators)
