"""Shelf: the last of everything that is retained, and what of it the broker has not got. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from devicehub.publish.line import Outgoing
from devicehub.publish.wire_base import Payload

# When a payload was made, and what had happened before, is no change of what it says.
_NO_CHANGE = {"ts", "seq"}


@dataclass(slots=True)
class Shelf:
    """Retained messages by topic. A broker may forget them all; a new line gets them all again."""

    _said: dict[str, str] = field(default_factory=dict[str, str])
    _messages: dict[str, Outgoing] = field(default_factory=dict[str, Outgoing])
    _unsent: dict[str, None] = field(default_factory=dict[str, None])

    def put(self, topic: str, payload: Payload, *, qos: int, expiry_s: int | None = None) -> None:
        """Keep what `topic` says now; it has to be sent if it says something else than before."""
        said = payload.model_dump_json(exclude=_NO_CHANGE)
        self._keep(said, Outgoing(topic, payload.encoded(), qos, True, expiry_s))

    def put_raw(self, topic: str, payload: bytes) -> None:
        """Keep what `topic` says to others than our readers."""
        self._keep(payload.decode(), Outgoing(topic, payload, 1, True))

    def _keep(self, said: str, message: Outgoing) -> None:
        if self._said.get(message.topic) != said:
            self._said[message.topic] = said
            self._messages[message.topic] = message
            self._unsent[message.topic] = None

    @property
    def topics(self) -> frozenset[str]:
        """Every topic at which the broker may hold something of ours."""
        return frozenset(self._messages) | frozenset(self._said)

    def haunt(self, topics: Iterable[str]) -> None:
        """Take note of what an earlier run left at the broker: told anew, or emptied."""
        for topic in topics:
            self._said.setdefault(topic, "")

    def keep_only(self, topics: Iterable[str]) -> None:
        """Empty every other topic at the broker: what is no longer there leaves no ghost."""
        wanted = set(topics)
        for topic in [topic for topic in self._said if topic not in wanted]:
            del self._said[topic]
            self._messages[topic] = Outgoing(topic, b"", 1, True)
            self._unsent[topic] = None

    def all_unsent(self) -> None:
        """Take note that the broker may have forgotten everything."""
        self._unsent = dict.fromkeys(self._messages)

    def unsent(self) -> Outgoing | None:
        """Return what has to go next; it stays until it is `sent`."""
        topic = next(iter(self._unsent), None)
        return None if topic is None else self._messages[topic]

    def sent(self, message: Outgoing) -> None:
        """Take note that the broker has it, unless it says something else by now."""
        if self._messages.get(message.topic) is not message:
            return
        self._unsent.pop(message.topic, None)
        if not message.payload:
            del self._messages[message.topic]
