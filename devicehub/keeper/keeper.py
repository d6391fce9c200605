"""Keeper: the small process that owns the radio links of one hub.

It writes frames that pass the last gate (`gate.py`), and watches the hub. When the pipe closes,
when no heartbeat came for a second, when the heartbeat says something else than what was written,
when the last frame grew old, or when nobody answered the stop that the hub asked for, it writes
stop, repeats it until the massager has answered, disconnects, and leaves a standing stop on disk
for `devicehub stop` if nobody answered. It arms with the first frame that is not zero.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from devicehub.errors import HubError, RadioError
from devicehub.keeper.gate import Gate
from devicehub.keeper.kept import Kept
from devicehub.keeper.protocol import (
    Agree,
    Alive,
    Beat,
    Close,
    Connect,
    Connected,
    Done,
    Failed,
    Frame,
    Lost,
    Message,
    NotAMessageError,
    Said,
    Stop,
    Stopped,
    from_line,
    to_line,
)
from devicehub.massagers.wire import Encoded
from devicehub.radio.link import Link, LocalConnector
from devicehub.radio.port import to_the_end

# zones.json, timing: guardian_heartbeat_s and guardian_limit_s (engineering choice).
HEARTBEAT_S = 0.25
HEARTBEAT_LIMIT_S = 1.0
# How often the watch looks; it adds at most this to every limit.
WATCH_S = 0.02

T = TypeVar("T")


class Keeper:
    """Serves one hub over a pipe until the pipe closes."""

    def __init__(
        self,
        connector: LocalConnector,
        air: str,
        say: Callable[[bytes], None],
        *,
        simulated: bool,
    ) -> None:
        self._connector = connector
        self._air = air
        self._say = say
        self._simulated = simulated
        self._kept: dict[str, Kept] = {}
        self._work: set[asyncio.Task[None]] = set()
        self._left: list[tuple[str, Kept]] = []
        self._alarmed: set[str] = set()
        self._leaving: set[asyncio.Task[Any]] = set()
        self._heard_s = 0.0

    async def serve(self, reader: asyncio.StreamReader) -> bool:
        """Serve until the pipe closes; return whether every massager was left with a stop."""
        self._heard_s = asyncio.get_running_loop().time()
        watch = asyncio.create_task(self._watch())
        try:
            while line := await reader.readline():
                self._heard_s = asyncio.get_running_loop().time()
                self._take(from_line(line))
        except (NotAMessageError, ConnectionError, ValueError):
            pass  # a hub that talks nonsense counts as a hub that is gone
        finally:
            await to_the_end(self._leave(watch))
        running = [(device, kept) for device, kept in self._left if kept.armed]
        for device, kept in running:
            self._alarm(device, kept)
        return not running

    def _alarm(self, device: str, kept: Kept) -> None:
        """Tell a person, once, that a massager may be running."""
        if device not in self._alarmed:
            self._alarmed.add(device)
            print(f"{device}: did not confirm stop. {kept.standing.advice}", file=sys.stderr)  # noqa: T201 - the alarm

    async def _leave(self, watch: "asyncio.Task[None]") -> None:
        """Stop all massagers at once, one that connects meanwhile included, and wait for them.

        The watch goes on until then, so that the hub hears that somebody is still at it.
        """
        self._abandon_all()
        for task in self._work:
            task.cancel()
        if self._work:
            await asyncio.wait(self._work)
        self._abandon_all()
        if self._leaving:
            await asyncio.wait(self._leaving)
        watch.cancel()
        await asyncio.wait((watch,))

    def _take(self, message: Message) -> None:
        """Do what the hub says; stop is begun before anything else is read."""
        match message:
            case Connect():
                self._later(self._connect(message), message.seq)
            case Agree():
                self._later(self._agree(message), message.seq)
            case Frame():
                self._frame(message)
            case Beat():
                self._beat(message)
            case Stop():
                self._stop(message)
            case Close():
                self._later(self._close(message), message.seq)
            case _:
                raise NotAMessageError("keeper: not for the keeper")

    def _later(self, work: Coroutine[Any, Any, None], seq: int) -> None:
        async def answered() -> None:
            try:
                await work
            except HubError as error:
                self._tell(Failed(seq, type(error).__name__, str(error)))

        task = asyncio.create_task(answered())
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def _tell(self, message: Message) -> None:
        self._say(to_line(message))

    def _find(self, device: str) -> Kept:
        if device not in self._kept:
            raise RadioError(f"{device}: not connected")
        return self._kept[device]

    async def _connect(self, message: Connect) -> None:
        link = await self._connector.connect(message.device, message.timeout_s)
        self._kept[message.device] = Kept.of(link, self._air)
        self._tell(Connected(message.seq, link.massager.model, self._simulated))
        link.overhear(lambda char, value: self._tell(Said(message.device, char, value.hex())))

    async def _agree(self, message: Agree) -> None:
        kept = self._find(message.device)
        if kept.gate is not None:
            raise RadioError(f"{message.device}: a ceiling was agreed already")
        try:
            kept.gate = Gate(kept.link.massager, tuple(message.ceiling))
        except ValueError as error:
            raise RadioError(str(error)) from error
        await kept.link.agree(tuple(message.ceiling))
        self._tell(Done(message.seq, written=True))

    def _frame(self, message: Frame) -> None:
        """Judge a frame and open the link's gate before anything else of the hub is read."""
        kept = self._kept.get(message.device)
        now_s = asyncio.get_running_loop().time()
        passed = kept.admit(message, now_s) if kept is not None else "not connected"
        if kept is None or isinstance(passed, str):
            self._tell(Done(message.seq, written=False, why=str(passed)))
            return
        self._later(self._write(kept.link, passed, message.seq), message.seq)

    async def _write(self, link: Link, frame: Encoded, seq: int) -> None:
        self._tell(Done(seq, await link.send(frame)))

    def _beat(self, message: Beat) -> None:
        now_s = asyncio.get_running_loop().time()
        for device, kept in self._kept.items():
            kept.hear(message.steps.get(device, []), message.not_after_s.get(device, 0.0), now_s)

    def _stop(self, message: Stop) -> None:
        kept = self._kept.get(message.device)
        if kept is None:
            self._tell(Failed(message.seq, "RadioError", f"{message.device}: not connected"))
            return
        stopping = kept.begin_stop()

        async def answer() -> None:
            outcome = await asyncio.shield(stopping)
            self._tell(Stopped(message.seq, outcome.confirmed, outcome.took_s))

        self._later(answer(), message.seq)

    async def _close(self, message: Close) -> None:
        kept = self._find(message.device)
        closing = self._let_go(message.device, kept.close())
        outcome = await asyncio.shield(closing)
        self._tell(Stopped(message.seq, outcome.confirmed, outcome.took_s))

    async def _watch(self) -> None:
        """Trip what is armed and no longer wanted; tell the hub that the keeper lives."""
        clock = asyncio.get_running_loop().time
        said_s = clock()
        while True:
            await asyncio.sleep(WATCH_S)
            now_s = clock()
            if now_s - said_s >= HEARTBEAT_S:
                said_s = now_s
                self._tell(Alive(now_s))
            silent = now_s - self._heard_s > HEARTBEAT_LIMIT_S
            for device, kept in list(self._kept.items()):
                if kept.link.lost.is_set() or kept.unwanted(now_s, silent=silent):
                    self._tell(Lost(device))
                    self._let_go(device, kept.abandon(partial(self._alarm, device, kept)))

    def _abandon_all(self) -> None:
        for device, kept in list(self._kept.items()):
            self._let_go(device, kept.abandon(partial(self._alarm, device, kept)))

    def _let_go(self, device: str, last_words: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Take a massager out of care; its last stop goes on whoever else ends."""
        self._left.append((device, self._kept.pop(device)))
        task = asyncio.create_task(last_words)
        self._leaving.add(task)
        return task


async def decline(
    reader: asyncio.StreamReader, say: Callable[[bytes], None], error: HubError
) -> None:
    """Answer whatever the hub asks with `error`, until the pipe closes: there is no air."""
    with contextlib.suppress(NotAMessageError, ConnectionError, ValueError):
        while line := await reader.readline():
            asked = from_line(line)
            if not isinstance(asked, Beat):
                seq = getattr(asked, "seq", 0)
                say(to_line(Failed(seq, type(error).__name__, str(error))))
