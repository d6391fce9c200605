"""Outbox: the newest frame for one massager, and at most one write in flight.

A frame that waits while a write is in flight is replaced by the next; the governor hears of a frame
only once the device has it, so a slow link buys no steeper rise. Unchanged frames are not written
again before the massager's refresh is due. Stop does not pass here: see `Port.begin_stop`.
"""

import asyncio
from collections.abc import Callable

from devicehub.errors import RadioError
from devicehub.massagers.encode import encode, forget, initial, repeat
from devicehub.radio.port import Port
from devicehub.safety.frame import CappedFrame

# zones.json, timing.tick_s: the resolution at which rises are judged.
TICK_S = 0.05
# zones.json, timing.frame_ttl_s: a frame that nobody renewed may not go on moving anything.
FRAME_TTL_S = 0.5


class Outbox:
    """Latest-value slot and writer of one massager."""

    def __init__(
        self, port: Port, on_sent: Callable[[CappedFrame, float, tuple[int, ...]], None]
    ) -> None:
        """Make it; `on_sent` hears of a frame, since when, and the steps that were reached.

        Those are the frame's own but on the way of a massager that knows only more and less.
        """
        self._port = port
        self._on_sent = on_sent
        self._slot: CappedFrame | None = None
        self._filled = asyncio.Event()
        self._codec = initial()
        self._written: tuple[tuple[int, ...], float | None] | None = None
        self._last: tuple[CappedFrame, tuple[int, ...]] | None = None
        self._written_at_s = float("-inf")
        self._moving = False
        self._epoch = 0
        self.failed: RadioError | None = None

    def put(self, frame: CappedFrame) -> None:
        """Replace the frame that waits; it goes out as soon as the link is free.

        While it has to wait for the massager's own gaps, it keeps alive what was written last.
        """
        self._slot = frame
        self._filled.set()
        if asyncio.get_running_loop().time() < self._written_at_s + self._port.massager.min_gap_s:
            self._port.renew(frame.not_after_s)

    def forget(self) -> None:
        """Drop the frame that waits and what was written: the device was stopped meanwhile."""
        self._slot = None
        self._filled.clear()
        self._written = self._last = None
        self._moving = False
        self._epoch += 1

    async def run(self) -> None:
        """Write frames until cancelled, or until the link fails; then `failed` says why."""
        loop = asyncio.get_running_loop()
        massager = self._port.massager
        while self.failed is None:
            await self._fresh_frame()
            gap_s = self._written_at_s + massager.min_gap_s - loop.time()
            if gap_s > 0:
                await asyncio.sleep(gap_s)
            self._filled.clear()
            frame, self._slot = self._slot, None
            if frame is not None and loop.time() > frame.not_after_s:
                self._too_late()  # not the refresh of what nobody wants any more, but stop
            elif frame is not None:
                await self._deliver(frame, loop.time())

    async def _fresh_frame(self) -> None:
        """Wait for a frame; motors that move are stopped when none comes in time."""
        try:
            async with asyncio.timeout(FRAME_TTL_S if self._moving else None):
                await self._filled.wait()
        except TimeoutError:
            self._too_late()

    def _too_late(self) -> None:
        """Stop motors that move; if somebody stopped them meanwhile, silence is right."""
        if self._moving:
            self._port.begin_stop()
            self.failed = RadioError("no fresh frame came: the session stood still")

    async def _deliver(self, frame: CappedFrame, now_s: float) -> None:
        refresh_due = now_s - self._written_at_s >= self._port.massager.refresh_s
        if (frame.steps, frame.heat_c) == self._written and not refresh_due:
            self._port.renew(frame.not_after_s)
            self._last = frame, frame.steps
            self._on_sent(frame, now_s, frame.steps)
            return
        known = repeat(self._codec) if refresh_due else self._codec
        known = known if self._written is not None else forget(self._codec)
        encoded, codec = encode(self._port.massager, frame, known)
        lasts_s = encoded.lasts_s(self._port.massager.min_gap_s)
        self._written_at_s = now_s + lasts_s
        if lasts_s > 0.0:
            self._begin(encoded.steps, now_s)
        self._moving = self._moving or not frame.idle  # from here on the device may have it
        epoch = self._epoch
        try:
            written = await self._port.send(encoded)
        except RadioError as error:
            self.failed = error
            return
        self._codec = codec
        if written and epoch == self._epoch:
            self._drop_what_rises(encoded.steps)
            self._written = encoded.steps, frame.heat_c
            self._moving = not encoded.idle
            self._last = frame, encoded.steps
            self._on_sent(frame, _device_has_it_since_s(now_s), encoded.steps)
        elif not written:
            self._written = None

    def _drop_what_rises(self, steps: tuple[int, ...]) -> None:
        """Drop a frame that waits and lets a motor rise that has just been lowered to `steps`.

        It was judged while that write was under way, from where the motor was and not from where
        it is: written now, it would be a rise that nobody has judged. The next beat brings another.
        """
        if self._slot is None or self._last is None:
            return
        each = zip(steps, self._last[1], self._slot.steps, strict=True)
        if any(now < before and now < then for now, before, then in each):
            self._slot = None
            self._filled.clear()

    def _begin(self, steps: tuple[int, ...], now_s: float) -> None:
        """Tell of a frame of several writes when the first of them goes out.

        Its first motor moves from now on and its last only later: until all are through, each
        counts as the higher of what it did and what it will do.
        """
        if self._last is not None:
            frame, before = self._last
            self._on_sent(frame, now_s, tuple(map(max, before, steps)))


def _device_has_it_since_s(begun_s: float) -> float:
    """Return the time from which a rise after this write is counted.

    A write that took longer than a tick counts from its end: the device may have got it only then,
    and the next rise must not come right behind it.
    """
    now_s = asyncio.get_running_loop().time()
    return begun_s if now_s - begun_s <= TICK_S else now_s
