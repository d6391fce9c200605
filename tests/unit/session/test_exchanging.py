"""Another profile at the same position: what moves follows, through the same governor."""

import asyncio
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from devicehub.cli.accounts import mannequin
from devicehub.errors import SafetyRefusal, UsageError
from devicehub.massagers.show import describe
from devicehub.messages import CommandKind, EndReason, SessionState
from devicehub.safety.limits import load
from devicehub.session.exchanging import CROSS_S
from profiles import loader
from profiles.model import Profile
from tests.limits import read_zones
from tests.oracle import judge
from tests.unit.radio.bench import CAPE, known
from tests.unit.session.stage import GENTLE_S, LENGTH_S, WARM_S, Stage, stage

HEAD = 'title = "Other"\nsummary = "."\nposture = "seated"\nintent = "wellness"\n'
PHASE = '[[phase]]\ntechnique = "vibration"\nzones = ["{}"]\nseconds = {}\nlevel = {}\n'
NECK = {0, 2}  # motors of the cape at the shoulders
LOW = {9, 11}  # and at the lower back
STEPS = 4  # from 0 to 0.4 in two seconds, eased, in a twentieth of a second


def other(zone: str = "trapezius_upper", seconds: float = 120, level: float = 0.4) -> Profile:
    return loader.load_text(HEAD + PHASE.format(zone, seconds, level), "other.toml")


def moving(show: Stage) -> set[int]:
    return {motor for motor, level in enumerate(show.here.levels()) if level}


def against_the_limits(show: Stage, planned_s: float) -> list[str]:
    return judge(show.here.tape(), describe(known(CAPE)), read_zones(), planned_s=planned_s)


@pytest.mark.exhaustive
async def test_from_the_next_beat_on_the_other_one_is_played(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(WARM_S)
        assert not moving(show) & NECK
        show.hub.exchange(other())
        await asyncio.sleep(CROSS_S + 0.1)
        assert not moving(show) & LOW
        await asyncio.sleep(WARM_S)
        assert moving(show) == NECK
        now = show.snapshot()
        assert (now.title, now.passages, now.technique) == ("Other", 1, "vibration")
        assert now.elapsed_s == pytest.approx(2 * WARM_S + CROSS_S, abs=0.3)
        assert show.said("reloaded") == ["phases: 1, seconds: 120"]


@pytest.mark.exhaustive
async def test_nothing_jumps(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(GENTLE_S)
        show.hub.exchange(other())
        await asyncio.sleep(WARM_S)
        for motor in NECK | LOW:
            levels = [move.level for move in show.here.tape().moves if move.actuator == motor]
            assert max(abs(after - before) for before, after in pairwise([0, *levels])) <= STEPS
        assert moving(show) == NECK


@pytest.mark.exhaustive
@pytest.mark.parametrize("seconds", [60, 240])
async def test_the_oracle_finds_nothing_in_a_session_of_another_length(
    tmp_path: Path, seconds: float
) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(2 * WARM_S)
        show.hub.exchange(other(seconds=seconds, level=0.6))
        summary = await show.ended()
        assert summary.reason is EndReason.COMPLETED
        assert summary.played_s == pytest.approx(seconds)
        assert against_the_limits(show, seconds) == []


@pytest.mark.exhaustive
async def test_a_session_that_becomes_shorter_fades_to_its_new_end(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(GENTLE_S)
        show.hub.exchange(other(seconds=75, level=0.6))
        await asyncio.sleep(75 - GENTLE_S - 5.0)
        assert 30 <= show.strongest() < 45  # a third of the way from the half to the cap


@pytest.mark.exhaustive
async def test_a_session_that_becomes_longer_does_not_fade_at_its_old_end(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(WARM_S)
        show.hub.exchange(other(seconds=180, level=0.6))
        await asyncio.sleep(LENGTH_S - WARM_S - 2.0)
        assert show.strongest() > 50  # 60 but for the swell of a hum


async def test_the_gentle_beginning_never_becomes_shorter(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(WARM_S)
        show.hub.exchange(other(seconds=50, level=0.6))
        await asyncio.sleep(12.0)  # a fifth of the new one is over, of the old one not
        assert show.strongest() == 30


@pytest.mark.exhaustive
async def test_one_that_is_shorter_than_what_was_played_ends_the_session(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(2 * WARM_S)
        show.hub.exchange(other(seconds=10))
        summary = await show.ended()
        assert summary.reason is EndReason.COMPLETED
        assert [end.stop_confirmed for end in summary.devices] == [True]


@pytest.mark.exhaustive
async def test_in_a_pause_it_waits_for_the_person(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        await show.after(WARM_S, CommandKind.PAUSE)
        show.hub.exchange(other())
        await asyncio.sleep(WARM_S)
        assert (show.here.still(), show.session.state) == (True, SessionState.PAUSED)
        await show.after(0.0, CommandKind.RESUME)
        await asyncio.sleep(WARM_S)
        assert moving(show) == NECK


async def test_what_it_cannot_do_here_is_told(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        both = HEAD + PHASE.format("rhomboid", 60, 0.3) + PHASE.format("gluteal", 60, 0.3)
        show.hub.exchange(loader.load_text(both, "both.toml"))
        (warning,) = show.said("warning")
        assert "Phase 2 (vibration): reference-cape has no motor in its zones" in warning


@pytest.mark.parametrize(
    ("zone", "why"), [("axilla", SafetyRefusal), ("gluteal", UsageError)], ids=str
)
async def test_what_may_not_be_played_changes_nothing(
    tmp_path: Path, zone: str, why: type[Exception]
) -> None:
    async with stage(tmp_path) as show:
        await asyncio.sleep(WARM_S)
        with pytest.raises(why):
            show.hub.exchange(other(zone))
        await asyncio.sleep(1.0)
        assert moving(show) & LOW
        assert (show.snapshot().title, show.said("reloaded")) == ("Steady", [])


async def test_nothing_is_exchanged_over_a_person(tmp_path: Path) -> None:
    account = await mannequin(load(), asyncio.get_running_loop().time)
    async with stage(tmp_path, account=replace(account, vouched=True)) as show:
        with pytest.raises(SafetyRefusal, match="under the mannequin only"):
            show.hub.exchange(other())
        assert show.snapshot().title == "Steady"


@pytest.mark.exhaustive
async def test_what_comes_next_stays_written_down(tmp_path: Path) -> None:
    async with stage(tmp_path) as show:
        for seconds in (200, 100, 300):
            await asyncio.sleep(15.0)
            show.hub.exchange(other(seconds=seconds))
        await asyncio.sleep(30.0)
        assert show.session.reserving.trouble is None
        assert moving(show) == NECK
