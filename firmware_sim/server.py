"""Simulated massagers in a process of their own: each connection is a new virtual dongle."""

import asyncio
import contextlib
import ipaddress
import os
import socket
import stat
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bumble.transport.common import StreamPacketSink, StreamPacketSource

from firmware_sim.air import populate
from firmware_sim.endpoint import TcpEndpoint, UnixEndpoint, parse_endpoint
from firmware_sim.faults import Fault
from firmware_sim.radio import Radio
from firmware_sim.radio_contact import Weather
from firmware_sim.radio_controller import RadioController
from firmware_sim.tape import OnFailure

_OWNER_ONLY = 0o177  # umask: HCI has no passwords, so the file's mode is the lock
_LOCALHOST = "127.0.0.1"


@contextlib.asynccontextmanager
async def serve(  # noqa: PLR0913 - one parameter a thing to set
    models: Sequence[str],
    address: str,
    tapes: Mapping[str, Path] | None = None,
    faults: Sequence[Fault] = (),
    *,
    pacing: bool = True,
    interval_s: float | None = None,
    on_failure: OnFailure | None = None,
) -> AsyncGenerator[str, None]:
    """Switch massagers on and let hubs of other processes come.

    Args:
        models: Their models; the second of a model is known as `MODEL#2`, and so on.
        address: `unix:/path`, or `host:port` on this machine; port 0 picks a free one.
        tapes: Where to write whose tape.
        faults: What goes wrong with each of them.
        pacing: True for the latency of a real radio, False for packets that pass at once.
        interval_s: Connection interval of every connection; None takes what each hub asks for.
        on_failure: Hears at once of a tape that cannot be written; at the end it is raised.

    Yields:
        The address that is bound, in the form that `join` takes.

    Raises:
        ValueError: when a model or the address is not possible; the text is one line.
        OSError: when the address is taken or a tape cannot be written.
    """
    with _listening(address) as (sock, bound):
        radio = Radio(Weather(pacing=pacing, interval_s=interval_s))
        async with contextlib.AsyncExitStack() as stack:
            await populate(stack, radio, models, tapes or {}, faults, on_failure)
            hub = _Hub(radio)
            server = await asyncio.get_running_loop().create_server(hub.plug, sock=sock)
            try:
                yield bound
            finally:
                server.close()
                await hub.unplug_all()
                await server.wait_closed()


@dataclass(eq=False)
class _Hub:
    """The dongles that are plugged into a radio."""

    radio: Radio
    dongles: dict["_Dongle", None] = field(default_factory=dict["_Dongle", None])
    count: int = 0

    def plug(self) -> "_Dongle":
        self.count += 1
        return _Dongle(self, f"dongle-{self.count}")

    async def unplug_all(self) -> None:
        for dongle in tuple(self.dongles):
            dongle.unplug()
        while self.dongles:
            await asyncio.wait([dongle.gone for dongle in self.dongles])


class _Dongle(StreamPacketSource):
    """One connection: the host at its far end owns a chip on the radio."""

    def __init__(self, hub: _Hub, name: str) -> None:
        super().__init__()
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hub = hub
        self._name = name

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._stream = cast("asyncio.WriteTransport", transport)
        sink = StreamPacketSink(self._stream)
        self._chip = RadioController(self._name, self._hub.radio, self, sink)
        self._hub.dongles[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # however it ended, the dongle is gone
        self._chip.host = None
        self._hub.radio.remove_controller(self._chip)
        self._hub.dongles.pop(self, None)
        self.gone.set_result(None)

    def unplug(self) -> None:
        self._stream.abort()


@contextlib.contextmanager
def _listening(address: str) -> Generator[tuple[socket.socket, str], None, None]:
    """Bind an address and free it at the end; yields the socket and what was bound."""
    match parse_endpoint(address):
        case TcpEndpoint() as endpoint:
            with _bind_loopback(endpoint) as sock:
                host, port = sock.getsockname()[:2]
                yield sock, str(TcpEndpoint(host, port))
        case UnixEndpoint(path):
            with _bind_unix(path) as sock:
                ours = path.stat().st_ino
                try:
                    yield sock, address
                finally:
                    _unlink(path, ours)


def _bind_loopback(endpoint: TcpEndpoint) -> socket.socket:
    host = _LOCALHOST if endpoint.host == "localhost" else endpoint.host
    try:
        is_local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise ValueError(
            f"address '{endpoint}': HCI has no passwords, so only this machine may connect;"
            f" expected {_LOCALHOST}:PORT, [::1]:PORT or unix:/path"
        )
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return _bind(sock, (host, endpoint.port))


def _bind_unix(path: Path) -> socket.socket:
    _clear_stale(path)
    mask = os.umask(_OWNER_ONLY)
    try:
        return _bind(socket.socket(socket.AF_UNIX), str(path))
    finally:
        os.umask(mask)


def _bind(sock: socket.socket, where: tuple[str, int] | str) -> socket.socket:
    try:
        sock.bind(where)
    except OSError:
        sock.close()
        raise
    return sock


def _unlink(path: Path, inode: int) -> None:
    """Remove our socket file, but not one that another process has put in its place."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_ino == inode:
            path.unlink()


def _clear_stale(path: Path) -> None:
    """Remove the socket of a process that died; leave anything else alone."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ValueError(f"address 'unix:{path}': a file that is not a socket is in the way")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise ValueError(f"address 'unix:{path}': another process listens there")
