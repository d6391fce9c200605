"""Link: one connected massager in this process, the only holder of the transport.

The first write after connecting is stop. `begin_stop` closes the gate for frames, then writes stop
in a task of its own: at once, again until the device has answered, never cancelled, never skipped
because one was written before. A stop counts as confirmed when the device said something after it:
the response to the write, or notifications where stop is written without response.
"""

import asyncio
import contextlib
from collections.abc import Callable

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from devicehub.errors import DeviceNotFound, LinkLost, RadioError
from devicehub.massagers.decode import Report
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded, Write
from devicehub.radio import transport
from devicehub.radio.air import Air
from devicehub.radio.connecting import Opening, look_at_battery
from devicehub.radio.hearing import Hearing
from devicehub.radio.port import StopOutcome, to_the_end
from devicehub.radio.scanner import Sighting, find, no_air

# A frame that is not through after its own life is worth nothing.
WRITE_TIMEOUT_S = 0.5
CONNECT_TRIES = 3


class Link:
    """One connected massager. Made by `LocalConnector.connect`."""

    def __init__(self, massager: Massager, name: str, address: str) -> None:
        self.massager = massager
        self.name = name
        self.address = address
        self.lost = asyncio.Event()
        self._client: BleakClient | None = None
        self._closing = False
        self._gate_open = False
        self._answered = asyncio.Event()
        self._stops: set[asyncio.Task[StopOutcome]] = set()
        self._hearing = Hearing(massager)
        self._opening = Opening(massager, self._write)
        self._ceiling_steps: tuple[int, ...] = ()

    async def open(self, client: BleakClient) -> None:
        """Take the connected client: stop, before anything else that could take its time.

        Then its notifications, which confirm a second stop, and the device's own opening words.

        Raises:
            LinkLost: The link was lost meanwhile.
            RadioError: The device does not answer.
        """
        self._client = client
        with contextlib.suppress(RadioError):  # the next one is confirmed, or connecting fails
            await self._write_stop(self.massager.stops[0])
        await self._subscribe()
        outcome = await to_the_end(self.begin_stop())
        if not outcome.confirmed:
            raise RadioError(f"{self.name}: connected, but it did not answer the first stop")
        await self._opening.say()
        await look_at_battery(client, self.massager, self._hearing.hear)

    # -- what the device says ------------------------------------------------------------------

    def listen(self, on_report: Callable[[Report], None]) -> None:
        """Call `on_report` with everything the device says, from its first word on."""
        self._hearing.listen(on_report)

    def overhear(self, on_value: Callable[[str, bytes], None]) -> None:
        """Call `on_value` with characteristic and bytes of every word of the device, undecoded."""
        self._hearing.overhear(on_value)

    def disconnected(self, client: BleakClient) -> None:
        """Note the end of the link; bleak calls this, also for attempts to connect that failed."""
        if client is not self._client:
            return
        self._gate_open = False
        if not self._closing:
            self.lost.set()

    async def _subscribe(self) -> None:
        client = self._connected()
        try:
            async with asyncio.timeout(transport.STOP_WRITE_TIMEOUT_S):
                for uuid in self.massager.notifies:
                    if client.services.get_characteristic(uuid) is not None:
                        await client.start_notify(uuid, self._on_notify)
        except (BleakError, OSError, TimeoutError) as error:
            self._connected()  # a lost link has a name of its own
            raise RadioError(
                f"{self.name}: connected, but it would not say what it does"
            ) from error

    def _on_notify(self, characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        self._answered.set()
        self._opening.heard(bytes(value))
        self._hearing.hear(characteristic.uuid, bytes(value))

    # -- frames --------------------------------------------------------------------------------

    async def agree(self, ceiling_steps: tuple[int, ...]) -> None:
        """Fix the highest step of each actuator for this session and open the gate."""
        self._ceiling_steps = ceiling_steps
        self._gate_open = True

    def rearm(self) -> None:
        """Let frames pass again after a stop."""
        self._gate_open = bool(self._ceiling_steps) and not self.lost.is_set() and not self._closing

    async def send(self, encoded: Encoded) -> bool:
        """Write one frame; False when the gate closed or the frame grew old before it was out.

        Raises:
            LinkLost: The link is gone.
            RadioError: The device refused or did not answer, or the frame is above the ceiling.
        """
        if not self._gate_open:
            return False
        if any(step > most for step, most in zip(encoded.steps, self._ceiling_steps, strict=True)):
            raise RadioError(f"{self.name}: a frame above the agreed ceiling was not written")
        for item in encoded.writes:
            if not self._gate_open or asyncio.get_running_loop().time() > encoded.not_after_s:
                return False
            await self._write(item, WRITE_TIMEOUT_S)
        return True

    def renew(self, not_after_s: float) -> None:
        """Nothing to do here: the outbox in the same process stops when frames grow old."""

    async def _write(self, item: Write, timeout_s: float) -> None:
        client = self._connected()
        try:
            await transport.write(
                client, item.char, item.data, response=item.response, timeout_s=timeout_s
            )
        except LinkLost as error:
            raise LinkLost(f"{self.name}: {error}") from error
        except RadioError as error:
            raise RadioError(f"{self.name}: {error}") from error

    def _connected(self) -> BleakClient:
        if self._client is None or not self._client.is_connected:
            raise LinkLost(f"{self.name}: the link was lost")
        return self._client

    # -- stop ----------------------------------------------------------------------------------

    def begin_stop(self) -> "asyncio.Task[StopOutcome]":
        """Close the gate for frames and start to write stop; await the task with `to_the_end`."""
        self._gate_open = False
        task = asyncio.get_running_loop().create_task(self._stop())
        self._stops.add(task)
        task.add_done_callback(self._stops.discard)
        return task

    async def _stop(self) -> StopOutcome:
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        for attempt in range(transport.STOP_TRIES):
            stop = self.massager.stops[attempt % len(self.massager.stops)]
            try:
                if await self._stop_once(stop):
                    return StopOutcome(confirmed=True, took_s=loop.time() - begun_s)
            except LinkLost:
                break
            except RadioError:
                continue
        return StopOutcome(confirmed=False, took_s=None)

    async def _stop_once(self, stop: Encoded) -> bool:
        if any(item.response for item in stop.writes):
            await self._write_stop(stop)
            return True
        if not await self._heard_after(stop):
            return False
        # That may have been the answer to an earlier frame, and the device may have dropped a stop
        # that came right behind it: only the second answer counts.
        await asyncio.sleep(self.massager.min_gap_s)
        return await self._heard_after(stop)

    async def _heard_after(self, stop: Encoded) -> bool:
        self._answered.clear()
        await self._write_stop(stop)
        try:
            async with asyncio.timeout(transport.ANSWER_TIMEOUT_S):
                return await self._answered.wait()
        except TimeoutError:
            return False

    async def _write_stop(self, stop: Encoded) -> None:
        for item in stop.writes:
            await self._write(item, transport.STOP_WRITE_TIMEOUT_S)

    async def close(self) -> StopOutcome:
        """Write stop to the end, then disconnect; cancellation waits until both are done."""
        return await to_the_end(self._close())

    async def _close(self) -> StopOutcome:
        outcome = await self.begin_stop()
        self._closing = True
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(BleakError, OSError, TimeoutError):
                async with asyncio.timeout(transport.STOP_WRITE_TIMEOUT_S):
                    await client.disconnect()
        return outcome


class LocalConnector:
    """Finds and connects massagers in this process, over one air."""

    def __init__(self, air: Air, library: Library) -> None:
        self._air = air
        self._library = library

    async def connect(self, wanted: str, timeout_s: float) -> Link:
        """Return the massager called `wanted` (address or advertised name), connected and stopped.

        Raises:
            DeviceNotFound: It was not heard within `timeout_s` seconds or would not connect.
            RadioError: The air cannot be used, or the device did not answer the first stop.
        """
        sighting = await find(self._air, self._library, wanted, timeout_s)
        link = Link(sighting.massager, sighting.name, sighting.address)
        client = await self._establish(sighting, link)
        try:
            await link.open(client)
        except BaseException:
            await link.close()
            raise
        return link

    async def close(self) -> None:
        """Let go of everything: nothing is held between connections."""

    async def _establish(self, sighting: Sighting, link: Link) -> BleakClient:
        try:
            return await establish_connection(
                BleakClientWithServiceCache,
                sighting.device,
                sighting.name,
                disconnected_callback=link.disconnected,
                max_attempts=CONNECT_TRIES,
                **self._air.client_arguments(),
            )
        except (BleakError, TimeoutError) as error:
            raise DeviceNotFound(
                f"{sighting.name}: heard, but it would not connect ({str(error) or 'no answer'})"
            ) from error
        except OSError as error:
            raise RadioError(no_air(self._air, error)) from error
