"""Asking: what a massager that says nothing by itself still answers, a characteristic that is read.

What was written before is delivered before the question, so an answer confirms it.
"""

import asyncio
from collections.abc import Iterator
from itertools import islice

from bleak import BleakClient
from bleak.exc import BleakError

from devicehub.errors import RadioError
from devicehub.radio import transport
from devicehub.radio.services import read

# `stopping.stop_limit_s` counts with so many answers that do not come.
TRIED = 2


async def answers(client: BleakClient, preferred: str | None = None) -> bool:
    """Say whether the massager answers when it is asked.

    Args:
        client: The connected client.
        preferred: UUID of a characteristic that is known to be readable, such as the battery's.
    """
    for uuid in islice(dict.fromkeys(_readable(client, preferred)), TRIED):
        try:
            async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
                await read(client, uuid)
        except (RadioError, BleakError, TimeoutError):
            continue
        return True
    return False


def _readable(client: BleakClient, preferred: str | None) -> Iterator[str]:
    uuids = [
        each.uuid
        for service in client.services
        for each in service.characteristics
        if "read" in each.properties
    ]
    if preferred in uuids:
        yield preferred
    yield from uuids
