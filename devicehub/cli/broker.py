"""The broker of a service, from its settings."""

import logging
from contextlib import AbstractAsyncContextManager
from typing import Any

from pydantic import ValidationError

from devicehub.config.model import Settings
from devicehub.errors import UsageError
from devicehub.publish.port import HubPort
from devicehub.publish.publisher import Publisher
from devicehub.publish.settings import MqttSettings

_OURS = {"discovery", "discovery_prefix"}
_LOG = logging.getLogger("devicehub.publish")


def publisher_for(settings: Settings, port: HubPort) -> AbstractAsyncContextManager[object] | None:
    """Return what publishes a hub, or None where no broker was named.

    Raises:
        UsageError: The settings make no sense to it.
    """
    if settings.mqtt.url is None:
        return None
    said: dict[str, Any] = settings.mqtt.model_dump(exclude=_OURS, exclude_none=True)
    said |= {"site": settings.hub.site, "hub": settings.hub.id}
    try:
        mqtt = MqttSettings.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise UsageError(f"mqtt: {first['msg']}") from None
    return Publisher(port, mqtt, _LOG.warning)
