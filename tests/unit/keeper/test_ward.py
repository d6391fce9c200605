"""The keeper's ward: who is in it, what is agreed, and how each massager is let go."""

import asyncio
import errno
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from devicehub.errors import RadioError, SafetyRefusal
from devicehub.keeper.gate import FRAME_TTL_S
from devicehub.keeper.kept import Kept
from devicehub.keeper.protocol import Agree, Frame, Lost, Message, Unanswered
from devicehub.keeper.ward import Ward
from devicehub.ledger.locks import device_lock
from devicehub.massagers.encode import raw
from devicehub.safety.limits import load
from tests.unit.radio.bench import CAPE, VEST, Bench, bench, known, now_s

LEVELS = {CAPE: [20] * 12, VEST: [0] * 10 + [3] * 20 + [0] * 10}
AIR = "unix:/air"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@dataclass
class Scene:
    """A ward, and what it tells the hub."""

    here: Bench
    simulated: bool = True
    told: list[Message] = field(default_factory=list[Message])

    def __post_init__(self) -> None:
        self.ward = Ward(self.told.append, load(), simulated=self.simulated)

    async def take(self, device: str = "it", model: str = CAPE) -> Kept:
        link = await self.here.connector.connect(self.here.sim.addresses[model], 5.0)
        kept = Kept.of(link, AIR)
        self.ward.take(device, kept)
        return kept

    async def agreed(self, device: str = "it", model: str = CAPE) -> Kept:
        kept = await self.take(device, model)
        await self.ward.agree(Agree(1, device, list(known(model).steps)))
        return kept

    async def moving(self, device: str = "it", model: str = CAPE) -> Kept:
        kept = await self.agreed(device, model)
        levels = LEVELS[model]
        writes = [(w.char, w.data.hex(), w.response) for w in raw(known(model), levels)]
        passed = kept.admit(Frame(1, device, writes, levels, now_s() + FRAME_TTL_S), now_s())
        assert not isinstance(passed, str)
        assert await kept.write(passed)
        return kept


@asynccontextmanager
async def scene(folder: Path, *models: str, simulated: bool = True) -> AsyncGenerator[Scene]:
    trouble: list[object] = []  # of callbacks, which nobody awaits
    asyncio.get_running_loop().set_exception_handler(lambda _, what: trouble.append(what))
    async with bench(folder, models or (CAPE,)) as here:
        scene = Scene(here, simulated)
        yield scene
        scene.ward.let_all_go()
        await scene.ward.all_gone()
        await asyncio.sleep(0.0)
    assert trouble == []


@pytest.fixture
async def cape(tmp_path: Path) -> AsyncGenerator[Scene]:
    async with scene(tmp_path) as scene_:
        yield scene_


def locked(kept: Kept) -> bool:
    """Say whether another session may not drive it."""
    try:
        with device_lock(kept.link.address, AIR):
            return False
    except SafetyRefusal:
        return True


# -------------------------------------------------------------------------- who is in it


async def test_who_is_not_in_it_is_not_found(cape: Scene) -> None:
    with pytest.raises(RadioError, match=r"^it: not connected$"):
        cape.ward.find("it")
    kept = await cape.take()
    assert cape.ward.find("it") is kept


async def test_a_name_is_vacant_until_somebody_has_it_and_again_when_they_are_gone(
    cape: Scene,
) -> None:
    await cape.ward.vacant("it")
    kept = await cape.take()
    with pytest.raises(RadioError, match=r"^it: connected already$"):
        await cape.ward.vacant("it")
    cape.here.device().hang()
    task = cape.ward.let_go("it", kept)
    waiting = asyncio.create_task(cape.ward.vacant("it"))
    await asyncio.sleep(1.0)
    assert not waiting.done()
    cape.here.device().recover()
    await waiting
    assert task.done()
    assert cape.ward.kept == {}


async def test_an_address_is_vacant_when_whoever_has_it_is_gone(cape: Scene) -> None:
    kept = await cape.take()
    address = kept.link.address.lower()
    with pytest.raises(RadioError, match=r": connected already$"):
        await cape.ward.vacant(address)
    cape.here.device().hang()
    cape.ward.let_go("it", kept)
    waiting = asyncio.create_task(cape.ward.vacant(address))
    await asyncio.sleep(1.0)
    assert not waiting.done()
    cape.here.device().recover()
    await waiting
    assert cape.ward.kept == {}


async def test_one_that_was_just_taken_is_at_rest(cape: Scene) -> None:
    link = await cape.here.connector.connect(cape.here.sim.addresses[CAPE], 5.0)
    kept = Kept.of(link, AIR)
    kept.armed = True
    cape.ward.take("it", kept)
    assert not kept.armed


# ------------------------------------------------------------------------------ agreeing


async def test_one_that_is_not_in_it_agrees_to_nothing(cape: Scene) -> None:
    with pytest.raises(RadioError, match=r"^it: not connected$"):
        await cape.ward.agree(Agree(1, "it", [20] * 12))


async def test_on_a_real_air_somebody_has_to_lie_under_it(tmp_path: Path) -> None:
    async with scene(tmp_path, simulated=False) as here:
        kept = await here.take()
        with pytest.raises(SafetyRefusal) as caught:
            await here.ward.agree(Agree(1, "it", [20] * 12))
        assert str(caught.value) == (
            "it: its air did not prove to be simulated, and nobody is named whose screening was "
            "answered"
        )
        assert (kept.gate, locked(kept)) == (None, False)
        await here.ward.agree(Agree(1, "it", [20] * 12, person=True))
        assert kept.gate is not None


async def test_what_was_agreed_once_for_an_address_is_never_exceeded(cape: Scene) -> None:
    first = await cape.take("one name")
    await cape.ward.agree(Agree(1, "one name", [10] * 12, heat=70))
    assert first.gate is not None
    assert (first.gate.ceiling, first.gate.most_heat) == ((10,) * 12, 70)
    await cape.ward.let_go("one name", first)
    again = await cape.take("another name")
    await cape.ward.agree(Agree(1, "another name", [5] + [20] * 11))
    assert again.gate is not None
    assert again.gate.ceiling == (5,) + (10,) * 11


async def test_what_was_refused_is_not_remembered(cape: Scene) -> None:
    kept = await cape.take()
    with pytest.raises(SafetyRefusal, match="12 ceilings wanted"):
        await cape.ward.agree(Agree(1, "it", [1]))
    await cape.ward.agree(Agree(1, "it", [20] * 12))
    assert kept.gate is not None
    assert kept.gate.ceiling == (20,) * 12


async def test_from_the_first_terms_on_no_other_session_drives_it(cape: Scene) -> None:
    kept = await cape.take()
    assert not locked(kept)
    for _ in range(2):
        await cape.ward.agree(Agree(1, "it", [20] * 12))
        assert locked(kept)
    await cape.ward.let_go("it", kept)
    await asyncio.sleep(0.0)
    assert not locked(kept)


async def test_what_another_session_drives_is_refused(cape: Scene) -> None:
    kept = await cape.take()
    with (
        device_lock(kept.link.address, AIR),
        pytest.raises(SafetyRefusal, match="is driven by another session"),
    ):
        await cape.ward.agree(Agree(1, "it", [20] * 12))
    assert kept.gate is None
    await cape.ward.agree(Agree(1, "it", [20] * 12))
    assert kept.gate is not None


async def test_where_nobody_can_tell_whether_another_session_drives_it_nothing_is_agreed(
    cape: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = await cape.take()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(
        SafetyRefusal, match=r"^it: whether another session drives it: .*Not a directory"
    ):
        await cape.ward.agree(Agree(1, "it", [20] * 12))
    assert kept.gate is None


async def test_a_lock_that_cannot_be_given_back_does_not_hold_anybody_up(
    cape: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = await cape.agreed()
    for lock in (tmp_path / "devicehub" / "ledger" / "locks").iterdir():
        lock.unlink()
        lock.mkdir()  # which no `unlink` removes
    await cape.ward.let_go("it", kept)
    await asyncio.sleep(0.0)
    assert cape.ward.kept == {}


# ---------------------------------------------------------------------------- letting go


async def test_one_that_trips_is_stopped_and_the_hub_is_told_once(cape: Scene) -> None:
    kept = await cape.moving()
    cape.ward.trip("it", kept)
    cape.ward.trip("it", kept)
    assert cape.told == [Lost("it")]
    await cape.ward.all_gone()
    assert cape.here.still()
    assert cape.told == [Lost("it")]


async def test_one_that_was_let_go_by_the_hub_does_not_trip(cape: Scene) -> None:
    kept = await cape.moving()
    cape.ward.let_go("it", kept)
    cape.ward.trip("it", kept)
    assert cape.told == []


async def test_all_are_let_go_at_once_and_waited_for(tmp_path: Path) -> None:
    async with scene(tmp_path, CAPE, VEST) as here:
        for device, model in (("cape", CAPE), ("vest", VEST)):
            await here.moving(device, model)
        here.ward.let_all_go()
        begun_s = now_s()
        await here.ward.all_gone()
        assert now_s() - begun_s < 1.0
        assert here.here.still(CAPE)
        assert here.here.still(VEST)
        assert here.ward.kept == {}
        assert here.ward.all_stopped()


async def test_nobody_is_waited_for_where_nobody_was_let_go(cape: Scene) -> None:
    await cape.ward.all_gone()
    assert cape.ward.all_stopped()


async def test_one_that_came_again_under_a_name_is_not_let_go_with_the_one_before(
    cape: Scene,
) -> None:
    first = await cape.take()
    task = cape.ward.let_go("it", first)
    cape.ward.kept["it"] = second = Kept.of(first.link, AIR)
    await task
    await asyncio.sleep(0.0)
    assert cape.ward.kept == {"it": second}
    cape.ward.kept.clear()


# ----------------------------------------------------------------------------- the alarm


class Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


ALARM = "did not confirm stop. The cape stops by itself"


async def test_a_stop_without_an_answer_is_told_to_a_person_once_and_to_the_hub_each_time(
    cape: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = await cape.moving()
    cape.here.device().hang()
    cape.ward.let_go("it", kept)
    await asyncio.sleep(10.0)
    assert capsys.readouterr().err.splitlines() == [
        f"it: did not confirm stop. {kept.standing.advice}"
    ]
    assert len(cape.told) > 1
    assert set(cape.told) == {Unanswered("it")}
    cape.here.device().recover()
    await cape.ward.all_gone()
    assert cape.ward.all_stopped()


async def test_one_that_never_answers_is_left_with_the_alarm(
    cape: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = await cape.moving()
    cape.here.device().hang()
    cape.ward.let_go("it", kept)
    await cape.ward.all_gone()
    assert not cape.ward.all_stopped()
    assert capsys.readouterr().err.count(ALARM) == 1


async def test_one_that_was_never_told_to_move_raises_no_alarm(
    cape: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = await cape.agreed()
    cape.here.device().hang()
    cape.ward.let_go("it", kept)
    await cape.ward.all_gone()
    assert cape.ward.all_stopped()
    assert capsys.readouterr().err == ""
    assert cape.told[0] == Unanswered("it")


async def test_the_alarm_of_one_that_is_lost_is_raised_when_it_is_gone(
    cape: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = await cape.moving()
    cape.here.device().go_out_of_range()
    await kept.link.lost.wait()
    cape.ward.trip("it", kept)
    await cape.ward.all_gone()
    await asyncio.sleep(0.0)
    assert ALARM in capsys.readouterr().err
    assert not cape.ward.all_stopped()


async def test_one_that_is_lost_again_raises_the_alarm_again(
    cape: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        kept = await cape.moving()
        cape.here.device().go_out_of_range()
        await kept.link.lost.wait()
        cape.ward.trip("it", kept)
        await cape.ward.all_gone()
        await asyncio.sleep(0.0)
        cape.here.device().come_back()
    assert capsys.readouterr().err.count(ALARM) == 2


async def test_every_massager_that_may_be_running_has_an_alarm_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with scene(tmp_path, CAPE, VEST) as here:
        for device, model in (("cape", CAPE), ("vest", VEST)):
            await here.moving(device, model)
            here.here.device(model).hang()
        here.ward.let_all_go()
        await asyncio.sleep(10.0)
        said = capsys.readouterr().err
        assert "cape: did not confirm stop." in said
        assert "vest: did not confirm stop." in said
        for model in (CAPE, VEST):
            here.here.device(model).recover()


@pytest.mark.parametrize("closed", [True, False])
async def test_who_cannot_hear_the_alarm_is_no_reason_to_give_up(
    closed: bool, cape: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await cape.moving()
    with io.StringIO() if closed else Full() as deaf, monkeypatch.context() as patch:
        if closed:
            deaf.close()
        patch.setattr("sys.stderr", deaf)
        cape.here.device().hang()
        leaving = cape.ward.let_go("it", kept)
        await asyncio.sleep(10.0)
        cape.here.device().recover()
        assert (await leaving).confirmed
        await cape.ward.all_gone()
    assert cape.here.still()
