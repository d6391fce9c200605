"""What a proxy may send, and how long one that fails is left alone: on numbers, no clock."""

import logging
import socket

import pytest

from devicehub.radio.proxies.meter import (
    BURST_S,
    GREETING_MESSAGES,
    MESSAGES_PER_S,
    FloodError,
    Frames,
    Meter,
    MeteredSocket,
    quiet_asyncio,
)
from devicehub.radio.proxies.reaching import LONGEST_S, MISBEHAVED_S, Pauses

PING = b"\0\0\7"
NOISE = b"\1\0\2ab"
LONG = b"\0\xc8\1\7" + bytes(200)  # a varint of two bytes says 200
BURST = int(MESSAGES_PER_S * BURST_S)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
def test_frames_are_counted_however_the_stream_is_cut(size: int) -> None:
    stream, frames = PING + LONG + NOISE + PING, Frames()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert sum(frames.ended_heads(piece, 100) for piece in pieces) == 4


def test_what_is_no_frame_counts_by_its_bytes() -> None:
    assert Frames().ended_heads(b"\7" * 50, 100) == 50


def test_before_its_hello_a_proxy_has_a_small_total_that_does_not_fill_up() -> None:
    clock = Hand()
    meter = Meter(clock)
    meter.count(PING * GREETING_MESSAGES)
    clock.now_s = 3600.0
    assert not meter.flooded
    with pytest.raises(FloodError):
        meter.count(PING)
    assert meter.flooded


def test_after_its_hello_a_proxy_has_a_budget_a_second() -> None:
    clock = Hand()
    meter = Meter(clock)
    meter.greeted()
    for second in range(5):
        clock.now_s = second * BURST_S
        meter.count(PING * BURST)
    with pytest.raises(FloodError):
        meter.count(PING)


def test_bytes_of_few_large_frames_are_a_flood_as_well() -> None:
    meter = Meter(Hand())
    meter.greeted()
    for _ in range(6):
        meter.count(b"\0\xff\xff\3\7" + bytes(65535))
    with pytest.raises(FloodError):
        meter.count(bytes(65535))


def test_a_socket_gives_nothing_of_a_flood() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        MeteredSocket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as near,
    ):
        near.connect(server.getsockname())
        far, _ = server.accept()
        with far:
            far.sendall(PING)
            assert near.recv(4096) == PING
            far.sendall(PING * 1000)
            with pytest.raises(FloodError):
                near.recv(4096)


def test_each_try_that_fails_doubles_the_pause_up_to_five_minutes() -> None:
    pauses = Pauses()
    waited = [pauses.after(misbehaved=False) for _ in range(11)]
    assert waited[:5] == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert waited[-1] == LONGEST_S == 300.0
    pauses.well()
    assert pauses.after(misbehaved=False) == 1.0


def test_one_that_misbehaved_is_left_alone_for_half_a_minute_at_least() -> None:
    pauses = Pauses()
    assert [pauses.after(misbehaved=True) for _ in range(3)] == [MISBEHAVED_S, 60.0, 120.0]


def test_asyncio_has_no_line_for_every_answer_to_one_that_is_gone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    quiet_asyncio()
    logging.getLogger("asyncio").warning("socket.send() raised exception.")
    logging.getLogger("asyncio").warning("something else")
    assert [record.getMessage() for record in caplog.records] == ["something else"]
