"""The proxies of this user. Light for who has none: the settings load only where some are named."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from devicehub.config.places import default_path
from devicehub.errors import UsageError

if TYPE_CHECKING:
    from devicehub.config.model import Proxy

_NAME = "proxies"
_VARIABLES = "DEVICEHUB_PROXIES"


@dataclass(frozen=True, slots=True)
class Place:
    """One proxy of this user.

    Attributes:
        name: What its user calls it.
        host: Its name on the network, or its address.
        port: Where its API listens.
        key: Its encryption key, 32 bytes in base64; None for a proxy without. Never shown.
    """

    name: str
    host: str
    port: int
    key: str | None = field(default=None, repr=False)


def proxies(file: Path | None = None) -> tuple[Place, ...]:
    """Return the proxies of `file`, or of the usual one and the environment.

    Raises:
        UsageError: The settings that name some are wrong, or a key cannot be read.
    """
    if not _named(file):
        return ()
    from devicehub.config.sources import load  # noqa: PLC0415 - pydantic, for who has proxies

    settings = load(file).settings
    return tuple(
        Place(name, one.host, one.port, _key(name, one)) for name, one in settings.proxies.items()
    )


def _named(file: Path | None) -> bool:
    """Say whether anything may be said of proxies at all."""
    if any(name.upper().startswith(_VARIABLES) for name in os.environ):
        return True
    try:
        return _NAME.encode() in (file or default_path()).read_bytes()
    except OSError:
        return file is not None  # one that is named must be there, and `load` says so


def _key(name: str, proxy: "Proxy") -> str | None:
    if proxy.key is not None:
        return proxy.key.get_secret_value()
    if proxy.key_file is None:
        return None
    from devicehub.config.proxy import KEY_RIGHT, is_key  # noqa: PLC0415 - as above

    where = f"proxies.{name}.key_file: {proxy.key_file}"
    try:
        key = proxy.key_file.expanduser().read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UsageError(f"{where}: {why}") from None
    if not is_key(key):
        raise UsageError(f"{where}: holds no key; {KEY_RIGHT}")
    return key
