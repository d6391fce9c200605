"""Adverts: what a simulated massager says of itself while it is alone, as bytes."""

from bumble import core
from bumble.core import AdvertisingData

from firmware_sim.gatt import Advertisement

_LEGACY_ADVERT_BYTES = 31  # Core Specification Vol 6 Part B 2.3.1
_FLAGS = b"\x06"  # general discoverable, no classic Bluetooth
_SHORT_UUID_BYTES = 2


def adverts(shown: Advertisement) -> tuple[bytes, bytes]:
    """Return the advert and the scan response, which holds the service UUIDs.

    Raises:
        ValueError: One of them is longer than an advert may be.
    """
    kinds = AdvertisingData.Type
    advert = [(kinds.FLAGS, _FLAGS), (kinds.COMPLETE_LOCAL_NAME, shown.name.encode())]
    for company, content in shown.manufacturer_data.items():
        value = company.to_bytes(2, "little") + content
        advert.append((kinds.MANUFACTURER_SPECIFIC_DATA, value))
    uuids = [bytes(core.UUID(uuid)) for uuid in shown.service_uuids]
    short = b"".join(uuid for uuid in uuids if len(uuid) == _SHORT_UUID_BYTES)
    long = b"".join(uuid for uuid in uuids if len(uuid) != _SHORT_UUID_BYTES)
    lists = (
        (kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, short),
        (kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, long),
    )
    packets = tuple(
        bytes(AdvertisingData([part for part in parts if part[1]])) for parts in (advert, lists)
    )
    if max(map(len, packets)) > _LEGACY_ADVERT_BYTES:
        raise ValueError(f"the advert of {shown.name} is longer than {_LEGACY_ADVERT_BYTES} bytes")
    return packets[0], packets[1]
