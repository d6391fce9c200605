"""Link: one connected massager in this process, the only holder of the transport.

The first write after connecting is stop. `begin_stop` closes the gate for frames, then writes stop
in a task of its own: at once, again until the device has answered, never cancelled, never skipped
because one was written before. `stopping` says when a stop counts as confirmed.
"""

import asyncio
import contextlib
from collections.abc import Callable

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError

from devicehub.errors import LinkLost, RadioError, StopUnconfirmed
from devicehub.massagers.decode import Report
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded, Write
from devicehub.radio import transport
from devicehub.radio.asking import answers
from devicehub.radio.bonding import Bond
from devicehub.radio.connecting import Opening, look_at_battery
from devicehub.radio.hearing import Hearing
from devicehub.radio.polling import Polling
from devicehub.radio.port import GoOn, StopOutcome, Terms, patient, to_the_end
from devicehub.radio.services import characteristic, read
from devicehub.radio.stopping import Stopping, stop_rounds
from devicehub.radio.valve import Valve

# A frame that is not through after its own life is worth nothing.
WRITE_TIMEOUT_S = 0.5
# A massager that answers with notifications and let so many refreshes pass does not listen.
UNANSWERED_REFRESHES = 2


class Link:
    """One connected massager. Made by `local.LocalConnector`."""

    def __init__(self, massager: Massager, name: str, address: str) -> None:
        self.massager = massager
        self.name = name
        self.address = address
        self.lost = asyncio.Event()
        self._client: BleakClient | None = None
        self._closing = False
        self._valve = Valve()
        self._stops: set[asyncio.Task[StopOutcome]] = set()
        self._hearing = Hearing(massager)
        self._bond = Bond(massager.pairing_hint)
        self._opening = Opening(massager, self._write, self._read)
        self._stopping = Stopping(
            [stop.writes for stop in massager.stops],
            massager.min_gap_s,
            self._write,
            ask=None if massager.notifies else self._ask,
        )
        self._unanswered_since_s: float | None = None
        self._polling = Polling(massager, self._read, self._write, self._hearing.hear, self._busy)

    @property
    def called(self) -> tuple[str, ...]:
        """What a person may call it: its name, its address, its model."""
        return (self.name, self.address, self.massager.model)

    async def open(self, client: BleakClient) -> None:
        """Take the connected client: stop, before anything else that could take its time.

        Then its notifications, which confirm a second stop, and the device's own opening words.

        Raises:
            LinkLost: The link was lost meanwhile.
            StopUnconfirmed: The device did not answer a stop.
            RadioError: The device does not say what it should.
        """
        self._client = client
        with contextlib.suppress(RadioError):  # the next one is confirmed, or connecting fails
            await self._stopping.write_once()
        await self._subscribe()
        outcome = await to_the_end(self.begin_stop())
        if not outcome.confirmed:
            raise self.unanswered()
        await self._opening.say()
        await look_at_battery(client, self.massager, self._hearing.hear)
        self._polling.begin()

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
        self._valve.shut()
        if not self._closing:
            self.lost.set()

    async def _subscribe(self) -> None:
        client = self._connected()
        try:
            async with asyncio.timeout(transport.STOP_WRITE_TIMEOUT_S):
                for uuid in self.massager.notifies:
                    if (char := characteristic(client, uuid)) is not None:
                        await client.start_notify(char, self._on_notify)
        except (BleakError, OSError, TimeoutError) as error:
            self._connected()  # a lost link has a name of its own
            raise RadioError(
                f"{self.name}: connected, but it would not say what it does"
                f"{self._bond.advice_on(error)}"
            ) from error

    def _on_notify(self, characteristic: BleakGATTCharacteristic, value: bytearray) -> None:
        self._unanswered_since_s = None
        self._stopping.heard()
        self._opening.heard(bytes(value))
        self._hearing.hear(characteristic.uuid, bytes(value))

    # -- frames --------------------------------------------------------------------------------

    @property
    def lets_frames_pass(self) -> bool:
        """Whether it was agreed what may pass, and no stop came since."""
        return self._valve.open

    async def agree(self, terms: Terms) -> None:
        """Fix the highest step of each actuator for this session and let frames pass."""
        self._valve.agree(terms.ceiling_steps, terms.heat)
        self.rearm()

    def rearm(self) -> None:
        """Let frames pass again; not while a stop is under way, or after one without an answer."""
        if not (self.lost.is_set() or self._closing):
            self._valve.reopen()

    async def send(self, encoded: Encoded) -> bool:
        """Write one frame; False when a stop came between or it grew old before it was out.

        One that brings all to 0 never grows old once it has begun: half of it would be worth
        nothing, and less is always wanted.

        Raises:
            LinkLost: The link is gone.
            RadioError: The device refused or has not answered, or the frame is above the ceiling.
        """
        epoch = self._valve.epoch
        if not self._valve.open:
            return False
        pairs = zip(encoded.steps, self._valve.ceiling, strict=True)
        if encoded.heat > self._valve.heat or any(step > most for step, most in pairs):
            raise RadioError(f"{self.name}: a frame above the agreed ceiling was not written")
        async with self._polling.turn():
            return await self._written(encoded, epoch)

    async def _written(self, encoded: Encoded, epoch: int) -> bool:
        clock, gap_s = asyncio.get_running_loop().time, self.massager.min_gap_s
        for before, item in zip((None, *encoded.writes), encoded.writes, strict=False):
            if gap_s and before is not None and before.char == item.char:
                await asyncio.sleep(gap_s)
            begun = before is not None and encoded.idle
            if not self._valve.lets(epoch) or (clock() > encoded.not_after_s and not begun):
                return False
            await self._write(item, WRITE_TIMEOUT_S)
            if not item.response and self.massager.notifies:
                self._expect_words(clock())
        return True

    def _expect_words(self, now_s: float) -> None:
        if self._unanswered_since_s is None:
            self._unanswered_since_s = now_s
        silent_s = now_s - self._unanswered_since_s
        if silent_s >= UNANSWERED_REFRESHES * self.massager.refresh_s:
            raise RadioError(f"{self.name}: it has answered nothing for {silent_s:.1f} s")

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
            raise RadioError(f"{self.name}: {error}{self._bond.advice_on(error)}") from error

    async def _read(self, char: str) -> bytes:
        return await read(self._connected(), char)

    async def _ask(self) -> bool:
        return await answers(self._connected(), self.massager.battery)

    def _busy(self) -> bool:
        return bool(self._stops) or self._closing or self.lost.is_set()

    def _connected(self) -> BleakClient:
        if self._client is None or not self._client.is_connected:
            raise LinkLost(f"{self.name}: the link was lost")
        return self._client

    # -- stop ----------------------------------------------------------------------------------

    def begin_stop(self) -> "asyncio.Task[StopOutcome]":
        """Close the valve for frames and start to write stop; await it with `to_the_end`."""
        self._polling.give_way()
        self._valve.stop_begun()
        task = asyncio.get_running_loop().create_task(self._stopping.to_an_answer())
        self._stops.add(task)
        task.add_done_callback(self._stopped)
        return task

    def _stopped(self, task: "asyncio.Task[StopOutcome]") -> None:
        self._stops.discard(task)
        failed = task.cancelled() or task.exception() is not None
        self._valve.stop_ended(confirmed=not failed and task.result().confirmed)

    def unanswered(self) -> RadioError:
        """Return the alarm of a massager that may be running: it answered no stop so far."""
        kind = LinkLost if self.lost.is_set() else StopUnconfirmed
        return kind(
            f"{self.name}: connected, but it did not answer the first stop. "
            f"{self.massager.on_lost_link}{self._bond.advice}"
        )

    async def close(self, go_on: GoOn = patient) -> StopOutcome:
        """Write stop to the end, then disconnect; cancellation waits until both are done.

        One that nobody answers is followed by others for as long as `go_on` says so, twenty in all.
        """
        return await to_the_end(self._close(go_on))

    async def _close(self, go_on: GoOn) -> StopOutcome:
        outcome = await stop_rounds(self.begin_stop, self.lost.is_set, go_on)
        while self._stops:  # asked for meanwhile: at least one write after the last request
            await asyncio.wait(self._stops)
        self._closing = True
        self._valve.shut()
        await self._polling.end()
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):  # however it lets go, a stop that counts counts
                async with asyncio.timeout(transport.STOP_WRITE_TIMEOUT_S):
                    await client.disconnect()
        return outcome
