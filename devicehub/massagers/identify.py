"""Which massager an advertisement is."""

from collections.abc import Iterable, Mapping

from devicehub.massagers.identity import matches
from devicehub.massagers.model import Massager


def identify(
    library: Mapping[str, Massager],
    name: str | None,
    service_uuids: Iterable[str],
    manufacturer_data: Mapping[int, bytes],
) -> Massager | None:
    """Return the one massager whose identity an advertisement shows, or None.

    Name, service and manufacturer data must all hold where the file states them; a service alone
    never identifies. What fits several models is none of them: it could be driven wrongly.
    """
    services = tuple(service_uuids)
    fitting = [
        massager
        for massager in library.values()
        if matches(massager.identify, name, services, manufacturer_data)
    ]
    return fitting[0] if len(fitting) == 1 else None
