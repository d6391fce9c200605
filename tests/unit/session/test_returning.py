"""A massager that is lost in mid-session: all stops, it is looked for, and nobody goes on alone."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from devicehub.errors import SafetyRefusal
from devicehub.massagers.library import load_library
from devicehub.messages import CommandKind, EndReason, SessionState
from devicehub.radio.local import LocalConnector
from devicehub.session.searching import LOOKED_FOR_S, Search
from tests.oracle import judge
from tests.session_runs import ZONES, shown
from tests.unit.radio.bench import CAPE, VEST, Bench, bench
from tests.unit.session.stage import WARM_S, Stage, stage

LOST_S = 2.0  # within it the link is known to be gone
BACK_S = 3.0  # within it what advertises again is connected
UNCONFIRMED = [False]


@pytest.fixture
async def show(tmp_path: Path) -> AsyncGenerator[Stage]:
    """A vest that plays: it holds its last frame when its link is lost."""
    async with stage(tmp_path, [VEST]) as playing:
        await asyncio.sleep(WARM_S)
        yield playing


async def lost(show: Stage, model: str = VEST) -> None:
    show.here.device(model).go_out_of_range()
    await asyncio.sleep(LOST_S)


async def back(show: Stage, model: str = VEST) -> None:
    show.here.device(model).come_back()
    await asyncio.sleep(BACK_S)


@pytest.mark.exhaustive
async def test_the_session_pauses_and_the_alarm_stands(show: Stage) -> None:
    await lost(show)
    assert show.session.state is SessionState.PAUSED
    (view,) = show.snapshot().devices
    assert (view.link, view.may_be_running) == ("returning", True)
    assert show.hub.looked_for() == (VEST,)
    assert len(show.said("paused")) == len(show.said("lost")) == 1
    assert load_library()[VEST].on_lost_link in show.said("lost")[0]


@pytest.mark.exhaustive
async def test_the_others_are_stopped_meanwhile(tmp_path: Path) -> None:
    async with stage(tmp_path, [CAPE, VEST]) as show:
        await asyncio.sleep(WARM_S)
        await lost(show, CAPE)
        assert show.here.still(VEST)
        await back(show, CAPE)
        assert show.here.still(VEST)
        assert show.session.state is SessionState.PAUSED


@pytest.mark.exhaustive
async def test_the_seconds_that_are_left_are_counted_down(show: Stage) -> None:
    await lost(show)
    before = show.snapshot().devices[0].returning_left_s
    await asyncio.sleep(20.0)
    after = show.snapshot().devices[0].returning_left_s
    assert (before, after) == (
        pytest.approx(LOOKED_FOR_S - LOST_S, abs=1.0),
        pytest.approx(LOOKED_FOR_S - LOST_S - 20.0, abs=1.0),
    )
    assert show.said("returning") == [f"looked for, {left} s left" for left in (60, 50, 40)]


@pytest.mark.exhaustive
async def test_one_that_is_back_was_stopped_and_stays_so(show: Stage) -> None:
    await lost(show)
    await back(show)
    assert show.here.still(VEST)
    await asyncio.sleep(60.0)
    assert show.here.still(VEST)
    assert show.session.state is SessionState.PAUSED
    (view,) = show.snapshot().devices
    assert (view.link, view.may_be_running, view.returning_left_s) == ("connected", False, None)
    assert show.said("returned") == ["it is back and stands still; resume to go on"]


@pytest.mark.exhaustive
async def test_it_goes_on_from_0_when_the_person_says_so(show: Stage) -> None:
    place_s = show.snapshot().elapsed_s
    await lost(show)
    await back(show)
    await show.after(0.0, CommandKind.RESUME)
    assert show.session.state is SessionState.PLAYING
    assert show.snapshot().elapsed_s == pytest.approx(place_s, abs=LOST_S)
    await asyncio.sleep(WARM_S)
    assert show.strongest(VEST) > 0
    show.post(CommandKind.STOP)
    summary = await show.ended()
    assert (summary.reason, summary.devices[0].stop_confirmed) == (EndReason.STOPPED, True)
    assert judge(show.here.tape(VEST), shown(VEST), ZONES) == []


async def test_what_is_asked_before_it_is_back_is_not_done_later(show: Stage) -> None:
    await lost(show)
    await show.after(0.0, CommandKind.RESUME)
    assert show.said("refused") == [f"not before {VEST} is back"]
    await back(show)
    assert (show.session.state, show.here.still(VEST)) == (SessionState.PAUSED, True)


@pytest.mark.exhaustive
async def test_a_stop_ends_it_at_once_and_the_search_goes_on(show: Stage) -> None:
    await lost(show)
    show.post(CommandKind.STOP)
    await asyncio.sleep(20.0)
    assert not show.playing.done()
    show.here.device(VEST).come_back()
    summary = await show.ended()
    assert (summary.reason, summary.devices[0].stop_confirmed) == (EndReason.STOPPED, True)
    assert show.said("rescued") == ["it confirmed stop"]
    assert show.here.still(VEST)


@pytest.mark.exhaustive
async def test_pain_ends_it_at_once(show: Stage) -> None:
    await lost(show)
    await show.after(0.0, CommandKind.HURTS)
    assert show.session.latch.reason is EndReason.DISCOMFORT
    await back(show)
    assert (await show.ended()).devices[0].stop_confirmed


async def test_who_insists_does_not_wait_for_it(show: Stage) -> None:
    await lost(show)
    for _ in range(3):
        show.post(CommandKind.STOP)
        await asyncio.sleep(0.1)
    async with asyncio.timeout(5.0):
        assert [end.stop_confirmed for end in (await show.ended()).devices] == UNCONFIRMED


@pytest.mark.exhaustive
async def test_after_its_time_it_is_given_up_and_the_alarm_stays(show: Stage) -> None:
    begun_s = asyncio.get_running_loop().time()
    show.here.device(VEST).go_out_of_range()
    summary = await show.ended()
    took_s = asyncio.get_running_loop().time() - begun_s
    assert took_s == pytest.approx(LOOKED_FOR_S, abs=LOST_S)  # one minute in all, not two
    assert summary.reason is EndReason.LOST
    assert summary.detail == f"{VEST}: not found again within 60 s"
    assert [end.stop_confirmed for end in summary.devices] == UNCONFIRMED
    assert summary.devices[0].advice == load_library()[VEST].on_lost_link


@pytest.mark.exhaustive
async def test_a_stop_shares_the_minute_that_has_begun(show: Stage) -> None:
    begun_s = asyncio.get_running_loop().time()
    await lost(show)
    await show.after(30.0, CommandKind.STOP)
    await show.ended()
    took_s = asyncio.get_running_loop().time() - begun_s
    assert took_s == pytest.approx(LOOKED_FOR_S, abs=LOST_S)


@pytest.mark.exhaustive
async def test_one_that_rested_when_it_was_lost_needs_no_rescue(show: Stage) -> None:
    await show.after(0.0, CommandKind.PAUSE)
    await asyncio.sleep(1.0)
    await lost(show)
    assert show.snapshot().devices[0].link == "returning"
    show.post(CommandKind.STOP)
    async with asyncio.timeout(5.0):
        assert (await show.ended()).devices[0].stop_confirmed
    assert show.said("rescuing") == []


@pytest.mark.exhaustive
async def test_it_may_be_lost_and_come_back_again(show: Stage) -> None:
    for _ in range(2):
        await lost(show)
        await back(show)
        await show.after(0.0, CommandKind.RESUME)
        await asyncio.sleep(WARM_S)
        assert show.session.state is SessionState.PLAYING
    assert show.strongest(VEST) > 0


@pytest.mark.exhaustive
async def test_what_it_may_have_done_meanwhile_is_used_up(show: Stage) -> None:
    await lost(show)
    now_s = asyncio.get_running_loop().time
    before = show.session.governor.exposure(now_s()).active_s
    await asyncio.sleep(30.0)
    running = show.session.governor.exposure(now_s()).active_s
    assert running == pytest.approx(before + 30.0, abs=0.1)
    await back(show)
    rested = show.session.governor.exposure(now_s()).active_s
    await asyncio.sleep(30.0)
    assert show.session.governor.exposure(now_s()).active_s == rested


@pytest.mark.exhaustive
async def test_its_gate_takes_what_was_agreed_with_the_one_before(show: Stage) -> None:
    before = show.session.decks[0].port
    await lost(show)
    await back(show)
    after = show.session.decks[0].port
    assert after is not before
    assert after._valve.ceiling == before._valve.ceiling  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


class Impostor(LocalConnector):
    """Finds the right address, and says that something else answers there."""

    async def connect(self, wanted: str, timeout_s: float):
        link = await super().connect(wanted, timeout_s)
        link.massager = replace(link.massager, model="something-else")
        return link


@dataclass
class Sent:
    """A link that was lost."""

    here: Bench
    connector: LocalConnector

    async def search(self) -> Search:
        port = await self.here.connector.connect(self.here.sim.addresses[VEST], 1.0)
        await port.close()
        return Search(self.connector, port, asyncio.get_running_loop().time() + 5.0)


async def test_another_model_at_its_address_is_stopped_and_refused(tmp_path: Path) -> None:
    async with bench(tmp_path, [VEST]) as here:
        search = await Sent(here, Impostor(here.air, load_library())).search()
        assert await search.found() is None
        assert search.over
        assert search.refusal.endswith(f"is something-else, not {VEST}")
        assert here.tape(VEST).links[-1][1] == "closed"


class Refusing(LocalConnector):
    """Finds it, and its last gate agrees to nothing."""

    async def connect(self, wanted: str, timeout_s: float):
        link = await super().connect(wanted, timeout_s)

        setattr(link, "agree", self._agree)  # noqa: B010 - a link has no place for another way
        return link

    async def _agree(self, _terms: object) -> None:
        raise SafetyRefusal("another session drives it")


async def test_a_gate_that_refuses_ends_the_session_and_the_massager_is_let_go(
    show: Stage,
) -> None:
    refusing = Refusing(show.here.air, load_library())
    show.session.returning._connector = refusing  # pyright: ignore[reportPrivateUsage]
    await lost(show)
    show.here.device(VEST).come_back()
    summary = await show.ended()
    assert (summary.reason, summary.detail) == (
        EndReason.LOST,
        f"{VEST}: another session drives it",
    )
    assert [end.stop_confirmed for end in summary.devices] == [True]
    assert show.here.tape(VEST).links[-1][1] == "closed"
