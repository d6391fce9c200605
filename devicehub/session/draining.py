"""Draining: what is done about a battery that runs low.

A small battery sags under its motors, and the radio of a massager may give up before they do. One
that is about to die is stopped while it still hears that.
"""

from collections.abc import Callable

from devicehub.safety.governor import Governor

# Engineering choice: half an hour at the strongest takes no more than this from most batteries, and
# people know the number from their phones.
LOW_PERCENT = 20
# Engineering choice: what is left is minutes, and percentages of small cells are that wrong.
EMPTY_PERCENT = 5
# Long enough to be felt as an end and not as a fault, short for a battery that is empty.
FADE_S = 3.0


class Gauge:
    """What one massager says of its battery; `percent` is its last word, None before the first."""

    def __init__(self) -> None:
        self.percent: int | None = None
        self._before: int | None = None

    def read(self, percent: int) -> None:
        """Take a word of the massager."""
        self._before, self.percent = self.percent, percent

    @property
    def empty(self) -> bool:
        """Whether it is nearly empty, said twice in a row: one word may be a sag, or a slip."""
        said = (self._before, self.percent)
        return all(percent is not None and percent <= EMPTY_PERCENT for percent in said)

    @property
    def low(self) -> bool:
        """Whether it should be charged soon."""
        return self.percent is not None and self.percent <= LOW_PERCENT


class Draining:
    """Watches the batteries of one session."""

    def __init__(self, governor: Governor, event: Callable[[str, str, str], None]) -> None:
        """Make it; `event` takes a name, a massager and details."""
        self._governor, self.event = governor, event
        self._told: set[str] = set()
        self._fade: tuple[float, float] | None = None  # since when, and from which ceiling

    def look(self, name: str, gauge: Gauge, now_s: float, *, playing: bool) -> str | None:
        """Tell of a battery that is low; return why to end the session now, or None.

        Where something plays it fades out before.
        """
        if not gauge.low:
            return None
        if name not in self._told:
            self._told.add(name)
            self.event(
                "battery_low", name, f"{_left(gauge)}; the session ends at {EMPTY_PERCENT} %"
            )
        if not gauge.empty:
            return None
        if self._fade is None:
            self._fade = now_s, self._governor.ceiling
            self.event("battery_empty", name, f"{_left(gauge)}: it is stopped while it hears that")
        since_s, ceiling = self._fade
        share = 1.0 - (now_s - since_s) / FADE_S
        if not playing or share <= 0.0:
            return f"{name}: {_left(gauge)}; charge it"
        self._governor.lower_ceiling(share * ceiling)
        return None


def _left(gauge: Gauge) -> str:
    return f"its battery has {gauge.percent} % left"
