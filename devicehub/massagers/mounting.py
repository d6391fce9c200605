"""A massager as the governor sees it."""

from devicehub.massagers.model import Massager
from devicehub.safety.mount import GovernedActuator, Mount, Pad
from profiles.layout import Place


def mount(name: str, massager: Massager, *, heat: bool = False) -> Mount:
    """Return the placed `massager`, called `name` in this session, for a governor.

    `heat` is whether its heat pad, if it has one, was asked for.
    """
    channel = massager.heat if heat else None
    pad = None if channel is None else Pad(channel.sensor, channel.max_c)
    actuators = tuple(
        GovernedActuator(place.zones, steps, rating, _side(place), control)
        for place, steps, rating, control in zip(
            massager.layout.places,
            massager.steps,
            massager.ratings,
            massager.controls,
            strict=True,
        )
    )
    return Mount(name, massager.stimulus_class, actuators, massager.a_m_s2, pad)


def _side(place: Place) -> str:
    """Return the side of the body that an actuator is on; over the midline counts as middle."""
    if place.x_cm is None:
        return "unknown"
    if abs(place.x_cm) < place.footprint_cm:
        return "middle"
    return "right" if place.x_cm > 0.0 else "left"
