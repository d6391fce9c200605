"""One connection on the air: when its packets pass, and when its ends notice that it broke.

A model of the link layer's timing, not of its frames. Packets wait for the next connection event;
a missed event delays them and never loses them; a silent link dies after the supervision timeout.
"""

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

_EDGE = 1e-9  # of an interval: an event due at this very instant, but for rounding, has passed


@dataclass(frozen=True, slots=True)
class Timing:
    """What a connection's two ends agreed on."""

    interval_s: float
    supervision_s: float


@dataclass(slots=True)
class Weather:
    """What the air does to every connection.

    Attributes:
        pacing: False lets packets pass at once; True makes them wait for their connection event.
        interval_s: Connection interval of every connection made; None takes what the hub asks for.
        packets_per_event: How many packets pass in one event and direction. Six 251-byte packets
            fit into a 15 ms event at 1 Mbit/s, and common stacks send about as many.
        loss: Share of events that are missed as a whole, 0.0 to 1.0.
        seed: Which events are missed; the same seed misses the same ones.
    """

    pacing: bool = True
    interval_s: float | None = None
    packets_per_event: int = 6
    loss: float = 0.0
    seed: int = 1
    _rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)  # noqa: S311 - weather, not a secret

    def misses_event(self) -> bool:
        """Say whether the connection event that is due is missed."""
        return self.loss > 0 and self._rng.random() < self.loss


@dataclass(eq=False, slots=True)
class Pipe:
    """One direction of a contact."""

    deliver: Callable[[bytes], None]
    left: Callable[[int], None]
    queue: deque[bytes] = field(default_factory=deque[bytes])
    timer: asyncio.Handle | None = None


class Contact:
    """One connection on the air, between the ends it was made for.

    An end is any object that can be a key; the radio uses its controllers.
    """

    def __init__(
        self, weather: Weather, timing: Timing, on_timeout: Callable[[object], None]
    ) -> None:
        """Begin at the first connection event, now.

        Args:
            weather: What the air does to packets.
            timing: Connection interval and supervision timeout.
            on_timeout: Called with each end that is still there when the supervision timeout ends.
        """
        self.timing = timing
        self._weather = weather
        self._on_timeout = on_timeout
        self._loop = asyncio.get_running_loop()
        self._anchor_s = self._loop.time()
        self._pipes: dict[object, Pipe] = {}
        self._silent: set[object] = set()
        self._watchdog: asyncio.TimerHandle | None = None

    def join(
        self, end: object, deliver: Callable[[bytes], None], left: Callable[[int], None]
    ) -> None:
        """Add an end.

        Args:
            end: The end, which sends through `send`.
            deliver: Gets each packet that this end *sends* where it passed to the other end.
            left: Gets the number of packets that left this end's buffers.
        """
        self._pipes[end] = Pipe(deliver, left)

    @property
    def is_up(self) -> bool:
        """Say whether both ends hear each other."""
        return not self._silent and len(self._pipes) == 2  # noqa: PLR2004 - a link has two ends

    def send(self, end: object, packet: bytes) -> None:
        """Queue a packet of an end for its next connection event."""
        pipe = self._pipes[end]
        pipe.queue.append(packet)
        self._schedule(pipe)

    def set_audible(self, end: object, audible: bool) -> None:
        """Silence an end (out of range, power cut), or let it be heard again."""
        if audible:
            self._silent.discard(end)
        else:
            self._silent.add(end)
        if self.is_up:
            self._stop_watchdog()
            for pipe in self._pipes.values():
                self._schedule(pipe)
        else:
            self._start_watchdog()

    def leave(self, end: object) -> None:
        """Take an end away that closed the link or lost it; the other one notices by timeout."""
        pipe = self._pipes.pop(end, None)
        if pipe is None:
            return
        if pipe.timer is not None:
            pipe.timer.cancel()
        if self._pipes:
            self._start_watchdog()
        else:
            self._stop_watchdog()

    def _start_watchdog(self) -> None:
        if self._watchdog is None and self._pipes:
            self._watchdog = self._loop.call_later(self.timing.supervision_s, self._time_out)

    def _stop_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None

    def _time_out(self) -> None:
        for end in tuple(self._pipes):
            self._on_timeout(end)

    def _schedule(self, pipe: Pipe) -> None:
        if pipe.timer is not None or not pipe.queue or not self.is_up:
            return
        if not self._weather.pacing:
            pipe.timer = self._loop.call_soon(self._pass_all, pipe)
            return
        interval_s = self.timing.interval_s
        events = math.floor((self._loop.time() - self._anchor_s) / interval_s + _EDGE) + 1
        pipe.timer = self._loop.call_at(self._anchor_s + events * interval_s, self._event, pipe)

    def _pass_all(self, pipe: Pipe) -> None:
        pipe.timer = None
        if self.is_up:
            self._pass(pipe, len(pipe.queue))

    def _event(self, pipe: Pipe) -> None:
        pipe.timer = None
        if not self.is_up:
            return
        if not self._weather.misses_event():
            self._pass(pipe, min(self._weather.packets_per_event, len(pipe.queue)))
        self._schedule(pipe)

    def _pass(self, pipe: Pipe, count: int) -> None:
        for _ in range(count):
            pipe.deliver(pipe.queue.popleft())
        pipe.left(count)
