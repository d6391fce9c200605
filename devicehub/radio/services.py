"""Which characteristic of a connected massager a file means: its UUID may be a pattern.

A pattern that fits two characteristics fits none: bytes would go somewhere by chance.
"""

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from devicehub.errors import RadioError
from devicehub.massagers.identity import uuid_matches

_WILD = "?"


def characteristic(client: BleakClient, uuid: str) -> BleakGATTCharacteristic | None:
    """Return the characteristic whose UUID fits, or None where there is none.

    Raises:
        RadioError: Several do.
    """
    if _WILD not in uuid:
        return client.services.get_characteristic(uuid)
    fitting = [
        each
        for service in client.services
        for each in service.characteristics
        if uuid_matches(uuid, each.uuid)
    ]
    if len(fitting) > 1:
        raise RadioError(f"{uuid} fits {len(fitting)} characteristics of the device")
    return fitting[0] if fitting else None


async def read(client: BleakClient, uuid: str) -> bytes:
    """Return what a characteristic says when it is read.

    Raises:
        RadioError: No characteristic fits, several do, or bleak's read failed.
    """
    try:
        return bytes(await client.read_gatt_char(found(client, uuid)))
    except (BleakError, OSError) as error:
        raise RadioError(f"a read failed: {str(error) or type(error).__name__}") from error


def found(client: BleakClient, uuid: str) -> BleakGATTCharacteristic | str:
    """Return where bytes for `uuid` go: a plain UUID is for bleak to find.

    Raises:
        RadioError: No characteristic fits the pattern, or several do.
    """
    if _WILD not in uuid:
        return uuid
    one = characteristic(client, uuid)
    if one is None:
        raise RadioError(f"{uuid} fits no characteristic of the device")
    return one
