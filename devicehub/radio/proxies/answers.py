"""Answers: whose answer it was, where several writes to one characteristic were asked for.

aioesphomeapi takes any answer for a characteristic as the answer to the write that waits for one. A
write that was given up may be answered late, and that is no answer to the stop behind it.
"""

import asyncio
from collections import deque
from typing import Any

from aioesphomeapi import api_pb2

_messages = vars(api_pb2)  # made by protobuf, without types
_LINK: type[Any] = _messages["BluetoothDeviceConnectionResponse"]
KINDS: tuple[type[Any], ...] = (
    _messages["BluetoothGATTWriteResponse"],
    _messages["BluetoothGATTErrorResponse"],
    _LINK,
)

Key = tuple[int, int]


class Answers:
    """The answers that are owed, in the order of the writes: a proxy works them in that order."""

    def __init__(self) -> None:
        self._owed: dict[Key, deque[asyncio.Event]] = {}

    def expect(self, address: int, handle: int) -> asyncio.Event:
        """Return what is set when the write that is sent now is answered, or never can be."""
        own = asyncio.Event()
        self._owed.setdefault((address, handle), deque()).append(own)
        return own

    def hear(self, said: Any) -> None:
        """Take a message of one of `KINDS`."""
        if isinstance(said, _LINK):
            self._forget(said.address)
            return
        owed = self._owed.get((said.address, said.handle))
        if owed:
            owed.popleft().set()

    def _forget(self, address: int) -> None:
        """Forget what a link owed that has just ended, or has just begun."""
        for key in [one for one in self._owed if one[0] == address]:
            for own in self._owed.pop(key):
                own.set()
