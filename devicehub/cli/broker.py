"""The broker of a service, from its settings."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import ValidationError

from devicehub.cli.identity import state
from devicehub.config.model import Settings
from devicehub.errors import UsageError
from devicehub.publish.port import HubPort
from devicehub.publish.publisher import Publisher
from devicehub.publish.settings import MqttSettings

_LOG = logging.getLogger("devicehub.publish")


@asynccontextmanager
async def published(settings: Settings, port: HubPort) -> AsyncGenerator[None]:
    """Publish a hub meanwhile, where a broker was named; a mistake in it ends no session.

    Raises:
        UsageError: The settings make no sense to it, or a file of them cannot be used.
    """
    if settings.mqtt.url is None:
        yield
        return
    publisher = Publisher(
        port, settings_of(settings, settings.mqtt.url), _note, kept_in=state() / "mqtt"
    )
    await publisher.__aenter__()
    try:
        yield
    finally:
        try:
            await publisher.__aexit__(None, None, None)
        except Exception:  # noqa: BLE001 - whatever it is: every massager was left, and that counts
            _LOG.exception("MQTT ended in a mistake")


def _note(said: str) -> None:
    """Log what became of the broker."""
    _LOG.log(logging.INFO if ": connected to" in said else logging.WARNING, "%s", said)


def settings_of(settings: Settings, url: str) -> MqttSettings:
    """Return what the publisher has to know, for a broker at `url`.

    Raises:
        UsageError: The settings make no sense to it.
    """
    said: dict[str, Any] = settings.mqtt.model_dump(exclude_none=True)
    said |= {"url": url, "site": settings.hub.site, "hub": settings.hub.id}
    try:
        return MqttSettings.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in ("mqtt", *first["loc"]))
        raise UsageError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None
