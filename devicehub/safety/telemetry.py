"""Telemetry: what a massager says that it drives, held against what it was told.

A level that nobody asked for (its own button, a program of its own, somebody else who writes to it)
ends a session, and so does the silence of a massager that should say what it drives.

What is told changes twenty times a second and a report is on its way for a while, so a report is
right if each of its levels lies within what was told lately. A report that is strange counts as
strange until the next one comes. Strange time is taken back at a part of its speed only, so that a
level that comes and goes is found too. Time in which the hub itself was away says little about the
massager: it counts up to the window.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.safety.strict import Table


@dataclass(frozen=True, slots=True)
class TelemetryLimits:
    """How long what a massager says may be strange, or missing.

    Attributes:
        stale_s: The longest silence, and the longest strange time.
        window_s: A report may say what was told within so many seconds.
        recovers_share: Strange time shrinks at this part 0..1 of the speed at which it grows.
    """

    stale_s: float
    window_s: float
    recovers_share: float


def telemetry_limits(table: Table) -> TelemetryLimits:
    """Return what the section `telemetry` says.

    Raises:
        LimitsError: A value is missing or makes no sense.
    """
    return TelemetryLimits(
        stale_s=table.positive("stale_s"),
        window_s=table.positive("window_s"),
        recovers_share=table.positive("recovers_share", most=1.0),
    )


class Telemetry:
    """One massager that says regularly what it drives. Levels are device steps."""

    def __init__(self, limits: TelemetryLimits, actuators: int, now_s: float) -> None:
        """Begin at `now_s`, with every actuator told 0."""
        self._limits = limits
        self._told: deque[tuple[float, tuple[int, ...]]] = deque([(now_s, (0,) * actuators)])
        self._strange = False
        self._strange_s = self._silent_s = 0.0
        self._counted_s = now_s

    def told(self, steps: Sequence[int], now_s: float) -> None:
        """Take note that from `now_s` on the massager may be at `steps`."""
        told = tuple(steps)
        if told != self._told[-1][1]:
            self._told.append((now_s, told))

    def said(self, steps: Sequence[int], now_s: float) -> None:
        """Take note that the massager says it drives `steps`."""
        self._count(now_s)
        self._silent_s = 0.0
        self._forget(now_s)
        rows = zip(*(told for _, told in self._told), strict=True)
        pairs = zip(steps, rows, strict=True)
        self._strange = any(not min(row) <= step <= max(row) for step, row in pairs)

    def trouble(self, now_s: float) -> str | None:
        """Return what is wrong at `now_s`, a sentence for the person, or None."""
        self._count(now_s)
        if self._silent_s > self._limits.stale_s:
            return "it no longer says what it does"
        if self._strange_s > self._limits.stale_s:
            return "it does something that was not asked for"
        return None

    def _count(self, now_s: float) -> None:
        dt_s = max(0.0, min(now_s - self._counted_s, self._limits.window_s))
        self._counted_s = now_s
        self._silent_s += dt_s
        share = 1.0 if self._strange else -self._limits.recovers_share
        self._strange_s = max(0.0, self._strange_s + share * dt_s)

    def _forget(self, now_s: float) -> None:
        """Drop what was told over again before the window began."""
        begun_s = now_s - self._limits.window_s
        while len(self._told) > 1 and self._told[1][0] <= begun_s:
            self._told.popleft()
