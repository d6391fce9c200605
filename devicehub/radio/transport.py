"""The one place in which bytes go to a massager, and how long it is tried to stop one."""

import asyncio

from bleak import BleakClient

from devicehub.errors import LinkLost, RadioError
from devicehub.radio.services import found

# zones.json, timing: stop_write_timeout_s, and stop_retries after the first try (engineering
# choice; a write with response takes two connection intervals, 60 to 100 ms, on the slowest link).
STOP_WRITE_TIMEOUT_S = 1.0
STOP_TRIES = 4
# How long a massager that answers with notifications may take to say something after a stop.
ANSWER_TIMEOUT_S = 0.5


async def write(
    client: BleakClient, char: str, data: bytes, *, response: bool, timeout_s: float
) -> None:
    """Write `data` to a characteristic and wait for the answer where one is asked for.

    `char` is its UUID, or a pattern that fits exactly one of the device.

    Raises:
        LinkLost: The link is gone.
        RadioError: The massager refused, or did not answer within `timeout_s` seconds.
    """
    try:
        async with asyncio.timeout(timeout_s):
            await client.write_gatt_char(found(client, char), data, response=response)
    except RadioError:
        raise
    except TimeoutError:
        raise RadioError(f"a write was not answered within {timeout_s:g} s") from None
    except Exception as error:  # each system's backend has errors of its own, and stop goes on
        if not client.is_connected:
            raise LinkLost("the link was lost") from error
        raise RadioError(f"a write failed: {str(error) or type(error).__name__}") from error
