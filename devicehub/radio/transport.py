"""The one place in which bytes go to a massager."""

import asyncio

from bleak import BleakClient
from bleak.exc import BleakError

from devicehub.errors import LinkLost, RadioError


async def write(
    client: BleakClient, char: str, data: bytes, *, response: bool, timeout_s: float
) -> None:
    """Write `data` to a characteristic and wait for the answer where one is asked for.

    Raises:
        LinkLost: The link is gone.
        RadioError: The massager refused, or did not answer within `timeout_s` seconds.
    """
    try:
        async with asyncio.timeout(timeout_s):
            await client.write_gatt_char(char, data, response=response)
    except TimeoutError:
        raise RadioError(f"a write was not answered within {timeout_s:g} s") from None
    except (BleakError, OSError) as error:
        if not client.is_connected:
            raise LinkLost("the link was lost") from error
        raise RadioError(f"a write failed: {error}") from error
