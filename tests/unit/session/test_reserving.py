"""Exposure is in the ledger before it is used, and a session ends when the ledger fails."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from devicehub.cli.accounts import MANNEQUIN
from devicehub.hub import Hub
from devicehub.ledger.ledger import Ledger
from devicehub.ledger.moment import Moment
from devicehub.messages import Command, CommandKind, EndReason, Event
from devicehub.safety.limits import load
from devicehub.safety.screening import questions
from devicehub.session.account import Account
from tests.unit.radio.bench import now_s
from tests.unit.session.stage import WARM_S, Stage, stage

T = TypeVar("T")
LIMITS = load()


class Moody:
    """A clerk of a ledger that can be told to fail, or to take his time."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.takes_s = 0.0

    async def do(self, work: Callable[[], T]) -> T:
        await asyncio.sleep(self.takes_s)
        if self.error is not None:
            raise self.error
        return work()


def moment() -> Moment:
    return Moment(now_s(), now_s(), "one")


async def account(ledger: Ledger, clerk: Moody | None = None) -> Account:
    ledger.add(MANNEQUIN)
    ledger.screen(MANNEQUIN, {question.id: "no" for question in questions(LIMITS)}, moment())
    return await Account.open(ledger, MANNEQUIN, LIMITS, clerk or Moody(), moment)


def covers(ledger: Ledger, show: Stage) -> bool:
    """Say whether the ledger has at least what the governor has let through."""
    kept = ledger.past(MANNEQUIN, moment()).exposure
    used = show.session.governor.exposure(now_s())
    return kept.active_s >= used.active_s and all(
        place in kept.places
        and kept.places[place].seconds >= received.seconds
        and kept.places[place].dose >= received.dose
        for place, received in used.places.items()
    )


@pytest.mark.exhaustive
async def test_the_ledger_is_never_behind_the_motors(tmp_path: Path) -> None:
    ledger = Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger)) as show:
        while not show.playing.done():
            assert covers(ledger, show)
            await asyncio.sleep(0.37)


async def test_what_was_reserved_and_not_used_is_free_again(tmp_path: Path) -> None:
    ledger = Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger)) as show:
        await show.after(WARM_S, CommandKind.STOP)
        await show.ended()
        used = show.session.governor.exposure(now_s())
    kept = ledger.past(MANNEQUIN, moment()).exposure
    assert abs(kept.active_s - used.active_s) < 1e-6
    assert 0.0 < kept.active_s <= WARM_S + 1.0


async def test_a_ledger_that_fails_ends_the_session(tmp_path: Path) -> None:
    clerk = Moody()
    async with stage(tmp_path, account=await account(Ledger.in_memory(), clerk)) as show:
        await asyncio.sleep(WARM_S)
        clerk.error = OSError("no space left")
        summary = await show.ended()
    assert summary.reason is EndReason.SAFETY
    assert "no space left" in summary.detail
    assert show.here.still()


async def test_a_ledger_that_fails_from_the_start_lets_nothing_move(tmp_path: Path) -> None:
    clerk = Moody()
    opened = await account(Ledger.in_memory(), clerk)
    clerk.error = OSError("read-only")
    async with stage(tmp_path, account=opened) as show:
        await asyncio.wait((show.playing,))
        assert "read-only" in str(show.playing.exception())
    assert not show.here.tape().moves


async def test_a_ledger_that_does_not_answer_silences_the_motors_in_time(tmp_path: Path) -> None:
    clerk = Moody()
    async with stage(tmp_path, account=await account(Ledger.in_memory(), clerk)) as show:
        await asyncio.sleep(WARM_S)
        clerk.takes_s = 3600.0
        await asyncio.sleep(LIMITS.daily.reservation_s)
        assert show.here.still()
        clerk.takes_s = 0.0
        show.post(CommandKind.STOP)


async def test_severe_discomfort_is_remembered(tmp_path: Path) -> None:
    ledger = Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger)) as show:
        await show.after(WARM_S, CommandKind.HURTS)
        summary = await show.ended()
    assert summary.reason is EndReason.DISCOMFORT
    assert len(ledger.past(MANNEQUIN, moment()).severe_ago_s) == 1
    assert summary.wait


async def test_what_hurt_while_the_massager_was_looked_for_is_remembered(tmp_path: Path) -> None:
    def hurt(hub: Hub, event: Event) -> None:
        if event.name == "connecting":
            hub.post(Command(CommandKind.HURTS, "test"))
            hub.post(Command(CommandKind.HURTS, "test"))

    ledger = Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger), on_event=hurt) as show:
        summary = await show.ended()
    assert summary.reason is EndReason.DISCOMFORT
    assert show.said("started") == []
    assert len(ledger.past(MANNEQUIN, moment()).severe_ago_s) == 1
    assert any("acknowledge" in wait for wait in summary.wait)


async def test_another_session_waits_for_the_gap(tmp_path: Path) -> None:
    ledger = Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger)) as show:
        await show.after(WARM_S, CommandKind.STOP)
        assert (await show.ended()).wait == ()  # said when they come back, not after a good end
    again = await Account.open(ledger, MANNEQUIN, LIMITS, Moody(), moment)
    assert len(again.refusals(frozenset())) == 1


async def test_after_pain_the_end_says_what_another_session_waits_for(tmp_path: Path) -> None:
    async with stage(tmp_path, account=await account(Ledger.in_memory())) as show:
        await show.after(WARM_S, CommandKind.HURTS)
        hurt, acknowledge = (await show.ended()).wait
        assert hurt.startswith("It hurt: the next session in ")
        assert f"acknowledge {MANNEQUIN}" in acknowledge


@pytest.mark.exhaustive
async def test_a_long_pause_needs_a_new_reservation_and_gets_it(tmp_path: Path) -> None:
    ledger = Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger)) as show:
        await show.after(WARM_S, CommandKind.PAUSE)
        await asyncio.sleep(LIMITS.daily.reservation_s * 3)
        before = ledger.past(MANNEQUIN, moment()).exposure.active_s
        await show.after(0.0, CommandKind.RESUME)
        await asyncio.sleep(WARM_S)
        assert not show.here.still()
        assert show.said("paused") == ["asked"]
        assert covers(ledger, show)
        assert ledger.past(MANNEQUIN, moment()).exposure.active_s > before


@pytest.mark.exhaustive
async def test_a_ledger_that_fails_in_a_pause_ends_the_session_at_its_end(tmp_path: Path) -> None:
    clerk = Moody()
    async with stage(tmp_path, account=await account(Ledger.in_memory(), clerk)) as show:
        await show.after(WARM_S, CommandKind.PAUSE)
        clerk.error = OSError("no space left")
        await show.after(60.0, CommandKind.RESUME)
        assert (await show.ended()).reason is EndReason.SAFETY


@pytest.mark.exhaustive
async def test_what_hurt_is_written_down_however_long_the_ledger_is_busy(tmp_path: Path) -> None:
    clerk, ledger = Moody(), Ledger.in_memory()
    async with stage(tmp_path, account=await account(ledger, clerk)) as show:
        await asyncio.sleep(WARM_S)
        clerk.error = OSError("database is locked")
        await show.after(0.0, CommandKind.HURTS)
        await asyncio.sleep(3.0)
        assert show.here.still()
        clerk.error = None
        await show.ended()
    assert len(ledger.past(MANNEQUIN, moment()).severe_ago_s) == 1


async def test_what_hurt_and_could_not_be_written_down_is_said(tmp_path: Path) -> None:
    clerk = Moody()
    async with stage(tmp_path, account=await account(Ledger.in_memory(), clerk)) as show:
        await asyncio.sleep(WARM_S)
        clerk.error = OSError("database is locked")
        await show.after(0.0, CommandKind.HURTS)
        await show.ended()
    assert any("let an hour pass" in words for words in show.said("warning"))


async def test_pressing_h_again_and_again_is_one_report(tmp_path: Path) -> None:
    ledger, clerk = Ledger.in_memory(), Moody()
    async with stage(tmp_path, account=await account(ledger, clerk)) as show:
        await asyncio.sleep(WARM_S)
        clerk.takes_s = 0.9
        for _ in range(4):
            await show.after(0.3, CommandKind.HURTS)
        await show.ended()
    assert len(ledger.past(MANNEQUIN, moment()).severe_ago_s) == 1


async def test_stop_does_not_wait_for_a_ledger_that_never_opens_the_session(tmp_path: Path) -> None:
    clerk = Moody()
    opened = await account(Ledger.in_memory(), clerk)
    clerk.takes_s = 3600.0
    async with stage(tmp_path, account=opened, waits=False) as show:
        await asyncio.sleep(2.0)
        show.post(CommandKind.STOP)
        begun_s = now_s()
        summary = await show.ended()
        assert now_s() - begun_s < 5.0
    assert summary.reason is EndReason.STOPPED
    assert not show.here.tape().moves
