"""The latch: whoever waits wakes at once, and the first reason stays."""

import asyncio

from devicehub.messages import EndReason
from devicehub.session.latch import Latch


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def test_a_trip_wakes_a_sleeper_at_once() -> None:
    latch = Latch()
    asyncio.get_running_loop().call_later(1.0, latch.trip, EndReason.STOPPED)
    assert not await latch.wait_until(5.0)
    assert now_s() == 1.0


async def test_the_deadline_wakes_a_sleeper_too() -> None:
    assert await Latch().wait_until(5.0)
    assert now_s() == 5.0


async def test_a_tripped_latch_lets_nobody_sleep() -> None:
    latch = Latch()
    latch.trip(EndReason.STOPPED)
    for _ in range(2):
        assert not await latch.wait_until(5.0)
    await latch.wait()
    assert now_s() == 0.0


async def test_a_wake_is_used_up_by_one_sleeper() -> None:
    latch = Latch()
    latch.wake()
    assert not await latch.wait_until(5.0)
    assert not latch.tripped
    assert await latch.wait_until(5.0)


async def test_who_waits_for_a_trip_sleeps_through_a_wake() -> None:
    latch = Latch()
    latch.wake()
    asyncio.get_running_loop().call_later(1.0, latch.wake)
    asyncio.get_running_loop().call_later(2.0, latch.trip, EndReason.STOPPED)
    await latch.wait()
    assert now_s() == 2.0


async def test_the_first_reason_stays() -> None:
    latch = Latch()
    latch.trip(EndReason.DISCOMFORT, "it hurt")
    latch.trip(EndReason.COMPLETED, "later")
    assert (latch.reason, latch.detail) == (EndReason.DISCOMFORT, "it hurt")
