"""Trouble: why a proxy cannot be used, in a line, with what mends it."""

from collections.abc import Mapping

from aioesphomeapi.core import (
    APIConnectionError,
    EncryptionHelloAPIError,
    EncryptionPlaintextAPIError,
    InvalidEncryptionKeyAPIError,
    ProtocolAPIError,
    RequiresEncryptionAPIError,
    ResolveAPIError,
    SocketAPIError,
    TimeoutAPIError,
)

from devicehub.config.proxies import Place

_THERE = "is it on, and on this network?"
_KEY = "take the one under api: encryption: key: of its ESPHome configuration"
_KINDS: Mapping[type[BaseException], str] = {
    RequiresEncryptionAPIError: f"it wants its encryption key: proxies.{{name}}.key_file; {_KEY}",
    EncryptionPlaintextAPIError: "it has no encryption, and a key is set for it: take that out",
    EncryptionHelloAPIError: "it has no encryption, and a key is set for it: take that out",
    InvalidEncryptionKeyAPIError: f"its encryption key is another one: {_KEY}",
    ResolveAPIError: f"nobody knows {{host}} on this network; {_THERE}",
    TimeoutAPIError: f"no answer from {{host}} port {{port}}; {_THERE}",
    TimeoutError: f"no answer from {{host}} port {{port}}; {_THERE}",
    SocketAPIError: f"nothing answers at {{host}} port {{port}}; {_THERE}",
}

PASSIVE = (
    "it only listens; for links set bluetooth_proxy: active: true in its ESPHome configuration"
)
NO_PROXY = "it is no Bluetooth proxy: add bluetooth_proxy: to its ESPHome configuration"
TOO_OLD = "its ESPHome is too old: update it to 2023.6 or newer"
IN_USE = "another program hears through it, for example Home Assistant; it serves one at a time"
FLOODS = "it sends more than any proxy does, and is left alone for a while; restart it"
NOT_YET = "it has not answered yet"


def why(error: BaseException, place: Place) -> str:
    """Return why a proxy cannot be used, and what mends it; its key is in none of it."""
    for kind, text in _KINDS.items():
        if isinstance(error, kind):
            return text.format(name=place.name, host=place.host, port=place.port)
    if isinstance(error, APIConnectionError | OSError):
        return f"no connection to {place.host} port {place.port}; {_THERE}"
    return f"it could not be used ({type(error).__name__})"


def is_misbehaviour(error: BaseException) -> bool:
    """Say whether a proxy spoke what none speaks."""
    return type(error) is ProtocolAPIError
