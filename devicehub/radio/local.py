"""Finds and connects massagers in this process."""

import asyncio
import contextlib

from bleak import BleakClient

from devicehub.errors import RadioError, SafetyRefusal
from devicehub.massagers.library import Library
from devicehub.radio.air import Air
from devicehub.radio.connecting import establish
from devicehub.radio.link import Link
from devicehub.radio.port import to_the_end
from devicehub.radio.scanner import find

# Reading a massager's table takes this long at most; who gives up is not kept waiting longer.
GIVEN_UP_S = 3.0


class LocalConnector:
    """Finds and connects massagers in this process, over one air."""

    def __init__(self, air: Air, library: Library) -> None:
        self._air = air
        self._library = library

    async def connect(self, wanted: str, timeout_s: float) -> Link:
        """Return the massager called `wanted` (address or advertised name), connected and stopped.

        Raises:
            SafetyRefusal: It is known and never driven.
            DeviceNotFound: It was not heard within `timeout_s` seconds or would not connect.
            LinkLost, StopUnconfirmed: It was lost, or did not answer a stop: it may be running.
            RadioError: The air cannot be used, or the device does not say what it should.
        """
        sighting = await find(self._air, self._library, wanted, timeout_s)
        if (why := sighting.massager.refused) is not None:
            raise SafetyRefusal(f"{sighting.massager.model}: {why}")
        link = Link(sighting.massager, sighting.name, sighting.address)
        establishing = asyncio.create_task(establish(self._air, sighting, link.disconnected))
        try:
            client = await asyncio.shield(establishing)
        except asyncio.CancelledError:
            await to_the_end(_stopped_all_the_same(link, establishing))
            raise
        try:
            await link.open(client)
        except BaseException as error:
            # One round only: who connects is told now, and not in two minutes.
            closing = asyncio.create_task(link.close(lambda: False))
            with contextlib.suppress(asyncio.CancelledError):  # closed to the end all the same
                await to_the_end(closing)
            if not closing.result().confirmed:
                raise link.unanswered() from error
            raise
        return link

    def stand_by(self) -> None:
        """Prepare nothing: this process is the one that connects, and it is there."""

    async def close(self, *, at_once: bool = False) -> None:
        """Let go of everything: nothing is held between connections."""


async def _stopped_all_the_same(link: Link, establishing: "asyncio.Task[BleakClient]") -> None:
    """Stop what was being connected when nobody wanted it any more: it may have been left running.

    One that does not get so far in time is let go as it is.

    Raises:
        StopUnconfirmed: It is connected, and did not answer a stop.
    """
    await asyncio.wait((establishing,), timeout=GIVEN_UP_S)
    establishing.cancel()
    await asyncio.wait((establishing,))
    if establishing.cancelled() or establishing.exception() is not None:
        return
    with contextlib.suppress(RadioError):
        await link.open(establishing.result())
    if not (await link.close(lambda: False)).confirmed:
        raise link.unanswered()
