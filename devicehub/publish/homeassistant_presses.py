"""Home Assistant's buttons: what can be pressed at a hub and at a massager.

Stop depends on the hub alone: it can be pressed while a massager is out of reach, and stops
whatever there is to stop.
"""

import json

from devicehub.publish.homeassistant_words import BY, Entity, Hub, Massager, fresh, hub_availability
from devicehub.publish.topics import COMMANDS

CEILING_STEP = 0.05


def stop_everything(hub: Hub) -> Entity:
    """Return the button that stops everything that a hub plays."""
    return {
        "platform": "button",
        "unique_id": f"{hub.id}-stop",
        "name": "Stop everything",
        "icon": "mdi:stop-circle",
        "command_topic": hub.topics.command("stop"),
        "payload_press": json.dumps({"by": BY}),
        "qos": COMMANDS["stop"].qos,
        "availability": [hub_availability(hub.topics)],
    }


def presses(massager: Massager) -> list[tuple[str, Entity]]:
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
            availability=[hub_availability(topics)],
        ),
        massager.press("Pause", "pause", icon="mdi:pause"),
        massager.press("I am here", "present", icon="mdi:hand-wave"),
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
            command_template=fresh({"device": massager.id}, 'level": {{ value }}'),
            qos=COMMANDS["ceiling"].qos,
        ),
    ]


def moving(massager: Massager) -> list[tuple[str, Entity]]:
    """Return what can make a motor move, now or at the next start."""
    return [
        *_start(massager),
        massager.press("Resume", "resume", icon="mdi:play-pause"),
        massager.press("Moved", "moved", icon="mdi:hand-okay"),
        massager.entity(
            "select",
            "profile",
            "Profile",
            icon="mdi:playlist-music",
            options=list(massager.profiles),
            state_topic=massager.out("device_info"),
            value_template="{{ value_json.selected }}",
            command_topic=massager.topics.command("select"),
            command_template=fresh({"device": massager.id}, 'profile": {{ value | tojson }}'),
            qos=COMMANDS["select"].qos,
        ),
    ]


def _start(massager: Massager) -> list[tuple[str, Entity]]:
    """Return the button that starts what is selected; another choice is told as a new button."""
    if massager.person is None or massager.selected is None:
        return []
    wanted = {"device": massager.id, "profile": massager.selected, "person": massager.person}
    start = massager.entity(
        "button",
        "start",
        "Start",
        icon="mdi:play",
        command_topic=massager.topics.command("start"),
        command_template=fresh(wanted),
        qos=COMMANDS["start"].qos,
    )
    return [start]
