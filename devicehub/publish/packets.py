"""Packets: the properties that MQTT 5 knows, as paho spells them."""

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from devicehub.publish.line import Outgoing

# So long a broker keeps what came for a hub that is away: a stop above all.
SESSION_EXPIRY_S = 30
RECEIVE_MAX = 20
UNSPECIFIED = 0x80  # what paho says where the broker said nothing


def session() -> Properties:
    """Return how a connection is to be kept."""
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = SESSION_EXPIRY_S
    properties.ReceiveMaximum = RECEIVE_MAX
    return properties


def will(delay_s: int) -> Properties:
    """Return how a will is published: not before `delay_s`, for the line may come back."""
    properties = _json(PacketTypes.WILLMESSAGE)
    properties.WillDelayInterval = delay_s
    return properties


def publish(message: Outgoing) -> Properties:
    """Return how a message is published."""
    properties = _json(PacketTypes.PUBLISH)
    if message.expiry_s is not None:
        properties.MessageExpiryInterval = message.expiry_s
    if message.correlation is not None:
        properties.CorrelationData = message.correlation
    return properties


def number(code: ReasonCode | int) -> int:
    """Return a reason as its number."""
    return code.value if isinstance(code, ReasonCode) else int(code)


def _json(packet: int) -> Properties:
    properties = Properties(packet)
    properties.ContentType = "application/json"
    properties.PayloadFormatIndicator = 1
    return properties
