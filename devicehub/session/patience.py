"""Patience: how long a session waits in a pause; then it ends, and lets its massagers go."""

from collections.abc import Callable

# Engineering choices. Ten minutes cover a door, a call, a glass of water; whoever is away longer
# has gone. A massager that is held connected for nobody empties its battery, and is nobody else's.
LONGEST_PAUSE_S = 600.0
TOLD_S = 60.0
NOBODY_WENT_ON = "nobody went on for 10 minutes"


class Patience:
    """Counts a pause; whoever says that they are there begins it anew."""

    def __init__(self, event: Callable[[str, None, str], None]) -> None:
        """Make it; `event(name, device, detail)` is told that the end is near."""
        self.event = event
        self._since_s: float | None = None
        self._told = False

    def look(self, now_s: float, *, paused: bool) -> bool:
        """Return whether the pause has lasted too long; called at every beat."""
        if not paused:
            self._since_s = None
            return False
        if self._since_s is None:
            self.renew(now_s)
        left_s = self._left_s(now_s)
        if left_s <= TOLD_S and not self._told:
            self._told = True
            self.event("waiting", None, f"go on, or it ends in {TOLD_S:.0f} s")
        return left_s <= 0.0

    def renew(self, now_s: float) -> None:
        """Begin to count anew."""
        self._since_s, self._told = now_s, False

    def _left_s(self, now_s: float) -> float:
        since_s = now_s if self._since_s is None else self._since_s
        return LONGEST_PAUSE_S - (now_s - since_s)
