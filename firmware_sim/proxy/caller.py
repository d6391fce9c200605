"""Caller: one connection to a proxy, from whoever uses it."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from google.protobuf.message import DecodeError

from firmware_sim.proxy.framing import Framing, NotAFrameError
from firmware_sim.proxy.wire import packed, unpacked


class Caller(asyncio.Protocol):
    """Takes messages from a stream and puts messages on it."""

    def __init__(
        self,
        framing: Framing,
        hear: Callable[["Caller", Any], None],
        left: Callable[["Caller"], None],
    ) -> None:
        """Make it; `hear` is called with every message, `left` once, at the end."""
        self.gone = asyncio.Event()
        self._framing = framing
        self._hear = hear
        self._left = left
        self._stream: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the stream."""
        self._stream = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Hear what came."""
        try:
            said, frames = self._framing.take(data)
            self._write(said)
            for number, body in frames:
                if (message := unpacked(number, body)) is not None:
                    self._hear(self, message)
        except NotAFrameError as error:
            self._write(error.answer)
            self.hang_up()
        except DecodeError:
            self.hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end, whatever brought it."""
        del exc
        self._stream = None
        self._left(self)
        self.gone.set()

    def say(self, message: Any) -> None:
        """Send a message; one who has gone hears nothing."""
        if self._stream is not None:
            self._write(self._framing.frame(*packed(message)))

    def hang_up(self) -> None:
        """Close the stream when all is said."""
        if self._stream is not None:
            self._stream.close()

    def cut(self) -> None:
        """Close it at once."""
        if self._stream is not None:
            self._stream.abort()

    def _write(self, data: bytes) -> None:
        if self._stream is not None and data:
            self._stream.write(data)
