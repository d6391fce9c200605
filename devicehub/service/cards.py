"""Cards: what a service tells of each massager, from its place and the session on it."""

from devicehub.messages import DeviceView
from devicehub.outside import DeviceCard
from devicehub.service.ground import Place
from devicehub.service.running import Running

_REASONS = {
    "connected": "",
    "returning": "the link was lost; it is looked for",
    "lost": "the link was lost",
}


def card(place: Place, running: Running | None, absent: str | None) -> DeviceCard:
    """Return the card of one massager.

    Args:
        place: Where it is served.
        running: The session that plays it, if there is one.
        absent: Why it cannot be reached, if it is known that it cannot.
    """
    if running is None:
        link, reason = ("idle", "") if absent is None else ("lost", absent)
        return DeviceCard(place.id, place.model, place.actuators, link, reason)
    view = _view(place, running)
    if view is None:
        return DeviceCard(place.id, place.model, place.actuators, "connecting")
    reason = _REASONS[view.link]
    motors = len(view.actuators)
    return DeviceCard(place.id, view.model, motors, view.link, reason, view.battery_percent)


def _view(place: Place, running: Running) -> DeviceView | None:
    now = running.snapshot
    views = now.devices if now is not None else ()
    return next((view for view in views if view.name == place.id), None)
