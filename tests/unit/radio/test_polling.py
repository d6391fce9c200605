"""A massager is asked how full it is now and then, and nothing waits for that."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from devicehub.massagers.decode import Report
from devicehub.massagers.library import load_library
from devicehub.radio.link import Link
from devicehub.radio.polling import POLL_S, SLOW_S, needs_asking
from tests.unit.radio.bench import CAPE, VEST, WAND, Bench, Judge, bench, now_s

ASK = b"Battery;".hex()
PROWAND = "kiiroo-prowand"  # its battery is read
LIBRARY = load_library()
ASKED = {
    *("lovense-domi", "lovense-dual", "lovense-triple", "kiiroo-prowand"),
    *("magicmotion-wand", "magicmotion-zenith"),
}


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with bench(tmp_path, [WAND, PROWAND]) as bench_:
        yield bench_


def questions(here: Bench) -> list[float]:
    return [t for t, _, data in here.tape(WAND).writes if data == ASK]


def heard(link: Link) -> list[int]:
    said: list[int] = []

    def hear(report: Report) -> None:
        if report.battery_percent is not None:
            said.append(report.battery_percent)

    link.listen(hear)
    return said


def test_those_that_tell_it_by_themselves_are_not_asked() -> None:
    assert not needs_asking(LIBRARY[CAPE])
    assert not needs_asking(LIBRARY[VEST])
    assert not needs_asking(LIBRARY["solace"])  # it has none
    assert {model for model, one in LIBRARY.items() if needs_asking(one)} == ASKED


@pytest.mark.parametrize("model", [WAND, PROWAND])
async def test_it_is_asked_once_a_minute(model: str, here: Bench) -> None:
    link = await here.link(model)
    said = heard(link)
    await asyncio.sleep(0.1)
    assert len(said) == 1  # while it was connected
    await asyncio.sleep(3 * POLL_S + 1.0)
    assert len(said) == 4
    await link.close()


@pytest.mark.exhaustive
async def test_a_frame_comes_first_and_the_question_keeps_the_gap(here: Bench) -> None:
    link = await here.link(WAND)
    judge, gap_s = Judge(link.massager), link.massager.min_gap_s
    begun_s = now_s()
    while now_s() < begun_s + POLL_S + 2.0:
        assert await link.send(judge.encoded(0.4))
        await asyncio.sleep(gap_s * 1.5)
    (_, asked_s) = questions(here)
    times = [t for t, _, _ in here.tape(WAND).writes]
    around = [abs(t - asked_s) for t in times if t != asked_s]
    assert min(around) >= gap_s - 1e-6
    await link.close()


async def test_a_stop_does_not_wait_for_an_answer(here: Bench) -> None:
    link = await here.link(PROWAND)
    await asyncio.sleep(POLL_S - 0.01)
    here.device(PROWAND).hang()
    await asyncio.sleep(0.05)  # the question hangs
    here.device(PROWAND).recover()
    begun_s = now_s()
    assert (await link.begin_stop()).confirmed
    assert now_s() - begun_s < SLOW_S
    await link.close()


async def test_one_that_is_slow_to_answer_is_not_asked_again(here: Bench) -> None:
    link = await here.link(PROWAND)
    said = heard(link)
    await asyncio.sleep(POLL_S - 0.01)
    here.device(PROWAND).hang()
    await asyncio.sleep(SLOW_S + 0.1)
    here.device(PROWAND).recover()
    await asyncio.sleep(5 * POLL_S)
    assert len(said) <= 2
    await link.close()


async def test_nobody_asks_during_a_stop_or_after_the_link_is_gone(here: Bench) -> None:
    link = await here.link(WAND)
    here.device(WAND).go_out_of_range()
    await link.lost.wait()
    await asyncio.sleep(2 * POLL_S)
    assert len(questions(here)) == 1
    await link.close()
