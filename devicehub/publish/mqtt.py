"""The line over aiomqtt; nothing else in the project knows that library.

Three things aiomqtt 2.5 leaves to its user: a `Client` that is used again sends what it had given
up, so there is a new one for each connection; what access rules forbid looks sent, so paho's own
callback is asked; and what fails half-way leaves its socket, so all is shut whatever happened.
"""

import asyncio
import contextlib
import logging
import math
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import aiomqtt
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY
from paho.mqtt.client import Client as Paho
from paho.mqtt.subscribeoptions import SubscribeOptions

from devicehub.errors import UsageError
from devicehub.publish import packets
from devicehub.publish.line import (
    FIRST_FAILURE,
    BrokerLost,
    Denied,
    Ear,
    Heard,
    Outgoing,
    Terms,
    Version,
)
from devicehub.publish.settings import MqttSettings
from devicehub.publish.tls import context

KEEPALIVE_S = 10
ANSWER_S = 2.0
CONNECT_S = 3.0
_NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
_LOG = logging.getLogger("devicehub.publish.mqtt")
_LOG.disabled = True  # what matters is told as BrokerLost and Denied


class _Straight(asyncio.Queue[aiomqtt.Message]):
    """Hands each message on the moment it is read, and keeps none."""

    def __init__(self, ear: Ear, maxsize: int = 0) -> None:
        super().__init__(maxsize)
        self._ear = ear

    def put_nowait(self, item: aiomqtt.Message) -> None:
        """Hand it on."""
        self._ear(_heard(item))


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
        with _told():
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
        paho = _paho(self._client)
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
        client = _client(settings, terms, ear)
    except UsageError as error:  # a file that was there at the start
        raise BrokerLost(str(error), reached=False) from None
    try:
        await _entered(client)
        line = MqttLine(client, terms.version)
        await line.subscribe(terms)
        yield line
    finally:
        await _shut(client)


def _client(settings: MqttSettings, terms: Terms, ear: Ear) -> aiomqtt.Client:
    five = terms.version is Version.V5
    said, will = terms.will, None
    if said is not None:
        properties = packets.will(terms.will_delay_s) if five else None
        will = aiomqtt.Will(said.topic, said.payload, said.qos, said.retain, properties)
    client = aiomqtt.Client(
        settings.host,
        settings.port,
        username=settings.user,
        password=settings.secret(),
        logger=_LOG,
        identifier=terms.client_id,
        queue_type=partial(_Straight, ear),  # pyright: ignore[reportArgumentType] - it makes one
        protocol=aiomqtt.ProtocolVersion(terms.version.value),
        will=will,
        clean_session=None if five else True,
        clean_start=False if five else MQTT_CLEAN_START_FIRST_ONLY,
        properties=packets.session() if five else None,
        timeout=CONNECT_S,
        keepalive=KEEPALIVE_S,
        tls_context=context(settings),
        socket_options=[_NODELAY],
    )
    _paho(client).connect_timeout = CONNECT_S
    return client


async def _entered(client: aiomqtt.Client) -> None:
    """Connect; a cancellation waits for the thread in which paho does it, 3 s at the most."""
    ended = client._disconnected  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    ended.add_done_callback(_told_elsewhere)
    entering = asyncio.create_task(client.__aenter__())
    try:
        with _told():
            await asyncio.shield(entering)
    except BrokerLost as lost:
        lost.reached = _misc_task(client) is not None  # it begins when a socket is there
        raise
    except asyncio.CancelledError:
        await asyncio.wait((entering,))
        _ = entering.cancelled() or entering.exception()  # nobody waits for it any more
        raise


def _told_elsewhere(ended: "asyncio.Future[None]") -> None:
    """Take note of an end that the library tells nobody: of a line lost while it was made."""
    _ = ended.cancelled() or ended.exception()


async def _shut(client: aiomqtt.Client) -> None:
    """Say good-bye where that is possible; leave no socket, reader or task behind in any case."""
    paho = _paho(client)
    left = paho.socket()
    if (task := _misc_task(client)) is not None:
        task.cancel()  # aiomqtt forgets it where connecting fails
    paho.on_socket_register_write = None  # from here on nobody waits until it can be written
    try:
        with contextlib.suppress(OSError, ValueError):
            paho.disconnect()
        await asyncio.sleep(0)  # what the library has put off until the loop turns
    finally:
        if left is not None and left.fileno() > -1:
            loop = asyncio.get_running_loop()
            loop.remove_reader(left.fileno())
            loop.remove_writer(left.fileno())
            left.close()


def _paho(client: aiomqtt.Client) -> Paho:  # the only door to acknowledgement codes
    return client._client  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _misc_task(client: aiomqtt.Client) -> "asyncio.Task[None] | None":
    return client._misc_task  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


@contextlib.contextmanager
def _told() -> Generator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except aiomqtt.MqttError as error:
        cause = error if isinstance(error, aiomqtt.MqttCodeError) else error.__cause__
        code = getattr(cause, "rc", None)
        if code is None:
            raise BrokerLost(str(error)) from None
        told = packets.number(code)
        why = "the connection was closed" if told == packets.UNSPECIFIED else str(cause)
        raise BrokerLost(why, told) from None


@asynccontextmanager
async def _in_time() -> AsyncGenerator[None]:
    """Turn the library's errors, and an answer that does not come, into ours.

    The library's own time-out may swallow a cancellation: it is `asyncio.wait_for`, on Python 3.11.
    """
    try:
        with _told():
            async with asyncio.timeout(ANSWER_S):
                yield
    except TimeoutError:
        raise BrokerLost(f"no answer within {ANSWER_S:g} s") from None


def _heard(message: aiomqtt.Message) -> Heard:
    properties = message.properties
    return Heard(
        message.topic.value,
        message.payload,
        bool(message.retain),
        getattr(properties, "ResponseTopic", None),
        getattr(properties, "CorrelationData", None),
    )
