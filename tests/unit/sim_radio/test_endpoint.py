"""Addresses of streams."""

from pathlib import Path

import pytest

from firmware_sim.endpoint import TcpEndpoint, UnixEndpoint, parse_endpoint


def test_a_path_after_unix_is_a_socket_file() -> None:
    assert parse_endpoint("unix:/run/air") == UnixEndpoint(Path("/run/air"))


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        ("127.0.0.1:7000", TcpEndpoint("127.0.0.1", 7000)),
        ("localhost:0", TcpEndpoint("localhost", 0)),
        ("[::1]:7000", TcpEndpoint("::1", 7000)),
    ],
)
def test_host_and_port_are_a_port(address: str, endpoint: TcpEndpoint) -> None:
    assert parse_endpoint(address) == endpoint
    assert str(endpoint) == address


@pytest.mark.parametrize("address", ["", "unix:", ":7000", "host:", "host:x", "host:65536", "host"])
def test_what_is_no_address_is_named_in_one_line(address: str) -> None:
    with pytest.raises(ValueError, match="expected unix:/path or host:port") as mistake:
        parse_endpoint(address)
    assert "\n" not in str(mistake.value)
