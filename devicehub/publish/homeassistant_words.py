"""What every entity of Home Assistant shares: whose it is, whether it is there, how one asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from devicehub.publish.topics import COMMANDS, Topics

# How long a press holds: Home Assistant, the broker and the hub need well under a second.
PRESS_TTL_S = 5
BY = "home-assistant"

Entity = dict[str, object]
# Home Assistant takes no other payload than these two for what is available, and would keep an
# entity available for ever at our third one, `lost`.
_HUB_ONLINE = "{{ 'online' if value_json.state == 'online' else 'offline' }}"


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub as Home Assistant knows it."""

    topics: Topics
    version: str

    @property
    def id(self) -> str:
        """What tells it from every other hub."""
        return f"devicehub-{self.topics.site}-{self.topics.hub}"


@dataclass(frozen=True, slots=True)
class Massager:
    """One massager as Home Assistant knows it.

    Attributes:
        topics: The tree of its hub.
        id: Opaque.
        selected: The profile that a start there plays; None: nothing can be started there.
        profiles: What can be selected.
        remote_start: Whether what moves it may be pressed.
        person: Opaque id of who is under it when Home Assistant starts it; None: it never does.
    """

    topics: Topics
    id: str
    selected: str | None
    profiles: tuple[str, ...]
    remote_start: bool
    person: str | None

    def out(self, kind: str) -> str:
        """Return a topic that tells of it."""
        return self.topics.out(kind, device=self.id)

    def entity(self, platform: str, key: str, name: str, **more: object) -> tuple[str, Entity]:
        """Return an entity of it, by its key."""
        unique = f"devicehub-{self.topics.site}-{self.topics.hub}-{self.id}-{key}"
        return key, {"platform": platform, "unique_id": unique, "name": name, **more}

    def press(self, name: str, command: str, **more: object) -> tuple[str, Entity]:
        """Return a button that asks for a command with everything that a fresh one has."""
        return self.entity(
            "button",
            command,
            name,
            command_topic=self.topics.command(command),
            command_template=fresh({"device": self.id}),
            qos=COMMANDS[command].qos,
            **more,
        )


def reachable(topics: Topics, device: str) -> Mapping[str, object]:
    """Return what says whether a massager is there: the hub and the massager, both."""
    return {
        "availability": [
            hub_availability(topics),
            {
                "topic": topics.out("device_availability", device=device),
                "value_template": "{{ value_json.state }}",
            },
        ],
        "availability_mode": "all",
    }


def hub_availability(topics: Topics) -> Mapping[str, object]:
    """Return what says whether the hub is there."""
    return {"topic": topics.out("availability"), "value_template": _HUB_ONLINE}


def fresh(fixed: Mapping[str, object], last: str = "") -> str:
    """Return a template of a command that says when it was made and is never the same twice.

    `last` is one more member, from within its key to its value.
    """
    head = json.dumps({**fixed, "by": BY, "ttl_s": PRESS_TTL_S})[:-1]
    made = '"ts": "{{ utcnow().isoformat() }}", "id": "ha-{{ utcnow().timestamp() }}"'
    more = f', "{last}' if last else ""
    return f"{head}, {made}{more}}}"
