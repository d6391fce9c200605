"""The deck: one massager of a session, and how it is left."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from devicehub.errors import LinkLost
from devicehub.safety.governor import Governor
from devicehub.safety.limits import load
from devicehub.session.deck import Deck
from devicehub.session.plan import Plan
from profiles import loader
from profiles.score import Demand
from tests.unit.radio.bench import CAPE, Bench, Judge, bench
from tests.unit.session.stage import STEADY


@dataclass
class Table:
    """A deck that is ready, and the massager under it."""

    here: Bench
    deck: Deck
    governor: Governor
    judge: Judge

    async def move(self, level: float = 0.3) -> None:
        frame = self.judge.frame(level)
        self.deck.put(frame, Demand(frame.levels, 0))
        await asyncio.sleep(0.01)


@asynccontextmanager
async def table(folder: Path) -> AsyncGenerator[Table]:
    async with bench(folder) as here:
        link = await here.connector.connect(here.sim.addresses[CAPE], 1.0)
        score = Plan(loader.load_text(STEADY, "steady.toml")).score(link.massager, load())
        deck = Deck("it", link.massager, score, link)
        governor = Governor(load(), [deck.mount])
        await deck.agree(governor)
        deck.open_outbox(governor)
        yield Table(here, deck, governor, Judge(link.massager))
        await deck.end_outbox()
        await link.close()


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncGenerator[Table]:
    async with table(tmp_path) as here:
        yield here


@pytest.mark.exhaustive
async def test_a_massager_may_be_running_until_a_stop_is_confirmed(bare: Table) -> None:
    assert bare.deck.may_be_running
    bare.deck.begin_stop()
    assert bare.deck.stopping
    await bare.deck.all_stopped()
    assert not bare.deck.stopping
    assert not bare.deck.may_be_running


@pytest.mark.exhaustive
async def test_a_frame_that_moves_takes_the_confirmation_back(bare: Table) -> None:
    bare.deck.begin_stop()
    await bare.deck.all_stopped()
    bare.deck.port.rearm()
    await bare.move()
    assert bare.deck.may_be_running


@pytest.mark.exhaustive
async def test_a_later_stop_that_fails_does_not_take_it_back(bare: Table) -> None:
    bare.deck.begin_stop()
    await bare.deck.all_stopped()
    bare.here.device().hang()
    bare.deck.begin_stop()
    await bare.deck.all_stopped()
    assert not bare.deck.may_be_running
    bare.here.device().recover()


@pytest.mark.exhaustive
async def test_a_later_stop_that_is_confirmed_mends_one_that_failed(bare: Table) -> None:
    bare.here.device().hang()
    bare.deck.begin_stop()
    await bare.deck.all_stopped()
    assert bare.deck.may_be_running
    bare.here.device().recover()
    bare.deck.begin_stop()
    await bare.deck.all_stopped()
    assert not bare.deck.may_be_running


@pytest.mark.exhaustive
async def test_what_was_sent_is_seen_and_counted_as_0_after_a_stop(bare: Table) -> None:
    await bare.move()
    seen = [view.sent for view in bare.deck.view(bare.governor).actuators]
    assert [round(level * 100) for level in seen] == bare.here.levels()
    bare.deck.begin_stop()
    assert not any(view.sent for view in bare.deck.view(bare.governor).actuators)
    await bare.deck.all_stopped()


@pytest.mark.exhaustive
async def test_a_lost_link_is_seen(bare: Table) -> None:
    bare.here.device().go_out_of_range()
    await bare.deck.port.lost.wait()
    assert bare.deck.view(bare.governor).link == "lost"


@pytest.mark.exhaustive
async def test_a_write_may_be_the_first_to_say_that_the_link_is_lost(bare: Table) -> None:
    assert bare.deck.outbox is not None
    assert not bare.deck.lost
    bare.deck.outbox.failed = LinkLost("it: the link was lost")
    assert not bare.deck.port.lost.is_set()
    assert bare.deck.lost


@pytest.mark.exhaustive
async def test_a_frame_that_fails_is_trouble(bare: Table) -> None:
    assert bare.deck.trouble is None
    bare.here.device().refuse(1)
    await bare.move()
    assert "a write failed" in str(bare.deck.trouble)


async def test_an_outbox_that_ended_is_trouble(bare: Table) -> None:
    await bare.deck.end_outbox()
    assert bare.deck.trouble == "it: its outbox ended"
