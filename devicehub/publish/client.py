"""One client of aiomqtt: made, connected, shut; what it raises and reads in our words.

Three things aiomqtt 2.5 leaves to its user: a `Client` that is used again sends what it had given
up, so there is a new one for each connection; what access rules forbid looks sent, so paho's own
callback is asked (`mqtt`); and what fails half-way leaves its socket, so all is shut whatever
happened.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Generator
from functools import partial

import aiomqtt
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY
from paho.mqtt.client import Client as Paho

from devicehub.publish import packets
from devicehub.publish.line import BrokerLost, Ear, Heard, Terms, Version
from devicehub.publish.settings import MqttSettings
from devicehub.publish.tls import context

KEEPALIVE_S = 10
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


def made(settings: MqttSettings, terms: Terms, ear: Ear) -> aiomqtt.Client:
    """Return a client for one connection; `ear` hears what comes in. Raises UsageError."""
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
    paho_of(client).connect_timeout = CONNECT_S
    return client


async def entered(client: aiomqtt.Client) -> None:
    """Connect; a cancellation waits for the thread in which paho does it, 3 s at the most."""
    ended = client._disconnected  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    ended.add_done_callback(_told_elsewhere)
    entering = asyncio.create_task(client.__aenter__())
    try:
        with told():
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


async def shut(client: aiomqtt.Client) -> None:
    """Say good-bye where that is possible; leave no socket, reader or task behind in any case."""
    paho = paho_of(client)
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


def paho_of(client: aiomqtt.Client) -> Paho:
    """Return paho's own client: the only door to acknowledgement codes."""
    return client._client  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _misc_task(client: aiomqtt.Client) -> "asyncio.Task[None] | None":
    return client._misc_task  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


@contextlib.contextmanager
def told() -> Generator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except aiomqtt.MqttError as error:
        cause = error if isinstance(error, aiomqtt.MqttCodeError) else error.__cause__
        code = getattr(cause, "rc", None)
        if code is None:
            raise BrokerLost(str(error)) from None
        number = packets.number(code)
        why = "the connection was closed" if number == packets.UNSPECIFIED else str(cause)
        raise BrokerLost(why, number) from None


def _heard(message: aiomqtt.Message) -> Heard:
    properties = message.properties
    return Heard(
        message.topic.value,
        message.payload,
        bool(message.retain),
        getattr(properties, "ResponseTopic", None),
        getattr(properties, "CorrelationData", None),
    )
