"""Cards: what a service tells of each massager, from its place and the session on it."""

from dataclasses import replace

from devicehub.messages import DeviceView
from devicehub.outside import DeviceCard
from devicehub.service.ground import Place
from devicehub.service.running import Running

_REASONS = {
    "connected": "",
    "returning": "the link was lost; it is looked for",
    "lost": "the link was lost",
}


def card(
    place: Place, running: Running | None, absent: str | None, selected: str | None = None
) -> DeviceCard:
    """Return the card of one massager.

    Args:
        place: Where it is served.
        running: The session that plays it, if there is one.
        absent: Why it cannot be reached, if it is known that it cannot.
        selected: What it plays when nothing else is said.
    """
    bare = DeviceCard(place.id, place.model, place.actuators, "idle", selected=selected)
    if running is None:
        return bare if absent is None else replace(bare, link="lost", reason=absent)
    view = _view(place, running)
    if view is None:
        return replace(bare, link="connecting")
    return replace(
        bare,
        model=view.model,
        actuators=len(view.actuators),
        link=view.link,
        reason=_REASONS[view.link],
        battery_percent=view.battery_percent,
    )


def _view(place: Place, running: Running) -> DeviceView | None:
    now = running.snapshot
    views = now.devices if now is not None else ()
    return next((view for view in views if view.name == place.id), None)
