"""Home Assistant's entities: what it shows of a hub and of a massager.

Levels are fractions, 0 to 1, as everywhere.
"""

from devicehub.messages import SessionState
from devicehub.publish.homeassistant_presses import moving, presses, stop_everything
from devicehub.publish.homeassistant_words import Entity, Hub, Massager, hub_availability

# Told twice a second while it plays; after so long without, Home Assistant shows nothing.
FORGOTTEN_S = 15
_SHOWN_OF_SESSION = (
    "title",
    "profile",
    "phase",
    "cue",
    "zones",
    "move_to",
    "origin",
    "started",
    "planned_s",
    "presence_asked",
    "end",
)


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
    update: Entity = {
        "platform": "update",
        "unique_id": f"{hub.id}-update",
        "name": "Version",
        # A hub asks nobody what the newest version is, so this tells the installed one alone.
        "enabled_by_default": False,
        "state_topic": topics.out("info"),
        "value_template": "{{ {'installed_version': value_json.version} | tojson }}",
        "availability": [hub_availability(topics)],
    }
    return {"connected": there, "stop": stop_everything(hub), "update": update}


def of_massager(massager: Massager) -> dict[str, Entity]:
    """Return what is shown of a massager, by key."""
    shown = [*_sensors(massager), *_states(massager), *presses(massager)]
    if massager.remote_start:
        shown += moving(massager)
    return dict(shown)


def _sensors(massager: Massager) -> list[tuple[str, Entity]]:
    session = massager.out("session")
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
    ]


def _states(massager: Massager) -> list[tuple[str, Entity]]:
    session, device = massager.out("session"), massager.id
    alert = (
        f"{{{{ 'ON' if value_json.alerts | selectattr('device', 'in', ['{device}', none])"
        " | list else 'OFF' }}"
    )
    return [
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
            availability=[hub_availability(massager.topics)],
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
        availability=[hub_availability(massager.topics)],
    )


def _some(keys: tuple[str, ...]) -> str:
    members = ", ".join(f"'{key}': value_json.{key}" for key in keys)
    return f"{{{{ {{{members}}} | tojson }}}}"
