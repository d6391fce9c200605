"""TLS: how the broker is verified, and who we are to it."""

import ssl

from devicehub.errors import UsageError
from devicehub.publish.settings import MqttSettings


def context(settings: MqttSettings) -> ssl.SSLContext | None:
    """Return how the broker is verified, and who we are to it; None where no TLS is wanted.

    Raises:
        UsageError: A file cannot be read, or holds no certificate.
    """
    if not settings.tls:
        return None
    try:
        made = ssl.create_default_context(cafile=settings.cafile)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.certfile is not None:
            made.load_cert_chain(settings.certfile, settings.keyfile, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        named = [settings.cafile, settings.certfile, settings.keyfile]
        files = ", ".join(str(file) for file in named if file is not None)
        raise UsageError(f"mqtt: {files}: {error.strerror or error}") from None
    return made
