"""The line over aiomqtt; nothing else in the project knows that library, or paho below it.

Three things aiomqtt 2.5 leaves to its user, each seen with a real broker: a `Client` that is used
again sends what it had already given up, so there is a new one for each connection; a message that
the broker's access rules forbid looks sent, so paho's own callback is asked for the code; and a
connection that fails half-way leaves its socket behind, so everything is shut whatever happened.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import aiomqtt
from paho.mqtt.client import Client as Paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from devicehub.errors import UsageError
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
SESSION_EXPIRY_S = 30
RECEIVE_MAX = 20
_NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
_LOG = logging.getLogger("devicehub.publish.mqtt")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False  # paho tells of every packet


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
        self._watch_codes()

    @property
    def version(self) -> Version:
        """What it speaks."""
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

    async def until_lost(self) -> None:
        """Wait for the end. Raises BrokerLost."""
        with _told():
            async for _ in self._client.messages:
                pass

    async def subscribe(self, terms: Terms) -> None:
        """Subscribe to what `terms` name. Raises BrokerLost, or Denied for the first refusal."""
        for wanted in terms.subscriptions:
            options = None
            if self._version is Version.V5:  # nothing that is retained, nothing of our own
                options = SubscribeOptions(qos=1, noLocal=not wanted.echo, retainHandling=2)
            with _told():
                codes = await self._client.subscribe(
                    wanted.topic, qos=1, options=options, timeout=ANSWER_S
                )
            for code in map(_number, codes):
                if code >= FIRST_FAILURE:
                    raise Denied(wanted.topic, code)

    async def _send(self, message: Outgoing) -> None:
        properties = _properties(message) if self._version is Version.V5 else None
        with _told():
            await self._client.publish(
                message.topic,
                message.payload,
                qos=message.qos,
                retain=message.retain,
                properties=properties,
                timeout=ANSWER_S,
            )

    def _watch_codes(self) -> None:
        paho = _paho(self._client)
        acknowledged = paho.on_publish

        def on_publish(client: Any, said: Any, mid: int, code: Any, properties: Any) -> None:
            self._code = max(self._code, _number(code))
            if acknowledged is not None:
                cast("Any", acknowledged)(client, said, mid, code, properties)

        paho.on_publish = on_publish


@asynccontextmanager
async def connected(settings: MqttSettings, terms: Terms, ear: Ear) -> AsyncGenerator[MqttLine]:
    """Connect, subscribe, yield the line, say good-bye.

    Args:
        settings: Where the broker is.
        terms: How to connect.
        ear: Hears everything that comes in, in the event loop, at once; it must not raise.

    Raises:
        BrokerLost: It cannot be reached, or does not take us.
        Denied: It does not let us hear what we must.
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
        _shut(client)


def _client(settings: MqttSettings, terms: Terms, ear: Ear) -> aiomqtt.Client:
    five = terms.version is Version.V5
    will = None
    if terms.will is not None:
        delay = Properties(PacketTypes.WILLMESSAGE)
        delay.WillDelayInterval = terms.will_delay_s
        delay.ContentType = "application/json"
        delay.PayloadFormatIndicator = 1
        said = terms.will
        properties = delay if five else None
        will = aiomqtt.Will(said.topic, said.payload, said.qos, said.retain, properties)
    session = Properties(PacketTypes.CONNECT)
    session.SessionExpiryInterval = SESSION_EXPIRY_S
    session.ReceiveMaximum = RECEIVE_MAX
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
        clean_start=not five,
        properties=session if five else None,
        timeout=CONNECT_S,
        keepalive=KEEPALIVE_S,
        tls_context=context(settings),
        socket_options=[_NODELAY],
    )
    _paho(client).connect_timeout = CONNECT_S
    return client


async def _entered(client: aiomqtt.Client) -> None:
    """Connect; a cancellation waits for the thread in which paho does it, 3 s at the most."""
    entering = asyncio.create_task(client.__aenter__())
    try:
        with _told():
            await asyncio.shield(entering)
    except BrokerLost as lost:
        lost.reached = lost.code is not None or _paho(client).socket() is not None
        raise
    except asyncio.CancelledError:
        await asyncio.wait((entering,))
        _ = entering.cancelled() or entering.exception()  # nobody waits for it any more
        raise


def _shut(client: aiomqtt.Client) -> None:
    """Say good-bye where that is possible; leave no socket, reader or task behind in any case."""
    paho = _paho(client)
    left = paho.socket()
    with contextlib.suppress(OSError, ValueError):
        paho.disconnect()
    if left is not None and left.fileno() > -1:
        loop = asyncio.get_running_loop()
        loop.remove_reader(left.fileno())
        loop.remove_writer(left.fileno())
        left.close()
    # aiomqtt forgets it where connecting fails.
    task = client._misc_task  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    if task is not None:
        task.cancel()


def _paho(client: aiomqtt.Client) -> Paho:
    # The only door to the codes of acknowledgements.
    return client._client  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


@contextlib.contextmanager
def _told() -> Generator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except aiomqtt.MqttError as error:
        code = getattr(error, "rc", None)
        cause = error.__cause__
        if code is None and isinstance(cause, aiomqtt.MqttCodeError):
            code = cause.rc
        raise BrokerLost(str(cause or error), None if code is None else _number(code)) from None


def _number(code: Any) -> int:
    return code.value if isinstance(code, ReasonCode) else int(code)


def _properties(message: Outgoing) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)
    properties.ContentType = "application/json"
    properties.PayloadFormatIndicator = 1
    if message.expiry_s is not None:
        properties.MessageExpiryInterval = message.expiry_s
    if message.correlation is not None:
        properties.CorrelationData = message.correlation
    return properties


def _heard(message: aiomqtt.Message) -> Heard:
    properties = message.properties
    return Heard(
        message.topic.value,
        message.payload,
        bool(message.retain),
        getattr(properties, "ResponseTopic", None),
        getattr(properties, "CorrelationData", None),
    )
