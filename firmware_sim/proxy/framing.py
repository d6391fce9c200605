"""Frames of ESPHome's native API on a stream, plain or encrypted; no input or output of its own.

Plain: a zero, the length and the number as varints, the bytes. Encrypted: a one, the length as two
bytes, and what Noise_NNpsk0_25519_ChaChaPoly_SHA256 makes of number, length and bytes.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Protocol, cast

from noise.connection import NoiseConnection

_PLAIN, _ENCRYPTED = 0x00, 0x01
_PROTOCOL = b"Noise_NNpsk0_25519_ChaChaPoly_SHA256"
_PROLOGUE = b"NoiseAPIInit\x00\x00"
_KEY_BYTES = 32
_MORE, _SEVEN = 0x80, 0x7F

Frame = tuple[int, bytes]


class NotAFrameError(Exception):
    """The other side speaks another language; `answer` tells it so."""

    def __init__(self, text: str, answer: bytes) -> None:
        super().__init__(text)
        self.answer = answer


class Framing(Protocol):
    """One side of a stream of frames."""

    def take(self, received: bytes) -> tuple[bytes, list[Frame]]:
        """Return what is to be said at once, and the frames that are whole now.

        Raises:
            NotAFrameError: The other side speaks another language.
        """
        ...

    def frame(self, number: int, body: bytes) -> bytes:
        """Return a message as it goes out."""
        ...


class Plain:
    """Frames without encryption."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def take(self, received: bytes) -> tuple[bytes, list[Frame]]:
        """As `Framing.take`."""
        self._kept += received
        if self._kept and self._kept[0] != _PLAIN:
            raise NotAFrameError("encrypted, and this proxy has no key", b"\x00no key here")
        return b"", list(self._whole())

    def _whole(self) -> Iterator[Frame]:
        while (head := self._head()) is not None:
            start, size, number = head
            if len(self._kept) < start + size:
                return
            body = bytes(self._kept[start : start + size])
            del self._kept[: start + size]
            yield number, body

    def _head(self) -> tuple[int, int, int] | None:
        """Return where the bytes begin, how many there are, and their number."""
        place, values = 1, [0, 0]
        for index in range(2):
            shift = 0
            while True:
                if place >= len(self._kept):
                    return None
                byte = self._kept[place]
                values[index] |= (byte & _SEVEN) << shift
                place, shift = place + 1, shift + 7
                if not byte & _MORE:
                    break
        return place, values[0], values[1]

    def frame(self, number: int, body: bytes) -> bytes:
        """As `Framing.frame`."""
        return bytes([_PLAIN]) + _varint(len(body)) + _varint(number) + body


class Encrypted:
    """Frames under a key that both sides were given before."""

    def __init__(self, key: bytes, name: str, mac: str) -> None:
        """Make it; `key` as `key_of` returns it, `name` and `mac` are told before all else."""
        self._noise: Any = NoiseConnection.from_name(_PROTOCOL)
        self._noise.set_as_responder()
        self._noise.set_psks(psk=key)
        self._noise.set_prologue(_PROLOGUE)
        self._noise.start_handshake()
        self._hello: bytes | None = b"\x01" + name.encode() + b"\0" + mac.encode() + b"\0"
        self._kept = bytearray()

    def take(self, received: bytes) -> tuple[bytes, list[Frame]]:
        """As `Framing.take`."""
        self._kept += received
        said, frames = b"", list[Frame]()
        while (inside := self._next()) is not None:
            if self._hello is not None:
                said, self._hello = said + _sealed(self._hello), None
            elif not self._noise.handshake_finished:
                said += self._shaken(inside, said)
            else:
                frames.append(self._opened(inside))
        return said, frames

    def _next(self) -> bytes | None:
        if self._kept and self._kept[0] != _ENCRYPTED:
            raise NotAFrameError("plain, and this proxy has a key", _sealed(b"\x01a key, please"))
        size = int.from_bytes(self._kept[1:3], "big")
        if len(self._kept) < 3 + size:
            return None
        inside = bytes(self._kept[3 : 3 + size])
        del self._kept[: 3 + size]
        return inside

    def _shaken(self, inside: bytes, said: bytes) -> bytes:
        """Return the answer of the handshake; `said` goes out before a refusal."""
        try:
            self._noise.read_message(inside[1:])
        except Exception as error:  # what the library raises depends on what is wrong
            refusal = said + _sealed(b"\x01Handshake MAC failure")
            raise NotAFrameError("another key", refusal) from error
        return _sealed(b"\x00" + bytes(self._noise.write_message()))

    def _opened(self, inside: bytes) -> Frame:
        try:
            clear = cast("bytes", self._noise.decrypt(inside))
        except Exception as error:
            raise NotAFrameError("cannot be decrypted", b"") from error
        return int.from_bytes(clear[:2], "big"), bytes(clear[4:])

    def frame(self, number: int, body: bytes) -> bytes:
        """As `Framing.frame`."""
        head = number.to_bytes(2, "big") + len(body).to_bytes(2, "big")
        return _sealed(bytes(self._noise.encrypt(head + body)))


def key_of(text: str) -> bytes:
    """Return the key that `text` spells, base64 as in a proxy's own configuration.

    Raises:
        ValueError: It is none.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise ValueError("the key must be 32 bytes in base64")
    return key


def _sealed(inside: bytes) -> bytes:
    return bytes([_ENCRYPTED]) + len(inside).to_bytes(2, "big") + inside


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > _SEVEN:
        out.append(number & _SEVEN | _MORE)
        number >>= 7
    out.append(number)
    return bytes(out)
