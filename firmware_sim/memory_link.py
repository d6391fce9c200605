"""A link in plain memory: the central asks and commands, the device answers when it likes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from firmware_sim.gatt import AttError, CharacteristicSpec, ServiceSpec
from firmware_sim.mount import Mount

MTU = 247
"""Bytes of an ATT packet; what most massagers and centrals agree on (one LE data packet)."""
ATT_TIMEOUT_S = 30.0
"""How long an answer may take (Core Specification Vol 3 Part F 3.3.3)."""

ATT_HEADER = 3

_DEVICE_NAME = "2a00"
GENERIC_ACCESS = ServiceSpec("1800", (CharacteristicSpec(_DEVICE_NAME, frozenset({"read"})),))
"""What every device has (Core Specification Vol 3 Part C 12.1); its radio answers for it."""


class LinkEndedError(Exception):
    """The link ended before the answer came."""


class FarEnd(Protocol):
    """The device's side of links."""

    mount: Mount

    def carry(self, link: "MemoryLink", act: Callable[[], None]) -> None:
        """Let something arrive at the device: soon, late, or never."""
        ...

    def close_link(self, link: "MemoryLink") -> None:
        """Hear, if in range, that the central closes the link."""
        ...


class MemoryLink:
    """The central's end of a link: asks, commands, and hears notifications."""

    def __init__(
        self,
        massager: FarEnd,
        hear: Callable[[str, bytes], None],
        ended: Callable[[], None],
    ) -> None:
        """Open it; `MemoryMassager.connect` does.

        Args:
            massager: The other end.
            hear: Called with characteristic and value of every notification.
            ended: Called once when the link has ended, wanted or lost.
        """
        self.hear = hear
        self.over = False
        self._massager = massager
        self._ended = ended
        self._answers: set[asyncio.Future[bytes]] = set()

    async def read(self, uuid: str) -> bytes:
        """Return a characteristic's value.

        Raises:
            AttError: when the device refuses.
            LinkEndedError: when the link ends first.
            TimeoutError: when the device answers nothing for 30 s; the link then ends.
        """
        return await self._ask(lambda: self._value(uuid))

    async def request(self, uuid: str, data: bytes) -> None:
        """Write with response; raises as `read`."""

        def write() -> bytes:
            self._massager.mount.write(uuid, data, response=True)
            return b""

        await self._ask(write)

    def command(self, uuid: str, data: bytes) -> None:
        """Write without response: nobody says whether it arrived."""

        def write() -> None:
            with suppress(AttError):  # a write command has no answer
                self._massager.mount.write(uuid, data, response=False)

        self._massager.carry(self, write)

    def close(self) -> None:
        """End the link on purpose."""
        self._massager.close_link(self)
        self.end()

    def end(self) -> None:
        """Notice that the link has ended; whoever waits for an answer learns it."""
        if self.over:
            return
        self.over = True
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(LinkEndedError)
        self._ended()

    def _value(self, uuid: str) -> bytes:
        mount = self._massager.mount
        if uuid == _DEVICE_NAME:
            return mount.firmware.advertisement.name.encode()
        return mount.read(uuid)

    async def _ask(self, act: Callable[[], bytes]) -> bytes:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def do() -> None:
            try:
                value = act()
            except AttError as refusal:
                if not answer.done():
                    answer.set_exception(refusal)
            else:
                if not answer.done():
                    answer.set_result(value)

        self._answers.add(answer)
        self._massager.carry(self, do)
        try:
            async with asyncio.timeout(ATT_TIMEOUT_S):
                return await answer
        except TimeoutError:
            self.close()  # no request may follow one without an answer, so the link is of no use
            raise
        finally:
            self._answers.discard(answer)
