"""The settings: every key with its unit, its default, what it means and what would be right.

Strict: no value is turned into another kind, no unknown key is passed over, nothing is clamped.
"""

import ipaddress
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from devicehub.config.proxy import Proxy
from devicehub.config.section import (
    ENV_PREFIX,
    FILE_RIGHT,
    ID_RIGHT,
    NESTED,
    RIGHT,
    File,
    Id,
    Section,
    key,
)

_TOPIC = r"^[a-z0-9-]{1,32}(/[a-z0-9-]{1,32})*$"
_TOPIC_RIGHT = "words of 1 to 32 of a-z, 0-9 and -, with / between them"
_ADDRESS_RIGHT = '"unix:/path" or "host:port"'
LOOK_AT_MOST_EVERY_S = 10.0
_PORTS = {"mqtt": 1883, "mqtts": 8883}


def _broker(url: str) -> str:
    """Check a broker's address. Raises ValueError."""
    parts = urlsplit(url)
    sound = parts.scheme in _PORTS and parts.hostname and (parts.port is None or parts.port > 0)
    if not sound or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(url)
    if parts.username is not None or parts.password is not None:
        raise ValueError(url)
    return url


def _whole(path: str) -> str:
    """Check the address of a simulator's air. Raises ValueError."""
    kind, _, rest = path.partition(":")
    if not kind or not rest or (kind != "unix" and not rest.isdecimal()):
        raise ValueError(path)
    return path


def _never_or_seldom(seconds: float) -> float:
    """Check how often is looked: each time the radio is listened to. Raises ValueError."""
    if 0.0 < seconds < LOOK_AT_MOST_EVERY_S:
        raise ValueError(seconds)
    return seconds


class Hub(Section):
    """Which hub this is, for those outside."""

    site: Id = key("home", "where it is, for topics; an opaque word, no name", ID_RIGHT)
    id: Id | None = key(
        None, "which hub of the site; left out, an opaque id that stays the same", ID_RIGHT
    )


class Mqtt(Section):
    """The broker; without a url there is none."""

    url: Annotated[str, AfterValidator(_broker)] | None = key(
        None,
        "the broker; mqtts: is over TLS",
        '"mqtt://host:1883" or "mqtts://host:8883"; name and password have keys of their own',
    )
    base: str = key("devicehub", "the first words of every topic", _TOPIC_RIGHT, pattern=_TOPIC)
    username: str | None = key(
        None, "this hub's name at the broker", "a name", min_length=1, max_length=128
    )
    password: SecretStr | None = key(
        None,
        "its password",
        f"left out of files: set {ENV_PREFIX}MQTT{NESTED}PASSWORD or give mqtt.password_file",
    )
    password_file: File | None = key(None, "a file with nothing but the password", FILE_RIGHT)
    ca_file: File | None = key(
        None,
        "certificates that the broker's is checked against; left out, the system's",
        FILE_RIGHT,
    )
    cert_file: File | None = key(None, "this hub's certificate, if it has one", FILE_RIGHT)
    key_file: File | None = key(None, "its key", FILE_RIGHT)
    plain: bool = key(
        False, "speak without TLS to a broker that is not on this computer", "true or false"
    )
    protocol: Literal["auto", "5", "3.1.1"] = key(
        "auto", "version of MQTT; auto takes 5 and falls back", '"auto", "5" or "3.1.1"'
    )
    remote_start: bool = key(
        False, "whether anybody may start a session over MQTT", "true or false"
    )
    progress_hz: float = key(
        2.0, "progress messages a second while a session runs", "from 0.1 to 5", ge=0.1, le=5.0
    )
    link_grace_s: float = key(
        30.0,
        "seconds without a broker after which a session that was started over MQTT ends softly",
        "from 5 to 300",
        ge=5.0,
        le=300.0,
    )
    discovery: bool = key(True, "whether Home Assistant is told of the massagers", "true or false")
    discovery_prefix: str = key(
        "homeassistant",
        "where it looks for them",
        "1 to 32 letters, digits, _ and -",
        pattern=r"^[A-Za-z0-9_-]{1,32}$",
    )
    discovery_person: Id | None = key(
        None,
        "who is under a massager that Home Assistant starts; left out, it has no start button",
        f"an opaque id: {ID_RIGHT}",
    )

    @property
    def host(self) -> str | None:
        """The broker's host, or None."""
        return None if self.url is None else urlsplit(self.url).hostname

    @property
    def port(self) -> int:
        """The broker's port."""
        parts = urlsplit(self.url or "mqtt:")
        return parts.port or _PORTS[parts.scheme]

    @property
    def tls(self) -> bool:
        """Whether the broker is spoken to over TLS."""
        return self.url is not None and urlsplit(self.url).scheme == "mqtts"

    @property
    def is_near(self) -> bool:
        """Whether the broker is on this computer."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host or "").is_loopback
        except ValueError:
            return False


class Device(Section):
    """One massager that is served, under the id that its table has."""

    device: str = Field(
        description="what it is on a command line: a saved name, sim:MODEL, an address or a name",
        json_schema_extra={RIGHT: "a DEVICE as for play"},
        min_length=1,
        max_length=200,
    )
    profile: str | None = key(
        None, "what it plays when nothing else is chosen", "a profile's name", min_length=1
    )
    zone: str | None = key(
        None, "where it is held, for a handheld", "a zone of the back", min_length=1
    )


class History(Section):
    """How much of what happened is kept."""

    days: int = key(
        90, "days for which events and sessions are kept", "from 1 to 3650", ge=1, le=3650
    )
    events: int = key(
        20_000, "events that are kept at most", "from 100 to 1000000", ge=100, le=1_000_000
    )


class Log(Section):
    """What is logged, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = key(
        "info", "the least that is worth a line", '"debug", "info", "warning" or "error"'
    )
    format: Literal["text", "json"] = key(
        "text", "for people, or one JSON object a line", '"text" or "json"'
    )


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=NESTED,
    )

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[Any, ...]:
        """Take what it is made of and nothing else: `sources.load` brings the sources together."""
        return (sources["init_settings"],)

    language: Literal["en", "ru"] = key(
        "en", "of questions, profiles and cues, where no --language says otherwise", '"en" or "ru"'
    )
    ceiling: float = key(
        1.0,
        "the highest level of any session here; caps can only be tightened",
        "above 0, at most 1",
        gt=0.0,
        le=1.0,
    )
    air: Annotated[str, AfterValidator(_whole)] | None = key(
        None, "a simulator's air instead of Bluetooth", _ADDRESS_RIGHT
    )
    look_every_s: Annotated[float, AfterValidator(_never_or_seldom)] = key(
        60.0,
        "seconds between looks for massagers that nobody plays; 0 never looks",
        "0, or from 10 to 3600",
        ge=0.0,
        le=3600.0,
    )
    hub: Hub = key(Hub(), "which hub this is", "a table")
    mqtt: Mqtt = key(Mqtt(), "the broker", "a table")
    devices: dict[Id, Device] = key(
        {},
        "the massagers that are served, a table for each",
        f"a table [devices.ID] for each; an ID is {ID_RIGHT}",
    )
    proxies: dict[Id, Proxy] = key(
        {},
        "Bluetooth proxies, a table for each",
        f"a table [proxies.ID] for each; an ID is {ID_RIGHT}",
    )
    history: History = key(History(), "what is kept", "a table")
    log: Log = key(Log(), "what is logged", "a table")
