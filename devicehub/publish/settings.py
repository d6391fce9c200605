"""Settings of MQTT: where the broker is, who we are there, what others may do."""

import ipaddress
import urllib.parse
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from devicehub.errors import UsageError
from devicehub.publish.homeassistant import Offer
from devicehub.publish.topics import LEVEL, Topics

PORTS = {"mqtt": 1883, "mqtts": 8883}
SECRETS = ("password", "password_file")
Level = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]


class MqttSettings(BaseModel):
    """`[mqtt]` of the settings; the defaults are for a broker on this computer."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

    url: str
    """`mqtt://host:port`, or `mqtts://` for TLS; may name a user, and should name no password."""
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    """A file with the password in its first line."""
    ca_file: Path | None = None
    """Certificates of who vouches for the broker; the system's where this is not set."""
    cert_file: Path | None = None
    """A certificate of our own, where the broker wants one."""
    key_file: Path | None = None
    plain: bool = False
    """Lets a line to another computer go without TLS: everybody on the way can read and stop."""
    protocol: Literal["auto", "5", "3.1.1"] = "auto"
    base: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}(/[a-z0-9-]{1,32})*$")] = "devicehub"
    site: Level = "home"
    hub: Level | None = None
    """What this hub is called in topics; else the user name at the broker, else an opaque id."""
    remote_start: bool = False
    """Whether sessions may be started, resumed and selected from afar."""
    link_grace_s: Annotated[float, Field(ge=5, le=300)] = 30.0
    """A session that was started from afar stops when the line is gone for so long."""
    progress_hz: Annotated[float, Field(ge=0.1, le=5)] = 2.0
    discovery: bool = False
    """Whether Home Assistant is told of the hub and its massagers."""
    discovery_prefix: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}(/[A-Za-z0-9_-]{1,32})*$")
    ] = "homeassistant"
    """Where Home Assistant looks; as it is set there."""
    discovery_person: Level | None = None
    """Who is under a massager that Home Assistant starts; without it, it has no start button."""
    health_s: Annotated[float, Field(ge=1, le=60)] = 30.0
    will_delay_s: Annotated[int, Field(ge=0, le=25)] = 5
    """A line that comes back within so long was never `lost` to others (MQTT 5)."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        scheme, parts = self._parts()
        if parts.port == 0 or not parts.hostname or scheme not in PORTS:
            raise ValueError("url: mqtt://host, mqtt://host:port or mqtts://host")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("url: nothing may follow the host; topics begin with `base`")
        if scheme == "mqtt" and not self.plain and not on_this_computer(parts.hostname):
            raise ValueError(
                f"url: {parts.hostname} is another computer, and mqtt:// goes there in the clear; "
                "use mqtts://, or set plain = true"
            )
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file: both or neither")
        if self.password is not None and self.password_file is not None:
            raise ValueError("password and password_file: one of them")
        return self

    def _parts(self) -> tuple[str, urllib.parse.SplitResult]:
        try:
            parts = urllib.parse.urlsplit(self.url)
            _ = parts.port
        except ValueError:
            raise ValueError("url: mqtt://host, mqtt://host:port or mqtts://host") from None
        return parts.scheme.lower(), parts

    @property
    def host(self) -> str:
        """Where the broker is."""
        return self._parts()[1].hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        scheme, parts = self._parts()
        return parts.port or PORTS[scheme]

    @property
    def tls(self) -> bool:
        """Whether the line is encrypted, and the broker shows who it is."""
        return self._parts()[0] == "mqtts"

    @property
    def user(self) -> str | None:
        """Who we are at the broker; None: nobody in particular."""
        named = self._parts()[1].username
        return self.username or (urllib.parse.unquote(named) if named else None)

    def secret(self) -> str | None:
        """Return the password; it is in no message and no repr.

        Raises:
            UsageError: Its file cannot be read.
        """
        if self.password is not None:
            return self.password.get_secret_value()
        if self.password_file is not None:
            try:
                return self.password_file.read_text(encoding="utf-8").partition("\n")[0].strip()
            except (OSError, UnicodeDecodeError) as error:
                why = error.strerror if isinstance(error, OSError) else "it is not text"
                raise UsageError(f"mqtt.password_file: {self.password_file}: {why}") from None
        named = self._parts()[1].password
        return urllib.parse.unquote(named) if named else None

    @property
    def shown(self) -> str:
        """The URL as it may be shown: without user and password."""
        scheme, parts = self._parts()
        host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
        return f"{scheme}://{host}:{self.port}"

    def __repr__(self) -> str:
        """Return what may be shown of it."""
        return f"MqttSettings({self.shown})"

    __str__ = __repr__

    @property
    def offer(self) -> Offer:
        """What Home Assistant is offered."""
        return Offer(self.discovery_prefix, self.remote_start, self.discovery_person)

    def topics(self, hub: str) -> Topics:
        """Return the tree of this hub; `hub` is its id where the settings name none."""
        user = self.user
        named = user if user is not None and LEVEL.fullmatch(user) else hub
        return Topics(self.base, self.site, self.hub or named)


class _Environment(BaseSettings):
    """What the environment says about MQTT: DEVICEHUB_MQTT__PASSWORD_FILE and the like."""

    model_config = SettingsConfigDict(
        env_prefix="DEVICEHUB_", env_nested_delimiter="__", hide_input_in_errors=True
    )

    mqtt: dict[str, str] = Field(default_factory=dict[str, str])


def from_url(url: str) -> MqttSettings:
    """Return the settings for a URL of the command line; the rest is the environment's.

    Raises:
        UsageError: Something makes no sense; the text says what would, and shows no secret.
    """
    said = {**_environment(), "url": url}
    try:
        return MqttSettings.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "".join(f" {part}:" for part in first["loc"])
        raise UsageError(f"--mqtt:{where} {first['msg'].removeprefix('Value error, ')}") from None


def _environment() -> dict[str, str]:
    """Return what the environment says of each key. Raises UsageError, which shows no value."""
    try:
        return _Environment().mqtt
    except SettingsError:  # no JSON
        key, right = "MQTT", "is no table; set its keys one by one, as DEVICEHUB_MQTT__USERNAME"
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False)[0]["loc"]
        key, right = "__".join(str(part).upper() for part in where), "must be a text"
    raise UsageError(f"DEVICEHUB_{key}: {right}")


def on_this_computer(host: str) -> bool:
    """Say whether what is sent to `host` stays on this computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
