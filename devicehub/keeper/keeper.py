"""Keeper: the small process that owns the radio links of one hub.

It writes frames that pass the last gate (`gate.py`), and watches the hub. When the pipe closes,
when no heartbeat came for a second, when the heartbeat says something else than what was written,
or when the last frame grew old, it writes stop, repeats it until the massager has answered,
disconnects, and leaves a standing stop on disk for `devicehub stop` if nobody answered. It arms
with the first frame that is not zero.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from devicehub.errors import HubError
from devicehub.keeper.gate import FRAME_TTL_S, Gate
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
from devicehub.keeper.standing import StandingStop, forget, remember
from devicehub.massagers.wire import Encoded
from devicehub.radio.link import Link, LocalConnector
from devicehub.radio.port import StopOutcome

# zones.json, timing: guardian_heartbeat_s and guardian_limit_s (engineering choice).
HEARTBEAT_S = 0.25
HEARTBEAT_LIMIT_S = 1.0
# How often the watch looks; it adds at most this to every limit.
WATCH_S = 0.02
# A heartbeat may cross a frame on the way; three that disagree in a row are no crossing.
DISAGREEMENTS = 3
# After a trip: four tries a stop (`radio.link`), this many stops, half a second apart.
TRIP_STOPS = 20
TRIP_PAUSE_S = 0.5


@dataclass(slots=True)
class _Kept:
    """One massager in the keeper's care."""

    link: Link
    standing: StandingStop
    gate: Gate | None = None
    steps: list[int] = field(default_factory=list[int])
    not_after_s: float = 0.0
    disagreed: int = 0
    armed: bool = False


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
        self._kept: dict[str, _Kept] = {}
        self._work: set[asyncio.Task[None]] = set()
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
            watch.cancel()
            outcomes = [await self._abandon(device) for device in list(self._kept)]
            for task in self._work:
                task.cancel()
            await asyncio.wait({watch, *self._work})
        return all(outcomes)

    def _take(self, message: Message) -> None:
        """Do what the hub says; stop is begun before this returns."""
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

    def _later(self, work: Coroutine[None, None, None], seq: int) -> None:
        async def answered() -> None:
            try:
                await work
            except HubError as error:
                self._tell(Failed(seq, type(error).__name__, str(error)))
            except KeyError:
                self._tell(Failed(seq, "RadioError", "no such massager is connected"))

        task = asyncio.create_task(answered())
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def _tell(self, message: Message) -> None:
        self._say(to_line(message))

    async def _connect(self, message: Connect) -> None:
        link = await self._connector.connect(message.device, message.timeout_s)
        writes = tuple(
            (write.char, write.data.hex(), write.response)
            for stop in link.massager.stops
            for write in stop.writes
        )
        standing = StandingStop(
            link.address, link.massager.model, self._air, writes, link.massager.on_lost_link
        )
        self._kept[message.device] = _Kept(link, standing)
        link.overhear(lambda char, value: self._tell(Said(message.device, char, value.hex())))
        self._tell(Connected(message.seq, link.massager.model, self._simulated))

    async def _agree(self, message: Agree) -> None:
        kept = self._kept[message.device]
        kept.gate = Gate(kept.link.massager, tuple(message.ceiling))
        await kept.link.agree(tuple(message.ceiling))
        self._tell(Done(message.seq, written=True))

    def _frame(self, message: Frame) -> None:
        """Judge a frame and open the link's gate before anything else of the hub is read."""
        kept = self._kept.get(message.device)
        now_s = asyncio.get_running_loop().time()
        passed = kept.gate.judge(message, now_s) if kept and kept.gate else "not agreed"
        if kept is None or isinstance(passed, str):
            self._tell(Done(message.seq, written=False, why=str(passed)))
            return
        if any(passed.steps) and not kept.armed:
            try:
                remember(kept.standing)
            except OSError as error:
                self._tell(Done(message.seq, written=False, why=f"stop bytes not kept: {error}"))
                return
            kept.armed = True
        kept.link.rearm()
        kept.steps = list(passed.steps)
        kept.not_after_s = message.not_after_s
        self._later(self._write(kept.link, passed, message.seq), message.seq)

    async def _write(self, link: Link, frame: Encoded, seq: int) -> None:
        self._tell(Done(seq, await link.send(frame)))

    def _beat(self, message: Beat) -> None:
        now_s = asyncio.get_running_loop().time()
        for device, kept in self._kept.items():
            if message.steps.get(device) == kept.steps:
                kept.disagreed = 0
                kept.not_after_s = max(
                    kept.not_after_s,
                    min(message.not_after_s.get(device, 0.0), now_s + FRAME_TTL_S),
                )
            else:
                kept.disagreed += 1

    def _stop(self, message: Stop) -> None:
        kept = self._kept.get(message.device)
        if kept is None:
            self._tell(Failed(message.seq, "RadioError", "no such massager is connected"))
            return
        task = kept.link.begin_stop()
        kept.steps = [0] * len(kept.steps)

        async def answer() -> None:
            outcome = await task
            self._settled(kept, outcome)
            self._tell(Stopped(message.seq, outcome.confirmed, outcome.took_s))

        self._later(answer(), message.seq)

    def _settled(self, kept: _Kept, outcome: StopOutcome) -> None:
        if outcome.confirmed and not any(kept.steps):
            kept.armed = False
            forget(kept.standing)

    async def _close(self, message: Close) -> None:
        kept = self._kept.pop(message.device)
        outcome = await kept.link.close()
        kept.steps = []
        self._settled(kept, outcome)
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
            for device, kept in list(self._kept.items()):
                if kept.link.lost.is_set():
                    self._kept.pop(device)
                    self._tell(Lost(device))
                elif kept.armed and self._unwanted(kept, now_s):
                    self._tell(Lost(device))
                    await self._abandon(device)

    def _unwanted(self, kept: _Kept, now_s: float) -> bool:
        moving = any(kept.steps)
        silent = now_s - self._heard_s > HEARTBEAT_LIMIT_S
        return silent or kept.disagreed >= DISAGREEMENTS or (moving and now_s > kept.not_after_s)

    async def _abandon(self, device: str) -> bool:
        """Stop a massager that nobody commands any more, disconnect it, sound the alarm."""
        kept = self._kept.pop(device, None)
        if kept is None:
            return True
        kept.steps = []
        for _ in range(TRIP_STOPS):
            outcome = await kept.link.begin_stop()
            self._settled(kept, outcome)
            if outcome.confirmed or kept.link.lost.is_set():
                break
            await asyncio.sleep(TRIP_PAUSE_S)
        self._settled(kept, await kept.link.close())
        if kept.armed:
            print(f"{device}: did not confirm stop. {kept.standing.advice}", file=sys.stderr)  # noqa: T201 - the alarm
        return not kept.armed
