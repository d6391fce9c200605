"""Virtual time: jumps when nothing is ready, holds still for threads, and hears the outside."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Coroutine
from typing import TypeVar

import pytest

from firmware_sim.clock import VirtualLoop

Result = TypeVar("Result")

HOUR_S = 3600.0


def run(work: Coroutine[object, object, Result], speed: float | None = None) -> Result:
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(speed)) as runner:
        return runner.run(work)


def now_s() -> float:
    return asyncio.get_running_loop().time()


def test_time_begins_at_0_and_jumps_to_the_next_timer() -> None:
    async def work() -> tuple[float, float]:
        begun_s = now_s()
        await asyncio.sleep(HOUR_S)
        return begun_s, now_s()

    assert run(work()) == (0.0, HOUR_S)


def test_timers_fire_in_order_and_on_time() -> None:
    async def work() -> list[float]:
        fired: list[float] = []
        for delay_s in (3.0, 1.0, 2.0):
            asyncio.get_running_loop().call_later(delay_s, lambda: fired.append(now_s()))
        await asyncio.sleep(4)
        return fired

    assert run(work()) == [1.0, 2.0, 3.0]


def test_a_timeout_comes_at_its_virtual_time() -> None:
    async def work() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(HOUR_S):
                await asyncio.Event().wait()
        return now_s()

    assert run(work()) == HOUR_S


def test_a_loop_that_can_never_go_on_is_an_error() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="cannot go on"):
        run(work())


def test_time_stands_still_while_a_thread_works() -> None:
    async def work() -> float:
        timer = asyncio.get_running_loop().call_later(HOUR_S, lambda: None)
        await asyncio.to_thread(time.sleep, 0.02)
        timer.cancel()
        return now_s()

    assert run(work()) == 0.0


@pytest.mark.parametrize("speed", [None, 50.0])
def test_an_outside_file_is_waited_for_when_nothing_else_is_left(speed: float | None) -> None:
    async def work() -> bytes:
        loop = asyncio.get_running_loop()
        here, there = socket.socketpair()
        with here, there:
            here.setblocking(False)
            heard = asyncio.Event()
            loop.add_reader(here, heard.set)
            there.send(b"q")
            await heard.wait()
            loop.remove_reader(here)
            return here.recv(1)

    assert run(work(), speed) == b"q"


@pytest.mark.parametrize("speed", [None, 50.0])
def test_a_signal_is_heard_at_any_speed(speed: float | None) -> None:
    async def work() -> bool:
        loop = asyncio.get_running_loop()
        heard = asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, heard.set)
        loop.call_later(1.0, os.kill, os.getpid(), signal.SIGUSR1)
        try:
            async with asyncio.timeout(1e6):
                await heard.wait()
        finally:
            loop.remove_signal_handler(signal.SIGUSR1)
        return heard.is_set()

    assert run(work(), speed)


def test_a_throttled_loop_takes_its_real_time() -> None:
    async def work() -> None:
        for _ in range(20):
            await asyncio.sleep(0.5)

    begun_s = time.monotonic()
    run(work(), speed=100.0)
    assert time.monotonic() - begun_s >= 0.099  # 10 s at 100 times real time, never faster


def test_a_throttled_loop_has_the_same_instants_as_one_at_full_speed() -> None:
    async def work() -> list[float]:
        seen: list[float] = []
        for _ in range(50):
            await asyncio.sleep(0.05)
            seen.append(now_s())
        return seen

    assert run(work(), speed=200.0) == run(work())


def test_what_arrives_between_timers_finds_the_time_in_between() -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        here, there = socket.socketpair()
        with here, there:
            heard: asyncio.Future[float] = loop.create_future()
            loop.add_reader(here, lambda: heard.done() or heard.set_result(now_s()))
            timer = loop.call_later(HOUR_S, lambda: None)
            there.send(b"q")
            at_s = await heard
            timer.cancel()
            loop.remove_reader(here)
            return at_s

    assert 0 <= run(work(), speed=10.0) < HOUR_S


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_is_none_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        VirtualLoop(speed)
