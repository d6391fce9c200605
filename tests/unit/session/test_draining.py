"""A battery that runs low is told, and one that is nearly empty ends the session softly."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.messages import CommandKind, EndReason, SessionState
from devicehub.session.draining import EMPTY_PERCENT, FADE_S, LOW_PERCENT, Gauge
from tests.unit.radio.bench import CAPE, WAND
from tests.unit.session.stage import LONG, WARM_S, Stage, stage

SAID_TWICE_S = 2.5  # the cape tells its status once a second
POLLED_TWICE_S = 125.0  # the wand is asked once a minute


def upset(show: Stage, fault: str, model: str = CAPE) -> None:
    show.here.device(model).upset("weak" if fault == "weak" else "drained", begins=True)


@pytest.mark.exhaustive
async def test_a_low_battery_is_told_once_and_the_session_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(WARM_S)
        upset(show, "weak")
        await asyncio.sleep(10.0)
        assert show.said("battery_low") == ["its battery has 15 % left; the session ends at 5 %"]
        assert show.session.state is SessionState.PLAYING
        assert show.snapshot().devices[0].battery_percent == 15


async def test_an_empty_one_fades_out_and_its_stop_is_confirmed(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(WARM_S)
        levels = show.here.levels()
        highest = max(levels)
        motor = levels.index(highest)
        upset(show, "drained")
        begun_s = asyncio.get_running_loop().time()
        summary = await show.ended()
        took_s = asyncio.get_running_loop().time() - begun_s
        assert (summary.reason, summary.devices[0].stop_confirmed) == (EndReason.SAFETY, True)
        assert summary.detail == f"{CAPE}: its battery has 4 % left; charge it"
        assert FADE_S < took_s < FADE_S + SAID_TWICE_S
        moves = [m.level for m in show.here.tape().moves if m.actuator == motor and m.t > begun_s]
        falls = [before - after for before, after in pairwise([highest, *moves])]
        assert len(falls) > 5
        assert min(falls) >= 0  # down, and never up again
        assert max(falls) < highest / 3  # and never all at once


async def test_in_a_pause_it_ends_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await show.after(WARM_S, CommandKind.PAUSE)
        await asyncio.sleep(1.0)
        upset(show, "drained")
        async with asyncio.timeout(SAID_TWICE_S):
            assert (await show.ended()).reason is EndReason.SAFETY


@pytest.mark.exhaustive
async def test_one_that_has_to_be_asked_is_asked(tmp_path: Path) -> None:
    async with stage(tmp_path, [WAND], profile=LONG) as show:
        assert show.snapshot().devices[0].battery_percent == 100
        await asyncio.sleep(WARM_S)
        upset(show, "drained", WAND)
        async with asyncio.timeout(POLLED_TWICE_S + FADE_S):
            assert (await show.ended()).reason is EndReason.SAFETY


def test_one_word_is_no_proof() -> None:
    gauge = Gauge()
    assert not gauge.low
    assert not gauge.empty
    for percent, low, empty in [
        (LOW_PERCENT + 1, False, False),
        (LOW_PERCENT, True, False),
        (EMPTY_PERCENT, True, False),
        (EMPTY_PERCENT + 1, True, False),
        (EMPTY_PERCENT, True, False),
        (0, True, True),
        (100, False, False),
    ]:
        gauge.read(percent)
        assert (gauge.low, gauge.empty) == (low, empty)


@pytest.mark.parametrize("percent", [0, EMPTY_PERCENT])
def test_the_first_word_alone_ends_nothing(percent: int) -> None:
    gauge = Gauge()
    gauge.read(percent)
    assert not gauge.empty
