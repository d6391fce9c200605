"""Connecting: the link, the opening words that some massagers need, the first look at the battery.

Written per step in the massager's file: write something, wait for an answer, write it again.
Nothing here can move a motor: the file's check of connect frames says so.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from bleak import BleakClient
from bleak.exc import BleakError
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from devicehub.errors import DeviceNotFound, RadioError
from devicehub.massagers.model import ConnectStep, Expect, Glance, Massager
from devicehub.massagers.wire import Encoded, Write
from devicehub.radio.air import Air
from devicehub.radio.scanner import Sighting
from devicehub.radio.services import read
from devicehub.radio.trouble import no_air
from devicehub.radio.wired import Wire, wire_of

# A step without an answer to wait for is written once; half a second is ten connection intervals.
WRITE_TIMEOUT_S = 0.5
CONNECT_TRIES = 3


class Opening:
    """Says the opening words of one massager; `heard` is fed with its notifications."""

    def __init__(
        self,
        massager: Massager,
        write: Callable[[Write, float], Awaitable[None]],
        read: Callable[[str], Awaitable[bytes]],
    ) -> None:
        self._massager = massager
        self._write = write
        self._read = read
        self._step: ConnectStep | None = None
        self._matched = asyncio.Event()

    def heard(self, data: bytes) -> None:
        """Take a notification: it may be the answer that is waited for."""
        expect = self._step.expect if self._step is not None else None
        if expect is not None and expect.matches(data):
            self._matched.set()

    async def say(self) -> None:
        """Say all of it.

        Raises:
            RadioError: A write failed, or an answer that is required did not come.
        """
        for step in self._massager.connect:
            self._step = step
            self._matched.clear()
            if isinstance(step.does, Glance):
                await self._look(step.does)
            else:
                await self._say(step.does, step.expect)
            if step.wait_s:
                await asyncio.sleep(step.wait_s)
        self._step = None
        if self._massager.battery_ask is not None:
            for item in self._massager.battery_ask.writes:
                await self._write(item, WRITE_TIMEOUT_S)

    async def _look(self, glance: Glance) -> None:
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                said = await self._read(glance.char)
        except TimeoutError:
            raise RadioError(f"{self._massager.model}: could not be read") from None
        if not glance.matches(said):
            raise RadioError(f"{self._massager.model}: says {said.hex(' ')}, which is another kind")

    async def _say(self, words: Encoded, expect: Expect | None) -> None:
        for _ in range(1 if expect is None else expect.tries):
            for item in words.writes:
                await self._write(item, WRITE_TIMEOUT_S)
            if expect is None or await self._answered(expect.timeout_s):
                return
        if expect is not None and expect.required:
            raise RadioError(f"{self._massager.model}: no answer to its opening words")

    async def _answered(self, timeout_s: float) -> bool:
        try:
            async with asyncio.timeout(timeout_s):
                await self._matched.wait()
        except TimeoutError:
            return False
        return True


async def look_at_battery(
    client: BleakClient, massager: Massager, hear: Callable[[str, bytes], None]
) -> None:
    """Read the battery where it can be read; one that cannot be read stays unknown."""
    if massager.battery is None:
        return
    with contextlib.suppress(RadioError, TimeoutError):
        async with asyncio.timeout(WRITE_TIMEOUT_S):
            hear(massager.battery, await read(client, massager.battery))


async def establish(
    air: Air, sighting: Sighting, disconnected: Callable[[BleakClient], None]
) -> BleakClient:
    """Return the connected client of a massager that was heard.

    Raises:
        DeviceNotFound: It would not connect.
        RadioError: The air cannot be used.
    """
    if (wire := wire_of(sighting.device)) is not None:
        return await _plugged_in(air, sighting, wire, disconnected)
    try:
        return await establish_connection(
            BleakClientWithServiceCache,
            sighting.device,
            sighting.name,
            disconnected_callback=disconnected,
            max_attempts=CONNECT_TRIES,
            **air.client_arguments(),
        )
    except (BleakError, TimeoutError) as error:
        hint = sighting.massager.pairing_hint
        raise DeviceNotFound(
            f"{sighting.name}: heard, but it would not connect ({str(error) or 'no answer'}); "
            f"another app may have it: close that one{f'. {hint}' if hint else ''}"
        ) from error
    except OSError as error:
        raise RadioError(no_air(air, error)) from error


async def _plugged_in(
    air: Air, sighting: Sighting, wire: Wire, disconnected: Callable[[BleakClient], None]
) -> BleakClient:
    """Return the client of a massager on a cable; what a cable refuses once, it refuses again.

    Raises:
        DeviceNotFound: The line cannot be opened.
    """
    client = BleakClient(
        sighting.device, disconnected_callback=disconnected, **wire.client_arguments(air)
    )
    try:
        await client.connect()
    except (BleakError, TimeoutError) as error:
        raise DeviceNotFound(f"{sighting.massager.model}: {error}") from error
    return client
