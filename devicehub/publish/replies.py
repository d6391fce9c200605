"""Replies: answers on their way to whoever asked, over the line on which they were asked."""

import asyncio

from devicehub.outside import Answer
from devicehub.publish import wire
from devicehub.publish.line import Denied, Heard, Line, Outgoing
from devicehub.publish.states import Head
from devicehub.publish.topics import OUT, Topics

# Whoever asks faster than the broker takes answers needs no answer to each.
MOST = 256


class Replies:
    """The answers of one line. One that finds no line within its time is nobody's any more."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._waiting: asyncio.Queue[Outgoing] = asyncio.Queue(MOST)
        self.dropped = 0

    def put(self, head: Head, heard: Heard, id_: str | None, answer: Answer) -> None:
        """Let an answer go out: where the asker may have it, else at `reply`."""
        response = heard.response
        if response is None or not self._topics.may_be_answered(response):
            response = self._topics.out("reply")
        payload = wire.Reply(
            ts=head.ts,
            boot=head.boot,
            id=id_,
            ok=answer.ok,
            code=answer.code,
            detail=answer.detail,
            session=answer.session,
        )
        channel = OUT["reply"]
        try:
            self._waiting.put_nowait(
                Outgoing(
                    response,
                    payload.encoded(),
                    channel.qos,
                    channel.retain,
                    channel.expiry_s,
                    heard.correlation,
                )
            )
        except asyncio.QueueFull:
            self.dropped += 1

    async def run(self, line: Line) -> None:
        """Send them. Raises BrokerLost."""
        while True:
            message = await self._waiting.get()
            try:
                await line.publish(message)
            except Denied:
                self.dropped += 1
