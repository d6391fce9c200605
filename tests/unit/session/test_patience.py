"""A pause that nobody ends: told a minute before, then the session ends, stopped."""

import asyncio
from pathlib import Path

from devicehub.messages import CommandKind, EndReason, SessionState
from devicehub.session.patience import LONGEST_PAUSE_S, NOBODY_WENT_ON, TOLD_S, Patience
from tests.unit.radio.bench import CAPE
from tests.unit.session.stage import WARM_S, stage

BEFORE_S, BEGUN_S = 1.0, 100.0
LATE_S = BEGUN_S + LONGEST_PAUSE_S


class Waiting:
    """A pause, and how often it was said that its end is near."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.patience = Patience(lambda _, __, detail: self.told.append(detail))

    def ends(self, at_s: float, *, paused: bool = True) -> bool:
        return self.patience.look(at_s, paused=paused)


def test_it_is_told_once_and_then_it_ends() -> None:
    here = Waiting()
    assert not here.ends(BEGUN_S)
    assert not here.ends(LATE_S - TOLD_S - BEFORE_S)
    assert here.told == []
    assert not here.ends(LATE_S - TOLD_S)
    assert not here.ends(LATE_S - BEFORE_S)
    assert here.told == ["go on, or it ends in 60 s"]
    assert here.ends(LATE_S)


def test_who_says_that_they_are_there_has_as_long_again() -> None:
    here = Waiting()
    here.ends(BEGUN_S)
    here.ends(LATE_S - BEFORE_S)
    here.patience.renew(LATE_S - BEFORE_S)
    assert not here.ends(LATE_S + LONGEST_PAUSE_S - 2 * BEFORE_S)
    assert len(here.told) == 2
    assert here.ends(LATE_S + LONGEST_PAUSE_S - BEFORE_S)


def test_every_pause_counts_for_itself_and_playing_is_none() -> None:
    here = Waiting()
    here.ends(BEGUN_S)
    assert not here.ends(LATE_S + 1.0, paused=False)
    assert not here.ends(LATE_S + 2.0)
    assert not here.ends(LATE_S + LONGEST_PAUSE_S)
    assert here.ends(LATE_S + LONGEST_PAUSE_S + 2.0)


async def test_a_massager_that_came_back_is_not_kept_for_ever(tmp_path: Path) -> None:
    async with stage(tmp_path, [CAPE]) as show:
        await asyncio.sleep(WARM_S)
        show.here.device(CAPE).go_out_of_range()
        await asyncio.sleep(5.0)
        show.here.device(CAPE).come_back()
        await asyncio.sleep(5.0)
        assert show.said("returned")
        await show.after(LONGEST_PAUSE_S / 2, CommandKind.PRESENT)
        await asyncio.sleep(LONGEST_PAUSE_S - BEFORE_S)
        assert show.snapshot().state is SessionState.PAUSED
        assert len(show.said("waiting")) == 1
        summary = await show.ended()
    assert (summary.reason, summary.detail) == (EndReason.STOPPED, NOBODY_WENT_ON)
    assert [end.stop_confirmed for end in summary.devices] == [True]
