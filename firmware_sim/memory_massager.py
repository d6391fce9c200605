"""A simulated massager in plain memory: advertises, takes one central, can be made to fail."""

import asyncio
from collections.abc import Callable, Sequence

from firmware_sim.faults import Fault, schedule
from firmware_sim.gatt import Firmware
from firmware_sim.memory_link import ATT_HEADER, MTU, MemoryLink
from firmware_sim.mount import Mount, Upsets
from firmware_sim.tape import LinkState, Tape

ADVERTISING_S = 0.1
"""How often every massager is heard, whatever its own interval."""
SUPERVISION_S = 0.72
"""How long a silent link lives: Bumble's default, so that both radios lose links alike."""


class MemoryMassager(Upsets):
    """A mounted firmware that advertises, takes one central at a time, and can be made to fail."""

    def __init__(
        self,
        address: str,
        make: Callable[[], Firmware],
        tape: Tape | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        """Switch it on; needs a running event loop.

        Args:
            address: Its radio address.
            make: Makes its firmware.
            tape: Where everything is written; stays open.
            faults: What will go wrong, counted from the first connection.
        """
        self.address = address
        self.mount = Mount(make, self._notify, tape)
        self._loop = asyncio.get_running_loop()
        self._faults = faults
        self._timers: list[asyncio.TimerHandle] = []
        self._in_range = self._powered = True
        self._hung = False
        self._link: MemoryLink | None = None
        self._dying: asyncio.TimerHandle | None = None
        self._to_device: list[Callable[[], None]] = []
        self._to_central: list[Callable[[], None]] = []

    @property
    def connectable(self) -> bool:
        """Whether it is on, in range and free; it then advertises too."""
        return self._powered and self._in_range and self._link is None

    def connect(self, hear: Callable[[str, bytes], None], ended: Callable[[], None]) -> MemoryLink:
        """Open a link; only while `connectable`."""
        self._link = MemoryLink(self, hear, ended)
        self.mount.connected()
        faults, self._faults = self._faults, ()
        schedule(faults, self, self._call_later)
        return self._link

    def carry(self, link: MemoryLink, act: Callable[[], None]) -> None:
        """Let something arrive at the device: soon, late, or never."""

        def arrive() -> None:
            if self._link is link:
                act()

        if self._in_range and not self._hung:
            self._loop.call_soon(arrive)
        else:
            self._to_device.append(arrive)

    def close_link(self, link: MemoryLink) -> None:
        """Hear that the central closes the link; out of range the supervision timer finds out."""
        if self._in_range:
            self._loop.call_soon(self._end, link, "closed")

    def close(self) -> None:
        """Switch off for good."""
        for timer in self._timers:
            timer.cancel()
        if self._link:
            self._link.end()
            self._end(self._link, "closed")
        self.mount.close()

    def go_out_of_range(self) -> None:
        """Let nothing through; the link dies of its supervision timeout."""
        self.mount.fault("drop")
        self._in_range = False
        self._lose_link()

    def come_back(self) -> None:
        """Be in range; a link that still lives goes on, late packets first."""
        self.mount.fault("back")
        self._in_range = True
        if self._dying and self._link and not self._link.over:
            self._dying.cancel()
        self._flush()

    def power_off(self) -> None:
        """Cut the power; the central learns it from its supervision timer."""
        self.mount.fault("off")
        self._powered = False
        if self._link:
            self._lose_link()
            self._end(self._link, "lost")
        self.mount.restart()

    def power_on(self) -> None:
        """Boot and advertise."""
        self.mount.fault("on")
        self._powered = True

    def hang(self) -> None:
        """Answer nothing."""
        self.mount.fault("hang")
        self._hung = True

    def recover(self) -> None:
        """Answer again, what waits first."""
        self.mount.fault("recover")
        self._hung = False
        self._flush()

    def _notify(self, uuid: str, value: bytes) -> None:
        link = self._link
        if link is None:
            return

        def arrive() -> None:
            if self._link is link:
                link.hear(uuid, value[: MTU - ATT_HEADER])

        if self._in_range:
            self._loop.call_soon(arrive)
        else:
            self._to_central.append(arrive)

    def _flush(self) -> None:
        for act in [*self._to_central, *([] if self._hung else self._to_device)]:
            self._loop.call_soon(act)
        self._to_central.clear()
        if not self._hung:
            self._to_device.clear()

    def _lose_link(self) -> None:
        if self._link:
            self._dying = self._call_later(SUPERVISION_S, self._supervise, self._link)

    def _supervise(self, link: MemoryLink) -> None:
        link.end()
        self._end(link, "lost")

    def _end(self, link: MemoryLink, state: LinkState) -> None:
        if self._link is link:
            self._link = None
            self._to_device.clear()
            self._to_central.clear()
            self.mount.disconnected(state)

    def _call_later(
        self, delay_s: float, act: Callable[..., None], *args: object
    ) -> asyncio.TimerHandle:
        timer = self._loop.call_later(delay_s, act, *args)
        self._timers.append(timer)
        return timer
