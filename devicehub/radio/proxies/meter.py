"""Meter: what one proxy may send. One that floods is cut off before anything reads its flood.

A proxy is another computer, and not ours: it shares this process with the links that go another
way, and a loop that is busy with its messages writes no stop to anybody.
"""

import logging
import socket
import time
from collections.abc import Callable

# Before it has said hello: two answers of the encryption and the hello itself, with room for what
# an ESPHome of another version says besides.
GREETING_BYTES = 8192
GREETING_MESSAGES = 32
# After that. ESPHome packs up to 16 advertisements, some 50 bytes each, into a message: a busy room
# of 1000 in a second comes to 63 messages and 50 kB, three links to some 300 messages more.
BYTES_PER_S = 200_000.0
MESSAGES_PER_S = 500.0
BURST_S = 2.0
"""This much at once, in seconds of the budget: what had waited on a network that stood still."""
CHUNK_BYTES = 16_384
"""At most so much is worked off before anybody else in this process has its turn."""

# Frames of ESPHome's native API: 0, length, type as varints (plain); 1, two bytes of length.
_PLAIN, _NOISE = 0, 1
_NOISE_HEAD_BYTES = 3
_LONGEST_HEAD_BYTES = 11  # two varints of five bytes behind the first byte

_TOLD_ELSEWHERE = "socket.send() raised exception."


class FloodError(OSError):
    """A proxy sends more than any proxy has to say."""


class Frames:
    """Counts the frames of a stream, however it is cut into pieces."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._payload_left = 0

    def ended_heads(self, data: bytes, enough: int) -> int:
        """Return how many frames have shown their head in `data`; counts no further than `enough`.

        What is no frame counts as one for each byte.
        """
        at = count = 0
        while at < len(data) and count < enough:
            if self._payload_left:
                step = min(self._payload_left, len(data) - at)
                self._payload_left -= step
                at += step
                continue
            self._head.append(data[at])
            at += 1
            if (size := _payload_bytes(self._head)) is not None:
                self._payload_left = size
                self._head.clear()
                count += 1
        return count


def _payload_bytes(head: bytearray) -> int | None:
    """Return how much follows a head, 0 behind what is none; None for one that goes on."""
    if head[0] == _NOISE:
        return None if len(head) < _NOISE_HEAD_BYTES else head[1] << 8 | head[2]
    if head[0] != _PLAIN or len(head) > _LONGEST_HEAD_BYTES:
        return 0
    ends = [at for at, byte in enumerate(head) if at and byte < 0x80]  # noqa: PLR2004 - a varint's
    if len(ends) < 2:  # noqa: PLR2004 - length and type
        return None
    return sum((byte & 0x7F) << 7 * at for at, byte in enumerate(head[1 : ends[0] + 1]))


class Bucket:
    """An amount that fills up again with time."""

    def __init__(self, most: float, per_s: float = 0.0) -> None:
        """Make it full."""
        self._most, self._per_s, self._left = most, per_s, most
        self._at_s: float | None = None

    @property
    def left(self) -> float:
        """What may still be taken, as of the last `fill`."""
        return self._left

    def fill(self, now_s: float) -> None:
        """Let it fill up until now."""
        since_s = 0.0 if self._at_s is None else now_s - self._at_s
        self._left = min(self._most, self._left + since_s * self._per_s)
        self._at_s = now_s

    def take(self, amount: float) -> bool:
        """Take an amount; False when there was not enough."""
        self._left -= amount
        return self._left >= 0


class Meter:
    """What one connection may send: a small total until it is `greeted`, so much a second then."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Make it; `clock` gives seconds."""
        self.flooded = False
        """Whether it sent more than that."""
        self._clock = clock
        self._frames = Frames()
        self._bytes, self._messages = Bucket(GREETING_BYTES), Bucket(GREETING_MESSAGES)

    def greeted(self) -> None:
        """Take note that it said hello, as a proxy does."""
        self._bytes = Bucket(BYTES_PER_S * BURST_S, BYTES_PER_S)
        self._messages = Bucket(MESSAGES_PER_S * BURST_S, MESSAGES_PER_S)

    def count(self, data: bytes) -> None:
        """Count what it sent. Raises FloodError when that is too much."""
        now_s = self._clock()
        self._bytes.fill(now_s)
        self._messages.fill(now_s)
        messages = self._frames.ended_heads(data, int(self._messages.left) + 1)
        enough = (self._bytes.take(len(data)), self._messages.take(messages))
        if not all(enough):
            self.flooded = True
            raise FloodError("a proxy sends more than any proxy has to say")


class MeteredSocket(socket.socket):
    """A socket that gives no more than its meter lets through; asyncio reads it as any other."""

    meter: Meter

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        """Make it, not connected yet."""
        super().__init__(family, kind, protocol)
        self.meter = Meter()

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive. Raises FloodError in place of too much."""
        data = super().recv(min(bufsize, CHUNK_BYTES), flags)
        self.meter.count(data)
        return data


def quiet_asyncio() -> None:
    """Keep asyncio from a line for each answer to a proxy that has just gone."""
    logging.getLogger("asyncio").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return record.msg != _TOLD_ELSEWHERE
