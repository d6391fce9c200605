"""The hub's end of the pipe: a connector and links whose radio lives in the keeper's process."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from devicehub.errors import HubError, RadioError
from devicehub.keeper.keeper import HEARTBEAT_S
from devicehub.keeper.pipe import Pipe
from devicehub.keeper.protocol import (
    Agree,
    Beat,
    Close,
    Connect,
    Connected,
    Done,
    Frame,
    Lost,
    Message,
    Resume,
    Said,
    Stop,
    Stopped,
    Unanswered,
)
from devicehub.massagers.decode import Report
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded
from devicehub.radio.hearing import Hearing
from devicehub.radio.measured import as_measured
from devicehub.radio.port import GoOn, StopOutcome, Terms, patient, to_the_end
from devicehub.radio.stopping import rounds_limit_s, stop_limit_s

ANSWER_TIMEOUT_S = 2.0
CONNECT_SLACK_S = 30.0
EARLY_WORDS = 64


class RemoteLink:
    """One massager whose link lives in the keeper."""

    def __init__(self, pipe: Pipe, device: str, massager: Massager, *called: str) -> None:
        """Make it; `device` is what it was asked for by, `called` are its name and its address."""
        self.massager = massager
        self.device = device
        self.called = (device, *called, massager.model)
        self.lost = asyncio.Event()
        self.steps: tuple[int, ...] = (0,) * len(massager.steps)
        self.not_after_s = 0.0
        self._pipe = pipe
        self._gate_open = False
        self._epoch = 0
        self._go_on: GoOn = patient
        self._hearing = Hearing(massager)
        self._stops: set[asyncio.Task[StopOutcome]] = set()
        self._closing: asyncio.Future[Message] | None = None

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
        await self._pipe.answered(agree, seq, ANSWER_TIMEOUT_S)
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
        said = await self._pipe.answered(frame, seq, ANSWER_TIMEOUT_S)
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
        seq = self._pipe.next_seq()
        stop = self.massager.stops[0].writes
        limit_s = stop_limit_s(stop, self.massager.min_gap_s) + ANSWER_TIMEOUT_S
        return self._outcome(self._pipe.ask(Stop(seq, self.device), seq), seq, limit_s)

    async def close(self, go_on: GoOn = patient) -> StopOutcome:
        """Have the keeper write stop until it is answered, and disconnect.

        It is waited for while it lives, unless `go_on` says that it is enough.
        """
        self._gate_open = False
        self._go_on = go_on
        seq = self._pipe.next_seq()
        stop = self.massager.stops[0].writes
        limit_s = rounds_limit_s(stop, self.massager.min_gap_s) + ANSWER_TIMEOUT_S
        self._closing = self._pipe.ask(Close(seq, self.device), seq)
        return await to_the_end(self._outcome(self._closing, seq, limit_s))

    def unanswered(self) -> None:
        """Take note that nobody answered the last stop of closing, and ask whether to go on."""
        if self._closing is not None and not self._closing.done() and not self._go_on():
            self._closing.set_result(Stopped(0, confirmed=False, took_s=None))

    def _outcome(
        self, asked: "asyncio.Future[Message]", seq: int, limit_s: float
    ) -> "asyncio.Task[StopOutcome]":
        async def outcome() -> StopOutcome:
            try:
                said = await self._pipe.answer(asked, seq, limit_s)
            except HubError:
                return StopOutcome(confirmed=False, took_s=None)
            if isinstance(said, Stopped):
                return StopOutcome(said.confirmed, said.took_s)
            return StopOutcome(confirmed=False, took_s=None)

        task = asyncio.get_running_loop().create_task(outcome())
        self._stops.add(task)
        task.add_done_callback(self._stops.discard)
        return task


class KeeperConnector:
    """Starts a keeper with `command` and connects massagers through it."""

    def __init__(
        self, command: Sequence[str], library: Library, proven: Callable[[str, bool], None]
    ) -> None:
        """Make it; `proven(name, simulated)` may refuse a massager that was just connected."""
        self._proven = proven
        self._command = tuple(command)
        self._library = library
        self._pipe: Pipe | None = None
        self._links: dict[str, RemoteLink] = {}
        self._pulse: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        # What a massager says may come before its link is made here.
        self._early: deque[Said] = deque(maxlen=EARLY_WORDS)

    async def connect(self, wanted: str, timeout_s: float) -> RemoteLink:
        """Return the massager called `wanted`, connected and stopped by the keeper.

        Raises:
            DeviceNotFound, RadioError: As the keeper says.
        """
        pipe = await self._started()
        seq = pipe.next_seq()
        said = await pipe.answered(
            Connect(seq, wanted, timeout_s), seq, timeout_s + CONNECT_SLACK_S
        )
        if not isinstance(said, Connected):
            raise RadioError(f"{wanted}: the keeper said something else")
        self._proven(wanted, said.simulated)
        massager = as_measured(self._library[said.model], said.address)
        link = RemoteLink(pipe, wanted, massager, said.name, said.address)
        self._links[wanted] = link
        for early in self._early:
            self._hear(early)
        self._early.clear()
        return link

    async def close(self, *, at_once: bool = False) -> None:
        """Close the pipe and wait for the keeper's end; `at_once` does not wait: it is ended."""
        await self._let_go(at_once=at_once)

    async def _let_go(self, *, at_once: bool) -> None:
        pipe, pulse = self._pipe, self._pulse
        self._pipe = self._pulse = None
        if pulse is not None:
            pulse.cancel()
            await asyncio.wait((pulse,))
        if pipe is not None:
            await pipe.close(at_once=at_once)

    async def _started(self) -> Pipe:
        """Return the pipe to a keeper that lives; one that is gone or hangs makes place."""
        async with self._starting:
            if self._pipe is not None and self._pipe.silent:
                await self._let_go(at_once=True)
            if self._pipe is None:
                self._pipe = await self._start()
                self._pulse = asyncio.create_task(self._beat(self._pipe), name="heartbeat")
            return self._pipe

    async def _start(self) -> Pipe:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is the hub's, not the keeper's
        )
        pipe = Pipe(process, self._hear, lambda: self._gone(pipe))
        return pipe

    async def _beat(self, pipe: Pipe) -> None:
        """Tell the keeper every quarter second what is commanded; notice when it is gone."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            pipe.tell(
                Beat(
                    {device: list(link.steps) for device, link in self._links.items()},
                    {device: link.not_after_s for device, link in self._links.items()},
                )
            )
            if pipe.silent:
                pipe.give_up()
                self._gone(pipe)

    def _gone(self, pipe: Pipe) -> None:
        """Take note that a keeper is gone: whatever it held is lost to this hub."""
        if pipe is self._pipe:
            for link in self._links.values():
                link.lost.set()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Said):
            if message.device in self._links:
                self._links[message.device].heard(message)
            else:
                self._early.append(message)
        elif isinstance(message, Lost | Unanswered) and message.device in self._links:
            link = self._links[message.device]
            link.lost.set() if isinstance(message, Lost) else link.unanswered()
