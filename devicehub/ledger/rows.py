"""Exposure as rows of the ledger, and back."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from devicehub.safety.past import Exposure, Received

Key = tuple[str, str, str]
"""Kind, name and side; what is not a zone has no side."""

Row = tuple[Key, Received]

ACTIVE: Key = ("active", "", "")
HEAT: Key = ("heat", "", "")


def rows(exposure: Exposure) -> Iterator[Row]:
    """Yield a row for each place, class, the active time and the heat."""
    for (zone, side), received in exposure.places.items():
        yield ("zone", zone, side), received
    for name, seconds in exposure.class_s.items():
        yield ("class", name, ""), Received(seconds)
    yield ACTIVE, Received(exposure.active_s)
    yield HEAT, Received(exposure.heat_s)


def exposure(found: Iterable[Row]) -> Exposure:
    """Return what the rows, one for each key, add up to."""
    by_key = dict(found)
    places = {key[1:]: received for key, received in by_key.items() if key[0] == "zone"}
    class_s = {key[1]: received.seconds for key, received in by_key.items() if key[0] == "class"}
    return Exposure(
        places=MappingProxyType(places),
        active_s=by_key.get(ACTIVE, Received()).seconds,
        class_s=MappingProxyType(class_s),
        heat_s=by_key.get(HEAT, Received()).seconds,
    )


def longest_s(exposure: Exposure) -> float:
    """Return the seconds that all of it takes at least."""
    return max(received.seconds for _, received in rows(exposure))
