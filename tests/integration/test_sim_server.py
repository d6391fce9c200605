"""Massagers in another process: who may come in, and what happens when a side dies."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError
from bumble.controller import Controller
from bumble.transport.common import StreamPacketSink, StreamPacketSource

from firmware_sim import SimulatedAir, join
from firmware_sim.server import serve
from tests.patience import PATIENCE_S
from tests.unmeasured import environment

CAPE, WAND = "reference-cape", "lovense-domi"
LEVELS = "7d3c0002-52a4-4c0e-9f6b-2b1e8a6cd101"
STOP = b"\x00"

pytestmark = pytest.mark.wallclock


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"unix:{tmp_path}/hci"


@contextmanager
def running(program: str, *arguments: str) -> Generator[subprocess.Popen[bytes], None, None]:
    """Run Python in another process until the block ends; its first line has come."""
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            yield process
        finally:
            process.kill()
            process.communicate()


SIMULATOR = "from firmware_sim.cli import main; main()"
HUB = """
import asyncio, sys
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError
import firmware_sim
async def main():
    async with firmware_sim.join(sys.argv[1]) as air:
        address = air.addresses["reference-cape"]
        async with BleakClient(address, backend=air.client, **air.options):
            print("connected", flush=True)
            await asyncio.Event().wait()
asyncio.run(main())
"""


def cape_of(air: SimulatedAir, **kwargs: Any) -> BleakClient:
    how: dict[str, Any] = {"timeout": PATIENCE_S} | air.options | kwargs
    return BleakClient(air.addresses[CAPE], backend=air.client, **how)


def test_a_socket_file_is_the_owners_alone_and_goes_with_the_server(tmp_path: Path) -> None:
    path = tmp_path / "hci"

    async def story() -> None:
        async with serve([CAPE], f"unix:{path}"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not path.exists()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(story())


def test_the_socket_file_of_a_dead_server_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "hci"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    async def story() -> None:
        async with serve([CAPE], f"unix:{path}") as bound, join(bound) as air:
            assert air.simulated

    asyncio.run(story())


def test_the_socket_file_of_a_living_server_is_left_alone(address: str) -> None:
    async def story() -> None:
        async with serve([CAPE], address):
            with pytest.raises(ValueError, match="another process listens there"):
                await serve([CAPE], address).__aenter__()
            async with join(address) as air:
                assert air.simulated

    asyncio.run(story())


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter"
    path.write_text("dear reader")

    async def story() -> None:
        with pytest.raises(ValueError, match="not a socket"):
            await serve([CAPE], f"unix:{path}").__aenter__()

    asyncio.run(story())
    assert path.read_text() == "dear reader"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_port_0_picks_a_port_and_says_which(host: str) -> None:
    async def story() -> None:
        async with serve([CAPE], f"{host}:0") as bound:
            assert not bound.endswith(":0")
            async with join(bound) as air, cape_of(air) as client:
                await client.write_gatt_char(LEVELS, STOP, response=True)

    asyncio.run(story())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "[::]", "example.org"])  # noqa: S104
def test_a_host_that_others_reach_is_refused_in_one_line(host: str) -> None:
    async def story() -> None:
        with pytest.raises(ValueError, match="only this machine may connect") as mistake:
            await serve([CAPE], f"{host}:0").__aenter__()
        assert "\n" not in str(mistake.value)

    asyncio.run(story())


def test_two_hubs_share_one_air(address: str) -> None:
    async def story() -> None:
        async with serve([CAPE, WAND], address), join(address) as one, join(address) as two:
            how: dict[str, Any] = {"timeout": PATIENCE_S} | two.options
            other = BleakClient(two.addresses[WAND], backend=two.client, **how)
            async with cape_of(one) as cape, other as wand:
                assert cape.is_connected
                assert wand.is_connected

    asyncio.run(story())


def test_a_killed_hub_is_missed_and_its_massager_free_again(address: str) -> None:
    async def story() -> None:
        async with serve([CAPE], address):
            with await asyncio.to_thread(running(HUB, address).__enter__) as hub:
                hub.send_signal(signal.SIGKILL)
                await asyncio.to_thread(hub.wait)
            async with join(address) as air, cape_of(air) as client:
                assert client.is_connected

    asyncio.run(story())


def test_a_killed_simulator_ends_links_and_requests_at_once(address: str) -> None:
    async def story(simulator: subprocess.Popen[bytes]) -> None:
        ended = asyncio.Event()

        def on_end(_client: BleakClient) -> None:
            ended.set()

        async with join(address) as air:
            client = cape_of(air, disconnected_callback=on_end)
            await client.connect()
            os.kill(simulator.pid, signal.SIGKILL)
            async with asyncio.timeout(PATIENCE_S):
                await ended.wait()
            assert not client.is_connected
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with running(SIMULATOR, "run", CAPE, "--listen", address) as simulator:
        asyncio.run(story(simulator))


def test_without_its_simulator_scans_and_connects_fail_and_do_not_hang(address: str) -> None:
    async def story(simulator: subprocess.Popen[bytes]) -> None:
        async with join(address) as air:
            scanner = BleakScanner(backend=air.scanner, **air.options)
            await scanner.start()
            waiting = BleakClient("C0:00:00:00:FF:FF", backend=air.client, **air.options)
            attempt = asyncio.create_task(waiting.connect())
            await asyncio.sleep(0.1)
            simulator.kill()
            async with asyncio.timeout(PATIENCE_S):
                with pytest.raises(BleakError, match="went away"):
                    await attempt
                await scanner.stop()
                with pytest.raises(BleakError, match="went away"):
                    await scanner.start()
                with pytest.raises(BleakError, match="went away"):
                    await cape_of(air).connect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with running(SIMULATOR, "run", CAPE, "--listen", address) as simulator:
        asyncio.run(story(simulator))


def test_a_simulator_that_is_started_anew_is_found_by_those_that_it_left(address: str) -> None:
    async def story() -> None:
        async with AsyncExitStack() as gone:
            await gone.enter_async_context(serve([CAPE], address))
            air = await stack.enter_async_context(join(address))
            client = cape_of(air)
            await client.connect()
            await gone.aclose()
            with pytest.raises(BleakError):
                await cape_of(air).connect()
        async with serve([CAPE], address), cape_of(air) as again:
            await again.write_gatt_char(LEVELS, STOP, response=True)
            await stack.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    stack = AsyncExitStack()
    asyncio.run(story())


def test_another_controller_in_its_place_is_not_taken_for_it(tmp_path: Path) -> None:
    async def story() -> None:
        address = f"unix:{tmp_path}/hci"
        async with AsyncExitStack() as gone, AsyncExitStack() as stack:
            await gone.enter_async_context(serve([CAPE], address))
            air = await stack.enter_async_context(join(address))
            await gone.aclose()
            with pytest.raises(BleakError):
                await cape_of(air).connect()
            async with dongle(RealDongle, tmp_path / "hci"):
                with pytest.raises(BleakError, match="another controller answers there now"):
                    await cape_of(air).connect()

    asyncio.run(story())


def test_a_stranger_who_speaks_no_hci_disturbs_nobody(address: str) -> None:
    async def story() -> None:
        async with serve([CAPE], address), join(address) as air:
            _, stranger = await asyncio.open_unix_connection(address.removeprefix("unix:"))
            stranger.write(b"GET / HTTP/1.1\r\n\r\n" * 100)
            await stranger.drain()
            async with cape_of(air) as client:
                await client.write_gatt_char(LEVELS, STOP, response=True)
            stranger.close()
            await stranger.wait_closed()

    asyncio.run(story())


def test_nobody_there_is_an_error_of_one_line(address: str) -> None:
    async def story() -> None:
        with pytest.raises(ConnectionError) as mistake:
            await join(address).__aenter__()
        assert address in str(mistake.value)
        assert "\n" not in str(mistake.value)

    asyncio.run(story())


def test_a_listener_that_is_no_controller_is_an_error_of_one_line(tmp_path: Path) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        async with await loop.create_unix_server(asyncio.Protocol, tmp_path / "mute"):
            with pytest.raises(ConnectionError, match="no Bluetooth controller"):
                await join(f"unix:{tmp_path}/mute").__aenter__()

    asyncio.run(story())


class RealDongle(StreamPacketSource):
    """Bumble's own controller behind a stream: it knows nothing of our handshake."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.controller = Controller("real", self, StreamPacketSink(transport))


class MuteDongle(RealDongle):
    """A controller that leaves unknown vendor commands without an answer."""

    def data_received(self, data: bytes) -> None:
        if data[:3] != b"\x01\xd5\xfe":
            super().data_received(data)


@asynccontextmanager
async def dongle(kind: type[RealDongle], path: Path) -> AsyncGenerator[str, None]:
    loop = asyncio.get_running_loop()
    async with await loop.create_unix_server(kind, path):
        yield f"unix:{path}"


@pytest.mark.parametrize("kind", [RealDongle, MuteDongle])
def test_a_dongle_that_cannot_prove_it_is_simulated_counts_as_real(
    kind: type[RealDongle], tmp_path: Path
) -> None:
    async def story() -> None:
        async with dongle(kind, tmp_path / "real") as where, join(where) as air:
            assert not air.simulated
            assert air.addresses == {}

    asyncio.run(story())


def test_the_simulator_proves_itself_and_names_its_massagers(address: str) -> None:
    async def story() -> None:
        async with serve([CAPE, WAND, CAPE], address), join(address) as air:
            assert air.simulated
            assert list(air.addresses) == [CAPE, WAND, "reference-cape#2"]

    asyncio.run(story())
