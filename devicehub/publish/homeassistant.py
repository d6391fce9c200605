"""Home Assistant: what makes it show a massager by itself, without a line of its configuration.

One retained message for each massager, and one for the hub, on `<prefix>/device/<hub>/<id>/config`.
Pure: from values to values. Home Assistant's own parser is held against them by `make ha-check`.

Home Assistant speaks MQTT 3.1.1 and sets no expiry, so the commands that have to be fresh carry
the time at which somebody pressed, made by its own templates.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from devicehub.outside import DeviceCard, Identity
from devicehub.publish.homeassistant_entities import of_hub, of_massager
from devicehub.publish.homeassistant_words import Hub, Massager, reachable
from devicehub.publish.topics import Topics

PREFIX = "homeassistant"
HUB = "hub"  # in place of a massager's id
# Home Assistant wants a while between its birth and what is sent anew: a fleet is spread over it.
SOONEST_S, SPREAD_S = 1.0, 9.0

Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Discovery:
    """One message that makes Home Assistant show something."""

    topic: str
    config: Config

    def encoded(self) -> bytes:
        """Return it as UTF-8 JSON, the same bytes for the same configuration."""
        return json.dumps(self.config, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Offer:
    """What Home Assistant is offered.

    Attributes:
        prefix: Where it looks.
        remote_start: Whether there is anything that can make a motor move; else no button does.
        person: Who is under a massager that is started there, an opaque id; None: no start button.
    """

    prefix: str = PREFIX
    remote_start: bool = False
    person: str | None = None


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
    offer: Offer,
) -> list[Discovery]:
    """Return what makes Home Assistant show a hub and its massagers, the hub first.

    Args:
        topics: The tree of the hub.
        identity: Which hub it is.
        cards: Its massagers.
        profiles: What can be selected.
        offer: What may be pressed.
    """
    hub = Hub(topics, identity.version)
    found = [
        Discovery(
            _topic(offer.prefix, topics, HUB),
            {
                "device": _hub_device(hub),
                "origin": _origin(identity),
                "components": of_hub(hub),
            },
        )
    ]
    for card in cards:
        massager = Massager(
            topics, card.id, card.selected, tuple(profiles), offer.remote_start, offer.person
        )
        config = {
            "device": _device(hub, card),
            "origin": _origin(identity),
            **reachable(topics, card.id),
            "components": of_massager(massager),
        }
        found.append(Discovery(_topic(offer.prefix, topics, card.id), config))
    return found


def _topic(prefix: str, topics: Topics, what: str) -> str:
    return f"{prefix}/device/{topics.hub}/{what}/config"


def _hub_device(hub: Hub) -> Config:
    return {
        "identifiers": [hub.id],
        "name": f"devicehub {hub.topics.hub}",
        "manufacturer": "devicehub",
        "model": "hub",
        "sw_version": hub.version,
    }


def _device(hub: Hub, card: DeviceCard) -> Config:
    """Return a massager's card; no name of a person and no radio address is in it."""
    known = {"model": card.model} if card.model else {}
    return {
        "identifiers": [f"{hub.id}-{card.id}"],
        "name": f"Massager {card.id}",
        **known,
        "via_device": hub.id,
    }


def _origin(identity: Identity) -> Config:
    return {"name": "devicehub", "sw_version": identity.version}
