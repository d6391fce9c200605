"""A device's GATT table as bleak shows it, from what Bumble discovered."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID
from bumble.gatt_client import CharacteristicProxy, ServiceProxy


def collect(
    found: Sequence[ServiceProxy], wanted: AbstractSet[str] | None, room: Callable[[], int]
) -> BleakGATTServiceCollection:
    """Return bleak's collection of services.

    Args:
        found: The services that were discovered, with everything in them.
        wanted: The UUIDs of those to keep; None for all.
        room: Says how many bytes a write without response may have.
    """
    collection = BleakGATTServiceCollection()
    for service in found:
        uuid = _uuid(service.uuid)
        if wanted and uuid not in wanted:
            continue
        entry = BleakGATTService(service, service.handle, uuid)
        collection.add_service(entry)
        for characteristic in service.characteristics:
            _add(collection, entry, characteristic, room)
    return collection


def _add(
    collection: BleakGATTServiceCollection,
    service: BleakGATTService,
    found: CharacteristicProxy[bytes],
    room: Callable[[], int],
) -> None:
    properties = sorted(gatt_char_props_to_strs(int(found.properties)))
    characteristic = BleakGATTCharacteristic(
        found, found.handle, _uuid(found.uuid), properties, room, service
    )
    collection.add_characteristic(characteristic)
    for descriptor in found.descriptors:
        uuid = _uuid(descriptor.type)
        collection.add_descriptor(
            BleakGATTDescriptor(descriptor, descriptor.handle, uuid, characteristic)
        )


def _uuid(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-").lower())
