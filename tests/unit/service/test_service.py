"""The service: sessions begin, end and fail beside each other; stop reaches every one of them."""

import asyncio
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.keeper.standing import StandingStop, forget, remember
from devicehub.messages import Command, CommandKind, EndReason, SessionState
from devicehub.service.ground import Order
from devicehub.service.running import EASING_S
from tests.unit.service.hall import BED, CAPE, GRACE_S, SEAT, hall, now, state

ENDED_S = 1.0


def fails(command: Command) -> None:
    raise ZeroDivisionError(command.source)


@pytest.mark.exhaustive
async def test_a_session_begins_plays_and_ends_and_the_service_goes_on(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        for _ in range(2):
            assert (await here.service.start(Order((here.place(),), "steady", minutes=0.4))).ok
            await here.over()
            assert here.still()
        (last,) = here.service.sessions()
    assert last.summary is not None
    assert (last.summary.reason, last.devices) == (EndReason.COMPLETED, (SEAT,))
    once = ["session_started", "connecting", "connected", "started", "phase", "phase"]
    assert here.names() == [*once, "session_ended"] * 2
    assert [one.seq for one in here.heard] == list(range(1, len(here.heard) + 1))


@pytest.mark.exhaustive
async def test_stop_acts_before_it_returns(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        one, other = await here.plays(SEAT), await here.plays(BED)
        before = here.here.stops()
        here.service.stop(None, "test")
        assert (state(one), state(other)) == (SessionState.STOPPING, SessionState.STOPPING)
        await asyncio.sleep(0.05)
        assert here.here.stops() > before
        await here.over()
        assert here.still(SEAT)
        assert here.still(BED)
    assert here.said("session_ended") == ["stopped: test", "stopped: test"]


@pytest.mark.exhaustive
async def test_stop_of_one_leaves_the_other_playing(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        await here.plays(SEAT)
        other = await here.plays(BED)
        here.service.stop(SEAT, "test")
        await asyncio.sleep(ENDED_S)
        assert here.still(SEAT)
        assert state(other) is SessionState.PLAYING
        assert not here.still(BED)


@pytest.mark.exhaustive
@pytest.mark.parametrize("device", [None, "nobody", "", "../x"])
async def test_stop_for_nobody_that_is_known_stops_everything(
    device: str | None, tmp_path: Path
) -> None:
    async with hall(tmp_path) as here:
        await here.plays()
        here.desk.stop(device, "mqtt")
        await here.over()
        assert here.still()


@pytest.mark.exhaustive
async def test_a_session_that_cannot_be_stopped_keeps_no_other_from_it(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        broken = await here.plays(SEAT)
        await here.plays(BED)
        kept, broken.post = broken.post, fails
        here.service.stop(None, "test")
        await asyncio.sleep(ENDED_S)
        assert here.still(BED)
        broken.post = kept


async def test_a_massager_plays_one_session_at_a_time(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        asked = [asyncio.create_task(here.start()) for _ in range(2)]
        first, second = [await one for one in asked]
        assert (first.ok, second.code) == (True, "busy")
        assert second.detail == "seat plays steady already; stop that one first"
        assert (await here.start(BED)).ok
        assert len(here.service.running) == 2


async def test_stop_while_it_opens_ends_it_before_anything_moves(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        here.ground.gate.clear()
        starting = asyncio.create_task(here.start())
        await asyncio.sleep(1.0)
        here.service.stop(None, "test")
        here.ground.gate.set()
        await starting
        await here.over()
        assert here.still()
    assert "connected" not in here.names()
    assert here.said("session_ended") == ["stopped: test"]


async def test_stop_while_massagers_are_looked_for_ends_it(tmp_path: Path) -> None:
    async with hall(tmp_path, faults=["drop@0"]) as here:
        here.here.device().power_off()
        assert (await here.start()).ok
        await asyncio.sleep(2.0)
        here.service.stop(SEAT, "test")
        await asyncio.sleep(ENDED_S)
        assert here.service.running == {}
    assert here.said("session_ended") == ["stopped: test"]


@pytest.mark.exhaustive
async def test_a_massager_that_is_not_there_ends_its_session_alone(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        here.here.device().power_off()
        other = await here.plays(BED)
        assert (await here.start(SEAT)).ok
        await asyncio.sleep(20.0)
        assert here.service.session_of(SEAT) is None
        assert state(other) is SessionState.PLAYING
        here.here.device().power_on()
        await here.plays(SEAT)
    assert here.said("session_ended")[0].startswith("lost: ")


async def test_a_session_that_fails_in_any_way_ends_alone(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        other = await here.plays(BED)
        here.ground.fails = ZeroDivisionError("oh")
        answer = await here.start(SEAT)
        assert (answer.ok, answer.code, answer.detail) == (False, "failed", "ZeroDivisionError")
        assert state(other) is SessionState.PLAYING
        assert list(here.service.running) == [other.id]


async def test_what_is_refused_never_was_a_session(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        here.ground.fails = SafetyRefusal("not today")
        answer = await here.start()
        assert (answer.code, answer.detail, answer.session) == ("refused", "not today", None)
        assert (here.names(), here.service.sessions()) == ([], ())


@pytest.mark.exhaustive
async def test_who_hinders_a_session_on_its_way_to_the_air_forbids_nothing(tmp_path: Path) -> None:
    async def hinder() -> None:
        raise OSError

    async with hall(tmp_path) as here:
        here.service.give_way = hinder
        await here.plays()


async def test_where_a_profile_lies_is_nobodys_business(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        order = Order((here.place(),), "/somewhere/of/mine/steady.toml")
        assert (await here.service.start(order)).ok
        (now,) = here.desk.sessions()
        assert now.profile == "steady"
        assert here.service.status() == "serves seat; seat: steady"
    assert here.said("session_started") == ["steady"]


@pytest.mark.exhaustive
async def test_no_session_goes_above_the_ceiling_of_the_service(tmp_path: Path) -> None:
    async with hall(tmp_path, ceiling=0.1) as here:
        running = await here.plays()
        await asyncio.sleep(20.0)
        assert (now(running).ceiling, max(here.here.levels())) == (0.1, 10)


async def test_nothing_begins_when_the_service_ends(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.plays()
        closing = asyncio.create_task(here.service.close("SIGTERM"))
        await asyncio.sleep(0)
        assert (await here.start()).code == "ending"
        await closing
        assert here.still()
        assert here.service.running == {}
    assert here.said("session_ended") == ["stopped: SIGTERM"]


# ------------------------------------------------------------------ the lease


@pytest.mark.exhaustive
async def test_a_leased_session_ends_softly_when_nobody_renews(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        leased = await here.plays(SEAT, leased=True)
        local = await here.plays(BED)
        here.desk.renew_lease()
        await asyncio.sleep(GRACE_S)
        here.service.look_at_leases()
        assert leased.easing is None
        await asyncio.sleep(0.1)
        here.service.look_at_leases()
        levels = [max(here.here.levels())]
        while here.service.session_of(SEAT) is not None:
            await asyncio.sleep(EASING_S / 12)
            levels.append(max(here.here.levels()))
        assert levels[0] > 10
        assert levels == sorted(levels, reverse=True)
        assert len(set(levels)) > 6
        assert state(local) is SessionState.PLAYING
    assert (here.names().count("easing"), here.names().count("lowered")) == (1, 0)
    assert here.said("session_ended")[0].startswith("stopped: whoever started it could not be")


async def test_a_start_here_renews_no_lease_of_somebody_afar(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        leased = await here.plays(SEAT, leased=True)
        await asyncio.sleep(GRACE_S - 12.0)
        await here.start(BED)
        await asyncio.sleep(0.1)
        here.service.look_at_leases()
        assert leased.easing is not None


async def test_a_stop_does_not_wait_for_a_soft_end(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        leased = await here.plays(leased=True)
        leased.ease("test")
        await asyncio.sleep(EASING_S / 4)
        assert not here.still()
        here.service.stop(None, "test")
        await asyncio.sleep(0.2)
        assert here.still()


@pytest.mark.exhaustive
async def test_a_paused_session_ends_at_once_when_its_lease_is_over(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        leased = await here.plays(leased=True)
        leased.post(Command(CommandKind.PAUSE, "test"))
        await asyncio.sleep(1.0)
        leased.ease("test")
        await asyncio.sleep(0.5)
        assert here.service.running == {}


# ------------------------------------------------------------------- alarms


async def test_a_stop_that_nobody_confirmed_stands_until_the_massager_answers(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as here:
        await here.plays()
        here.here.device().go_out_of_range()
        await asyncio.sleep(30.0)
        assert [one.kind for one in here.desk.alerts()] == ["rescuing"]
        await here.over()
        (alert,) = here.desk.alerts()
        assert (alert.kind, alert.device) == ("stop_unconfirmed", SEAT)
        assert here.service.alarms.stands("stop_unconfirmed")
        here.here.device().come_back()
        await here.start()
        await asyncio.sleep(5.0)
        assert here.desk.alerts() == ()
    assert {"lost", "returning", "stop_unconfirmed"} <= set(here.names())


async def test_what_somebody_else_stopped_is_no_alarm_any_more(tmp_path: Path) -> None:
    kept = StandingStop("DH-CAPE", "somewhere", CAPE, "Bluetooth", (), "")
    remember(kept)
    try:
        async with hall(tmp_path) as here:
            await here.plays()
            here.here.device().go_out_of_range()
            await asyncio.sleep(30.0)
            await here.over()
            here.service.look_at_alarms()
            assert [one.kind for one in here.desk.alerts()] == ["stop_unconfirmed"]
            forget(kept)  # as devicehub stop does
            here.service.look_at_alarms()
            assert here.desk.alerts() == ()
            here.service.look_at_alarms()
        assert here.names().count("settled") == 1
    finally:
        forget(kept)
