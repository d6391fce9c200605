"""Settings of an ESPHome Bluetooth proxy, which brings massagers of another room within reach."""

import base64
import binascii
import re
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, SecretStr

from devicehub.config.section import ENV_PREFIX, FILE_RIGHT, NESTED, RIGHT, File, Section
from devicehub.config.section import key as _setting

PORT = 6053
"""Where ESPHome's native API listens."""
KEY_RIGHT = "32 bytes in base64, as under api: encryption: key: of its ESPHome configuration"
KEY_HINT = "that looks like a key: put it into a file, and give proxies.ID.key_file"
HIDDEN = "***"
_KEY_BYTES = 32
Value = TypeVar("Value", str, Path)
# With all around it that a person may paste as well, or without its last "=", which a double click
# does not take along.
_LIKE_A_KEY = re.compile(r"[A-Za-z0-9+/]{43}=|^[A-Za-z0-9+][A-Za-z0-9+/]{42}$")


def is_key(text: str) -> bool:
    """Say whether `text` spells an encryption key."""
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def resembles_key(value: object) -> bool:
    """Say whether a value may be an encryption key, wherever it stands."""
    return _LIKE_A_KEY.search(str(value).strip()) is not None


def _no_key(value: Value) -> Value:
    """Return what is no key. Raises ValueError, which says nothing of it."""
    if resembles_key(value):
        raise ValueError(KEY_HINT)
    return value


def _key(secret: SecretStr) -> SecretStr:
    """Check an encryption key. Raises ValueError, which says nothing of it."""
    if not is_key(secret.get_secret_value()):
        raise ValueError(KEY_RIGHT)
    return secret


class Proxy(Section):
    """One proxy, under the id that its table has."""

    host: Annotated[str, AfterValidator(_no_key)] = Field(
        description="its name on the network, or its address",
        json_schema_extra={RIGHT: "a host, without a port"},
        pattern=r"^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Za-z:.%]{0,54})$",
    )
    port: int = _setting(PORT, "where its API listens", "from 1 to 65535", ge=1, le=65535)
    key: Annotated[SecretStr, AfterValidator(_key)] | None = _setting(
        None,
        "its encryption key; a proxy without one is spoken to in the clear",
        f"{KEY_RIGHT}; left out of files: set {ENV_PREFIX}PROXIES{NESTED}ID{NESTED}KEY or give "
        "proxies.ID.key_file",
    )
    key_file: Annotated[File, AfterValidator(_no_key)] | None = _setting(
        None, "a file with nothing but that key", FILE_RIGHT
    )
