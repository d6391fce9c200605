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
    Said,
    Stop,
    Stopped,
)
from devicehub.massagers.decode import Report
from devicehub.massagers.library import Library
from devicehub.massagers.model import Massager
from devicehub.massagers.wire import Encoded
from devicehub.radio.hearing import Hearing
from devicehub.radio.port import StopOutcome, to_the_end

# A stop takes four tries of one second at most (`radio.transport`); later, the pipe is dead.
STOP_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 2.0
CONNECT_SLACK_S = 30.0
EARLY_WORDS = 64


class RemoteLink:
    """One massager whose link lives in the keeper."""

    def __init__(self, pipe: Pipe, device: str, massager: Massager) -> None:
        self.massager = massager
        self.device = device
        self.lost = asyncio.Event()
        self.steps: tuple[int, ...] = (0,) * len(massager.steps)
        self.not_after_s = 0.0
        self._pipe = pipe
        self._gate_open = False
        self._hearing = Hearing(massager)
        self._stops: set[asyncio.Task[StopOutcome]] = set()

    def listen(self, on_report: Callable[[Report], None]) -> None:
        """Call `on_report` with everything the device says, from its first word on."""
        self._hearing.listen(on_report)

    def heard(self, said: Said) -> None:
        """Take a notification that came through the pipe."""
        try:
            self._hearing.hear(said.char, bytes.fromhex(said.value))
        except ValueError:
            return  # words that are not hex say nothing about the massager

    async def agree(self, ceiling_steps: tuple[int, ...]) -> None:
        """Tell the keeper the highest step of each actuator, and open the gate."""
        seq = self._pipe.next_seq()
        await self._pipe.answered(
            Agree(seq, self.device, list(ceiling_steps)), seq, ANSWER_TIMEOUT_S
        )
        self._gate_open = True

    def rearm(self) -> None:
        """Let frames pass again after a stop."""
        self._gate_open = not self.lost.is_set()

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
        frame = Frame(seq, self.device, writes, list(encoded.steps), encoded.not_after_s)
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
        self.steps = (0,) * len(self.steps)
        seq = self._pipe.next_seq()
        return self._outcome(self._pipe.ask(Stop(seq, self.device), seq), seq)

    async def close(self) -> StopOutcome:
        """Have the keeper write stop to the end and disconnect."""
        self._gate_open = False
        seq = self._pipe.next_seq()
        return await to_the_end(self._outcome(self._pipe.ask(Close(seq, self.device), seq), seq))

    def _outcome(self, asked: "asyncio.Future[Message]", seq: int) -> "asyncio.Task[StopOutcome]":
        async def outcome() -> StopOutcome:
            try:
                said = await self._pipe.answer(asked, seq, STOP_TIMEOUT_S)
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
        self._closing = False
        self._library = library
        self._pipe: Pipe | None = None
        self._links: dict[str, RemoteLink] = {}
        self._pulse: asyncio.Task[None] | None = None
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
        link = RemoteLink(pipe, wanted, self._library[said.model])
        self._links[wanted] = link
        for early in self._early:
            self._hear(early)
        self._early.clear()
        return link

    async def close(self) -> None:
        """Close the pipe and wait for the keeper's end."""
        self._closing = True
        if self._pulse is not None:
            self._pulse.cancel()
            await asyncio.wait((self._pulse,))
        if self._pipe is not None:
            await self._pipe.close()
        self._pipe = self._pulse = None

    async def _started(self) -> Pipe:
        if self._pipe is None:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C in the terminal is the hub's, not the keeper's
            )
            self._pipe = Pipe(process, self._hear, self._gone)
            self._pulse = asyncio.create_task(self._beat(self._pipe), name="heartbeat")
        return self._pipe

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
                self._gone()

    def _gone(self) -> None:
        """Take note that the keeper is gone: whatever it held is lost to this hub."""
        if not self._closing:
            for link in self._links.values():
                link.lost.set()

    def _hear(self, message: Message) -> None:
        if isinstance(message, Said):
            if message.device in self._links:
                self._links[message.device].heard(message)
            else:
                self._early.append(message)
        elif isinstance(message, Lost) and message.device in self._links:
            self._links[message.device].lost.set()
