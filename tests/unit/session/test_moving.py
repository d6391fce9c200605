"""A handheld that cues take from place to place: it moves nothing before the person says where."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.library import load_library
from devicehub.messages import CommandKind, EndReason, SessionState
from devicehub.safety.governor import Governor
from devicehub.safety.limits import load
from devicehub.session.plan import Plan
from profiles import loader
from tests.unit.radio.bench import CAPE
from tests.unit.session.stage import STEADY, Stage, stage

WAND = "lovense-domi"
LIMITS = load()
DOMI = load_library()[WAND]
LOW, HIGH = ("paraspinal_lumbar",), ("rhomboid",)
# STEADY holds it at the lower back for half a minute, then between the shoulder blades: the second
# phase is there too, and nothing has to be moved for it.
LEG_S = 30.0
SLOW_S = 200.0


@pytest.fixture
async def show(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, (WAND,), guided=True) as playing:
        await asyncio.sleep(1.0)
        yield playing


async def to_the_second_place(show: Stage) -> None:
    await show.after(0.0, CommandKind.MOVED)
    await asyncio.sleep(LEG_S + 1.0)


@pytest.mark.exhaustive
async def test_nothing_moves_before_the_first_place_is_confirmed(show: Stage) -> None:
    await asyncio.sleep(SLOW_S)
    now = show.snapshot()
    assert (now.state, now.elapsed_s) == (SessionState.PAUSED, 0.0)
    assert [(asked.device, asked.zones) for asked in now.places] == [(WAND, LOW)]
    assert show.said("paused") == [f"move {WAND} to beside the lumbar spine, then say so"]
    assert motor_levels(show) == [0]


async def test_going_on_is_no_confirmation(show: Stage) -> None:
    await show.after(1.0, CommandKind.RESUME)
    await asyncio.sleep(5.0)
    assert show.snapshot().state is SessionState.PAUSED
    assert show.said("refused") == ["first move it, and say so: n"]
    assert motor_levels(show) == [0]


async def test_a_confirmed_place_is_played_from_0_up(show: Stage) -> None:
    await show.after(0.0, CommandKind.MOVED)
    await asyncio.sleep(0.5)
    assert show.snapshot().state is SessionState.PLAYING
    assert show.snapshot().places == ()
    begun = show.strongest(WAND)
    await asyncio.sleep(10.0)
    assert begun <= 2 < show.strongest(WAND)
    assert show.said("present") == [""]


async def test_who_confirms_as_soon_as_it_is_asked_need_not_do_it_twice(tmp_path: Path) -> None:
    async with stage(tmp_path, (WAND,), guided=True) as show:
        for _ in range(10_000):
            if show.hub.session is not None:
                break
            await asyncio.sleep(0.001)
        assert show.session.state is not SessionState.PAUSED
        show.post(CommandKind.MOVED)
        await asyncio.sleep(3.0)
        assert show.snapshot().state is SessionState.PLAYING


@pytest.mark.exhaustive
async def test_it_rests_at_the_next_place_until_that_is_confirmed(show: Stage) -> None:
    await to_the_second_place(show)
    assert [asked.zones for asked in show.snapshot().places] == [HIGH]
    assert show.snapshot().state is SessionState.PAUSED
    assert show.strongest(WAND) == 0
    await asyncio.sleep(SLOW_S)
    assert show.strongest(WAND) == 0
    await show.after(0.0, CommandKind.MOVED)
    await asyncio.sleep(0.5)
    assert show.strongest(WAND) <= 2
    await asyncio.sleep(10.0)
    assert show.strongest(WAND) > 2


@pytest.mark.exhaustive
async def test_what_was_received_goes_to_where_it_was(show: Stage) -> None:
    await to_the_second_place(show)
    governor = show.session.governor
    first = governor.exposure(asyncio.get_running_loop().time()).places
    assert {zone for zone, _ in first} == set(LOW)
    await show.after(SLOW_S, CommandKind.MOVED)
    await asyncio.sleep(20.0)
    both = governor.exposure(asyncio.get_running_loop().time()).places
    assert {zone for zone, _ in both} == {*LOW, *HIGH}
    for place in first:
        assert both[place].seconds == first[place].seconds <= LEG_S
    assert all(both["rhomboid", side].seconds <= 20.5 for side in ("left", "right"))


@pytest.mark.exhaustive
async def test_the_same_place_is_not_asked_for_again(show: Stage) -> None:
    await to_the_second_place(show)
    await show.after(0.0, CommandKind.MOVED)
    summary = await show.ended()
    assert summary.reason is EndReason.COMPLETED
    assert summary.played_s == pytest.approx(120.0)
    assert len(show.said("paused")) == 2
    felt = {row.zone: row.seconds for row in summary.felt}
    assert felt["paraspinal_lumbar"] <= LEG_S
    assert LEG_S < felt["rhomboid"] <= 90.0


async def test_moved_is_nothing_while_nothing_has_to_be_moved(show: Stage) -> None:
    await show.after(0.0, CommandKind.MOVED)
    await show.after(5.0, CommandKind.MOVED)
    assert show.snapshot().state is SessionState.PLAYING
    await show.after(0.0, CommandKind.PAUSE)
    await show.after(1.0, CommandKind.MOVED)
    assert show.said("refused") == ["nothing has to be moved"]
    assert show.snapshot().state is SessionState.PAUSED


async def test_stop_while_it_waits_ends_at_once(show: Stage) -> None:
    show.post(CommandKind.STOP)
    summary = await show.ended()
    assert (summary.reason, summary.felt) == (EndReason.STOPPED, ())
    assert [end.stop_confirmed for end in summary.devices] == [True]


async def test_a_cape_beside_it_waits_too(tmp_path: Path) -> None:
    async with stage(tmp_path, (CAPE, WAND), guided=True) as show:
        await asyncio.sleep(10.0)
        assert show.strongest(CAPE) == show.strongest(WAND) == 0
        await show.after(0.0, CommandKind.MOVED)
        await asyncio.sleep(10.0)
        assert show.strongest(CAPE) > 0
        assert show.strongest(WAND) > 0


@pytest.mark.exhaustive
async def test_over_the_spine_the_cap_of_the_spine_holds(tmp_path: Path) -> None:
    spine = STEADY.replace('"rhomboid", "paraspinal_lumbar"', '"spine_lumbar"')
    async with stage(tmp_path, (WAND,), guided=True, profile=spine) as show:
        await show.after(1.0, CommandKind.MOVED)
        await asyncio.sleep(20.0)
        (view,) = show.snapshot().devices[0].actuators
        assert view.cap == pytest.approx(0.1)
        assert 0 < show.strongest(WAND) <= 2  # of 20


def motor_levels(show: Stage) -> list[int]:
    """Return every level that the motor was ever driven at."""
    tape = show.here.tape(WAND)
    return sorted({0, *(move.level for move in tape.moves)})


def steady(zones: str = '"rhomboid", "paraspinal_lumbar"') -> Plan:
    text = STEADY.replace('"rhomboid", "paraspinal_lumbar"', zones)
    return Plan(loader.load_text(text, "p.toml"), guided=True)


def test_only_the_confirmed_place_is_ever_asked_for_anything() -> None:
    plan = steady()
    stances = plan.stances(WAND, DOMI, LIMITS)
    assert stances is not None
    score = plan.score(plan.place(DOMI, LIMITS), LIMITS)
    for confirmed_s in (None, 5.0, 45.0):
        if confirmed_s is not None:
            stances.confirm(confirmed_s)
        for tenth in range(0, 1200, 7):
            position_s = tenth / 10.0
            low, high = (any(demand.levels) for demand in stances.demands(score, position_s))
            assert not low or (confirmed_s == 5.0 and position_s < LEG_S)
            assert not high or (confirmed_s == 45.0 and position_s >= LEG_S)


def test_a_place_is_left_softly() -> None:
    stances = steady().stances(WAND, DOMI, LIMITS)
    assert stances is not None
    stances.confirm(5.0)
    score = stances.all[0].score
    assert score is not None
    at = [stances.demands(score, LEG_S - left_s)[0].levels[0] for left_s in (1.5, 0.5, 0.1)]
    assert at[0] > at[1] > at[2] > 0.0


def test_the_last_gate_knows_the_highest_of_all_places() -> None:
    plan = steady('"rhomboid", "spine_lumbar"')
    stances = plan.stances(WAND, DOMI, LIMITS)
    assert stances is not None
    governor = Governor(LIMITS, [stance.mount for stance in stances.all])
    alone = [governor.ceiling_steps(stance.mount.device) for stance in stances.all]
    assert stances.highest_steps(governor) == max(alone)
    assert min(alone) < max(alone)
    assert stances.least_strict(LIMITS) == "rhomboid"


def test_what_travels_goes_over_all_its_zones_and_the_strictest_counts() -> None:
    plan = Plan(loader.load_text(STEADY.replace("vibration", "stroking"), "p.toml"), guided=True)
    stances = plan.stances(WAND, DOMI, LIMITS)
    assert stances is not None
    assert [stance.zones for stance in stances.all] == [("rhomboid", "paraspinal_lumbar"), HIGH]
    governor = Governor(LIMITS, [stance.mount for stance in stances.all])
    assert governor.caps(stances.all[0].mount.device) == (0.4,)


def test_where_it_may_not_be_used_it_is_never_asked_to_go() -> None:
    stances = steady('"rhomboid", "coccyx"').stances(WAND, DOMI, LIMITS)
    assert stances is not None
    assert [stance.zones for stance in stances.all] == [HIGH]


def test_a_profile_without_any_place_for_it_is_refused() -> None:
    text = STEADY.replace('"rhomboid", "paraspinal_lumbar"', '"coccyx"').replace(
        '"rhomboid"', '"coccyx"'
    )
    with pytest.raises(SafetyRefusal, match="Steady has no zone where it may be used"):
        Plan(loader.load_text(text, "p.toml"), guided=True).place(DOMI, LIMITS)


def test_a_zone_that_was_said_stays() -> None:
    plan = Plan(loader.load_text(STEADY, "p.toml"), zone="gluteal", guided=True)
    assert plan.stances(WAND, DOMI, LIMITS) is None
    assert plan.place(DOMI, LIMITS).layout.places[0].zones == ("gluteal",)


def test_without_anybody_to_ask_a_zone_has_to_be_said() -> None:
    with pytest.raises(UsageError, match="say where it is held"):
        Plan(loader.load_text(STEADY, "p.toml")).place(DOMI, LIMITS)
