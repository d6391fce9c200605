"""Kept: one massager in the keeper's care, from its first stop to its last."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from devicehub.keeper.gate import FRAME_TTL_S, Gate
from devicehub.keeper.protocol import Frame
from devicehub.keeper.standing import StandingStop, forget, remember
from devicehub.massagers.wire import Encoded
from devicehub.radio.link import Link
from devicehub.radio.port import StopOutcome

# A heartbeat may cross a frame on the way; three that disagree in a row are no crossing.
DISAGREEMENTS = 3
# After a trip: four tries a stop (`radio.transport`), this many stops, half a second apart.
TRIP_STOPS = 20
TRIP_PAUSE_S = 0.5


@dataclass(slots=True)
class Kept:
    """One massager: its link, what it was told last, and until when that is wanted.

    Attributes:
        link: The link; nobody else writes to it.
        standing: How to stop it from elsewhere, on disk while `armed`.
        gate: The last gate, once a ceiling was agreed.
        steps: What it was told last.
        not_after_s: Until when `steps` are wanted, on the loop's clock.
        disagreed: How many heartbeats in a row said something else than `steps`.
        armed: Whether a motor may be moving: told to, and no stop was confirmed since.
        unanswered: Whether the last stop was given up: from here on stopping is the keeper's.
    """

    link: Link
    standing: StandingStop
    gate: Gate | None = None
    steps: tuple[int, ...] = field(init=False)
    not_after_s: float = 0.0
    disagreed: int = 0
    armed: bool = False
    unanswered: bool = False

    def __post_init__(self) -> None:
        self.steps = (0,) * len(self.link.massager.steps)

    @classmethod
    def of(cls, link: Link, air: str) -> Self:
        """Take the connected `link`; `air` is where others can reach the massager."""
        writes = tuple(
            (write.char, write.data.hex(), write.response)
            for stop in link.massager.stops
            for write in stop.writes
        )
        massager = link.massager
        standing = StandingStop(
            link.name, link.address, massager.model, air, writes, massager.on_lost_link
        )
        return cls(link, standing)

    def admit(self, frame: Frame, now_s: float) -> Encoded | str:
        """Judge a frame and open the link for it; a text is the reason why it does not pass."""
        passed = self.gate.judge(frame, now_s) if self.gate is not None else "not agreed"
        if isinstance(passed, str):
            return passed
        if any(passed.steps) and not self.armed:
            try:
                remember(self.standing)
            except OSError as error:
                return f"stop bytes not kept: {error}"
            self.armed = True
        self.link.rearm()
        self.unanswered = False
        self.steps = passed.steps
        self.not_after_s = frame.not_after_s
        return passed

    def hear(self, steps: list[int], not_after_s: float, now_s: float) -> None:
        """Take a heartbeat: it renews what was written, if it speaks of the same levels."""
        if tuple(steps) == self.steps:
            self.disagreed = 0
            self.not_after_s = max(self.not_after_s, min(not_after_s, now_s + FRAME_TTL_S))
        else:
            self.disagreed += 1

    def unwanted(self, now_s: float, *, silent: bool) -> bool:
        """Say whether nobody commands it any more; `silent` is the hub."""
        if not self.armed:
            return False
        grown_old = any(self.steps) and now_s > self.not_after_s
        return silent or grown_old or self.unanswered or self.disagreed >= DISAGREEMENTS

    def begin_stop(self) -> "asyncio.Task[StopOutcome]":
        """Close the gate and start to write stop; shield the task where the caller may end."""
        self.steps = (0,) * len(self.steps)
        if self.gate is not None:
            self.gate.stopped()
        task = self.link.begin_stop()
        task.add_done_callback(lambda done: self._settle(done.result()))
        return task

    async def close(self) -> StopOutcome:
        """Write stop to the end, then disconnect."""
        self.steps = (0,) * len(self.steps)
        outcome = await self.link.close()
        self._settle(outcome)
        return outcome

    async def abandon(self, alarm: Callable[[], None]) -> None:
        """Write stop again and again until it is confirmed, then disconnect.

        `alarm` is called as soon as a stop was not confirmed: a person may be quicker.
        """
        for _ in range(TRIP_STOPS):
            outcome = await self.begin_stop()
            if outcome.confirmed:
                break
            alarm()
            if self.link.lost.is_set():
                break
            await asyncio.sleep(TRIP_PAUSE_S)
        await self.close()

    def _settle(self, outcome: StopOutcome) -> None:
        """Take the alarm back when a stop was confirmed and nothing was told since."""
        self.unanswered = not outcome.confirmed and not any(self.steps)
        if not outcome.confirmed or any(self.steps):
            return
        self.armed = False
        with contextlib.suppress(OSError):  # left behind, it costs one stop too many
            forget(self.standing)
