"""A session asks whether somebody is there, and ends when nobody answers."""

import asyncio
from pathlib import Path

import pytest

from devicehub.messages import CommandKind, EndReason
from devicehub.safety.limits import load
from tests.unit.session.stage import LONG, stage

pytestmark = pytest.mark.exhaustive  # minutes of sessions: the tracer would double them

SESSION = load().session
ASKED_S = SESSION.presence_check_s["surface_vibration"]


async def test_nobody_answers_and_it_ends(tmp_path: Path) -> None:
    async with stage(tmp_path, profile=LONG, alone=True) as show:
        await asyncio.sleep(ASKED_S - 1.0)
        assert show.said("presence_asked") == []
        await asyncio.sleep(1.5)
        assert len(show.said("presence_asked")) == 1
        left_s = show.snapshot().presence_left_s
        assert left_s is not None
        assert left_s <= SESSION.presence_grace_s
        await asyncio.sleep(SESSION.presence_grace_s - 1.0)
        assert not show.here.still()
        await asyncio.sleep(1.5)
        summary = await show.ended()
    assert summary.reason is EndReason.SAFETY
    assert show.here.still()


@pytest.mark.thorough
async def test_somebody_answers_and_it_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path, profile=LONG, alone=True) as show:
        await asyncio.sleep(ASKED_S + 1.0)
        show.post(CommandKind.PRESENT)
        await asyncio.sleep(SESSION.presence_grace_s + 1.0)
        assert show.said("present") == [""]
        assert show.snapshot().presence_left_s is None
        assert not show.playing.done()


@pytest.mark.thorough
async def test_an_answer_before_the_question_counts_from_then(tmp_path: Path) -> None:
    async with stage(tmp_path, profile=LONG, alone=True) as show:
        await asyncio.sleep(ASKED_S - 5.0)
        show.post(CommandKind.PRESENT)
        await asyncio.sleep(10.0)
        assert show.said("presence_asked") == []
