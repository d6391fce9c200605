"""Kept: one massager in the keeper's care, from its first stop to its last."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Self

from devicehub.keeper.gate import FRAME_TTL_S, Gate
from devicehub.keeper.protocol import Frame
from devicehub.keeper.standing import StandingStop, forget, remember
from devicehub.massagers.wire import Encoded
from devicehub.radio.link import Link
from devicehub.radio.port import GoOn, StopOutcome, Terms

# A heartbeat may cross a frame on the way; three that disagree in a row are no crossing.
DISAGREEMENTS = 3


@dataclass(slots=True)
class Kept:
    """One massager: its link, what it was told last, and until when that is wanted.

    Attributes:
        link: The link; nobody else writes to it.
        standing: How to stop it from elsewhere, on disk while `armed`.
        gate: The last gate, once a ceiling was agreed.
        steps: What it was told last.
        warm: Whether its heat pad was told to be on.
        not_after_s: Until when `steps` are wanted, on the loop's clock.
        disagreed: How many heartbeats in a row said something else than `steps`.
        armed: Whether a motor may be moving: told to, and no stop was confirmed since.
        unanswered: Whether the last stop was given up: from here on stopping is the keeper's.
        epoch: How many stops the hub has asked for.
        busy: Whether a frame is being written; at most one is.
        leaving: The last words, once they have begun.
    """

    link: Link
    standing: StandingStop
    gate: Gate | None = None
    steps: tuple[int, ...] = field(init=False)
    warm: bool = False
    not_after_s: float = 0.0
    disagreed: int = 0
    armed: bool = False
    unanswered: bool = False
    epoch: int = 0
    busy: bool = False
    leaving: "asyncio.Task[StopOutcome] | None" = None

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

    async def agree(self, terms: Terms) -> None:
        """Fix what may pass; what was agreed before can only be lowered."""
        if self.gate is None:
            self.gate = Gate(self.link.massager, terms.ceiling_steps, terms.heat)
        self.gate.lower(terms.ceiling_steps, terms.heat)
        await self.link.agree(terms)

    def resume(self, epoch: int) -> None:
        """Let frames pass again after a stop; not while one is under way or has no answer."""
        if epoch == self.epoch and self.leaving is None:
            self.link.rearm()

    def admit(self, frame: Frame, now_s: float) -> Encoded | str:
        """Judge a frame; a text is the reason why it does not pass."""
        if self.gate is None:
            return "not agreed"
        passed = self._closed_to(frame) or self.gate.judge(frame, now_s)
        if isinstance(passed, str):
            return passed
        if not passed.idle and not self.armed:
            try:
                remember(self.standing)
            except OSError as error:
                return f"stop bytes not kept: {error}"
            self.armed = True
        self.busy = True
        self.unanswered = False
        self.steps = passed.steps
        self.warm = bool(passed.heat)
        self.not_after_s = frame.not_after_s
        return passed

    def _closed_to(self, frame: Frame) -> str | None:
        """Return why no frame like this passes, whatever it says, or None."""
        if frame.epoch != self.epoch:
            return "stale"
        if not self.link.lets_frames_pass:
            return "stopped"
        return "another is being written" if self.busy else None

    async def write(self, encoded: Encoded) -> bool:
        """Write the frame that was admitted last. Raises as `Link.send`."""
        written = False
        try:
            written = await self.link.send(encoded)
        finally:
            self.busy = False
            if self.gate is not None and not written:
                self.gate.unsure()
        return written

    def hear(self, steps: list[int], not_after_s: float, now_s: float) -> None:
        """Take a heartbeat: it renews what was written, if it speaks of the same levels."""
        if tuple(steps) == self.steps:
            self.disagreed = 0
            self.not_after_s = max(self.not_after_s, min(not_after_s, now_s + FRAME_TTL_S))
        else:
            self.disagreed += 1

    def unwanted(self, now_s: float, *, silent: bool) -> bool:
        """Say whether nobody commands it any more; `silent` is the hub."""
        if not self.armed or self.leaving is not None:
            return False
        grown_old = self.wanted and now_s > self.not_after_s
        return silent or grown_old or self.unanswered or self.disagreed >= DISAGREEMENTS

    @property
    def wanted(self) -> bool:
        """Whether it was told last to do anything at all."""
        return self.warm or any(self.steps)

    def begin_stop(self) -> "asyncio.Task[StopOutcome]":
        """Close the gate and start to write stop; shield the task where the caller may end."""
        self._told_nothing()
        task = self.link.begin_stop()
        task.add_done_callback(lambda done: self._settle(done.result()))
        return task

    def leave(self, go_on: GoOn) -> "asyncio.Task[StopOutcome]":
        """Begin the last words: stop again and again until it is answered, then disconnect.

        `go_on` hears of every stop that was not; asked twice, they are the same words.
        """
        if self.leaving is None:
            self._told_nothing()
            self.leaving = asyncio.get_running_loop().create_task(self._leave(go_on))
        return self.leaving

    async def _leave(self, go_on: GoOn) -> StopOutcome:
        outcome = await self.link.close(go_on)
        self._settle(outcome)
        return outcome

    def _told_nothing(self) -> None:
        self.steps, self.warm = (0,) * len(self.steps), False
        if self.gate is not None:
            self.gate.stopped()

    def _settle(self, outcome: StopOutcome) -> None:
        """Take the alarm back when a stop was confirmed and nothing was told since."""
        self.unanswered = not outcome.confirmed and not self.wanted
        if outcome.confirmed and not self.wanted:
            self.at_rest()

    def at_rest(self) -> None:
        """Take note that it confirmed a stop: nobody else has to stop it."""
        self.armed = False
        with contextlib.suppress(OSError):  # left behind, it costs one stop too many
            forget(self.standing)
