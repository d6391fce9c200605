"""Output: where a session's words and pictures go, without the session ever waiting for it.

A full pipe, a stopped terminal or a slow line hold up one thread, which writes in order and in
small pieces. Words are never dropped silently: when too many wait, nobody reads them, and `trouble`
says so. Of the pictures only the newest waits.
"""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TextIO

# At one line a second, over four minutes behind what already fills a pipe.
MOST_WAITING = 256
# A reader that has taken nothing for so long while something waits for it does not read.
QUIET_S = 2.0
# The end waits for a reader that is slow but reads; not for ever.
CLOSING_S = 20.0
_LOOK_S = 0.1

NOBODY_READS = "nobody reads the output"
CLOSED = "the output was closed"

Words = Callable[[], str]
"""What is to be written; the writing thread makes it, so that it costs the session nothing."""


@dataclass(frozen=True, slots=True)
class _Piece:
    words: Words
    is_picture: bool


class Output:
    """One stream, written by a thread of its own until `close`.

    Attributes:
        trouble: Why nothing more can be seen there, for a person; None while all is well.
    """

    def __init__(self, stream: TextIO) -> None:
        self.trouble: str | None = None
        self._encoding = stream.encoding or "utf-8"
        self._in_write = threading.Event()
        self._put = _sink(stream, self._encoding, self._in_write)
        self._changed = threading.Condition()
        self._waiting: deque[_Piece] = deque()
        self._taken = 0
        self._closing = self._given_up = self._ended = False
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self._thread.start()

    # -- the session's --------------------------------------------------------------------------

    def say(self, words: Words) -> None:
        """Write words after all that was said before; too many that wait are `trouble`."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self.trouble = self.trouble or NOBODY_READS
            elif not self._ended:
                self._waiting.append(_Piece(words, is_picture=False))
            self._changed.notify_all()

    def show(self, picture: Words) -> None:
        """Write a picture; it takes the place of one that still waits."""
        with self._changed:
            self._waiting = deque(piece for piece in self._waiting if not piece.is_picture)
            self._waiting.append(_Piece(picture, is_picture=True))
            self._changed.notify_all()

    def fail(self, error: Exception) -> None:
        """Note that what is to be seen could not be made."""
        self.trouble = self.trouble or f"nothing can be shown: {type(error).__name__}: {error}"

    @property
    def crowded(self) -> bool:
        """Whether the reader is so far behind that one who can wait should."""
        return len(self._waiting) > MOST_WAITING // 2

    def catch_up(self) -> None:
        """Wait until the reader has caught up; `trouble` when it takes nothing any more. Blocks."""
        if not self._patient(lambda: not self.crowded):
            self.trouble = self.trouble or NOBODY_READS

    def close(self) -> None:
        """Write what waits, as long as somebody takes it, and end; may be called more than once."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if not self._patient(lambda: self._ended):
            self.trouble = self.trouble or NOBODY_READS
        self._given_up = True
        if not self._in_write.is_set():  # a terminal that takes nothing would hold us up with it
            self._thread.join(QUIET_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _patient(self, done: Callable[[], bool]) -> bool:
        """Wait until `done`; give up when nothing is taken for `QUIET_S`, or after `CLOSING_S`."""
        began_s = moved_s = time.monotonic()
        taken = self._taken
        with self._changed:
            while not done() and not self._ended:
                self._changed.wait(_LOOK_S)
                now_s = time.monotonic()
                if self._taken != taken:
                    taken, moved_s = self._taken, now_s
                if now_s - moved_s > QUIET_S or now_s - began_s > CLOSING_S:
                    return False
        return True

    # -- the thread's ---------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while (piece := self._next()) is not None:
                self._write(self._made(piece))
        except (OSError, ValueError) as error:
            self.trouble = self.trouble or _told(error)
        finally:
            with self._changed:
                self._ended = True
                self._waiting.clear()
                self._changed.notify_all()

    def _next(self) -> _Piece | None:
        """Return what is to be written next, None at the end."""
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            self._changed.notify_all()
            return self._waiting.popleft() if self._waiting and not self._given_up else None

    def _made(self, piece: _Piece) -> bytes:
        try:
            return piece.words().encode(self._encoding, "replace")
        except Exception as error:  # noqa: BLE001 - the rest must still be told, the terminal given back
            self.fail(error)
            return b""

    def _write(self, data: bytes) -> None:
        while data and not self._given_up:
            taken = self._put(data)
            self._taken += taken
            data = data[taken:]


def same_file(one: TextIO, other: TextIO) -> bool:
    """Say whether both streams end in one file, so that who does not read one reads neither."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno())
    except (OSError, ValueError):  # a stream in memory
        return False


def _sink(stream: TextIO, encoding: str, in_write: threading.Event) -> Callable[[bytes], int]:
    """Return what takes as much as fits, or nothing for a moment, and says how much it took.

    `in_write` is set while the system has the words: it may keep them for as long as it likes.
    """

    def put_in_stream(data: bytes) -> int:
        stream.write(data.decode(encoding))
        stream.flush()
        return len(data)

    def put_in_file(data: bytes) -> int:
        # Straight into the file: whoever waits here holds no lock that the exit would wait for.
        _, ready, _ = select.select((), (fd,), (), _LOOK_S)
        if not ready:
            return 0
        in_write.set()
        try:
            return os.write(fd, data[: select.PIPE_BUF])
        except BlockingIOError:  # another process made this file non-blocking
            return 0
        finally:
            in_write.clear()

    try:
        fd = stream.fileno()
    except (OSError, ValueError):  # a stream in memory
        return put_in_stream
    stream.flush()
    return put_in_file


def _told(error: OSError | ValueError) -> str:
    if isinstance(error, BrokenPipeError):
        return CLOSED
    return f"the output cannot be written: {getattr(error, 'strerror', None) or error}"
