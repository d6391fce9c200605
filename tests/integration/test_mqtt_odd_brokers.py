"""Odd brokers, a few bytes in front of a real one: one knows 3.1.1 only, one grants nothing."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.broker import Broker, broker
from tests.integration.mqtt_stage import ROOT, listener, stage, until

pytestmark = pytest.mark.wallclock
FIVE = b"MQTT\x05"  # a name and a version, in every first packet
SUBACK, NOT_AUTHORISED = b"\x90", b"\x87"
MORE = 0x80  # in a byte of a packet's length: another one follows
REFUSED = b"\x20\x02\x00\x01"  # CONNACK of 3.1.1: unacceptable protocol version


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Broker]:
    with broker(tmp_path) as running:
        yield running


@asynccontextmanager
async def older(port: int, refusal: bytes) -> AsyncGenerator[int]:
    """Yield the port of a broker that answers MQTT 5 with `refusal`, and hangs up."""
    async with between(port, lambda first: refusal if FIVE in first else None, bytes) as here:
        yield here


def granting_nothing(packet: bytes) -> bytes:
    """Turn the answer to one subscription into a refusal."""
    return packet[:-1] + NOT_AUTHORISED if packet[:1] == SUBACK else packet


def packets(stream: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole packets at the head of a stream, and what is left behind them."""
    whole: list[bytes] = []
    while (end := _end(stream)) is not None:
        whole.append(stream[:end])
        stream = stream[end:]
    return whole, stream


def _end(stream: bytes) -> int | None:
    """Return where its first packet ends: a byte, a length of seven bits a byte, so much more."""
    length = 0
    for at, byte in enumerate(stream[1:5], start=1):
        length |= (byte & 0x7F) << (7 * (at - 1))
        if byte < MORE:
            end = at + 1 + length
            return end if len(stream) >= end else None
    return None


async def pipe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, turned: Callable[[bytes], bytes]
) -> None:
    """Pass packets on until one side has gone."""
    rest = b""
    try:
        with suppress(OSError):
            while data := await reader.read(65536):
                whole, rest = packets(rest + data)
                writer.write(b"".join(map(turned, whole)))
    finally:
        writer.close()


@asynccontextmanager
async def between(
    port: int, refused: Callable[[bytes], bytes | None], changed: Callable[[bytes], bytes]
) -> AsyncGenerator[int]:
    """Yield the port of what passes everything on, changes answers, and refuses some clients."""
    pipes: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(4096)
        if (refusal := refused(first)) is not None:
            writer.write(refusal)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        far_writer.write(first)
        pipes.add(asyncio.create_task(pipe(reader, far_writer, bytes)))
        pipes.add(asyncio.create_task(pipe(far_reader, writer, changed)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in pipes:
            task.cancel()
        if pipes:
            await asyncio.wait(pipes)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(REFUSED, id="says so"),
        pytest.param(b"", id="hangs up", marks=pytest.mark.thorough),
    ],
)
async def test_a_broker_of_before_is_spoken_to_in_its_own_words(
    refusal: bytes, here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#") as desk,
        older(here.port, refusal) as port,
        stage(tmp_path, f"mqtt://127.0.0.1:{port}") as show,
    ):
        await desk.until_said("health", protocol="3.1.1")
        await until(lambda: show.port.leases, "the stop line does not stand")
        await desk.send("cmd/stop", b"")
        await until(lambda: show.port.stops, "no stop")


async def test_a_broker_that_is_asked_for_5_alone_gets_5_alone(
    here: Broker, tmp_path: Path
) -> None:
    async with (
        older(here.port, REFUSED) as port,
        stage(tmp_path, f"mqtt://127.0.0.1:{port}", protocol="5") as show,
    ):
        await until(lambda: len(show.notes) >= 2, "nothing is told")
    assert not any("connected" in note for note in show.notes)


async def test_a_hub_that_may_hear_nothing_says_so_and_counts_as_out_of_reach(
    here: Broker, tmp_path: Path
) -> None:
    async with (
        listener(here.port, f"{ROOT}/#") as desk,
        between(here.port, lambda _: None, granting_nothing) as port,
        stage(tmp_path, f"mqtt://127.0.0.1:{port}", protocol="5") as show,
    ):
        await desk.until_said("availability", state="online")
        await until(lambda: show.publisher.board.denied >= 8, "the codes were not noticed")

        def kinds() -> set[str]:
            return {alert["kind"] for alert in desk.about("alert")[-1]["alerts"]}

        await until(lambda: {"denied", "stop_line_lost"} <= kinds(), "it is not told")
        assert show.port.leases == 0
