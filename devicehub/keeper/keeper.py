"""Keeper: the small process that owns the radio links of one hub.

It writes frames that pass the last gate (`gate.py`), and watches the hub. When the pipe closes,
when no heartbeat came for a second, when the heartbeat says something else than what was written,
when the last frame grew old, when the machine slept, or when nobody answered the stop that the hub
asked for, it writes stop, repeats it until the massager has answered, disconnects, and leaves a
standing stop on disk for `devicehub stop` if nobody answered. It arms with the first frame that is
not zero.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from devicehub.errors import HubError
from devicehub.keeper.awake import Awake
from devicehub.keeper.gate import FRAME_TTL_S
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
    Message,
    NotAMessageError,
    Resume,
    Said,
    Stop,
    Stopped,
    from_line,
    to_line,
)
from devicehub.keeper.ward import Ward
from devicehub.ledger import clock
from devicehub.massagers.wire import Encoded
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import to_the_end
from devicehub.safety.limits import Limits

# zones.json, timing: guardian_heartbeat_s and guardian_limit_s (engineering choice).
HEARTBEAT_S = 0.25
HEARTBEAT_LIMIT_S = 1.0
# How often the watch looks; it adds at most this to every limit.
WATCH_S = 0.02


class Keeper:
    """Serves one hub over a pipe until the pipe closes."""

    def __init__(
        self,
        connector: LocalConnector,
        air: str,
        say: Callable[[bytes], None],
        *,
        simulated: bool,
        limits: Limits,
        boot_s: Callable[[], float] = clock.boot_s,
    ) -> None:
        """Make it.

        Args:
            connector: The way to the massagers.
            air: Where they are, in words that another process understands.
            say: Takes a line for the hub; must neither wait nor raise.
            simulated: Whether the air proved that it is.
            limits: The table of zones: what no hub can talk it out of.
            boot_s: The clock that counts while the machine sleeps.
        """
        self._connector = connector
        self._air = air
        self._say = say
        self._simulated = simulated
        self._awake = Awake(boot_s)
        self._ward = Ward(self._tell, limits, simulated=simulated)
        self._work: set[asyncio.Task[None]] = set()
        self._heard_s: float  # when the hub said its last word, on the loop's clock

    async def serve(self, reader: asyncio.StreamReader) -> bool:
        """Serve until the pipe closes; return whether every massager was left with a stop."""
        self._heard_s = asyncio.get_running_loop().time()
        watch = asyncio.create_task(self._watch())
        try:
            while line := await reader.readline():
                self._heard_s = asyncio.get_running_loop().time()
                self._notice_sleep(self._heard_s)
                self._take(from_line(line))
        except (NotAMessageError, ConnectionError, ValueError):
            pass  # a hub that talks nonsense counts as a hub that is gone
        finally:
            await to_the_end(self._leave(watch))
        return self._ward.all_stopped()

    async def _leave(self, watch: "asyncio.Task[None]") -> None:
        """Stop all massagers at once, one that connects meanwhile included, and wait for them.

        The watch goes on until then, so that the hub hears that somebody is still at it.
        """
        self._ward.let_all_go()
        for task in self._work:
            task.cancel()
        if self._work:
            await asyncio.wait(self._work)
        self._ward.let_all_go()
        await self._ward.all_gone()
        watch.cancel()
        await asyncio.wait((watch,))

    def _take(self, message: Message) -> None:
        """Do what the hub says; stop is begun before anything else is read."""
        match message:
            case Connect():
                self._later(self._connect(message), message.seq)
            case Agree():
                self._later(self._agree(message), message.seq)
            case Resume():
                self._resume(message)
            case Frame():
                self._frame(message)
            case Beat():
                self._beat(message)
            case Stop():
                self._stop(message)
            case Close():
                self._later(self._close(message), message.seq)
            case _:
                raise NotAMessageError

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

    async def _connect(self, message: Connect) -> None:
        await self._ward.vacant(message.device)  # it holds the link until its last stop is out
        link = await self._connector.connect(message.device, message.timeout_s)
        self._ward.take(message.device, Kept.of(link, self._air))
        model = link.massager.model
        self._tell(Connected(message.seq, model, self._simulated, link.name, link.address))
        link.overhear(lambda char, value: self._tell(Said(message.device, char, value.hex())))

    async def _agree(self, message: Agree) -> None:
        await self._ward.agree(message)
        self._tell(Done(message.seq, written=True))

    def _resume(self, message: Resume) -> None:
        kept = self._ward.kept.get(message.device)
        if kept is not None:
            kept.resume(message.epoch)

    def _frame(self, message: Frame) -> None:
        """Judge a frame before anything else of the hub is read."""
        kept = self._ward.kept.get(message.device)
        now_s = asyncio.get_running_loop().time()
        passed = "not connected"
        if not self._awake.is_from_now(message.not_after_s, FRAME_TTL_S):
            passed = "stale"
        elif kept is not None:
            passed = kept.admit(message, now_s)
        if kept is None or isinstance(passed, str):
            self._tell(Done(message.seq, written=False, why=str(passed)))
            return
        self._later(self._write(kept, passed, message.seq), message.seq)

    async def _write(self, kept: Kept, frame: Encoded, seq: int) -> None:
        self._tell(Done(seq, await kept.write(frame)))

    def _beat(self, message: Beat) -> None:
        now_s = asyncio.get_running_loop().time()
        for device, kept in self._ward.kept.items():
            kept.hear(message.steps.get(device, []), message.not_after_s.get(device, 0.0), now_s)

    def _stop(self, message: Stop) -> None:
        kept = self._ward.kept.get(message.device)
        if kept is None:
            self._tell(Failed(message.seq, "RadioError", f"{message.device}: not connected"))
            return
        kept.epoch += 1
        stopping = kept.begin_stop()

        async def answer() -> None:
            outcome = await asyncio.shield(stopping)
            self._tell(Stopped(message.seq, outcome.confirmed, outcome.took_s))

        self._later(answer(), message.seq)

    async def _close(self, message: Close) -> None:
        kept = self._ward.find(message.device)
        outcome = await asyncio.shield(self._ward.let_go(message.device, kept))
        self._tell(Stopped(message.seq, outcome.confirmed, outcome.took_s))

    async def _watch(self) -> None:
        """Trip what is armed and no longer wanted; tell the hub that the keeper lives."""
        clock_s = asyncio.get_running_loop().time
        said_s = clock_s()
        while True:
            await asyncio.sleep(WATCH_S)
            now_s = clock_s()
            if now_s - said_s >= HEARTBEAT_S:
                said_s = now_s
                self._tell(Alive(now_s))
            self._notice_sleep(now_s)
            silent = now_s - self._heard_s > HEARTBEAT_LIMIT_S
            for device, kept in list(self._ward.kept.items()):
                if kept.link.lost.is_set() or kept.unwanted(now_s, silent=silent):
                    self._ward.trip(device, kept)

    def _notice_sleep(self, now_s: float) -> None:
        """Trip what was moving when the machine fell asleep: nobody knows what the body felt."""
        if self._awake.slept(now_s):
            for device, kept in list(self._ward.kept.items()):
                if kept.armed:
                    self._ward.trip(device, kept)


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
