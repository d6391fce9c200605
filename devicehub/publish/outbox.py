"""Outbox: events that the broker has not acknowledged yet; bounded, in order, counted. Pure."""

from collections import deque
from dataclasses import dataclass, field, replace

from devicehub.outside import Happening, Severity

# About 1 MB of events, more than an hour of a lively session.
LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event that waits. `hist`: it was not sent at once, so it tells of the past."""

    happening: Happening
    hist: bool = False


@dataclass(slots=True)
class Outbox:
    """Takes events at any time, gives the oldest first, drops the least important when full.

    The oldest `info` goes first, then the oldest `warning`. `critical` is never dropped: with
    nothing else left, the box grows. What was dropped is still in the hub's own history, and
    whoever misses a number asks for `cmd/replay`.
    """

    limit: int = LIMIT
    dropped: dict[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, 0))
    _waiting: deque[Waiting] = field(default_factory=deque[Waiting])

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def put(self, happening: Happening, *, late: bool) -> None:
        """Let one more wait; `late` says that nobody can be told now."""
        self._waiting.append(Waiting(happening, late))
        if len(self._waiting) > self.limit:
            self._make_room()

    def oldest(self) -> Waiting | None:
        """Return what has to go next; it stays until it is `acknowledged`."""
        return self._waiting[0] if self._waiting else None

    def acknowledged(self, sent: Waiting) -> None:
        """Take away what the broker has; a box that made room meanwhile does not have it any more.

        An event that was in flight when room had to be made may so be counted and delivered.
        """
        if self._waiting and self._waiting[0].happening is sent.happening:
            self._waiting.popleft()

    def all_late(self) -> None:
        """Take note that the broker is gone: what waits will be of the past when it arrives."""
        self._waiting = deque(replace(each, hist=True) for each in self._waiting)

    def _make_room(self) -> None:
        for severity in (Severity.INFO, Severity.WARNING):
            for index, each in enumerate(self._waiting):
                if each.happening.severity is severity:
                    del self._waiting[index]
                    self.dropped[severity] += 1
                    return
