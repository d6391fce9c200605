"""The contract as documents: JSON Schemas of every payload, and an AsyncAPI 3 description.

Both are made from the models and the table of topics, and lie in docs/; a test fails when they do
not say the same any more. `python -m devicehub.publish.asyncapi DOCS` writes them anew.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from devicehub.publish import wire
from devicehub.publish.client import KEEPALIVE_S
from devicehub.publish.commands import IN
from devicehub.publish.packets import RECEIVE_MAX, SESSION_EXPIRY_S
from devicehub.publish.topics import COMMANDS, OUT, Channel

Json = dict[str, Any]
_Asked = tuple[type[BaseModel], JsonSchemaMode]
SCHEMA, DOCUMENT = "mqtt.schema.json", "asyncapi.json"
_BINDING = "0.2.0"
_ROOT = "{base}/v1/{site}/{hub}"
_PARAMETERS = {
    "base": "The base topic of the settings, devicehub where nothing else is set.",
    "site": "Where the hub is.",
    "hub": "Which hub of the site.",
    "device": "Which massager; an opaque id, no name and no radio address.",
    "severity": "info, warning or critical.",
}


def schemas() -> Json:
    """Return the JSON Schemas of all payloads, those that come in as `cmd_...`."""
    outgoing: list[_Asked] = [(model, "serialization") for model in wire.OUT.values()]
    incoming: list[_Asked] = [(model, "validation") for model in IN.values()]
    where, found = models_json_schema([*outgoing, *incoming], ref_template="#/$defs/{model}")
    named: Json = {kind: where[model, "serialization"] for kind, model in wire.OUT.items()}
    named |= {f"cmd_{name}": where[model, "validation"] for name, model in IN.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What devicehub says and hears over MQTT",
        "description": "Which payload belongs to which topic is in asyncapi.json and mqtt.md.",
        "$defs": found["$defs"] | named,
    }


def document() -> Json:
    """Return the AsyncAPI 3 document."""
    parts = {name: ("send", channel) for name, channel in OUT.items()}
    parts |= {f"cmd_{name}": ("receive", channel) for name, channel in COMMANDS.items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "devicehub over MQTT",
            "version": wire.CONTRACT,
            "description": "Session state of massagers, and what may be asked. See mqtt.md.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {name: _channel(name, channel) for name, (_, channel) in parts.items()},
        "operations": {name: _operation(name, *part) for name, part in parts.items()},
        "components": {
            "parameters": {name: {"description": said} for name, said in _PARAMETERS.items()},
            "messages": {name: _message(name) for name in parts},
            "schemas": _moved(schemas()["$defs"]),
        },
    }


def _server() -> Json:
    return {
        "host": "broker.example.org:8883",
        "protocol": "mqtts",
        "protocolVersion": "5.0",
        "description": "Any broker; 3.1.1 works as well.",
        "bindings": {
            "mqtt": {
                "clientId": "{hub}",
                "cleanSession": False,
                "keepAlive": KEEPALIVE_S,
                "sessionExpiryInterval": SESSION_EXPIRY_S,
                "lastWill": {
                    "topic": f"{_ROOT}/{OUT['availability'].path}",
                    "qos": OUT["availability"].qos,
                    "retain": True,
                    "message": '{"v":1,"state":"lost"}',
                },
                "bindingVersion": _BINDING,
            }
        },
        "x-receive-maximum": RECEIVE_MAX,
    }


def _channel(name: str, channel: Channel) -> Json:
    address = f"{_ROOT}/{channel.path}"
    used = [parameter for parameter in _PARAMETERS if f"{{{parameter}}}" in address]
    return {
        "address": address,
        "description": channel.why,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {each: {"$ref": f"#/components/parameters/{each}"} for each in used},
    }


def _operation(name: str, action: str, channel: Channel) -> Json:
    binding: Json = {"qos": channel.qos, "retain": channel.retain, "bindingVersion": _BINDING}
    if channel.expiry_s is not None:
        binding["messageExpiryInterval"] = channel.expiry_s
    made: Json = {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": channel.why,
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"mqtt": binding},
    }
    if action == "receive":
        made["reply"] = {
            "address": {
                "location": "$message.header#/responseTopic",
                "description": "MQTT 5 Response Topic with its correlation data, as mqtt.md says; "
                "else the channel `reply`, where the command's id is echoed.",
            },
            "channel": {"$ref": "#/channels/reply"},
            "messages": [{"$ref": "#/channels/reply/messages/reply"}],
        }
    return made


def _message(name: str) -> Json:
    return {
        "name": name,
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{name}"},
    }


def _moved(definitions: Json) -> Json:
    text = json.dumps(definitions).replace("#/$defs/", "#/components/schemas/")
    return json.loads(text)


def main() -> None:
    """Write both documents into the folder that is named."""
    folder = Path(sys.argv[1])
    for name, made in ((SCHEMA, schemas()), (DOCUMENT, document())):
        (folder / name).write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
