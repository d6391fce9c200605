"""Port: what a session needs of a connected massager, wherever the link lives.

Two implementations: `radio.link.Link` in this process, `keeper.remote.RemoteLink` in the keeper's.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from devicehub.massagers.decode import Report
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded

T = TypeVar("T")

GoOn = Callable[[], bool]
"""Asked after each stop that nobody answered: whether to write the next."""


def patient() -> bool:
    """Go on, whatever happens."""
    return True


@dataclass(frozen=True, slots=True)
class StopOutcome:
    """How a stop went; `took_s` is the time until the device answered, None when it did not."""

    confirmed: bool
    took_s: float | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with the last gate before the first frame.

    Attributes:
        ceiling_steps: The highest step of each actuator that the governor will let through.
        zone: Where a handheld is held; None for a massager whose motors have places.
        person: Whether a person with answered screening lies under it; the mannequin is none.
        heat: The highest target of the heat pad, in the unit of its file; 0 is off.
    """

    ceiling_steps: tuple[int, ...]
    zone: str | None = None
    person: bool = False
    heat: int = 0


class Port(Protocol):
    """One connected massager; its first write was stop."""

    @property
    def massager(self) -> Massager:
        """What is known of the product."""
        ...

    @property
    def lost(self) -> asyncio.Event:
        """Set when the link ended without being asked to."""
        ...

    def listen(self, on_report: Callable[[Report], None]) -> None:
        """Call `on_report` with everything the device says from here on."""
        ...

    @property
    def address(self) -> str:
        """Where it is reached."""
        ...

    @property
    def called(self) -> tuple[str, ...]:
        """What a person may call it: names, address, model."""
        ...

    async def agree(self, terms: Terms) -> None:
        """Fix what the last gate lets through. Raises RadioError, SafetyRefusal or UsageError."""
        ...

    async def send(self, encoded: Encoded) -> bool:
        """Write a frame; False when it came too late. Raises LinkLost or RadioError."""
        ...

    def renew(self, not_after_s: float) -> None:
        """Keep the frame that was written last alive until `not_after_s` (the loop's clock)."""
        ...

    def begin_stop(self) -> "asyncio.Task[StopOutcome]":
        """Start to write stop, at once and whatever else waits; nothing can cancel it."""
        ...

    def rearm(self) -> None:
        """Let frames pass again after a stop."""
        ...

    async def close(self, go_on: GoOn = patient) -> StopOutcome:
        """Write stop until it is answered, or `go_on` says that it is enough; then disconnect."""
        ...


class Connector(Protocol):
    """Finds massagers and connects them."""

    async def connect(self, wanted: str, timeout_s: float) -> Port:
        """Return a connected massager. Raises DeviceNotFound or RadioError."""
        ...

    def stand_by(self) -> None:
        """Take note that all are connected: prepare, without waiting, to reach them once more."""
        ...

    async def close(self, *, at_once: bool = False) -> None:
        """Let go of everything; `at_once` waits for nobody who still writes stop."""
        ...


async def to_the_end(work: "Coroutine[Any, Any, T] | asyncio.Task[T]") -> T:
    """Await `work` to its end however often the caller is cancelled; cancel the caller after it.

    A bare `asyncio.shield` is not enough: a second cancellation would leave the work behind.

    Raises:
        asyncio.CancelledError: The caller was cancelled meanwhile; `work` has ended all the same.
    """
    task = work if isinstance(work, asyncio.Task) else asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()
        raise cancelled
    return task.result()
