"""Heat in a session: on when asked for, off at the first doubt, judged from the tape."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devicehub.errors import UsageError
from devicehub.massagers.show import describe
from devicehub.messages import CommandKind, EndReason, HeatView, SessionState
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from profiles import loader
from tests.limits import read_zones
from tests.oracle import judge
from tests.unit.radio.bench import CAPE, VEST, known
from tests.unit.session.stage import STEADY, Stage, stage

pytestmark = pytest.mark.exhaustive  # minutes of sessions: the tracer would double them

LONG = STEADY.replace("minutes = 1", "minutes = 14", 1).replace('["rhomboid", ', '["gluteal", ')
BEGUN_S = 2.0  # a status has come and the pad is on
ZONES = read_zones()


@pytest.fixture
async def show(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, heat=True, profile=LONG) as playing:
        await asyncio.sleep(BEGUN_S)
        yield playing


def pad(show: Stage) -> HeatView:
    """Return the pad as it is seen."""
    view = show.snapshot().devices[0].heat
    assert view is not None
    return view


def on(show: Stage) -> bool:
    """Return whether the pad is really on."""
    heats = show.here.tape().heats
    return bool(heats) and heats[-1][2]


def violations(show: Stage) -> list[str]:
    return judge(show.here.tape(), describe(known(CAPE)), ZONES)


async def test_it_is_on_when_it_was_asked_for_and_seen_with_its_temperature(show: Stage) -> None:
    assert on(show)
    assert pad(show) == HeatView(asked=True, on=True, celsius=24.0, why_off="")
    await asyncio.sleep(300.0)
    assert pad(show).celsius == 38.5


async def test_the_end_says_for_how_long_it_was_on_and_how_warm(show: Stage) -> None:
    await asyncio.sleep(60.0 - BEGUN_S)
    show.post(CommandKind.STOP)
    (heat,) = (await show.ended()).heat
    assert heat.seconds == pytest.approx(60.0, abs=2.0)
    assert (heat.highest_c, heat.why_off) == (30.5, "")


async def test_the_end_says_why_it_was_off_last(show: Stage) -> None:
    show.here.device().upset("blind", begins=True)
    await asyncio.sleep(2.0)
    show.post(CommandKind.STOP)
    (heat,) = (await show.ended()).heat
    assert heat.seconds < 5.0
    assert heat.why_off != ""


async def test_it_is_off_when_it_was_not_asked_for(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(BEGUN_S)
        assert show.here.tape().heats == ()
        assert not pad(show).asked
        assert pad(show).why_off == "not asked for"
        show.post(CommandKind.STOP)
        assert (await show.ended()).heat == ()


async def test_a_massager_without_a_pad_shows_none(tmp_path: Path) -> None:
    async with stage(tmp_path, [VEST]) as show:
        assert show.snapshot().devices[0].heat is None


def test_heat_is_refused_where_no_massager_has_a_pad() -> None:
    plan = Plan(loader.load_text(STEADY, "steady.toml"), heat=True)
    with pytest.raises(UsageError, match="--heat: bhaptics-x40 has no heat pad; leave --heat out"):
        plan.place(known(VEST), load())
    assert plan.place(known(CAPE), load())


@pytest.mark.thorough
async def test_it_is_on_for_ten_minutes_and_rests_to_the_end(show: Stage) -> None:
    await asyncio.sleep(598.0)
    assert on(show)
    await asyncio.sleep(3.0)
    assert not on(show)
    assert pad(show).why_off == "it rests for 20 min after every time on"
    await show.ended()
    assert violations(show) == []
    (begun_s,) = [t for t, celsius, on in show.here.tape().heats if on and celsius == 24.0]
    ended_s = next(t for t, _, on in show.here.tape().heats if not on)
    assert ended_s - begun_s == pytest.approx(600.0, abs=0.1)


async def test_a_stop_switches_it_off(show: Stage) -> None:
    show.post(CommandKind.STOP)
    await asyncio.sleep(0.1)
    assert not on(show)
    await show.ended()
    assert violations(show) == []


async def test_a_pause_switches_it_off_and_it_rests(show: Stage) -> None:
    await show.after(0.0, CommandKind.PAUSE)
    await asyncio.sleep(0.1)
    assert not on(show)
    await show.after(10.0, CommandKind.RESUME)
    await asyncio.sleep(60.0)
    assert show.session.state is SessionState.PLAYING
    assert not on(show)
    assert pad(show).why_off == "it rests for 20 min after every time on"


async def test_discomfort_switches_it_off_for_the_session(show: Stage) -> None:
    await show.after(0.0, CommandKind.DISCOMFORT)
    await asyncio.sleep(0.1)
    assert not on(show)
    assert pad(show).why_off == "you reported discomfort: no more heat in this session"
    assert show.session.state is SessionState.PLAYING


async def test_a_lost_link_switches_it_off(show: Stage) -> None:
    show.here.device().go_out_of_range()
    assert (await show.ended()).reason is EndReason.LOST
    assert not on(show)
    assert violations(show) == []


async def test_a_sensor_without_a_reading_switches_it_off(show: Stage) -> None:
    show.here.device().upset("blind", begins=True)
    await asyncio.sleep(1.2)
    assert not on(show)
    assert (pad(show).celsius, pad(show).why_off) == (None, "its sensor has no reading")


async def test_a_sensor_that_sticks_is_found_before_it_is_too_hot(show: Stage) -> None:
    show.here.device().upset("stuck", begins=True)
    await asyncio.sleep(63.0)
    assert not on(show)
    assert pad(show).why_off == "its sensor shows no warmth: no more heat in this session"
    assert max(celsius for _, celsius, _ in show.here.tape().heats) < 40.0
    show.post(CommandKind.STOP)
    await show.ended()
    assert violations(show) == []


async def test_a_pad_that_nothing_regulates_is_switched_off(show: Stage) -> None:
    await asyncio.sleep(240.0)
    show.here.device().upset("overheat", begins=True)
    await asyncio.sleep(60.0)
    assert not on(show)
    assert pad(show).why_off.endswith("no more heat in this session")
    assert max(celsius for _, celsius, _ in show.here.tape().heats) <= 41.0
    show.post(CommandKind.STOP)
    await show.ended()
    assert violations(show) == []


# -- what was not asked for -----------------------------------------------------------------------


async def test_a_motor_that_runs_by_itself_ends_the_session(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(BEGUN_S)
        show.here.device().upset("stray", begins=True)
        async with asyncio.timeout(4.5):
            summary = await show.ended()
        assert summary.reason is EndReason.SAFETY
        assert summary.detail == f"{CAPE}: it does something that was not asked for"
        assert show.here.still()


async def test_a_motor_that_starts_in_a_pause_ends_the_session(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await show.after(BEGUN_S, CommandKind.PAUSE)
        show.here.device().upset("stray", begins=True)
        async with asyncio.timeout(4.5):
            assert (await show.ended()).reason is EndReason.SAFETY
        assert show.here.still()


async def test_a_motor_that_is_right_again_in_time_is_no_trouble(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(BEGUN_S)
        show.here.device().upset("stray", begins=True)
        await asyncio.sleep(2.0)
        show.here.device().upset("stray", begins=False)
        await asyncio.sleep(10.0)
        assert show.session.state is SessionState.PLAYING
