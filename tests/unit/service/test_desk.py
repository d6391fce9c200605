"""The desk: what those outside see of a service and may ask of it; they learn no names."""

import asyncio
import math
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.messages import Event, SessionState
from devicehub.outside import (
    DeviceCard,
    LowerCeiling,
    Pause,
    Present,
    Resume,
    Select,
    SessionNow,
    Severity,
    Wish,
)
from devicehub.publish.port import HubPort
from tests.unit.service.hall import (
    ADDRESS,
    BED,
    CAPE,
    SEAT,
    VEST,
    WHO,
    Hall,
    hall,
    now,
    state,
    wish,
)


async def code(here: Hall, asked: Wish) -> str:
    answer = await here.desk.ask(asked, "mqtt")
    assert answer.ok is (answer.code == "ok")
    assert answer.ok or answer.detail
    return answer.code


async def test_a_publisher_can_see_it(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        port: HubPort = here.desk
        assert port.identity is WHO
        assert port.vitals().loop_lag_ms == 2.0
        assert port.profiles() == ("steady", "taster")


async def test_cards_tell_where_each_massager_is(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        assert here.desk.cards() == (
            DeviceCard(SEAT, CAPE, 0, "idle"),
            DeviceCard(BED, VEST, 0, "idle"),
        )
        here.service.absent[BED] = "not heard"
        await here.start(SEAT)
        assert [one.link for one in here.desk.cards()] == ["connecting", "lost"]
        await asyncio.sleep(5.0)
        seat, bed = here.desk.cards()
        assert (seat.link, seat.actuators, seat.battery_percent) == ("connected", 12, 100)
        assert bed.reason == "not heard"
        here.here.device().go_out_of_range()
        await asyncio.sleep(20.0)
        card = here.desk.cards()[0]
        assert (card.link, card.reason) == ("returning", "the link was lost; it is looked for")


async def test_a_session_is_seen_from_its_beginning_to_after_its_end(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        answer = await here.desk.ask(wish(), "mqtt")
        (session,) = here.desk.sessions()
        assert (session.id, session.devices, session.profile) == (answer.session, (SEAT,), "steady")
        assert (session.origin, session.snapshot, session.timeline) == ("remote", None, ())
        await asyncio.sleep(12.0)
        (session,) = here.desk.sessions()
        assert session.snapshot is not None
        assert session.planned_s == 120.0
        assert [(step.start_s, step.seconds) for step in session.timeline] == [(0, 60), (60, 60)]
        here.desk.stop(SEAT, "mqtt")
        await here.over()
        (session,) = here.desk.sessions()
        assert session.snapshot is None
        assert session.summary is not None
        assert session.summary.detail == "mqtt"


async def test_pause_resume_and_a_lower_ceiling(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        running = await here.plays()
        assert await code(here, Pause(SEAT)) == "ok"
        await asyncio.sleep(1.0)
        assert state(running) is SessionState.PAUSED
        assert here.still()
        assert await code(here, LowerCeiling(SEAT, 0.1)) == "ok"
        assert await code(here, Resume(SEAT)) == "ok"
        await asyncio.sleep(30.0)
        assert max(here.here.levels()) == 10
        assert await code(here, LowerCeiling(SEAT, 0.2)) == "not_lower"
        assert await code(here, Resume(SEAT)) == "not_paused"
        assert await code(here, Present(None)) == "ok"
        assert now(running).ceiling == 0.1


@pytest.mark.exhaustive
@pytest.mark.parametrize("level", [math.nan, math.inf, -0.1, 1.1])
async def test_a_level_that_is_none_changes_nothing(level: float, tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        running = await here.plays()
        assert await code(here, LowerCeiling(SEAT, level)) == "bad_request"
        assert now(running).ceiling == 1.0


async def test_what_does_not_play_is_not_steered(tmp_path: Path) -> None:
    async with hall(tmp_path, SEAT, BED) as here:
        await here.plays(BED)
        for asked in (Pause(SEAT), Resume(SEAT), LowerCeiling(SEAT, 0.1), Present(SEAT)):
            assert await code(here, asked) == "not_playing"
        for asked in (Pause("x"), Resume("x"), LowerCeiling("x", 0.1), Select("x", "steady")):
            assert await code(here, asked) == "unknown_device"
        assert await code(here, wish("x")) == "unknown_device"
        assert await code(here, wish(SEAT, "/etc/passwd")) == "unknown_profile"
        assert await code(here, Select(SEAT, "../x.toml")) == "unknown_profile"
        for nobody in ("person-2", "", "Alex"):
            assert await code(here, wish(person=nobody)) == "unknown_person"
        assert await code(here, wish(BED)) == "busy"


async def test_what_is_selected_is_told(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        assert here.desk.selected(SEAT) is None
        assert await code(here, Select(SEAT, "taster")) == "ok"
        assert here.desk.selected(SEAT) == "taster"
    assert here.said("selected") == ["taster"]


async def test_nobody_outside_learns_a_name_or_an_address(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        here.ground.fails = SafetyRefusal(f"ALEX: {ADDRESS} says that Alexandra may")
        answer = await here.desk.ask(wish(person="person-1"), "mqtt")
        assert answer.detail == "the person: its address says that Alexandra may"
        here.service.happened("history", None, "for Alex, E621E1F8-C36C-495A-93FC-0C247A3E6E5F")
        assert here.said("history") == ["for the person, its address"]


async def test_what_happened_can_be_asked_for_again(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.plays()
        assert list(here.desk.since(0)) == here.heard
        assert [one.seq for one in here.desk.since(2)] == [3, 4, 5]
        assert here.desk.since(99) == ()


async def test_a_listener_that_stumbles_or_leaves_hurts_nobody(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:

        def stumble(_: object) -> None:
            raise RuntimeError

        leave = here.desk.listen(stumble)
        seen: list[Event] = []
        here.desk.listen(lambda one: seen.append(one.event))
        here.service.happened("heard", SEAT)
        leave()
        leave()
        here.service.happened("absent", SEAT)
        assert [event.name for event in seen] == ["heard", "absent"]
    assert [one.severity for one in here.heard] == [Severity.INFO, Severity.WARNING]


@pytest.mark.exhaustive
async def test_a_session_that_has_ended_is_handed_on_once(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        ended: list[SessionNow] = []

        def take(one: SessionNow) -> None:
            ended.append(one)
            raise OSError

        here.service.on_ended = take
        await here.plays()
        here.desk.stop(None, "mqtt")
        await here.over()
        assert [one.devices for one in ended] == [(SEAT,)]
        assert (await here.start()).ok
