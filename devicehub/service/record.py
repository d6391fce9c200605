"""Record: everything that happens in one run of a service, numbered without gaps.

Whoever listens hears it at once and in order; the latest are kept in memory for those who ask.
"""

from collections import deque
from collections.abc import Callable, Sequence

from devicehub.messages import Event
from devicehub.outside import Happening, Severity

# A session makes some ten events; so many are a busy day, and a few hundred kilobytes.
MOST_KEPT = 4096

_WARNING = frozenset(
    {
        "warning",
        "refused",
        "discomfort",
        "presence_asked",
        "waiting",
        "absent",
        "easing",
        "history",
        "returning",
    }
)
_CRITICAL = frozenset({"lost", "rescuing", "stop_unconfirmed", "standing"})

EVENTS = {
    "session_started": "a session begins; `detail` is its profile",
    "session_ended": "a session is over; `detail` is why",
    "stop_unconfirmed": "a massager did not confirm its stop; `detail` is what to do by hand",
    "settled": "that massager was stopped or switched off after all, by somebody else",
    "standing": "an earlier session may have left it running; `detail` is what to do",
    "easing": "nobody could reach who started the session: it ends softly",
    "selected": "what a massager plays when nothing else is said; `detail` is the profile",
    "absent": "a massager that nobody plays was not heard any more",
    "heard": "a massager is in range again",
    "history": "something is wrong with what is kept; `detail` says what",
}
"""What happens to a service, beside the events of its sessions (`docs/events.md`)."""


class Record:
    """The events of one run."""

    def __init__(self, wall_s: Callable[[], float], nameless: Callable[[str], str]) -> None:
        """Make it.

        Args:
            wall_s: Seconds since 1970.
            nameless: Takes names and radio addresses out of what is told.
        """
        self._wall_s, self._nameless = wall_s, nameless
        self._seq = 0
        self._kept: deque[Happening] = deque(maxlen=MOST_KEPT)
        self._hearing: list[Callable[[Happening], None]] = []

    def happened(self, event: Event, session: str | None = None) -> Happening:
        """Number it, keep it, and tell it to everybody who listens."""
        self._seq += 1
        told = Event(event.t_s, event.name, event.device, self._nameless(event.detail))
        happening = Happening(
            self._seq, self._wall_s(), session, event.device, severity(event.name), told
        )
        self._kept.append(happening)
        for hear in tuple(self._hearing):
            _tell(hear, happening)
        return happening

    def listen(self, hear: Callable[[Happening], None]) -> Callable[[], None]:
        """Let `hear` know of what happens from now on; what is returned ends it."""
        self._hearing.append(hear)

        def end() -> None:
            if hear in self._hearing:
                self._hearing.remove(hear)

        return end

    def since(self, seq: int) -> Sequence[Happening]:
        """Return what happened after number `seq`, as far as it is kept."""
        return tuple(one for one in self._kept if one.seq > seq)


def severity(name: str) -> Severity:
    """Return how bad it is that an event of this name happened."""
    if name in _CRITICAL:
        return Severity.CRITICAL
    return Severity.WARNING if name in _WARNING else Severity.INFO


def _tell(hear: Callable[[Happening], None], happening: Happening) -> None:
    """Tell one; whatever it raises never reaches a session."""
    try:
        hear(happening)
    except Exception:  # noqa: BLE001 - who listens may fail in any way and must not stop a stop
        return
