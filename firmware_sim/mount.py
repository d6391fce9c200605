"""A massager that is switched on: its firmware, its tape, its sense of time. No radio.

Bumble and memory mount the same firmware through this; what differs between them is only how bytes
travel.
"""

import asyncio
from collections.abc import Callable, Sequence

from firmware_sim.faults import REFUSAL
from firmware_sim.gatt import (
    AskedFor,
    AttError,
    Effect,
    Firmware,
    MotorChanged,
    Notify,
    Upset,
    Upsettable,
    long_form,
)
from firmware_sim.tape import LinkState, Tape


class Mount:
    """Runs one firmware on the event loop's clock and tapes what it does."""

    def __init__(
        self,
        make: Callable[[], Firmware],
        notify: Callable[[str, bytes], None],
        tape: Tape | None = None,
    ) -> None:
        """Switch the massager on; needs a running event loop.

        Args:
            make: Makes a new firmware, also when the massager restarts.
            notify: Sends a notification to the central, if one wants it.
            tape: Where everything is written; stays open.
        """
        self._make = make
        self._notify = notify
        self._tape = tape
        self._loop = asyncio.get_running_loop()
        self._boot_s = self._loop.time()
        self._now_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._due_s: float | None = None
        self._driven: dict[int, MotorChanged] = {}
        self._refusals = 0
        self.firmware = make()

    def connected(self) -> None:
        """A central has connected."""
        if self._tape:
            self._tape.link("connected")
        self._play(self.firmware.connected(self._time_s()))

    def disconnected(self, state: LinkState) -> None:
        """The link has ended: `lost`, or `closed` by either side."""
        if self._tape:
            self._tape.link(state)
        self._play(self.firmware.disconnected(self._time_s()))

    def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """Take a write that reached the device.

        Raises:
            AttError: when the firmware, or a fault, refuses a write request.
        """
        if self._tape:
            self._tape.write(long_form(uuid), data, response)
        if self._refusals:
            self._refusals -= 1
            if response:
                raise AttError(REFUSAL)
            return
        self._play(self.firmware.write(uuid, data, self._time_s(), response=response))

    def read(self, uuid: str) -> bytes:
        """Return a characteristic's value.

        Raises:
            AttError: when the firmware refuses.
        """
        return self.firmware.read(uuid, self._time_s())

    def refuse(self, writes: int) -> None:
        """Refuse the next writes."""
        self.fault("refuse")
        self._refusals = writes

    def upset(self, fault: Upset, *, begins: bool) -> None:
        """Let something inside go wrong, or right again, if the firmware has such a thing."""
        self.fault(fault if begins else f"no {fault}")
        if isinstance(self.firmware, Upsettable):
            self._play(self.firmware.upset(fault, self._time_s(), begins=begins))

    def restart(self) -> None:
        """Lose power: every motor falls to 0, and a new firmware stands ready."""
        self._play([MotorChanged(m.actuator, 0, m.of) for m in self._driven.values() if m.level])
        self.firmware = self._make()
        self._wait()

    def fault(self, name: str) -> None:
        """Tape that something went wrong or came right."""
        if self._tape:
            self._tape.fault(name)

    def close(self) -> None:
        """Switch the massager off; its firmware is not polled any more."""
        if self._timer:
            self._timer.cancel()
        self._timer = self._due_s = None

    def _time_s(self) -> float:
        """Return the seconds since it was switched on; never less than before."""
        self._now_s = max(self._now_s, self._loop.time() - self._boot_s)
        return self._now_s

    def _play(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Notify):
                self._notify(effect.uuid, effect.value)
            elif isinstance(effect, MotorChanged):
                self._driven[effect.actuator] = effect
                if self._tape:
                    self._tape.motor(effect.actuator, effect.level, effect.of)
            elif isinstance(effect, AskedFor):
                self.fault(f"{effect.what} asked for")
            elif self._tape:
                self._tape.heat(effect.celsius, effect.on)
        self._wait()

    def _wait(self) -> None:
        """Have the firmware polled when it next wants to be."""
        due_s = self.firmware.next_poll_s()
        if due_s == self._due_s:
            return
        self.close()
        if due_s is not None:
            self._due_s = due_s
            self._timer = self._loop.call_at(self._boot_s + due_s, self._poll, due_s)

    def _poll(self, due_s: float) -> None:
        self._timer = self._due_s = None
        self._now_s = max(self._now_s, due_s)  # the loop may round to just before
        self._play(self.firmware.poll(self._time_s()))


class Upsets:
    """Faults that any radio hands on to what is mounted on it."""

    mount: Mount

    def refuse(self, writes: int) -> None:
        """Refuse the next writes."""
        self.mount.refuse(writes)

    def upset(self, fault: Upset, *, begins: bool) -> None:
        """Let something inside go wrong, or right again."""
        self.mount.upset(fault, begins=begins)
