"""Stop line: a connection of its own, so that stop waits behind nothing.

A stop acts inside the callback that read it from the socket: before it is acknowledged, parsed or
answered. It needs no clock, no id and no form, it may be retained, late or sent twice, and its
payload may be anything that the broker lets through.
"""

from contextlib import suppress

from devicehub.outside import Answer
from devicehub.publish import commands, wire
from devicehub.publish.board import Board
from devicehub.publish.doorman import SOURCE
from devicehub.publish.line import Heard, Line, Outgoing, Subscription, Terms, Version
from devicehub.publish.port import HubPort
from devicehub.publish.replies import Replies


class StopLine:
    """What is done on the connection for stop."""

    def __init__(self, port: HubPort, board: Board) -> None:
        self._port = port
        self._board = board
        self._replies = Replies(board.topics)
        self._deaf = False

    def terms(self, version: Version, _conn: int) -> Terms:
        """Return how to connect."""
        return Terms(
            client_id=f"{self._board.topics.hub}-stop",
            version=version,
            will=None,
            will_delay_s=0,
            subscriptions=[Subscription(topic) for topic in self._board.topics.stops()],
        )

    def hear(self, heard: Heard) -> None:
        """Stop, then answer."""
        named = None
        with suppress(Exception):  # without its massagers the hub can still stop them all
            named = commands.named_in(heard.payload, [card.id for card in self._port.cards()])
        try:
            self._port.stop(named, SOURCE)
        except Exception:  # noqa: BLE001 - whatever it is, everything is stopped then
            named = None
            self._port.stop(None, SOURCE)
        if heard.retained:
            self._board.raised("retained_stop", f"{heard.topic} is retained: it stops at connect")
        detail = f"stopping {named}" if named is not None else "stopping everything"
        answer = Answer(ok=True, code="ok", detail=detail)
        self._replies.put(self._board.head, heard, commands.id_in(heard.payload), answer)

    def beat(self) -> Outgoing:
        """Return a heartbeat."""
        head = self._board.head
        return self._board.message(
            "heartbeat", wire.Heartbeat(ts=head.ts, boot=head.boot, line="stop")
        )

    def alive(self) -> None:
        """Take note that a stop would get through now, if it would."""
        if not self._deaf:
            self._port.renew_lease()

    async def work(self, line: Line, _conn: int) -> None:
        """Send answers; a broker that lets no stop through to us is as good as none."""
        own, _ = self._board.topics.stops()
        self._deaf = any(denied.topic == own for denied in line.refused)
        if self._deaf:
            self._board.raised("stop_line_lost", "the broker's access rules let no stop through")
        await self._replies.run(line)
