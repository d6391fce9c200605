"""Addresses of streams: `unix:/path` or `host:port`."""

from dataclasses import dataclass
from pathlib import Path

_UNIX = "unix:"
_PORTS = range(65536)


@dataclass(frozen=True, slots=True)
class UnixEndpoint:
    """A socket file."""

    path: Path


@dataclass(frozen=True, slots=True)
class TcpEndpoint:
    """A port of a host; an IPv6 address stands in brackets where it is written."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_endpoint(address: str) -> UnixEndpoint | TcpEndpoint:
    """Read an address.

    Raises:
        ValueError: when it is none; the text is one line.
    """
    if address.startswith(_UNIX) and address != _UNIX:
        return UnixEndpoint(Path(address.removeprefix(_UNIX)))
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if address != _UNIX and host and port.isdecimal() and int(port) in _PORTS:
        return TcpEndpoint(host, int(port))
    raise ValueError(f"address {address!r}: expected unix:/path or host:port")
