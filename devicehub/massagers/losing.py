"""What a massager does when its link is lost, as far as it is known: for the person, at once."""

from devicehub.massagers.model import Massager

_BY_ITSELF = {
    "yes": "It stops when it loses the link",
    "no": "It does not stop when it loses the link",
    "unknown": "Nobody has tried whether it stops when it loses the link",
}


def when_lost(massager: Massager) -> str:
    """Return what is known, and what to do by hand, in a few sentences."""
    known = _BY_ITSELF[massager.stops_on_disconnect]
    if massager.lease_s is not None:
        known += f", and by itself {massager.lease_s:g} s after the last frame"
    return f"{massager.on_lost_link} {known}."
