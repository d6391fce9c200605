"""Where a simulated massager's chip sits: on the virtual radio, or at the end of a transport."""

import asyncio
import contextlib
from typing import Any, Protocol, cast

from bumble import hci
from bumble.core import BaseBumbleError
from bumble.host import Host
from bumble.transport.common import Transport

from firmware_sim.radio import Radio, host_on
from firmware_sim.radio_controller import RadioController

_ANSWER_S = 2.0  # a chip on USB or a serial port answers in milliseconds


class Slot(Protocol):
    """One place for a chip; a massager that loses its power takes it out and puts in a new one."""

    def insert(self, name: str) -> Host:
        """Put a chip in, and return the host that commands it."""
        ...

    def eject(self) -> None:
        """Take the chip out: nothing of it is heard any more."""
        ...

    def set_in_range(self, in_range: bool) -> None:
        """Silence the chip, or let it be heard again."""
        ...


class RadioSlot:
    """A place on the virtual radio."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio
        self._chip: RadioController | None = None

    def insert(self, name: str) -> Host:
        """Put a new chip on the air."""
        host, self._chip = host_on(self._radio, name)
        return host

    def eject(self) -> None:
        """Take the chip off the air; its peers notice by their supervision timeout."""
        if self._chip is not None:
            self._radio.remove_controller(self._chip)

    def set_in_range(self, in_range: bool) -> None:
        """Let nothing through in either direction, or everything again."""
        if self._chip is not None:
            self._radio.set_in_range(self._chip, in_range)


class DongleSlot:
    """A real chip at the end of a transport. It stays in; nobody can silence its radio from here.

    So whoever attaches to one refuses the faults that would need it.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def insert(self, name: str) -> Host:
        """Command the chip that is there."""
        del name  # it has its own
        return Host(self._transport.source, self._transport.sink)

    def eject(self) -> None:
        """Leave it where it is: `close` lets it forget everything."""

    def set_in_range(self, in_range: bool) -> None:
        """Do nothing: its antenna is its own."""

    async def close(self) -> None:
        """Reset the chip, so that it neither advertises nor holds a link, and let it go."""
        if not self._transport.source.terminated.done():
            host = Host(self._transport.source, self._transport.sink)
            with contextlib.suppress(TimeoutError, OSError, hci.HCI_Error, BaseBumbleError):
                async with asyncio.timeout(_ANSWER_S):
                    await cast("Any", host).send_sync_command(hci.HCI_Reset_Command())
        await self._transport.close()
