"""The line over aiomqtt; nothing but this and `client` knows that library."""

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import aiomqtt
from paho.mqtt.subscribeoptions import SubscribeOptions

from devicehub.errors import UsageError
from devicehub.publish import packets
from devicehub.publish.client import entered, made, paho_of, shut, told
from devicehub.publish.line import (
    FIRST_FAILURE,
    BrokerLost,
    Denied,
    Ear,
    Outgoing,
    Terms,
    Version,
)
from devicehub.publish.settings import MqttSettings

ANSWER_S = 2.0


class MqttLine:
    """A connection that stands."""

    def __init__(self, client: aiomqtt.Client, version: Version) -> None:
        self._client = client
        self._version = version
        self._turn = asyncio.Lock()
        self._code = 0
        self.refused: list[Denied] = []
        self._watch_codes()

    @property
    def version(self) -> Version:  # noqa: D102 - see Line
        return self._version

    async def publish(self, message: Outgoing) -> None:
        """Send. See `Line.publish`: with QoS 1 one after the other, so a refusal has its topic."""
        if message.qos == 0:
            await self._send(message)
            return
        async with self._turn:
            self._code = 0
            await self._send(message)
            if self._code >= FIRST_FAILURE:
                raise Denied(message.topic, self._code)

    async def until_lost(self) -> None:  # noqa: D102 - see Line
        with told():
            async for _ in self._client.messages:
                pass

    async def subscribe(self, terms: Terms) -> None:
        """Subscribe to what `terms` name, or learn that it is `refused`. Raises BrokerLost."""
        for wanted in terms.subscriptions:
            how: dict[str, Any] = {"qos": 1}
            if self._version is Version.V5:  # of commands nothing retained, nothing of our own
                kept = 0 if wanted.echo else SubscribeOptions.RETAIN_DO_NOT_SEND
                options = SubscribeOptions(qos=1, noLocal=not wanted.echo, retainHandling=kept)
                how = {"options": options}
            async with _in_time():
                codes = await self._client.subscribe(wanted.topic, timeout=math.inf, **how)
            if (worst := max(map(packets.number, codes))) >= FIRST_FAILURE:
                self.refused.append(Denied(wanted.topic, worst))

    async def _send(self, message: Outgoing) -> None:
        properties = packets.publish(message) if self._version is Version.V5 else None
        async with _in_time():
            await self._client.publish(
                message.topic,
                message.payload,
                qos=message.qos,
                retain=message.retain,
                properties=properties,
                timeout=math.inf,
            )

    def _watch_codes(self) -> None:
        paho = paho_of(self._client)
        acknowledged = paho.on_publish

        def on_publish(client: Any, said: Any, mid: int, code: Any, properties: Any) -> None:
            self._code = max(self._code, packets.number(code))
            if acknowledged is not None:
                cast("Any", acknowledged)(client, said, mid, code, properties)

        paho.on_publish = on_publish


@asynccontextmanager
async def connected(settings: MqttSettings, terms: Terms, ear: Ear) -> AsyncGenerator[MqttLine]:
    """Connect, subscribe, yield the line, say good-bye; `ear` hears what comes in, at once.

    Raises:
        BrokerLost: It cannot be reached, or does not take us.
    """
    try:
        client = made(settings, terms, ear)
    except UsageError as error:  # a file that was there at the start
        raise BrokerLost(str(error), reached=False) from None
    try:
        await entered(client)
        line = MqttLine(client, terms.version)
        await line.subscribe(terms)
        yield line
    finally:
        await shut(client)


@asynccontextmanager
async def _in_time() -> AsyncGenerator[None]:
    """Turn the library's errors, and an answer that does not come, into ours.

    The library's own time-out may swallow a cancellation: it is `asyncio.wait_for`, on Python 3.11.
    """
    try:
        with told():
            async with asyncio.timeout(ANSWER_S):
                yield
    except TimeoutError:
        raise BrokerLost(f"no answer within {ANSWER_S:g} s") from None
