"""One massager in the keeper's care: when it is unwanted, to the millisecond and to the beat."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from devicehub.errors import RadioError
from devicehub.keeper.gate import FRAME_TTL_S, Gate
from devicehub.keeper.kept import DISAGREEMENTS, Kept
from devicehub.keeper.protocol import Frame
from devicehub.massagers.encode import raw
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import StopOutcome, Terms
from tests.unit.radio.bench import CAPE, Bench, bench
from tests.unit.radio.walked import BED, bed

HEAT = "7d3c0004-52a4-4c0e-9f6b-2b1e8a6cd101"
LEVELS = [30] * 12
CONFIRMED = StopOutcome(confirmed=True, took_s=0.01)
UNCONFIRMED = StopOutcome(confirmed=False, took_s=None)


def now_s() -> float:
    return asyncio.get_running_loop().time()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Bench]:
    async with bench(tmp_path, (CAPE,)) as here_:
        yield here_


@pytest.fixture
async def kept(here: Bench) -> AsyncGenerator[Kept]:
    """A cape that was just told to move."""
    link = await here.connector.connect(here.sim.addresses[CAPE], 5.0)
    await link.agree(Terms(link.massager.steps))
    kept_ = Kept.of(link, "Bluetooth")
    kept_.gate = Gate(link.massager, link.massager.steps)
    told(kept_)
    yield kept_
    await link.close()


def told(kept: Kept) -> None:
    writes = [(w.char, w.data.hex(), w.response) for w in raw(kept.link.massager, LEVELS)]
    frame = Frame(1, CAPE, writes, LEVELS, now_s() + FRAME_TTL_S)
    assert not isinstance(kept.admit(frame, now_s()), str)
    assert kept.busy
    kept.busy = False  # as after its write


def settle(kept: Kept, outcome: StopOutcome) -> None:
    kept._settle(outcome)  # pyright: ignore[reportPrivateUsage] - what a stop comes to


async def test_it_is_wanted_until_its_frame_has_grown_old(kept: Kept) -> None:
    assert not kept.unwanted(kept.not_after_s, silent=False)
    assert kept.unwanted(kept.not_after_s + 0.001, silent=False)


async def test_a_pad_that_was_switched_on_is_wanted_as_a_motor_is(kept: Kept) -> None:
    await kept.begin_stop()
    kept.gate = Gate(kept.link.massager, kept.link.massager.steps, 80)
    kept.link.rearm()
    warm = Frame(2, CAPE, [(HEAT, "0150", True)], [0] * 12, now_s() + FRAME_TTL_S)
    passed = kept.admit(warm, now_s())
    assert not isinstance(passed, str)
    assert (kept.wanted, kept.armed, any(kept.steps)) == (True, True, False)
    assert kept.unwanted(kept.not_after_s + 0.001, silent=False)
    kept.busy = False
    cold = Frame(3, CAPE, [(HEAT, "00", True)], [0] * 12, now_s() + FRAME_TTL_S)
    assert not isinstance(kept.admit(cold, now_s()), str)
    assert not kept.wanted


async def test_three_beats_in_a_row_that_disagree_are_no_crossing(kept: Kept) -> None:
    for _ in range(DISAGREEMENTS - 1):
        kept.hear([0] * 12, 0.0, now_s())
    assert not kept.unwanted(now_s(), silent=False)
    kept.hear(LEVELS, now_s() + FRAME_TTL_S, now_s())
    for _ in range(DISAGREEMENTS - 1):
        kept.hear([0] * 12, 0.0, now_s())
    assert not kept.unwanted(now_s(), silent=False)
    kept.hear([0] * 12, 0.0, now_s())
    assert kept.unwanted(now_s(), silent=False)


async def test_a_frame_that_passes_takes_the_stop_back_into_the_hubs_hands(kept: Kept) -> None:
    kept.unanswered = True
    assert kept.unwanted(now_s(), silent=False)
    told(kept)
    assert kept.unanswered is False


async def test_a_stop_is_told_to_the_gate_as_well(kept: Kept) -> None:
    assert kept.gate is not None
    assert any(kept.gate._told or ())  # pyright: ignore[reportPrivateUsage] - no word of it outside
    await kept.begin_stop()
    assert not any(kept.gate._told or ())  # pyright: ignore[reportPrivateUsage] - no word of it outside


async def test_a_confirmed_stop_disarms_and_nothing_is_left_unanswered(kept: Kept) -> None:
    outcome = await kept.begin_stop()
    assert outcome.confirmed
    await asyncio.sleep(0)
    assert (kept.armed, kept.unanswered) == (False, False)


async def test_a_stop_that_is_given_up_is_unanswered_unless_it_moves_again(kept: Kept) -> None:
    settle(kept, UNCONFIRMED)
    assert (kept.armed, kept.unanswered) == (True, False)  # told to move meanwhile
    kept.steps = (0,) * 12
    settle(kept, UNCONFIRMED)
    assert (kept.armed, kept.unanswered) == (True, True)


async def test_a_standing_stop_that_cannot_be_removed_does_no_harm(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", __file__)  # no folder: removing raises OSError
    kept.steps = (0,) * 12
    settle(kept, CONFIRMED)
    assert kept.armed is False


async def test_a_massager_that_is_left_is_let_go(kept: Kept) -> None:
    asked: list[int] = []
    assert (await kept.leave(lambda: bool(asked.append(1)))).confirmed
    assert asked == []
    assert kept.link._client is None  # pyright: ignore[reportPrivateUsage] - no word of it outside


async def test_a_lost_massager_is_let_go_and_stays_armed(kept: Kept, here: Bench) -> None:
    here.device().go_out_of_range()
    await kept.link.lost.wait()
    assert not (await kept.leave(lambda: True)).confirmed
    assert kept.armed
    assert kept.link._client is None  # pyright: ignore[reportPrivateUsage] - no word of it outside


async def test_who_leaves_twice_waits_for_the_same_words(kept: Kept) -> None:
    assert kept.leave(lambda: True) is kept.leave(lambda: True)
    assert kept.leaving is not None
    assert (await kept.leaving).confirmed


# ------------------------------------------------------------ keys for more and less


@pytest.mark.parametrize("refused", [True, False])
async def test_a_key_that_the_massager_refused_may_be_pressed_or_not(
    refused: bool, tmp_path: Path
) -> None:
    async with bench(tmp_path, (BED,)) as here:
        connector = LocalConnector(here.air, {BED: bed()})
        link = await connector.connect(here.sim.addresses[BED], 5.0)
        kept = Kept.of(link, "Bluetooth")
        await kept.agree(Terms(link.massager.steps))
        keys = link.massager.codec.presses
        assert keys is not None
        press = [(w.char, w.data.hex(), w.response) for w in keys.up[:1]]
        here.device(BED).refuse(int(refused))
        frame = Frame(1, BED, press, [1, 0], now_s() + FRAME_TTL_S)
        passed = kept.admit(frame, now_s())
        assert not isinstance(passed, str)
        with contextlib.suppress(RadioError):
            assert await kept.write(passed)
        again = kept.admit(frame, now_s())
        assert (again == "not on the whitelist") is refused
        await link.close()
