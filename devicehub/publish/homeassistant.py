"""Home Assistant: what makes it show a massager by itself, without a line of its configuration.

One retained message for each massager, and one for the hub, on `<prefix>/device/<hub>/<id>/config`.
Pure: from values to values. Home Assistant's own parser is held against them by `make ha-check`.

Home Assistant speaks MQTT 3.1.1 and sets no expiry, so the commands that have to be fresh carry
the time at which somebody pressed, made by its own templates.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from devicehub.outside import DeviceCard, Identity
from devicehub.publish import homeassistant_entities as entities
from devicehub.publish.topics import Topics

PREFIX = "homeassistant"
HUB = "hub"  # in place of a massager's id
# Home Assistant wants a while between its birth and what is sent anew: a fleet is spread over it.
SOONEST_S, SPREAD_S = 1.0, 9.0

Config = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Discovery:
    """One message that makes Home Assistant show something."""

    topic: str
    config: Config

    def encoded(self) -> bytes:
        """Return it as UTF-8 JSON, the same bytes for the same configuration."""
        return json.dumps(self.config, ensure_ascii=False, separators=(",", ":")).encode()


def status_topic(prefix: str) -> str:
    """Return where Home Assistant says that it has started."""
    return f"{prefix}/status"


def after_birth_s(hub: str) -> float:
    """Return how long this hub waits before it tells everything anew: 1 to 10 s, by its name."""
    return SOONEST_S + SPREAD_S * (sum(hub.encode()) % 100) / 100.0


def discovery(
    topics: Topics,
    identity: Identity,
    cards: Sequence[DeviceCard],
    profiles: Sequence[str],
    *,
    prefix: str = PREFIX,
    remote_start: bool = False,
) -> list[Discovery]:
    """Return what makes Home Assistant show a hub and its massagers, the hub first.

    Args:
        topics: The tree of the hub.
        identity: Which hub it is.
        cards: Its massagers.
        profiles: What can be selected.
        prefix: Where Home Assistant looks.
        remote_start: Whether there is anything that can make a motor move; else no button does.
    """
    hub = entities.Hub(topics, identity.version)
    found = [
        Discovery(
            _topic(prefix, topics, HUB),
            {
                "device": _hub_device(hub),
                "origin": _origin(identity),
                "components": entities.of_hub(hub),
            },
        )
    ]
    for card in cards:
        massager = entities.Massager(topics, card.id, tuple(profiles), remote_start)
        config = {
            "device": _device(hub, card),
            "origin": _origin(identity),
            **entities.reachable(topics, card.id),
            "components": entities.of_massager(massager),
        }
        found.append(Discovery(_topic(prefix, topics, card.id), config))
    return found


def _topic(prefix: str, topics: Topics, what: str) -> str:
    return f"{prefix}/device/{topics.hub}/{what}/config"


def _hub_device(hub: entities.Hub) -> Config:
    return {
        "identifiers": [hub.id],
        "name": f"devicehub {hub.topics.hub}",
        "manufacturer": "devicehub",
        "model": "hub",
        "sw_version": hub.version,
    }


def _device(hub: entities.Hub, card: DeviceCard) -> Config:
    """Return a massager's card; no name of a person and no radio address is in it."""
    return {
        "identifiers": [f"{hub.id}-{card.id}"],
        "name": f"Massager {card.id}",
        "model": card.model,
        "via_device": hub.id,
    }


def _origin(identity: Identity) -> Config:
    return {"name": "devicehub", "sw_version": identity.version}
