"""The session of a guide: tells each instruction when its time has come. Nothing is driven."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from devicehub.messages import Command, CommandKind, EndReason, Event, SessionState, Summary
from profiles.guiding import Guide, Instruction, Kind, Phrase

# What `n` goes on to: the next thing that is done, not the next word.
_STEPS = frozenset({Kind.PLACE, Kind.MOVE, Kind.SIDE, Kind.REST})
# A beat is felt and shown; these are no words that stand on the screen.
_BEATS = frozenset({Kind.COUNT, Kind.PRESS, Kind.HOLD, Kind.RELEASE, Kind.CUE})
# What is to be done now is seen, whether there is time to say it or not.
_SEEN = frozenset({Kind.REST, Kind.STEP})
# Two floats of one instant.
_AT_ONCE_S = 1e-6


@dataclass(frozen=True, slots=True)
class Now:
    """A guide at one instant.

    Attributes:
        position_s: Seconds since its beginning.
        state: Where the session is.
        doing: What the hands do, None before the first.
        told: What was said last, or the rest that has begun; a beat aside.
        cue: What the author says to this phase, None if nothing yet.
        counted: The count that is being said, 0 for none.
        ahead: What will be said next, a beat aside; None at the end.
    """

    position_s: float
    state: SessionState
    doing: Instruction | None
    told: Instruction | None
    cue: Instruction | None
    counted: int
    ahead: Instruction | None


class GuideSession:
    """One guide, told from its beginning to its end or until somebody stops it."""

    def __init__(
        self,
        guide: Guide,
        tell: Callable[[Instruction, float], None],
        on_event: Callable[[Event], None],
    ) -> None:
        """Make it; `tell` hears each instruction and the second at which it is told."""
        self.guide = guide
        self.state = SessionState.CONNECTING
        self._tell, self._on_event = tell, on_event
        self._next = 0
        self._position_s = self._since_s = 0.0
        self._woken = asyncio.Event()
        self._end: tuple[EndReason, str] | None = None
        self._discomforts = 0
        self._passage = -1
        self._last: dict[str, Instruction] = {}

    # -- from outside -----------------------------------------------------------------------------

    def post(self, command: Command) -> None:
        """Do what is asked for, at once."""
        kind = command.kind
        if kind is CommandKind.STOP:
            self._finish(EndReason.STOPPED, command.source)
        elif kind is CommandKind.HURTS:
            self._finish(EndReason.DISCOMFORT, "it hurt")
        elif kind in (CommandKind.DISCOMFORT, CommandKind.SOFTER):
            self._lighter(uncomfortable=kind is CommandKind.DISCOMFORT)
        elif kind is CommandKind.PAUSE and self.state is SessionState.PLAYING:
            self._stand_still()
        elif kind is CommandKind.RESUME and self.state is SessionState.PAUSED:
            self._go_on()
        elif kind is CommandKind.MOVED:
            self._skip()
        elif kind is CommandKind.PRESENT:
            self._event("present")
        self._woken.set()

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.state is SessionState.PAUSED

    @property
    def position_s(self) -> float:
        """Seconds of the guide that have passed."""
        if self.state is not SessionState.PLAYING:
            return self._position_s
        passed_s = asyncio.get_running_loop().time() - self._since_s
        return min(self._position_s + passed_s, self.guide.duration_s)

    def now(self) -> Now:
        """Return the guide at this instant."""
        position_s, last = self.position_s, self._last
        cue, count, doing = last.get("cue"), last.get("count"), last.get("doing")
        counted = count is not None and position_s - count.t_s < 1.0
        rest = self.guide.instructions[self._next :]
        return Now(
            position_s,
            self.state,
            doing,
            last.get("told"),
            cue if cue is not None and cue.phase == self._passage else None,
            count.phrase.number if count is not None and counted else 0,
            next((each for each in rest if each.spoken and each.kind not in _BEATS), None),
        )

    # -- its own ----------------------------------------------------------------------------------

    async def run(self) -> Summary:
        """Tell everything in its time; return what is left of it."""
        self._since_s = asyncio.get_running_loop().time()
        self.state = SessionState.PLAYING
        self._event("started")
        while self._end is None:
            self._tell_due()
            if self._next == len(self.guide.instructions):
                self._finish(EndReason.COMPLETED, "")
            else:
                await self._sleep()
        reason, detail = self._end
        return Summary(reason, detail, self.guide.title, self.position_s, (), (), ())

    async def _sleep(self) -> None:
        """Sleep until the next instruction is due, or somebody asks for something."""
        self._woken.clear()
        playing = self.state is SessionState.PLAYING
        left_s = self.guide.instructions[self._next].t_s - self.position_s if playing else None
        try:
            async with asyncio.timeout(left_s):
                await self._woken.wait()
        except TimeoutError:
            return

    def _tell_due(self) -> None:
        position_s, told = self.position_s, self.guide.instructions
        while self._next < len(told) and told[self._next].t_s <= position_s + _AT_ONCE_S:
            self._say(told[self._next])
            self._next += 1

    def _say(self, each: Instruction) -> None:
        self._notice_passage(each.t_s)
        # A small step that there is no time to say is only drawn.
        if each.kind not in _BEATS and (each.spoken or each.kind in _SEEN):
            self._last["told"] = each
        if each.kind in (Kind.CUE, Kind.COUNT):
            self._last[each.kind] = each
        elif each.path or each.kind in _SEEN:
            self._last["doing"] = each
        self._tell(each, self.position_s)

    def _notice_passage(self, t_s: float) -> None:
        passages = self.guide.passages
        for index in range(self._passage + 1, len(passages)):
            if passages[index].start_s <= t_s + _AT_ONCE_S:
                self._passage = index
                of = f"{index + 1} of {len(passages)}"
                self._event("phase", f"{of}: {passages[index].technique}")

    def _lighter(self, *, uncomfortable: bool) -> None:
        """Less force (L42, L96); discomfort for the second time is the end."""
        self._discomforts += uncomfortable
        if self._discomforts > 1:
            self._finish(EndReason.DISCOMFORT, "uncomfortable for the second time")
            return
        phase = max(0, self._passage)
        lighter = Instruction(self.position_s, Kind.CARE, Phrase("lighter"), phase, spoken=True)
        self._last["told"] = lighter
        self._tell(lighter, self.position_s)
        self._event("discomfort" if uncomfortable else "softer")

    def _stand_still(self) -> None:
        self._position_s = self.position_s
        self.state = SessionState.PAUSED
        self._event("paused", "asked")

    def _go_on(self) -> None:
        self._since_s = asyncio.get_running_loop().time()
        self.state = SessionState.PLAYING
        self._event("resumed")

    def _skip(self) -> None:
        """Go on to what is done next; while the place is being found, to the counts."""
        if self.state is not SessionState.PLAYING:
            return
        wanted = {Kind.COUNT} if self._passage < 0 else _STEPS
        ahead = self.guide.instructions[self._next :]
        number = next((n for n, each in enumerate(ahead) if each.kind in wanted), len(ahead) - 1)
        self._position_s = max(self.position_s, ahead[number].t_s)
        self._since_s = asyncio.get_running_loop().time()
        self._next += number

    def _finish(self, reason: EndReason, detail: str) -> None:
        if self._end is None:
            self._position_s = self.position_s
            self._end = reason, detail
            self.state = SessionState.ENDED

    def _event(self, name: str, detail: str = "") -> None:
        self._on_event(Event(round(self.position_s, 3), name, None, detail))
