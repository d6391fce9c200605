"""Main line: everything but stop, on one connection.

The order on a new line: subscribe, all that is retained, `online`, the outbox, then what happens.
So whoever sees `online` can already read the rest.
"""

import asyncio
from collections.abc import Callable

from pydantic import ValidationError

from devicehub.outside import Answer
from devicehub.publish import wire
from devicehub.publish.birth import Birth
from devicehub.publish.board import Board
from devicehub.publish.commands import Command, Replay
from devicehub.publish.doorman import Clocks, Doorman
from devicehub.publish.line import Denied, Heard, Line, Outgoing, Subscription, Terms, Version
from devicehub.publish.port import HubPort
from devicehub.publish.replies import Replies
from devicehub.publish.settings import MqttSettings
from devicehub.publish.wire_base import stamp

ECHO_S = 3.0
# Between two looks while nothing runs, and between two answers to whoever says that we are gone.
IDLE_S = 1.0


class MainLine:
    """What is done on the main connection."""

    def __init__(self, port: HubPort, settings: MqttSettings, board: Board, clocks: Clocks) -> None:
        """Make it; `clocks` are this computer's."""
        self._port = port
        self._settings = settings
        self._board = board
        self._replies = Replies(board.topics)
        own = {"replay": self._replay, "republish": self._republish}
        self._doorman = Doorman(
            port, clocks, self._answered, own, remote_start=settings.remote_start
        )
        self._names = board.topics.commands()
        self._birth = Birth(settings, board)
        self._conn = 0
        self._version = Version.V5
        self._announced = False
        self._echo = asyncio.Event()
        self._gone = asyncio.Event()
        self._drained = asyncio.Event()
        self.line: Line | None = None
        self.on_rival: Callable[[], None] = lambda: None

    # -- the connection --------------------------------------------------------------------------

    def terms(self, version: Version, conn: int) -> Terms:
        """Return how to connect."""
        self._conn, self._announced = conn, False
        topics = self._board.topics
        return Terms(
            client_id=topics.hub,
            version=version,
            will=self._board.message("availability", self.availability("lost")),
            will_delay_s=self._settings.will_delay_s,
            subscriptions=[
                Subscription(topics.out("availability"), echo=True),
                *(Subscription(topic) for topic in self._names),
                *self._birth.subscriptions,
            ],
        )

    def beat(self) -> Outgoing:
        """Return a heartbeat."""
        head = self._board.head
        self._doorman.watch_clock()
        return self._board.message(
            "heartbeat", wire.Heartbeat(ts=head.ts, boot=head.boot, line="main")
        )

    async def work(self, line: Line, conn: int) -> None:
        """Tell everything, then whatever happens, until the line is lost."""
        board = self._board
        self._conn, self._version, self.line = conn, line.version, line
        board.allowed()
        for denied in line.refused:
            board.refused(denied.topic, denied.code)
        board.shelf.all_unsent()
        board.outbox.all_late()
        board.live = True
        try:
            board.look()
            while (message := board.shelf.unsent()) is not None:
                await self._deliver(line, message)
                board.shelf.sent(message)
            self._echo.clear()
            self._gone.clear()
            self._announced = True
            await self._deliver(line, board.message("availability", self.availability("online")))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._send(line))
                group.create_task(self._tell_progress(line))
                group.create_task(self._tell_health(line))
                group.create_task(self._listen_for_echo())
                group.create_task(self._contradict(line))
                group.create_task(self._replies.run(line))
                group.create_task(self._birth.run())
        finally:
            board.live, self.line = False, None

    async def farewell(self) -> None:
        """Wait until everything has gone out, and say good-bye. Raises BrokerLost."""
        if (line := self.line) is None:
            return
        self._drained.clear()
        self._board.changed.set()
        await self._drained.wait()
        self._announced = False
        said = self.availability("offline")
        await self._deliver(line, self._board.message("availability", said))

    @property
    def commands(self) -> int:
        """How many commands came in this run."""
        return self._doorman.heard

    async def leave(self) -> None:
        """Give up what is still asked of the hub."""
        await self._doorman.leave()

    # -- what goes out ---------------------------------------------------------------------------

    def availability(self, state: wire.Reachable) -> wire.Availability:
        """Return whether this hub can be reached, in words for others."""
        head = self._board.head
        return wire.Availability(
            ts=head.ts,
            boot=head.boot,
            state=state,
            conn=self._conn,
            since=stamp(self._port.identity.since_s),
        )

    async def _send(self, line: Line) -> None:
        changed = self._board.changed
        while True:
            if changed.is_set():
                changed.clear()
                self._board.look()
            if not await self._next(line):
                if not changed.is_set():
                    self._drained.set()
                await changed.wait()

    async def _next(self, line: Line) -> bool:
        """Send what is next: states first, then events, then what somebody wants to hear again."""
        board = self._board
        if (message := board.shelf.unsent()) is not None:
            await self._deliver(line, message)
            board.shelf.sent(message)
        elif (waiting := board.outbox.oldest()) is not None:
            await self._deliver(line, board.event(waiting.happening, hist=waiting.hist))
            board.outbox.acknowledged(waiting)
        elif board.replay:
            await self._deliver(line, board.event(board.replay.popleft(), hist=True))
        else:
            return False
        return True

    async def _tell_progress(self, line: Line) -> None:
        while True:
            for message in self._board.progress():
                await self._deliver(line, message)
            runs = self._board.runs
            self._board.changed.set()
            await asyncio.sleep(1.0 / self._settings.progress_hz if runs else IDLE_S)

    async def _tell_health(self, line: Line) -> None:
        while True:
            dropped = self._doorman.busy + self._replies.dropped
            health = self._board.health(self._conn, self._version, self.commands, dropped)
            await self._deliver(line, self._board.message("health", health))
            await asyncio.sleep(self._settings.health_s)

    async def _deliver(self, line: Line, message: Outgoing) -> None:
        """Publish; what the broker's rules forbid is told, and not tried again."""
        try:
            await line.publish(message)
        except Denied as denied:
            self._board.refused(denied.topic, denied.code)

    # -- what comes in ---------------------------------------------------------------------------

    def hear(self, heard: Heard) -> None:
        """Hear a command, or what is said of ourselves."""
        name = self._names.get(heard.topic)
        if name is not None:
            self._doorman.hear(name, heard)
        elif heard.topic == self._board.topics.out("availability"):
            self._hear_of_us(heard)
        else:
            self._birth.hear(heard)

    def _hear_of_us(self, heard: Heard) -> None:
        try:
            said = wire.Availability.model_validate_json(heard.payload)
        except ValidationError:
            self._gone.set()
            return
        ours = said.boot == self._port.identity.boot
        if ours and (said.state, said.conn) == ("online", self._conn):
            self._echo.set()
        elif not ours and heard.retained and self._conn > 1 and said.state != "offline":
            self.on_rival()  # it connected with our id, which ended the line that we had
        elif self._announced and said.state != "online":
            self._gone.set()
        elif self._announced and not ours:
            self._board.raised("rival", "another hub says that it is this one")

    async def _listen_for_echo(self) -> None:
        try:
            async with asyncio.timeout(ECHO_S):
                await self._echo.wait()
        except TimeoutError:
            self._board.raised(
                "no_echo", "what this hub publishes does not come back: nobody may hear it"
            )
        else:
            self._board.cleared("no_echo")

    async def _contradict(self, line: Line) -> None:
        """Say that we are there whenever somebody's old will says that we are not."""
        while True:
            await self._gone.wait()
            self._gone.clear()
            await self._deliver(
                line, self._board.message("availability", self.availability("online"))
            )
            await asyncio.sleep(IDLE_S)

    def _answered(self, heard: Heard, id_: str | None, answer: Answer) -> None:
        self._replies.put(self._board.head, heard, id_, answer)

    def _replay(self, command: Command) -> Answer:
        from_seq = command.from_seq if isinstance(command, Replay) else 1
        count = self._board.play_again(from_seq)
        return Answer(ok=True, code="ok", detail=f"{count} events follow")

    def _republish(self, _command: Command) -> Answer:
        self._board.shelf.all_unsent()
        self._board.changed.set()
        return Answer(ok=True, code="ok", detail="everything that is retained follows")
