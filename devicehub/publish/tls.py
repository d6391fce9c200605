"""TLS: how the broker is verified, and who we are to it."""

import ssl

from devicehub.errors import UsageError
from devicehub.publish.settings import MqttSettings


class _Closing(ssl.SSLSocket):
    """Closes itself when the broker cannot show who it is; paho would leave that to chance."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def context(settings: MqttSettings) -> ssl.SSLContext | None:
    """Return how the broker is verified, and who we are to it; None where no TLS is wanted.

    Raises:
        UsageError: A file cannot be read, or holds no certificate.
    """
    if not settings.tls:
        return None
    try:
        made = ssl.create_default_context(cafile=settings.ca_file)
        made.sslsocket_class = _Closing
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        if settings.cert_file is not None:
            made.load_cert_chain(settings.cert_file, settings.key_file, password=lambda: "")
    except OSError as error:  # ssl.SSLError is one
        named = [settings.ca_file, settings.cert_file, settings.key_file]
        files = ", ".join(str(file) for file in named if file is not None)
        raise UsageError(f"mqtt: {files}: {error.strerror or error}") from None
    return made
