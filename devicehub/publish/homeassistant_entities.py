"""Home Assistant's entities: what it shows of a hub and of a massager, and what can be pressed.

Levels are fractions, 0 to 1, as everywhere. A button for stop depends on the hub alone: it can be
pressed while a massager is out of reach, and stops whatever there is to stop.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from devicehub.messages import SessionState
from devicehub.publish.topics import COMMANDS, Topics

# Told twice a second while it plays; after so long without, Home Assistant shows nothing.
FORGOTTEN_S = 15
CEILING_STEP = 0.05
# How long a press holds: Home Assistant, the broker and the hub need well under a second.
PRESS_TTL_S = 5
BY = "home-assistant"

Entity = dict[str, object]
# Home Assistant takes no other payload than these two for what is available, and would keep an
# entity available for ever at our third one, `lost`.
_HUB_ONLINE = "{{ 'online' if value_json.state == 'online' else 'offline' }}"
_SHOWN_OF_SESSION = (
    "title",
    "profile",
    "phase",
    "cue",
    "zones",
    "origin",
    "started",
    "planned_s",
    "presence_asked",
    "end",
)


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
    """One massager as Home Assistant knows it; `remote_start`: what moves it may be pressed."""

    topics: Topics
    id: str
    profiles: tuple[str, ...]
    remote_start: bool

    def out(self, kind: str) -> str:
        """Return a topic that tells of it."""
        return self.topics.out(kind, device=self.id)

    def entity(self, platform: str, key: str, name: str, **more: object) -> tuple[str, Entity]:
        """Return an entity of it, by its key."""
        unique = f"devicehub-{self.topics.site}-{self.topics.hub}-{self.id}-{key}"
        return key, {"platform": platform, "unique_id": unique, "name": name, **more}

    def press(self, key: str, name: str, command: str, **more: object) -> tuple[str, Entity]:
        """Return a button that asks for a command with everything that a fresh one has."""
        return self.entity(
            "button",
            key,
            name,
            command_topic=self.topics.command(command),
            command_template=_fresh({"device": self.id}),
            qos=COMMANDS[command].qos,
            **more,
        )


def reachable(topics: Topics, device: str) -> Mapping[str, object]:
    """Return what says whether a massager is there: the hub and the massager, both."""
    return {
        "availability": [
            _hub_availability(topics),
            {
                "topic": topics.out("device_availability", device=device),
                "value_template": "{{ value_json.state }}",
            },
        ],
        "availability_mode": "all",
    }


def of_hub(hub: Hub) -> dict[str, Entity]:
    """Return what is shown of a hub, by key."""
    topics = hub.topics
    there: Entity = {
        "platform": "binary_sensor",
        "unique_id": f"{hub.id}-connected",
        "name": "Connected",
        "device_class": "connectivity",
        "state_topic": topics.out("availability"),
        "value_template": "{{ 'ON' if value_json.state == 'online' else 'OFF' }}",
    }
    stop: Entity = {
        "platform": "button",
        "unique_id": f"{hub.id}-stop",
        "name": "Stop everything",
        "icon": "mdi:stop-circle",
        "command_topic": topics.command("stop"),
        "payload_press": json.dumps({"by": BY}),
        "qos": 1,
        "availability": [_hub_availability(topics)],
    }
    update: Entity = {
        "platform": "update",
        "unique_id": f"{hub.id}-update",
        "name": "Version",
        # A hub asks nobody what the newest version is, so this tells the installed one alone.
        "enabled_by_default": False,
        "state_topic": topics.out("info"),
        "value_template": "{{ {'installed_version': value_json.version} | tojson }}",
        "availability": [_hub_availability(topics)],
    }
    return {"connected": there, "stop": stop, "update": update}


def of_massager(massager: Massager) -> dict[str, Entity]:
    """Return what is shown of a massager, by key."""
    shown = [*_sensors(massager), *_presses(massager)]
    if massager.remote_start:
        shown += _moving(massager)
    return dict(shown)


def _sensors(massager: Massager) -> list[tuple[str, Entity]]:
    session, device = massager.out("session"), massager.id
    alert = (
        f"{{{{ 'ON' if value_json.alerts | selectattr('device', 'in', ['{device}', none])"
        " | list else 'OFF' }}"
    )
    return [
        massager.entity(
            "sensor",
            "session",
            "Session",
            device_class="enum",
            options=["idle", *(state.value for state in SessionState)],
            icon="mdi:account-heart",
            state_topic=session,
            value_template="{{ value_json.state }}",
            json_attributes_topic=session,
            json_attributes_template=_some(_SHOWN_OF_SESSION),
        ),
        massager.entity(
            "sensor",
            "time_left",
            "Time left",
            device_class="duration",
            unit_of_measurement="s",
            suggested_display_precision=0,
            state_topic=massager.out("progress"),
            value_template="{{ value_json.remaining_s }}",
            expire_after=FORGOTTEN_S,
        ),
        massager.entity(
            "sensor",
            "battery",
            "Battery",
            device_class="battery",
            unit_of_measurement="%",
            state_topic=massager.out("device_info"),
            value_template="{{ value_json.battery_percent }}",
        ),
        massager.entity(
            "binary_sensor",
            "running",
            "Running",
            device_class="running",
            state_topic=session,
            value_template="{{ 'ON' if value_json.may_be_running else 'OFF' }}",
        ),
        massager.entity(
            "binary_sensor",
            "problem",
            "Problem",
            device_class="problem",
            state_topic=massager.topics.out("alert"),
            value_template=alert,
            availability=[_hub_availability(massager.topics)],
        ),
        _safety(massager),
    ]


def _safety(massager: Massager) -> tuple[str, Entity]:
    """Return what tells of warnings and worse, once each; what is told late rings no alarm."""
    said = (
        "{'event_type': value_json.severity, 'kind': value_json.kind, 'detail': value_json.detail}"
    )
    mine = f"value_json.device == '{massager.id}' and value_json.severity != 'info'"
    return massager.entity(
        "event",
        "safety",
        "Safety",
        event_types=["warning", "critical"],
        icon="mdi:shield-alert",
        state_topic=massager.topics.out("event", severity="+"),
        value_template=(
            f"{{% if {mine} and not value_json.hist %}}{{{{ {said} | tojson }}}}{{% endif %}}"
        ),
        availability=[_hub_availability(massager.topics)],
    )


def _presses(massager: Massager) -> list[tuple[str, Entity]]:
    """Return what may be pressed at any hub: nothing here moves a motor or makes it stronger."""
    topics = massager.topics
    return [
        massager.entity(
            "button",
            "stop",
            "Stop",
            icon="mdi:stop",
            command_topic=topics.command("stop"),
            payload_press=json.dumps({"device": massager.id, "by": BY}),
            qos=COMMANDS["stop"].qos,
            availability=[_hub_availability(topics)],
        ),
        massager.press("pause", "Pause", "pause", icon="mdi:pause"),
        massager.press("present", "I am here", "present", icon="mdi:hand-wave"),
        massager.entity(
            "number",
            "ceiling",
            "Ceiling",
            icon="mdi:arrow-collapse-down",
            min=0.0,
            max=1.0,
            step=CEILING_STEP,
            mode="slider",
            state_topic=massager.out("session"),
            value_template="{{ value_json.ceiling }}",
            command_topic=topics.command("ceiling"),
            command_template=_fresh({"device": massager.id}, 'level": {{ value }}'),
            qos=COMMANDS["ceiling"].qos,
        ),
    ]


def _moving(massager: Massager) -> list[tuple[str, Entity]]:
    """Return what can make a motor move, now or at the next start."""
    return [
        massager.press("resume", "Resume", "resume", icon="mdi:play-pause"),
        massager.entity(
            "select",
            "profile",
            "Profile",
            icon="mdi:playlist-music",
            options=list(massager.profiles),
            state_topic=massager.out("session"),
            value_template="{{ value_json.profile }}",
            command_topic=massager.topics.command("select"),
            command_template=_fresh({"device": massager.id}, 'profile": {{ value | tojson }}'),
            qos=COMMANDS["select"].qos,
        ),
    ]


def _hub_availability(topics: Topics) -> Mapping[str, object]:
    return {"topic": topics.out("availability"), "value_template": _HUB_ONLINE}


def _fresh(fixed: Mapping[str, object], last: str = "") -> str:
    """Return a template of a command that says when it was made and is never the same twice.

    `last` is one more member, from within its key to its value.
    """
    head = json.dumps({**fixed, "by": BY, "ttl_s": PRESS_TTL_S})[:-1]
    made = '"ts": "{{ utcnow().isoformat() }}", "id": "ha-{{ utcnow().timestamp() }}"'
    more = f', "{last}' if last else ""
    return f"{head}, {made}{more}}}"


def _some(keys: tuple[str, ...]) -> str:
    members = ", ".join(f"'{key}': value_json.{key}" for key in keys)
    return f"{{{{ {{{members}}} | tojson }}}}"
