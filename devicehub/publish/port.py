"""What a publisher sees of a hub. `devicehub serve` is one such hub, `play --mqtt` another.

Everything is called in the hub's own event loop. Nothing here waits for a broker, and no broker
can make anything here wait.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from devicehub.outside import (
    Alert,
    Answer,
    DeviceCard,
    Happening,
    Identity,
    SessionNow,
    Vitals,
    Wish,
)


class HubPort(Protocol):
    """A hub from outside."""

    @property
    def identity(self) -> Identity:
        """Which hub this is, and which run of it."""
        ...

    def cards(self) -> Sequence[DeviceCard]:
        """Return every massager that the hub knows."""
        ...

    def sessions(self) -> Sequence[SessionNow]:
        """Return the sessions that run, and the last one of each massager that none runs on."""
        ...

    def profiles(self) -> Sequence[str]:
        """Return the names of the profiles that can be played, in order."""
        ...

    def alerts(self) -> Sequence[Alert]:
        """Return what is wrong now; derived from the state, so it ends when its reason does."""
        ...

    def vitals(self) -> Vitals:
        """Return how the hub itself fares."""
        ...

    def listen(self, hear: Callable[[Happening], None]) -> Callable[[], None]:
        """Let `hear` know of everything that happens from now on, at once and in order.

        `hear` must return quickly and must not raise.

        Returns:
            What ends it.
        """
        ...

    def since(self, seq: int) -> Sequence[Happening]:
        """Return what happened in this run after number `seq`, as far as it is kept, in order."""
        ...

    def stop(self, device: str | None, source: str) -> None:
        """Stop the session of a massager, or everything. Acts before it returns, whatever happens.

        An id that the hub does not know stops everything. Safe to call at any time and any number
        of times; `source` says who asked.
        """
        ...

    async def ask(self, wish: Wish, source: str) -> Answer:
        """Ask for anything else; the answer says what became of it, and why not."""
        ...

    def renew_lease(self) -> None:
        """Say that whoever started sessions from afar could stop them now.

        Called at every sign of life of the broker, about every 2 s. A session that was started
        with `Start.leased` ramps down and stops when this was not called for the hub's
        `link_grace` (30 s).
        """
        ...
