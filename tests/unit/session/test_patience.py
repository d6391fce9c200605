"""A pause that nobody ends: told a minute before, then the session ends, stopped."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from devicehub.messages import CommandKind, EndReason, SessionState
from devicehub.session.patience import LONGEST_PAUSE_S, NOBODY_WENT_ON, TOLD_S
from tests.unit.radio.bench import CAPE
from tests.unit.session.stage import WARM_S, Stage, stage

SOON_S = 1.0


@pytest.fixture
async def paused(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as show:
        await show.after(WARM_S, CommandKind.PAUSE)
        yield show


async def test_it_is_told_before_and_then_the_session_ends_stopped(paused: Stage) -> None:
    await asyncio.sleep(LONGEST_PAUSE_S - TOLD_S - SOON_S)
    assert paused.said("waiting") == []
    await asyncio.sleep(2 * SOON_S)
    assert paused.said("waiting") == ["go on, or it ends in 60 s"]
    assert paused.snapshot().state is SessionState.PAUSED
    await asyncio.sleep(TOLD_S)
    summary = await paused.ended()
    assert (summary.reason, summary.detail) == (EndReason.STOPPED, NOBODY_WENT_ON)
    assert [end.stop_confirmed for end in summary.devices] == [True]
    assert len(paused.said("waiting")) == 1


async def test_who_says_that_they_are_there_has_as_long_again(paused: Stage) -> None:
    await paused.after(LONGEST_PAUSE_S - SOON_S, CommandKind.PRESENT)
    await asyncio.sleep(LONGEST_PAUSE_S - SOON_S)
    assert paused.snapshot().state is SessionState.PAUSED
    assert len(paused.said("waiting")) == 2
    await asyncio.sleep(2 * SOON_S)
    assert (await paused.ended()).detail == NOBODY_WENT_ON


async def test_every_pause_counts_for_itself(paused: Stage) -> None:
    await paused.after(LONGEST_PAUSE_S / 2, CommandKind.RESUME)
    await paused.after(SOON_S, CommandKind.PAUSE)
    await asyncio.sleep(LONGEST_PAUSE_S / 2 + SOON_S)
    assert paused.snapshot().state is SessionState.PAUSED
    assert paused.said("waiting") == []


async def test_a_massager_that_came_back_is_not_kept_for_ever(tmp_path: Path) -> None:
    async with stage(tmp_path, [CAPE]) as show:
        await asyncio.sleep(WARM_S)
        show.here.device(CAPE).go_out_of_range()
        await asyncio.sleep(5.0)
        show.here.device(CAPE).come_back()
        await asyncio.sleep(5.0)
        assert show.said("returned")
        await asyncio.sleep(LONGEST_PAUSE_S)
        assert (await show.ended()).detail == NOBODY_WENT_ON
