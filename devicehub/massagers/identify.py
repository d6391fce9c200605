"""Which massager an advertisement is."""

from collections.abc import Iterable, Mapping

from devicehub.massagers.identity import matches
from devicehub.massagers.library import Library, identities
from devicehub.massagers.model import Massager


def identify(
    library: Library,
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
        model
        for model, identity in identities(library).items()
        if matches(identity, name, services, manufacturer_data)
    ]
    return library[fitting[0]] if len(fitting) == 1 else None
