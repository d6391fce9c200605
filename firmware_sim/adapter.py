"""One Bluetooth central over Bumble: the dongle that bleak's scanners and clients share.

The dongle is a virtual one in this process, or whatever answers HCI at the end of a stream.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, cast

from bumble import core, hci
from bumble.device import Advertisement, Connection, Device
from bumble.host import Host

from firmware_sim.radio import Radio, host_on
from firmware_sim.radio_controller import Listing
from firmware_sim.radio_vendor import MAGIC, ReadSimulatedAir, ReadSimulatedAirReturn

HUB_ADDRESS = "F0:F1:F2:F3:F4:F5"
"""The random static address of the central in this process; fixed, so that runs repeat."""

MTU = 517
"""The largest ATT MTU (Core Specification Vol 3 Part F 3.2.9), asked for at each connection."""

ANSWER_S = 2.0  # a dongle on a local stream answers in milliseconds
_RETRY_S = 0.1

AdvertListener = Callable[[Advertisement], None]


class DongleLostError(ConnectionError):
    """The dongle went away while something waited for it."""


class Adapter:
    """A central that many scanners and clients use at the same time."""

    def __init__(self, host: Host, address: hci.Address) -> None:
        """Prepare a central on a host; `open` makes it work."""
        self.host = host
        self.device = Device(name="hub", address=address, host=host)
        self._initiator = asyncio.Lock()  # HCI allows one pending connect
        self._scanning = asyncio.Lock()
        self._listeners: dict[AdvertListener, None] = {}
        self._known: dict[str, hci.Address] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost = False
        self._attempt: asyncio.Task[Connection] | None = None
        host.on("advertising_report", self._on_report)
        host.on("flush", self._on_lost)

    async def open(self) -> None:
        """Reset the dongle and make it ready.

        Raises:
            DongleLostError: when nothing answers HCI there.
        """
        try:
            async with asyncio.timeout(ANSWER_S):
                await self.device.power_on()
        except (TimeoutError, core.BaseBumbleError) as error:
            raise DongleLostError("no Bluetooth controller answers there") from error

    async def close(self) -> None:
        """End every link and scan, and leave no task behind."""
        self._listeners.clear()
        if not self._lost:
            with contextlib.suppress(TimeoutError, hci.HCI_Error, core.BaseBumbleError):
                async with asyncio.timeout(ANSWER_S):
                    await self._quiet_down()
        for task in self._tasks:
            task.cancel()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _quiet_down(self) -> None:
        if self.device.is_scanning:
            await self.device.stop_scanning()
        for connection in tuple(self.device.connections.values()):
            await self.disconnect(connection)

    def _on_lost(self) -> None:
        """Note that the stream to the dongle broke; Bumble would wait for its answers for ever."""
        self._lost = True
        if self._attempt is not None:
            self._attempt.cancel()

    @property
    def lost(self) -> bool:
        """Whether the stream to it broke; it is of no use then."""
        return self._lost

    def _check(self) -> None:
        if self._lost:
            raise DongleLostError("the Bluetooth controller went away")

    # ---------------------------------------------------------------- scanning

    async def listen(self, listener: AdvertListener) -> None:
        """Give a listener every advert and scan response; the first one starts the scan.

        Raises:
            DongleLostError: when the dongle is gone.
        """
        self._check()
        async with self._scanning:
            self._listeners[listener] = None
            if not self.device.is_scanning:
                await self.device.start_scanning(active=True, filter_duplicates=False)

    async def unlisten(self, listener: AdvertListener) -> None:
        """Take a listener away; the last one stops the scan."""
        async with self._scanning:
            self._listeners.pop(listener, None)
            if not self._listeners and self.device.is_scanning and not self._lost:
                await self.device.stop_scanning()

    def _on_report(self, report: object) -> None:
        advertisement: Advertisement | None = cast("Any", Advertisement).from_advertising_report(
            report
        )
        if advertisement is None:
            return
        self._known[advertisement.address.to_string(False)] = advertisement.address
        for listener in tuple(self._listeners):
            listener(advertisement)

    # -------------------------------------------------------------- connecting

    async def connect(self, address: str) -> Connection:
        """Connect as soon as the device at an address advertises; waits for ever.

        Cancelling is clean: the dongle gives up, and is free for the next attempt.

        Raises:
            DongleLostError: when the dongle goes away.
            bumble.core.BaseBumbleError: when the dongle refuses.
        """
        peer = self._known.get(address.upper(), hci.Address(address))
        await self._initiator.acquire()
        if self._lost:
            self._initiator.release()
            self._check()
        attempt = self._attempt = asyncio.create_task(self.device.connect(peer, timeout=None))
        try:
            await asyncio.wait((attempt,))
        except asyncio.CancelledError:
            await asyncio.shield(self._spawn(self._give_up(attempt)))
            raise
        self._initiator.release()
        if attempt.cancelled():  # the stream broke
            raise DongleLostError("the Bluetooth controller went away")
        return attempt.result()

    async def disconnect(self, connection: Connection) -> None:
        """End a link, to the end even when the caller is cancelled.

        Raises:
            bumble.core.BaseBumbleError: when the dongle refuses.
        """
        task = self._spawn(connection.disconnect())
        await asyncio.wait((task,))
        if not task.cancelled():  # else the dongle went away, and the link with it
            task.result()

    async def _give_up(self, attempt: asyncio.Task[Connection]) -> None:
        """End a pending connect; Bumble by itself would leave the dongle waiting."""
        try:
            while not (attempt.done() or self._lost):
                with contextlib.suppress(hci.HCI_Error):
                    await self._send(cast("Any", hci).HCI_LE_Create_Connection_Cancel_Command())
                await asyncio.wait((attempt,), timeout=_RETRY_S)
            if attempt.done() and not attempt.cancelled() and attempt.exception() is None:
                await self.disconnect(attempt.result())  # it got through in the meantime
        finally:
            attempt.cancel()
            self._initiator.release()

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, even when the caller has gone

    # --------------------------------------------------------------- handshake

    async def read_listing(self) -> Listing | None:
        """Ask the dongle whether it is simulated: its devices, or None for a real one."""
        listing: Listing = {}
        first = await self._ask(0)
        if first is None:
            return None
        for place in range(first.count):
            answer = await self._ask(place)
            if answer is not None:
                address, _, model = answer.listing.decode().partition(" ")
                listing[address] = model
        return listing

    async def _ask(self, place: int) -> ReadSimulatedAirReturn | None:
        try:
            answer = await self._send(ReadSimulatedAir(place=place))
        except (TimeoutError, RuntimeError, hci.HCI_Error):  # each is how some chip says "unknown"
            return None
        if isinstance(answer, ReadSimulatedAirReturn) and answer.magic == MAGIC:
            return answer
        return None

    async def _send(self, command: Any) -> object:
        """Send a command whose type Bumble's decorators hide."""
        return await cast("Any", self.host).send_sync_command(command, response_timeout=ANSWER_S)


@contextlib.asynccontextmanager
async def adapter_on(radio: Radio) -> AsyncGenerator[Adapter, None]:
    """Plug a virtual dongle into a radio of this process."""
    host, controller = host_on(radio, "hub")
    adapter = Adapter(host, hci.Address(HUB_ADDRESS))
    try:
        await adapter.open()
        yield adapter
    finally:
        await adapter.close()
        radio.remove_controller(controller)
