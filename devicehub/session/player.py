"""Player: the place in the score. Time comes in as an argument; nothing else moves it."""


class Player:
    """Counts session time in seconds while it plays."""

    def __init__(self, duration_s: float) -> None:
        self.duration_s = duration_s
        self.position_s = 0.0
        self.paused = False
        self._last_s: float | None = None

    def advance(self, now_s: float) -> float:
        """Let time pass until `now_s` (monotonic) and return the position in seconds."""
        if self._last_s is not None and not self.paused:
            self.position_s = min(self.position_s + max(now_s - self._last_s, 0.0), self.duration_s)
        self._last_s = now_s
        return self.position_s

    def exchange(self, duration_s: float) -> None:
        """Go on from the position with `duration_s` seconds in all."""
        self.duration_s = duration_s

    def pause(self) -> None:
        """Hold the position."""
        self.paused = True

    def resume(self) -> None:
        """Go on from the position; the time since the pause does not count."""
        self.paused = False
        self._last_s = None

    @property
    def finished(self) -> bool:
        """Whether the score has been played to its end."""
        return self.position_s >= self.duration_s
