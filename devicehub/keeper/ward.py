"""Ward: the massagers in the keeper's care, and how each is let go: stopped, or with the alarm."""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from devicehub.errors import RadioError, SafetyRefusal
from devicehub.keeper.highest import highest_steps, lowest
from devicehub.keeper.kept import Kept
from devicehub.keeper.protocol import Agree, Lost, Message, Unanswered
from devicehub.ledger.locks import device_lock
from devicehub.radio.port import StopOutcome, Terms
from devicehub.safety.limits import Limits


class Ward:
    """Every massager of one keeper by the name that the hub gave it."""

    def __init__(self, tell: Callable[[Message], None], limits: Limits, *, simulated: bool) -> None:
        """Make it; `simulated` says that the air proved it. `tell` must neither wait nor raise."""
        self._tell = tell
        self._limits = limits
        self._simulated = simulated
        self._lowest: dict[str, tuple[int, ...]] = {}
        self._left: list[Kept] = []
        self._alarmed: set[str] = set()
        self._leaving: set[asyncio.Task[StopOutcome]] = set()
        self._held: dict[str, ExitStack] = {}
        self.kept: dict[str, Kept] = {}

    def find(self, device: str) -> Kept:
        """Return the massager of that name. Raises RadioError if there is none."""
        if device not in self.kept:
            raise RadioError(f"{device}: not connected")
        return self.kept[device]

    async def vacant(self, device: str) -> None:
        """Wait until one of that name, or at that address, that is being let go is gone.

        Raises:
            RadioError: It is connected, and nobody let it go.
        """
        kept = self.kept.get(device) or self._at(device)
        if kept is not None and kept.leaving is None:
            raise RadioError(f"{device}: connected already")
        if kept is not None and kept.leaving is not None:
            await asyncio.wait((kept.leaving,))

    def _at(self, address: str) -> Kept | None:
        """Return the massager that is reached at `address`, or None."""
        folded = address.casefold()
        return next((k for k in self.kept.values() if k.link.address.casefold() == folded), None)

    def take(self, device: str, kept: Kept) -> None:
        """Take a massager that was just connected: its first stop was confirmed."""
        kept.at_rest()
        self._alarmed.discard(device)
        self.kept[device] = kept

    async def agree(self, message: Agree) -> None:
        """Fix the ceiling: the lowest of what the hub asks, the tables say, and was agreed once.

        Raises:
            RadioError: It is not connected.
            SafetyRefusal, UsageError: It may not be moved by this session, or not there.
        """
        kept = self.find(message.device)
        if not (self._simulated or message.person):
            raise SafetyRefusal(
                f"{message.device}: its air did not prove to be simulated, and nobody is named "
                "whose screening was answered"
            )
        massager, address = kept.link.massager, kept.link.address
        own = highest_steps(massager, message.zone, self._limits)
        self._hold(message.device, kept)
        before = self._lowest.get(address, massager.steps)
        agreed = lowest(massager, message.ceiling, own, before)
        self._lowest[address] = agreed
        await kept.agree(Terms(agreed, heat=message.heat))  # where and for whom was judged here

    def _hold(self, device: str, kept: Kept) -> None:
        """Keep other sessions off the massager until it is gone; who only stops it needs no lock.

        Raises:
            SafetyRefusal: Another session drives it, or nobody can tell.
        """
        if device in self._held:
            return
        held = ExitStack()
        try:
            held.enter_context(device_lock(kept.link.address, kept.standing.air))
        except OSError as error:
            raise SafetyRefusal(f"{device}: whether another session drives it: {error}") from error
        self._held[device] = held

    def trip(self, device: str, kept: Kept) -> None:
        """Stop what nobody commands any more, let it go, and say so."""
        if kept.leaving is None:
            self.let_go(device, kept)
            self._tell(Lost(device))

    def let_go(self, device: str, kept: Kept) -> "asyncio.Task[StopOutcome]":
        """Take a massager out of care; its last stop goes on whoever else ends."""
        first = kept.leaving is None
        task = kept.leave(partial(self._unanswered, device, kept))
        if first:
            self._left.append(kept)
            self._leaving.add(task)
            task.add_done_callback(lambda _: self._gone(device, kept))
        return task

    def let_all_go(self) -> None:
        """Let every massager go, all at once."""
        for device, kept in list(self.kept.items()):
            self.let_go(device, kept)

    async def all_gone(self) -> None:
        """Wait for the last words of all that were let go."""
        if self._leaving:
            await asyncio.wait(self._leaving)

    def all_stopped(self) -> bool:
        """Return whether every massager was left with a stop; the alarm was raised where not."""
        return not any(kept.armed for kept in self._left)

    def _unanswered(self, device: str, kept: Kept) -> bool:
        """Tell a person and the hub as soon as a stop has no answer: they may be quicker."""
        if kept.armed:
            self._alarm(device, kept)
        self._tell(Unanswered(device))
        return True

    def _gone(self, device: str, kept: Kept) -> None:
        if self.kept.get(device) is kept:
            del self.kept[device]
            if (held := self._held.pop(device, None)) is not None:
                with contextlib.suppress(OSError):
                    held.close()
        if kept.armed:
            self._alarm(device, kept)

    def _alarm(self, device: str, kept: Kept) -> None:
        """Tell a person, once, that a massager may be running; who cannot hear is no reason."""
        if device not in self._alarmed:
            self._alarmed.add(device)
            with contextlib.suppress(OSError, ValueError):
                print(f"{device}: did not confirm stop. {kept.standing.advice}", file=sys.stderr)  # noqa: T201 - the alarm
