"""Hold what Home Assistant is told against Home Assistant's own parser, schemas and templates.

`make ha-check` runs it in an environment that has Home Assistant and nothing of ours: it reads what
`devicehub mqtt discovery --json` prints, one message a line. Imports by name, because that
environment is not the one in which this project's types are checked.
"""

import asyncio
import importlib
import json
import logging
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, cast

MQTT = "homeassistant.components.mqtt"
# What our payloads look like, by the last part of their topic; docs/mqtt.schema.json has them.
STATES: Mapping[str, Mapping[str, Any]] = {
    "availability": {"state": "lost", "link": "idle"},
    "info": {"version": "0.1.0", "battery_percent": 80, "selected": "taster"},
    "session": {
        "state": "playing",
        "may_be_running": True,
        "title": "Taster",
        "profile": "taster",
        "phase": "1 of 3: stroking",
        "cue": "",
        "zones": ["trapezius_upper"],
        "origin": "local",
        "started": "2026-11-22T07:03:10.000Z",
        "planned_s": 90.0,
        "ceiling": 0.6,
        "presence_asked": False,
        "end": None,
    },
    "progress": {"remaining_s": 12.5},
    "alert": {"alerts": [{"kind": "no_echo", "device": None}]},
    "+": {"severity": "critical", "kind": "lost", "detail": "", "device": "?", "hist": False},
}


class _Listening(logging.Handler):
    """Keeps what Home Assistant complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def part(name: str) -> Any:  # Home Assistant is not there while types are checked
    return importlib.import_module(name)


def checked(hass: Any, topic: str, config: Mapping[str, Any]) -> list[str]:
    """Return the entities of one message after every check that Home Assistant makes."""
    discovery = part(f"{MQTT}.discovery")
    match = discovery.TOPIC_MATCHER.match(topic.split("/", 1)[1])
    if match is None:
        raise SystemExit(f"{topic}: Home Assistant does not look there")
    kind, node, device = match.groups()
    if kind != "device":
        raise SystemExit(f"{topic}: no discovery of a device")
    parsed = discovery._parse_device_payload(hass, json.dumps(config), device, node)
    if not parsed:
        raise SystemExit(f"{topic}: Home Assistant's parser refuses it")
    return [entity(hass, parsed, (device, key), each) for key, each in parsed["components"].items()]


def entity(hass: Any, parsed: Any, where: tuple[str, str], config: dict[str, Any]) -> str:
    """Check one entity by its platform's schema, and render its templates."""
    discovery = part(f"{MQTT}.discovery")
    device, key = where
    platform = config.pop("platform")
    payload = discovery.MQTTDiscoveryPayload(config)
    payload["device"], payload["origin"] = parsed["device"], parsed.get("origin")
    discovery._merge_common_device_options(payload, parsed)
    try:
        valid = part(f"{MQTT}.{platform}").DISCOVERY_SCHEMA(payload)
    except part("voluptuous").Invalid as error:
        raise SystemExit(f"{key}: {error}") from None
    shown = [shows(hass, valid, device)] if "state_topic" in valid else []
    done = [does(hass, valid)] if "command_topic" in valid else []
    say(f"  {platform:14} {key:10} {'  <- '.join([*shown, *done])}")
    return key


def shows(hass: Any, config: Mapping[str, Any], device: str) -> str:
    """Render a state's template over a payload as it comes."""
    state = dict(STATES[config["state_topic"].rsplit("/", 1)[1]])
    if "device" in state:
        state["device"] = device
    return render(hass, config["value_template"], json.dumps(state))


def does(hass: Any, config: Mapping[str, Any]) -> str:
    """Return what a press sends; a template's has to be a command that is fresh."""
    template = config.get("command_template")
    if template is None:
        return str(json.loads(config["payload_press"]))
    template.hass = hass
    value = "taster" if "options" in config else 0.4
    first, second = (
        json.loads(template.async_render({"value": value}, parse_result=False)) for _ in range(2)
    )
    if first["id"] == second["id"] or not first["ts"]:
        raise SystemExit(f"{config['unique_id']}: two presses are the same")
    return str(first)


def render(hass: Any, template: Any, payload: str) -> str:
    template.hass = hass
    shown = template.async_render_with_possible_json_value(payload, "")
    if shown == "":
        raise SystemExit(f"{template.template}: shows nothing of {payload}")
    return str(shown)


async def check(lines: Sequence[str]) -> int:
    listening = _Listening()
    logging.getLogger().addHandler(listening)
    with tempfile.TemporaryDirectory() as folder:
        hass = part("homeassistant.core").HomeAssistant(folder)
        keys: list[str] = []
        for line in lines:
            message = cast("dict[str, Any]", json.loads(line))
            say(message["topic"])
            keys += checked(hass, message["topic"], message["config"])
        await hass.async_stop(force=True)
    for told in listening.told:
        say(told)
    version = part("homeassistant.const").__version__
    say(f"Home Assistant {version} takes {len(lines)} messages with {len(keys)} entities")
    return 1 if listening.told or not keys else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(check([line for line in sys.stdin if line.strip()])))
