"""The hub's way to its massagers: keepers are started, watched, and followed by others."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from devicehub.errors import DeviceNotFound, LinkLost, RadioError, SafetyRefusal
from devicehub.keeper.connector import CONNECT_SLACK_S, EARLY_WORDS, LOOK_S, KeeperConnector
from devicehub.keeper.gate import FRAME_TTL_S
from devicehub.keeper.keeper import HEARTBEAT_LIMIT_S, HEARTBEAT_S
from devicehub.keeper.protocol import (
    Alive,
    Beat,
    Connect,
    Connected,
    Done,
    Lost,
    Said,
    Unanswered,
)
from devicehub.keeper.remote import RemoteLink
from devicehub.keeper.standing import standing
from devicehub.massagers.decode import Report
from devicehub.massagers.library import load_library
from devicehub.radio.measured import STOPS, Measured, fingerprint, keep
from devicehub.radio.port import Terms
from tests.unit.keeper.far import Far, Staffed
from tests.unit.radio.bench import CAPE, VEST, Bench, Judge, bench, now_s

FIND_S = 2.0
ALIVE = Alive(0.0)
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@dataclass
class Hub:
    """A connector whose keepers are at work in this process."""

    here: Bench
    with_spare: bool = False
    simulated: bool = True
    fars: list[Staffed] = field(default_factory=list[Staffed])
    spares: list[Staffed] = field(default_factory=list[Staffed])
    proved: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])

    def __post_init__(self) -> None:
        self.connector = KeeperConnector(
            self._start, load_library(), self._prove,
            spare=self._start_spare if self.with_spare else None,
        )  # fmt: skip

    def _prove(self, name: str, simulated: bool) -> None:
        self.proved.append((name, simulated))

    async def _start(self) -> Staffed:
        await asyncio.sleep(0.0)
        self.fars.append(Staffed(self.here, simulated=self.simulated))
        return self.fars[-1]

    async def _start_spare(self) -> Staffed:
        self.spares.append(Staffed(self.here))
        return self.spares[-1]

    async def link(self, model: str = CAPE) -> RemoteLink:
        return await self.connector.connect(self.here.sim.addresses[model], FIND_S)

    async def moving(self, model: str = CAPE) -> RemoteLink:
        link = await self.link(model)
        await link.agree(Terms(link.massager.steps))
        assert await link.send(Judge(link.massager).encoded(0.3))
        return link


@asynccontextmanager
async def hub(
    folder: Path,
    *models: str,
    with_spare: bool = False,
    simulated: bool = True,
) -> AsyncGenerator[Hub]:
    async with bench(folder, models or (CAPE,)) as here:
        hub = Hub(here, with_spare, simulated)
        yield hub
        await hub.connector.close()
        for far in (*hub.fars, *hub.spares):
            await far.at_rest()


def believe(_name: str, _simulated: bool) -> None:
    """Take every air for what it says that it is."""


@dataclass
class Script:
    """A connector whose keeper says what a test says."""

    far: Far = field(default_factory=Far)

    def __post_init__(self) -> None:
        self.connector = KeeperConnector(self._start, load_library(), believe)

    async def _start(self) -> Far:
        return self.far

    async def link(self, device: str = "it") -> RemoteLink:
        """Return a cape that the keeper says it has connected."""
        connecting = asyncio.create_task(self.connector.connect(device, FIND_S))
        await asyncio.sleep(0.01)
        (asked,) = [one for one in self.far.heard(Connect) if one.device == device]
        self.far.say(Connected(asked.seq, CAPE, True, "DH-CAPE", f"C0:{device}"))
        return await connecting


@pytest.fixture
async def script() -> AsyncGenerator[Script]:
    script_ = Script()
    yield script_
    await script_.connector.close(at_once=True)


def battery(percent: int, device: str = "it") -> Said:
    return Said(device, BATTERY, f"{percent:02x}")


def batteries(link: RemoteLink) -> list[int | None]:
    """Return what it has said of its battery until now."""
    heard: list[Report] = []
    link.listen(heard.append)
    return [report.battery_percent for report in heard]


# ------------------------------------------------------------------------- connecting


@pytest.mark.exhaustive
async def test_a_massager_is_connected_by_the_keeper_and_driven_through_it(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        link = await here.link()
        address = here.here.sim.addresses[CAPE]
        assert link.called == (address, "DH-CAPE", address, CAPE)
        await link.agree(Terms(link.massager.steps))
        frame = Judge(link.massager).encoded(0.3)
        assert await link.send(frame)
        assert here.here.levels() == list(frame.steps)
        assert (await link.begin_stop()).confirmed
        assert here.here.still()
        assert not await link.send(frame)
        link.rearm()
        assert await link.send(Judge(link.massager).encoded(0.3))
        assert (await link.close()).confirmed
        assert not link.lost.is_set()


@pytest.mark.parametrize("simulated", [True, False])
async def test_whether_its_air_proved_to_be_simulated_is_asked_of_each_massager(
    simulated: bool, tmp_path: Path
) -> None:
    async with hub(tmp_path, simulated=simulated) as here:
        await here.link()
        assert here.proved == [(here.here.sim.addresses[CAPE], simulated)]


async def test_one_that_is_doubted_is_no_link_and_gets_no_heartbeat() -> None:
    def doubt(name: str, _simulated: bool) -> None:
        raise SafetyRefusal(f"{name}: doubted")

    far = Far()

    async def start() -> Far:
        return far

    connector = KeeperConnector(start, load_library(), doubt)
    asyncio.get_running_loop().call_later(0.1, far.say, Connected(1, CAPE, False))
    with pytest.raises(SafetyRefusal, match="it: doubted"):
        await connector.connect("it", FIND_S)
    await asyncio.sleep(2 * HEARTBEAT_S)
    assert far.heard(Beat)[-1] == Beat({}, {})
    await connector.close(at_once=True)


async def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        with pytest.raises(DeviceNotFound, match="nobody: not found"):
            await here.connector.connect("nobody", FIND_S)


async def test_the_keeper_is_told_what_is_wanted_and_for_how_long_to_look(script: Script) -> None:
    link = await script.link("DH-CAPE")
    assert script.far.heard(Connect) == [Connect(1, "DH-CAPE", FIND_S)]
    assert link.called == ("DH-CAPE", "DH-CAPE", "C0:DH-CAPE", CAPE)


async def test_connecting_may_take_longer_than_looking_but_not_for_ever(script: Script) -> None:
    with pytest.raises(RadioError, match="the keeper did not answer"):
        await script.connector.connect("it", FIND_S)
    assert now_s() == FIND_S + CONNECT_SLACK_S


async def test_an_answer_that_is_no_connection_is_an_error(script: Script) -> None:
    asyncio.get_running_loop().call_later(0.1, script.far.say, Done(1, written=True))
    with pytest.raises(RadioError, match=r"^it: the keeper said something else$"):
        await script.connector.connect("it", FIND_S)


async def test_what_was_measured_on_this_massager_is_known_of_it(script: Script) -> None:
    mark = fingerprint("C0:it", CAPE)
    keep(Measured(mark, CAPE, "2024-01-02", None, False, (), 0, STOPS, "status"))
    link = await script.link()
    assert "Measured 2024-01-02" in link.massager.on_lost_link


async def test_two_that_are_connected_at_once_share_one_keeper(tmp_path: Path) -> None:
    async with hub(tmp_path, CAPE, VEST) as here:
        async with asyncio.TaskGroup() as group:
            links = [group.create_task(here.link(model)) for model in (CAPE, VEST)]
        assert {link.result().massager.model for link in links} == {CAPE, VEST}
        assert len(here.fars) == 1


# -------------------------------------------------------------------- words of massagers


async def test_what_a_massager_says_before_its_link_is_made_is_not_lost(script: Script) -> None:
    connecting = asyncio.create_task(script.connector.connect("it", FIND_S))
    await asyncio.sleep(0.01)
    script.far.say(battery(80), battery(79, "other"), battery(78))
    script.far.say(Connected(1, CAPE, True))
    assert batteries(await connecting) == [80, 78]


async def test_early_words_of_one_do_not_get_lost_when_another_is_connected_first(
    script: Script,
) -> None:
    first = asyncio.create_task(script.connector.connect("first", FIND_S))
    second = asyncio.create_task(script.connector.connect("second", FIND_S))
    await asyncio.sleep(0.01)
    script.far.say(battery(50, "second"), battery(60, "first"), Connected(1, CAPE, True))
    assert batteries(await first) == [60]
    script.far.say(Connected(2, CAPE, True))
    assert batteries(await second) == [50]


async def test_early_words_are_told_once(script: Script) -> None:
    connecting = asyncio.create_task(script.connector.connect("it", FIND_S))
    await asyncio.sleep(0.01)
    script.far.say(battery(80), Connected(1, CAPE, True))
    link = await connecting
    await script.link("another")
    assert batteries(link) == [80]


async def test_of_too_many_early_words_the_last_ones_are_kept(script: Script) -> None:
    connecting = asyncio.create_task(script.connector.connect("it", FIND_S))
    await asyncio.sleep(0.01)
    script.far.say(battery(80), *[battery(1, "other")] * (EARLY_WORDS - 1), battery(79))
    script.far.say(Connected(1, CAPE, True))
    assert batteries(await connecting) == [79]


async def test_early_words_are_as_few_after_a_massager_was_connected(script: Script) -> None:
    await script.link("first")
    connecting = asyncio.create_task(script.connector.connect("it", FIND_S))
    await asyncio.sleep(0.01)
    script.far.say(battery(80), *[battery(1, "other")] * EARLY_WORDS, Connected(2, CAPE, True))
    assert batteries(await connecting) == []


async def test_what_a_massager_says_later_is_its_own(script: Script) -> None:
    first, second = await script.link("first"), await script.link("second")
    script.far.say(battery(50, "second"))
    await asyncio.sleep(0.01)
    assert (batteries(first), batteries(second)) == ([], [50])


async def test_the_loss_of_one_is_its_own(script: Script) -> None:
    first, second = await script.link("first"), await script.link("second")
    script.far.say(Lost("nobody"), Lost("second"))
    await asyncio.sleep(0.01)
    assert (first.lost.is_set(), second.lost.is_set()) == (False, True)


async def test_who_closes_one_that_does_not_answer_is_asked_whether_to_go_on(
    script: Script,
) -> None:
    link = await script.link()
    closing = asyncio.create_task(link.close(lambda: False))
    await asyncio.sleep(0.01)
    script.far.say(Unanswered("nobody"), Unanswered("it"))
    assert not (await closing).confirmed
    assert not link.lost.is_set()


# --------------------------------------------------------------------------- heartbeats


async def test_every_heartbeat_says_what_is_commanded_and_until_when(script: Script) -> None:
    link = await script.link()
    link.steps, link.not_after_s = (5,) * 12, 7.5
    script.far.told.clear()
    await asyncio.sleep(4 * HEARTBEAT_S + LOOK_S)
    beats = script.far.heard(Beat)
    assert beats == [Beat({"it": [5] * 12}, {"it": 7.5})] * 4


async def test_a_heartbeat_is_not_said_more_often_than_every_quarter_second(
    script: Script,
) -> None:
    await script.link()
    script.far.told.clear()
    await asyncio.sleep(10.0)
    assert len(script.far.heard(Beat)) == pytest.approx(10.0 / HEARTBEAT_S, abs=8)
    assert len(script.far.heard(Beat)) <= 10.0 / HEARTBEAT_S


@pytest.mark.exhaustive
async def test_heartbeats_keep_a_massager_moving(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        link = await here.moving()
        for _ in range(15):  # the lease of the cape is longer
            link.renew(now_s() + FRAME_TTL_S)
            await asyncio.sleep(0.1)
        assert not here.here.still()
        assert not link.lost.is_set()


# ------------------------------------------------------- a keeper that dies, or hangs


async def test_every_link_of_a_keeper_that_dies_is_lost(tmp_path: Path) -> None:
    async with hub(tmp_path, CAPE, VEST) as here:
        links = [await here.link(model) for model in (CAPE, VEST)]
        here.fars[0].end()
        await asyncio.sleep(0.01)
        assert all(link.lost.is_set() for link in links)


async def test_a_keeper_that_hangs_is_noticed_within_a_look_of_the_limit(script: Script) -> None:
    link = await script.link()
    script.far.say(ALIVE)
    await asyncio.sleep(HEARTBEAT_LIMIT_S - LOOK_S)
    assert not link.lost.is_set()
    await asyncio.sleep(3 * LOOK_S)
    assert link.lost.is_set()


async def test_who_waits_for_a_keeper_that_hangs_is_told_when_it_is_noticed(
    script: Script,
) -> None:
    link = await script.link()
    begun_s = now_s()
    assert not (await link.begin_stop()).confirmed
    assert now_s() - begun_s == pytest.approx(HEARTBEAT_LIMIT_S, abs=2 * LOOK_S)


async def test_a_keeper_that_hangs_still_hears_the_heart_of_the_hub(script: Script) -> None:
    await script.link()
    await asyncio.sleep(2 * HEARTBEAT_LIMIT_S)
    script.far.told.clear()
    await asyncio.sleep(2 * HEARTBEAT_S)
    assert script.far.heard(Beat)


@pytest.mark.exhaustive
async def test_after_a_keeper_that_died_another_one_is_started(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        first = await here.moving()
        here.fars[0].hears.feed_eof()
        await first.lost.wait()
        assert here.here.still()
        again = await here.moving()
        assert len(here.fars) == 2
        assert not again.lost.is_set()


async def test_a_keeper_that_hangs_is_ended_at_once_and_another_one_started(
    tmp_path: Path,
) -> None:
    async with hub(tmp_path) as here:
        link = await here.link()
        here.fars[0].hangs = True
        await link.lost.wait()
        begun_s = now_s()
        with pytest.raises(DeviceNotFound):  # the first one has it still
            await here.connector.connect("nobody", FIND_S)
        assert len(here.fars) == 2
        assert here.fars[0].killed_s == begun_s


async def test_the_end_of_a_keeper_that_was_followed_loses_nothing(tmp_path: Path) -> None:
    async with hub(tmp_path, CAPE, VEST) as here:
        await here.link()
        here.fars[0].hangs = True
        await asyncio.sleep(2 * HEARTBEAT_LIMIT_S)
        vest = await here.link(VEST)
        assert here.fars[0].killed_s is not None
        await asyncio.sleep(2 * HEARTBEAT_LIMIT_S)
        assert not vest.lost.is_set()


# ------------------------------------------------------------------------------ spares


async def test_without_a_spare_there_is_nothing_to_stand_by(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        here.connector.stand_by()
        await asyncio.sleep(1.0)
        assert (here.fars, here.spares) == ([], [])


async def test_a_spare_is_started_once_and_woken_when_the_keeper_dies(tmp_path: Path) -> None:
    async with hub(tmp_path, with_spare=True) as here:
        await here.link()
        assert here.spares == []
        here.connector.stand_by()
        here.connector.stand_by()
        await asyncio.sleep(0.1)
        assert len(here.spares) == 1
        here.fars[0].hears.feed_eof()
        await asyncio.sleep(1.0)
        await here.link()
        assert len(here.fars) == 1
        assert isinstance(here.spares[0].asked[-1], Connect)
        await asyncio.sleep(2 * HEARTBEAT_S)
        assert here.spares[0].heard(Beat)


async def test_closing_ends_the_spare_too(tmp_path: Path) -> None:
    async with hub(tmp_path, with_spare=True) as here:
        here.connector.stand_by()
        await asyncio.sleep(0.1)
        await here.connector.close()
        assert here.spares[0].killed_s is not None


# --------------------------------------------------------------------------- the end


@pytest.mark.exhaustive
async def test_closing_waits_for_the_keeper_which_stops_everything(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        await here.moving()
        await here.connector.close()
        assert here.fars[0].killed_s is None
        assert here.here.still()
        assert standing() == []


async def test_closing_at_once_ends_the_keeper(tmp_path: Path) -> None:
    async with hub(tmp_path) as here:
        await here.link()
        await here.connector.close(at_once=True)
        assert here.fars[0].killed_s == now_s()


async def test_after_the_end_no_heart_beats(script: Script) -> None:
    await script.link()
    await script.connector.close(at_once=True)
    script.far.told.clear()
    await asyncio.sleep(4 * HEARTBEAT_S)
    assert script.far.told == []


async def test_closing_what_never_began_is_nothing() -> None:
    script = Script()
    await script.connector.close()
    assert script.far.told == []


async def test_a_keeper_that_ends_at_its_start_is_gone(script: Script) -> None:
    script.far.end()
    with pytest.raises(LinkLost, match="the keeper is gone"):
        await script.connector.connect("it", FIND_S)
