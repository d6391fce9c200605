"""A line: one connection to a broker as the publisher uses it, with no library in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

TAKEN_OVER = 0x8E
NOT_AUTHORISED = 0x87
UNSUPPORTED_VERSION = 0x84
FIRST_FAILURE = 0x80  # codes from here on are refusals, in MQTT 5


class Version(IntEnum):
    """The version of the protocol that a line speaks; the numbers are the protocol's own."""

    V311 = 4
    V5 = 5


class BrokerLost(Exception):
    """The broker is gone, or was never there.

    `code` is its reason where it told one; `reached` says that something took the connection.
    """

    def __init__(self, why: str, code: int | None = None, *, reached: bool = True) -> None:
        super().__init__(why)
        self.code = code
        self.reached = reached


class Denied(Exception):
    """The broker took a message and said that it goes nowhere; `code` is its reason."""

    def __init__(self, topic: str, code: int) -> None:
        super().__init__(f"{topic}: denied, 0x{code:02x}")
        self.topic = topic
        self.code = code


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to send. `correlation` is echoed to whoever asked; 3.1.1 knows neither."""

    topic: str
    payload: bytes
    qos: int
    retain: bool = False
    expiry_s: int | None = None
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that came in, as it came: nothing of it has been read."""

    topic: str
    payload: bytes
    retained: bool
    response: str | None = None
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a line wants to hear; `echo` is for topics that it publishes itself."""

    topic: str
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How to connect: the client id, what is said when the line breaks, what is to be heard."""

    client_id: str
    version: Version
    will: Outgoing | None
    will_delay_s: int
    subscriptions: Sequence[Subscription]


class Line(Protocol):
    """A connection that stands."""

    @property
    def version(self) -> Version:
        """What it speaks."""
        ...

    @property
    def refused(self) -> Sequence[Denied]:
        """What the broker does not let us hear; empty with brokers that do not say so."""
        ...

    async def publish(self, message: Outgoing) -> None:
        """Send; with QoS 1, wait for the broker's acknowledgement, 2 s at the most.

        Raises:
            BrokerLost: It did not come.
            Denied: It came, and says that the message goes nowhere (MQTT 5).
        """
        ...

    async def until_lost(self) -> None:
        """Wait for the end of the connection. Raises BrokerLost with its reason."""
        ...


Ear = Callable[[Heard], None]
