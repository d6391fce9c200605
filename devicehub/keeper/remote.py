"""The hub's end of the pipe: links whose radio lives in the keeper's process."""

import asyncio
from collections.abc import Callable

from devicehub.errors import HubError, RadioError
from devicehub.keeper.pipe import Pipe
from devicehub.keeper.protocol import (
    Agree,
    Answer,
    Close,
    Done,
    Frame,
    Resume,
    Said,
    Stop,
    Stopped,
)
from devicehub.massagers.decode import Report
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded
from devicehub.radio.hearing import Hearing
from devicehub.radio.link import WRITE_TIMEOUT_S
from devicehub.radio.port import GoOn, StopOutcome, Terms, patient, to_the_end
from devicehub.radio.stopping import rounds_limit_s, stop_limit_s

ANSWER_TIMEOUT_S = 2.0
# What stands for the answer of a keeper that is not waited for any more.
GIVEN_UP = Stopped(0, confirmed=False, took_s=None)


def _limit_s(frame: Encoded) -> float:
    """Return how long the keeper may take to write a frame: one that stops goes on to its end."""
    return ANSWER_TIMEOUT_S + (WRITE_TIMEOUT_S * len(frame.writes) if frame.idle else 0.0)


class RemoteLink:
    """One massager whose link lives in the keeper."""

    def __init__(self, pipe: Pipe, device: str, massager: Massager, *called: str) -> None:
        """Make it; `device` is what it was asked for by, `called` are its name and its address."""
        self.massager = massager
        self.device = device
        self.address = (device, *called)[-1] or device
        self.called = (device, *called, massager.model)
        self.lost = asyncio.Event()
        self.steps: tuple[int, ...] = (0,) * len(massager.steps)
        self.not_after_s = 0.0
        self._pipe = pipe
        self._gate_open = False
        self._epoch = 0
        self._hearing = Hearing(massager)
        self._closing: tuple[asyncio.Future[Answer], GoOn] | None = None

    def listen(self, on_report: Callable[[Report], None]) -> None:
        """Call `on_report` with everything the device says, from its first word on."""
        self._hearing.listen(on_report)

    def heard(self, said: Said) -> None:
        """Take a notification that came through the pipe."""
        try:
            self._hearing.hear(said.char, bytes.fromhex(said.value))
        except ValueError:
            return  # words that are not hex say nothing about the massager

    async def agree(self, terms: Terms) -> None:
        """Have the keeper fix what may pass, and let frames through to it."""
        seq = self._pipe.next_seq()
        ceiling = list(terms.ceiling_steps)
        agree = Agree(seq, self.device, ceiling, terms.zone, terms.person, terms.heat)
        await self._pipe.answered(agree, ANSWER_TIMEOUT_S)
        self._gate_open = True

    def rearm(self) -> None:
        """Ask the keeper to let frames pass again after a stop."""
        self._gate_open = not self.lost.is_set()
        self._pipe.tell(Resume(self.device, self._epoch))

    async def send(self, encoded: Encoded) -> bool:
        """Have the keeper write a frame; False when it came too late.

        Raises:
            LinkLost: The link or the keeper is gone.
            RadioError: The frame was refused at the last gate, or not answered.
        """
        if not self._gate_open:
            return False
        self.steps = encoded.steps
        self.not_after_s = encoded.not_after_s
        writes = [(write.char, write.data.hex(), write.response) for write in encoded.writes]
        seq = self._pipe.next_seq()
        steps = list(encoded.steps)
        frame = Frame(seq, self.device, writes, steps, encoded.not_after_s, self._epoch)
        said = await self._pipe.answered(frame, _limit_s(encoded))
        if isinstance(said, Done) and said.why not in ("", "stale"):
            raise RadioError(f"{self.device}: the keeper refused a frame: {said.why}")
        return isinstance(said, Done) and said.written

    def renew(self, not_after_s: float) -> None:
        """Keep the frame that was written last alive; the next heartbeat carries it."""
        self.not_after_s = not_after_s

    def begin_stop(self) -> "asyncio.Task[StopOutcome]":
        """Close the gate and have the keeper write stop at once; nothing cancels it."""
        self._gate_open = False
        self._epoch += 1
        self.steps = (0,) * len(self.steps)
        stop = self.massager.stops[0].writes
        limit_s = stop_limit_s(stop, self.massager.min_gap_s) + ANSWER_TIMEOUT_S
        asked = self._pipe.ask(Stop(self._pipe.next_seq(), self.device))
        return self._outcome(asked, limit_s)

    async def close(self, go_on: GoOn = patient) -> StopOutcome:
        """Have the keeper write stop until it is answered, and disconnect.

        It is waited for while it lives, unless `go_on` says that it is enough.
        """
        self._gate_open = False
        stop = self.massager.stops[0].writes
        limit_s = rounds_limit_s(stop, self.massager.min_gap_s) + ANSWER_TIMEOUT_S
        asked = self._pipe.ask(Close(self._pipe.next_seq(), self.device))
        self._closing = asked, go_on
        return await to_the_end(self._outcome(asked, limit_s))

    def unanswered(self) -> None:
        """Take note that nobody answered the last stop of closing, and ask whether to go on."""
        if self._closing is None:
            return
        asked, go_on = self._closing
        if not asked.done() and not go_on():
            asked.set_result(GIVEN_UP)

    def _outcome(
        self, asked: "asyncio.Future[Answer]", limit_s: float
    ) -> "asyncio.Task[StopOutcome]":
        async def outcome() -> StopOutcome:
            try:
                said = await self._pipe.answer(asked, limit_s)
            except HubError:
                return StopOutcome(confirmed=False, took_s=None)
            if isinstance(said, Stopped):
                return StopOutcome(said.confirmed, said.took_s)
            return StopOutcome(confirmed=False, took_s=None)

        return asyncio.get_running_loop().create_task(outcome())
