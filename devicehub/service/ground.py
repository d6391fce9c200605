"""Ground: what a service stands on. The command line gives it: airs, persons, plans.

Below it nobody can tell a simulated massager from a real one, and neither can the service.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from devicehub.hub import Hub
from devicehub.messages import Command, Event
from devicehub.session.plan import Plan


@dataclass(frozen=True, slots=True)
class Place:
    """One massager that is served.

    Attributes:
        id: As those outside know it: `[a-z0-9-]{1,32}`, stable.
        device: What it is on a command line.
        profile: What it plays when nothing else is chosen, or None.
        zone: Where it is held, for a handheld.
        near: It is simulated in this process, so it is always there.
        model: What it is, as far as that is known; else "".
        actuators: How many motors it has; 0 as long as nobody knows.
    """

    id: str
    device: str
    profile: str | None = None
    zone: str | None = None
    near: bool = False
    model: str = ""
    actuators: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """One session that was asked for; `person` is a name of the ledger, or None for nobody."""

    places: tuple[Place, ...]
    profile: str
    person: str | None = None
    minutes: float | None = None
    ceiling: float = 1.0


class Ground(Protocol):
    """Makes sessions possible, and knows what is in range."""

    def check(self, order: Order) -> Plan:
        """Return the plan of an order.

        Raises:
            ProfileError, UsageError: Something is wrong with what was asked for.
            SafetyRefusal: It may not be played.
        """
        ...

    def open(
        self,
        order: Order,
        plan: Plan,
        tell: Callable[[Event], None],
        ring: Callable[[Command], None],
    ) -> AbstractAsyncContextManager[Hub]:
        """Yield the hub of a session, which was not run yet.

        Args:
            order: What was asked for. Massagers are called by the ids of their places.
            plan: As `check` returned it.
            tell: Hears everything that happens in it.
            ring: Takes what the ground itself asks of the session.

        Raises:
            SafetyRefusal: The person may not have it, or plays already.
            RadioError: The air cannot be used.
        """
        ...

    async def look(self, places: Sequence[Place]) -> Mapping[str, Place]:
        """Listen for a moment and return those of `places` that were heard, by id.

        Raises:
            RadioError: The air cannot be used.
        """
        ...

    def profiles(self) -> Sequence[str]:
        """Return the names of the profiles that can be played, in order."""
        ...

    def named(self, person: str) -> str | None:
        """Return the name of the person with this opaque id, or None if nobody has it."""
        ...
